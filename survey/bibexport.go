package survey

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tenet/internal/store"
	"tenet/survey/bib"
)

// CollectBib gives the bibliography of the library: entries as they came in,
// in the order of their file, then those that only PDFs told of.
func CollectBib(tx *store.Tx) (bib.Entries, error) {
	type item struct {
		order int
		alias int
		e     bib.Entry
	}
	var items []item
	for p, err := range Papers(tx) {
		if err != nil {
			return nil, err
		}
		it := item{alias: aliasNumber(p.Alias)}
		if p.Bib == nil {
			it.order, it.e = orderKey(0), entryOf(p)
		} else {
			it.order, it.e = p.Bib.Order, p.Bib.entry()
			// A key that was taken or missing in its file is needed to refer to the paper.
			if it.e.Broken == "" {
				it.e.Key = p.Key
			}
		}
		items = append(items, it)
	}
	for x, err := range store.All[BibExtra](tx, KindBibExtra) {
		if err != nil {
			return nil, err
		}
		items = append(items, item{order: x.Bib.Order, e: x.Bib.entry()})
	}
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.alias, b.alias))
	})
	var es bib.Entries
	for _, it := range items {
		es = append(es, it.e)
	}
	return es, nil
}

func (f *BibFields) entry() bib.Entry {
	e := bib.Entry{Type: f.Type, Key: f.Key, Raw: f.Raw, Broken: f.Broken}
	for _, field := range f.Fields {
		e.Fields = append(e.Fields, bib.Field{Name: field.Name, Value: field.Value})
	}
	return e
}

// entryOf writes a paper that has no entry of its own.
func entryOf(p Paper) bib.Entry {
	e := bib.Entry{Type: "misc", Key: p.Key}
	add := func(name, value string) {
		if value != "" {
			e.Fields = append(e.Fields, bib.Field{Name: name, Value: value})
		}
	}
	add("title", bib.Protect(p.Title))
	names := make([]string, 0, len(p.Authors)+1)
	for _, a := range p.Authors {
		if a = bib.Protect(a); !strings.Contains(a, ",") {
			a = "{" + a + "}"
		}
		names = append(names, a)
	}
	if p.Others {
		names = append(names, "others")
	}
	add("author", strings.Join(names, " and "))
	if p.Year != 0 {
		add("year", strconv.Itoa(p.Year))
	}
	add("howpublished", bib.Protect(p.Venue))
	add("doi", p.DOI)
	if p.ArXiv != "" {
		add("eprint", p.ArXiv)
		add("archivePrefix", "arXiv")
	}
	add("url", p.URL)
	add("abstract", bib.Protect(p.Abstract))
	return e
}
