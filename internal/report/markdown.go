package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// markdown writes the report as CommonMark with tables. What comes from papers
// and people is escaped, so that it stays text.
func markdown(out io.Writer, s *study) error {
	b := bufio.NewWriter(out)
	p := func(format string, args ...any) { fmt.Fprintf(b, format, args...) }
	p("# %s\n\n", esc(s.Title))
	if s.Question != "" {
		p("%s\n\n", esc(s.Question))
	}
	p("As of %s, change %d of the ledger, tree head `%s`.\n\n", s.AsOf, s.Size, s.Head)
	p("%d principles; %d of %d hypotheses with a verdict; %d claims, %d verified against a text; %d papers, %d included, %d with their PDF here.\n\n",
		len(s.Principles), s.Decided, s.Hypotheses, s.Claims, s.Verified, s.Papers, s.Included, s.WithText)
	if u := s.Unified; u != nil {
		p("> %s\n\n", esc(u.Line))
	}
	part := func(title string, parts []part) {
		if len(parts) > 0 {
			p("## %s\n\n", title)
			writeParts(p, parts)
		}
	}
	part("Principles", s.PrincipleTable())
	if s.Hypotheses > 0 {
		part("All hypotheses", s.VerdictParts())
	}
	part("What was not foreseen", s.MissedParts())
	part("How sure the authors were", s.CalibrationParts())
	part("Agreement with published tables", s.AgreementParts())
	for _, v := range s.Principles {
		markdownPrinciple(p, v)
	}
	part("What it cost", s.CostParts())
	part("How the papers were chosen", s.FlowParts())
	p("## Limits\n\n")
	writeParts(p, s.ScaleParts())
	for _, l := range limits(s) {
		p("- %s\n", esc(l))
	}
	if len(s.References) > 0 {
		p("\n## Papers cited\n\n")
		for _, r := range s.References {
			p("- **%s** %s %s\n", esc(r.Name), esc(r.Text), esc(r.Link))
		}
	}
	return b.Flush()
}

func markdownPrinciple(p func(string, ...any), v principleView) {
	p("## %s %s\n\n**%s**: %s. Evidence %s.\n\n> %s\n\n", v.Alias, esc(v.Name), v.Word(v.Status), esc(v.Because()), spoken(v.Status.Grade), esc(v.Statement))
	if line := v.Lineage.Words(); line != "" {
		p("%s\n\n", esc(line))
	}
	if v.Intuition != "" {
		p("%s\n\n", esc(v.Intuition))
	}
	writeParts(p, listed("", v.Lost()))
	if v.Executed != "" {
		p("What was run: %s\n\n", esc(v.Executed))
	}
	if v.Scope != "" {
		p("Scope, as registered: %s\n\n", esc(v.Scope))
	}
	if line := v.TookLine(); line != "" {
		p("What it cost: %s.\n\n", line)
	}
	writeParts(p, v.EvidenceParts())
	if len(v.WhenNotToUse)+len(v.Status.Guidance) > 0 {
		p("When not to use it:\n\n")
		for _, g := range v.Status.Guidance {
			p("- %s (measured)\n", esc(g))
		}
		for _, g := range v.WhenNotToUse {
			p("- %s\n", esc(g))
		}
		p("\n")
	}
	if rivals := v.RivalParts(); len(rivals) > 0 {
		p("Rival explanations:\n\n")
		writeParts(p, rivals)
	}
	writeParts(p, listed("What it predicts:", v.Predicts))
	if len(v.Measured) > 0 {
		p("Scorecard, as far as it can be measured:\n\n")
		for _, m := range v.Measured {
			share := "not known"
			if m.Known {
				share = fmt.Sprintf("%.2f", m.Share)
			}
			p("- %s: %s; %s\n", m.Criterion, share, esc(m.Text))
		}
		p("\n")
	}
	for _, h := range v.Hypotheses {
		if h.Verdict == nil {
			continue
		}
		p("### %s %s\n\n%s\n\n", h.Alias, esc(h.Title), esc(h.Explain.Headline))
		for _, l := range h.Explain.Lines {
			p("- %s\n", esc(l))
		}
		if m := h.Medians(); m != "" {
			p("- Medians over the blocks: %s.\n", esc(m))
		}
		if h.Stamp != "" {
			p("- the lock stood %s\n", esc(h.Stamp))
		}
		p("\n")
		var b strings.Builder
		if err := WriteText(&b, h.Trace, TextOptions{}); err == nil {
			p("```text\n%s```\n\n", strings.ReplaceAll(b.String(), "```", "'''"))
		}
	}
	if un := untested(v); len(un) > 0 {
		p("### Hypotheses without a verdict\n\n")
		for _, h := range un {
			p("- **%s** %s (%s)\n", h.Alias, esc(orWord(h.Title, h.Statement)), h.State)
		}
		p("\n")
	}
	for _, g := range []struct {
		title string
		cs    []claimView
	}{{"Claims for it", v.For}, {"Claims against it", v.Against}, {"Claims that qualify it", v.Qualify}} {
		if len(g.cs) == 0 {
			continue
		}
		p("### %s\n\n", g.title)
		for _, c := range g.cs {
			p("- **%s** %s", c.Alias, esc(c.Text))
			if c.Quote != "" {
				p(" “%s”", esc(c.Quote))
			}
			place := esc(c.Paper)
			if c.Place != "" {
				place += ", " + c.Place
			}
			for _, f := range c.Figures {
				place += fmt.Sprintf("; %s, page %d", esc(f.Label), f.Page)
			}
			p(" (%s; %s; %s)\n", place, c.Kind, c.Note)
		}
		p("\n")
	}
}

// esc makes a text plain Markdown on one line.
func esc(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "#", `\#`, "!", `\!`).
		Replace(oneLine(clean(s)))
}
