package bib

import (
	"slices"
	"strings"
)

// own are fields that a child never takes over by crossref.
var own = []string{
	"crossref", "xref", "xdata", "ids", "entryset", "entrysubtype", "execute", "label", "options", "presort",
	"related", "relatedoptions", "relatedstring", "relatedtype", "shortauthor", "shorteditor", "shorthand",
	"shorthandintro", "shorttitle", "sortkey", "sortname", "sorttitle", "sortyear", "title", "subtitle",
	"titleaddon", "keywords", "abstract", "annotation", "file", "doi", "url", "pages", "note",
}

// Resolved gives a copy in which every entry also has the fields that it takes
// over from others by crossref and xdata. A parent may stand after its child;
// a circle of parents ends where it closes.
func (es Entries) Resolved() Entries {
	byKey := map[string]int{}
	for i, e := range es {
		if _, seen := byKey[e.Key]; !seen && e.Key != "" {
			byKey[e.Key] = i
		}
	}
	for i, e := range es {
		if k := strings.ToLower(e.Key); k != "" {
			if _, seen := byKey[k]; !seen {
				byKey[k] = i
			}
		}
	}
	r := resolver{es: es, byKey: byKey, done: make([]bool, len(es)), busy: make([]bool, len(es)), out: slices.Clone(es)}
	for i := range es {
		r.resolve(i, 0)
	}
	return r.out
}

// Limits on inheritance: no real file comes near them, and without them a
// small file could unfold into a huge one.
const (
	maxGenerations = 16
	maxTaken       = 1000
)

// resolver works out each entry once.
type resolver struct {
	es         Entries
	byKey      map[string]int
	done, busy []bool
	out        Entries
}

func (r *resolver) resolve(i, generation int) Entry {
	if r.done[i] || r.busy[i] || generation > maxGenerations {
		return r.out[i]
	}
	r.busy[i] = true
	e := r.es[i]
	xdata, crossref := e.Get("xdata"), e.Get("crossref")
	if xdata != "" || crossref != "" {
		e.Fields = slices.Clone(e.Fields)
	}
	if xdata != "" {
		for key := range strings.SplitSeq(xdata, ",") {
			if from, ok := r.parent(key, i, generation); ok {
				e.take(from, func(name string) string { return name })
			}
		}
	}
	if crossref != "" {
		if from, ok := r.parent(crossref, i, generation); ok {
			e.take(from, inherits)
		}
	}
	r.out[i] = e
	r.done[i], r.busy[i] = true, false
	return e
}

func (r *resolver) parent(key string, child, generation int) (Entry, bool) {
	key = strings.TrimSpace(key)
	j, ok := r.byKey[key]
	if !ok {
		j, ok = r.byKey[strings.ToLower(key)]
	}
	if !ok || j == child {
		return Entry{}, false
	}
	return r.resolve(j, generation+1), true
}

// inherits gives the name under which a parent's field is taken over, "" when
// it is not.
func inherits(name string) string {
	switch name {
	case "title":
		return "booktitle"
	case "subtitle":
		return "booksubtitle"
	case "titleaddon":
		return "booktitleaddon"
	}
	if slices.Contains(own, name) {
		return ""
	}
	return name
}

func (e *Entry) take(from Entry, rename func(string) string) {
	if len(e.Fields)+len(from.Fields) > maxTaken {
		return
	}
	// A parent's own booktitle goes before its title.
	for _, pass := range []bool{true, false} {
		for _, f := range from.Fields {
			lower := strings.ToLower(f.Name)
			name := rename(lower)
			if name == "" || (name == lower) != pass || e.has(name) {
				continue
			}
			e.Fields = append(e.Fields, Field{Name: name, Value: f.Value, Line: f.Line})
		}
	}
}
