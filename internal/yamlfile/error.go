package yamlfile

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one fault of a file: where it is and what is wrong there.
// Line and Column count from 1; 0 means unknown.
type Error struct {
	File         string
	Line, Column int
	Field        string // "papers[3].claims[0].kind", "" for the whole file
	Text         string
}

// Error gives "file:line:column: field: text".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	b.WriteString(": " + e.Text)
	return b.String()
}

// Errors is every fault found in a file, in the order of the file.
type Errors []*Error

// Error lists all faults, one a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.AsType find the single faults.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

func (es Errors) sorted() Errors {
	slices.SortStableFunc(es, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return es
}

// Problem is a fault that a schema's own check found at a field path, for
// example {"papers[3].claims[0].kind", `"proof" is not a kind`}.
type Problem struct{ Path, Text string }

// Problems collects the faults of a schema check.
type Problems []Problem

// Add notes one fault; the path is built like fmt.Sprintf builds text by the
// caller, so that loops stay readable.
func (ps *Problems) Add(path, format string, args ...any) {
	*ps = append(*ps, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// OneOf notes a fault unless value is one of allowed.
func (ps *Problems) OneOf(path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		ps.Add(path, "%q is not one of: %s", value, strings.Join(allowed, ", "))
	}
}

// Need notes a fault when value is empty.
func (ps *Problems) Need(path, value string) {
	if value == "" {
		ps.Add(path, "is missing")
	}
}
