package bib

import (
	"bufio"
	"io"
	"strings"
)

// Write writes entries so that [Parse] reads the same again. Broken entries
// are written as they stood, after all others, where they can do no harm.
func Write(w io.Writer, es Entries) error {
	b := bufio.NewWriter(w)
	gap := ""
	for _, e := range es {
		if e.Broken != "" && e.Raw != "" {
			continue
		}
		b.WriteString(gap)
		writeEntry(b, e)
		gap = "\n"
	}
	for _, e := range es {
		if e.Broken != "" && e.Raw != "" {
			b.WriteString(gap)
			b.WriteString(e.Raw)
			b.WriteString("\n")
			gap = "\n"
		}
	}
	return b.Flush()
}

func writeEntry(b *bufio.Writer, e Entry) {
	b.WriteString("@" + e.Type + "{" + e.Key + ",\n")
	for _, f := range e.Fields {
		b.WriteString("  " + f.Name + " = {")
		b.WriteString(f.Value)
		b.WriteString("},\n")
	}
	b.WriteString("}\n")
}

// Protect makes plain text fit to stand as a value: braces that do not match
// and TeX's special letters are written so that [Unicode] gives the text back.
func Protect(text string) string {
	return strings.NewReplacer(
		`\`, `{\textbackslash}`, `{`, `{\textbraceleft}`, `}`, `{\textbraceright}`,
		`&`, `\&`, `%`, `\%`, `$`, `\$`, `#`, `\#`, `_`, `\_`, `~`, `{\textasciitilde}`, `^`, `{\textasciicircum}`,
		"---", "{-}{-}{-}", "--", "{-}{-}", "``", "{`}{`}", "''", "{'}{'}",
	).Replace(text)
}
