package bib

import (
	"fmt"
	"strings"
)

// An Entry is one reference as its file has it.
type Entry struct {
	Type   string // lower case: "article"
	Key    string // "" when the file gives none
	Fields []Field
	Line   int    // where it starts, from 1
	Raw    string // its source text
	Broken string // why it was not understood fully, "" when it was
}

// A Field is one "name = value". Name is spelled as in the file.
type Field struct {
	Name, Value string
	Line        int
}

// Entries is the content of a file, in its order.
type Entries []Entry

// A Warning is something that a file should not have; nothing was lost by it.
type Warning struct {
	File string
	Line int
	Text string
}

// String gives "refs.bib:212: text".
func (w Warning) String() string { return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Text) }

// Get gives the value of the first field that has one of these names, in the
// order of the names and without regard to case; "" when there is none.
func (e Entry) Get(names ...string) string {
	for _, name := range names {
		for _, f := range e.Fields {
			if strings.EqualFold(f.Name, name) && strings.TrimSpace(f.Value) != "" {
				return f.Value
			}
		}
	}
	return ""
}

func (e Entry) has(name string) bool {
	for _, f := range e.Fields {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Text is Get turned into Unicode on one line.
func (e Entry) Text(names ...string) string { return Unicode(e.Get(names...)) }

// Title is title and subtitle, joined with a colon.
func (e Entry) Title() string {
	title, sub := e.Text("title"), e.Text("subtitle")
	switch {
	case title == "" || sub == "":
		return title + sub
	case strings.HasSuffix(title, ":") || strings.HasSuffix(title, "?") || strings.HasSuffix(title, "!"):
		return title + " " + sub
	}
	return title + ": " + sub
}

// Authors gives the authors, and whether the list ends in "and others".
func (e Entry) Authors() (names []Name, others bool) { return Names(e.Get("author")) }

// Year is the first year in year or date, 0 when there is none.
func (e Entry) Year() int {
	for _, name := range []string{"year", "date", "eventdate"} {
		if y := firstYear(Unicode(e.Get(name))); y != 0 {
			return y
		}
	}
	return 0
}

// firstYear finds four digits that stand alone.
func firstYear(s string) int {
	run, n := 0, 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			run, n = run+1, n*10+int(s[i]-'0')
			if run > 4 {
				n = 0
			}
			continue
		}
		if run == 4 {
			return n
		}
		run, n = 0, 0
	}
	return 0
}

// Venue is where the work appeared: journal, proceedings, series or school.
func (e Entry) Venue() string {
	return e.Text("journal", "journaltitle", "booktitle", "maintitle", "howpublished", "school", "institution", "publisher", "organization")
}
