package report

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"tenet/internal/store"
)

// The marks between which a document holds what the library says. What stands outside of them is a person's.
const (
	blockOpen  = "<!-- table: "
	blockClose = " -->"
	blockEnd   = "<!-- end -->"
)

// Fill writes what the library says between the marks of a Markdown document:
//
//	<!-- table: verdicts -->
//	…
//	<!-- end -->
//
// Marks stand on lines of their own. A block may be empty; its name is one of [Sections], some with a name behind it:
// "principle P1". Within a sentence a single number stands between <!-- = H01 D --> and <!-- . -->. Everything
// outside stays byte for byte, and filling twice is filling once.
func Fill(ctx context.Context, lib *store.Library, document []byte) ([]byte, error) {
	d, err := collect(ctx, lib, Options{Curves: -1, tables: true})
	if err != nil {
		return nil, err
	}
	out, err := fill(document, d.sections(), d.value)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out, nil
}

// Sections are the names of what a block can hold, in order.
func Sections() []string {
	var out []string
	for name := range (&study{}).sections() {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func fill(document []byte, sections map[string]func(string) ([]part, error), value func(of, what string) (string, error)) ([]byte, error) {
	var out bytes.Buffer
	open, name := 0, ""
	n := 0
	for line := range bytes.Lines(document) {
		n++
		text := strings.TrimSpace(string(line))
		asked, isOpen := strings.CutPrefix(text, blockOpen)
		asked, whole := strings.CutSuffix(asked, blockClose)
		switch {
		case isOpen && open > 0:
			return nil, fmt.Errorf("line %d: block %q begins before the one of line %d has ended; write %s", n, asked, open, blockEnd)
		case isOpen && !whole:
			return nil, fmt.Errorf("line %d: a block begins with %sNAME%s on a line of its own", n, blockOpen, blockClose)
		case isOpen:
			open, name = n, asked
			out.Write(line)
			if err := section(&out, name, sections); err != nil {
				return nil, fmt.Errorf("line %d: block %q: %w", n, name, err)
			}
		case text == blockEnd && open == 0:
			return nil, fmt.Errorf("line %d: %s ends no block", n, blockEnd)
		case text == blockEnd:
			open = 0
			out.Write(line)
		case open == 0:
			line, err := fillLine(line, value)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			out.Write(line)
		}
	}
	if open > 0 {
		return nil, fmt.Errorf("line %d: block %q has no end; write %s on a line of its own", open, name, blockEnd)
	}
	return out.Bytes(), nil
}

func section(out *bytes.Buffer, asked string, sections map[string]func(string) ([]part, error)) error {
	name, arg, _ := strings.Cut(strings.TrimSpace(asked), " ")
	write, ok := sections[name]
	if !ok {
		return fmt.Errorf("there is no such block; there are %s", strings.Join(Sections(), ", "))
	}
	parts, err := write(strings.TrimSpace(arg))
	if err != nil {
		return err
	}
	out.WriteString("\n")
	if len(parts) == 0 {
		out.WriteString("Nothing yet.\n\n")
	}
	writeParts(func(format string, args ...any) { fmt.Fprintf(out, format, args...) }, parts)
	return nil
}
