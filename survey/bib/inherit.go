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
	out := slices.Clone(es)
	for i := range out {
		out[i] = es.resolve(i, byKey, nil)
	}
	return out
}

func (es Entries) resolve(i int, byKey map[string]int, path []int) Entry {
	e := es[i]
	if len(path) > 16 || slices.Contains(path, i) {
		return e
	}
	path = append(path, i)
	parent := func(key string) (Entry, bool) {
		key = strings.TrimSpace(key)
		j, ok := byKey[key]
		if !ok {
			j, ok = byKey[strings.ToLower(key)]
		}
		if !ok || j == i {
			return Entry{}, false
		}
		return es.resolve(j, byKey, path), true
	}
	e.Fields = slices.Clone(e.Fields)
	if x := e.Get("xdata"); x != "" {
		for key := range strings.SplitSeq(x, ",") {
			if from, ok := parent(key); ok {
				e.take(from, func(name string) string { return name })
			}
		}
	}
	if x := e.Get("crossref"); x != "" {
		if from, ok := parent(x); ok {
			e.take(from, e.inherits)
		}
	}
	return e
}

// inherits gives the name under which a parent's field is taken over, "" when
// it is not.
func (e Entry) inherits(name string) string {
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
