package survey

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/papers/refs"
)

// A Work is what papers of the library cite: one of its own papers, or one that
// it does not have.
type Work struct {
	Paper   *Paper   `json:"paper,omitempty"` // nil: not in the library
	Title   string   `json:"title,omitempty"`
	Authors []string `json:"authors,omitempty"`
	Year    int      `json:"year,omitempty"`
	DOI     string   `json:"doi,omitempty"`
	ArXiv   string   `json:"arxiv,omitempty"`
	Raw     string   `json:"raw"` // one entry that names it, as printed
	By      []Citing `json:"cited_by"`
}

// Citing is one paper that cites a work.
type Citing struct {
	Paper    string `json:"paper"` // alias
	Name     string `json:"name"`
	Included bool   `json:"included"`
	Places   int    `json:"places"` // where its text refers to the work; 0 where only the bibliography does
}

// Included counts the included papers among those that cite the work.
func (w Work) Included() int {
	n := 0
	for _, c := range w.By {
		if c.Included {
			n++
		}
	}
	return n
}

// Citations gathers what the papers of the library cite, the works cited by
// most included papers first. Duplicates and excluded papers cite nothing.
func Citations(ctx context.Context, lib *store.Library) ([]Work, error) {
	var all []Paper
	err := lib.View(func(tx *store.Tx) error {
		for p, err := range Papers(tx) {
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("survey: %w", err)
	}
	docs := make([]*papers.Document, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for i, p := range all {
		if !p.HasText() || p.State == Duplicate || p.State == Excluded || p.State == ScreenedOut {
			continue
		}
		g.Go(func() error {
			d, err := LoadDocument(lib, p)
			if err != nil {
				return err
			}
			docs[i] = &papers.Document{References: d.References, Citations: d.Citations}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	c := newCatalogue(all)
	for i, d := range docs {
		if d != nil {
			c.cite(all[i], d)
		}
	}
	return c.sorted(), nil
}

// A catalogue joins the entries of many bibliographies that name the same work.
type catalogue struct {
	works []*Work
	keys  map[string]*Work
}

func newCatalogue(all []Paper) *catalogue {
	c := &catalogue{keys: map[string]*Work{}}
	for i, p := range all {
		if p.State == Duplicate {
			continue
		}
		w := &Work{Paper: &all[i], Title: p.Title, Authors: p.Authors, Year: p.Year, DOI: p.DOI, ArXiv: p.ArXiv}
		c.works = append(c.works, w)
		for _, k := range workKeys(p.Title, p.DOI, p.ArXiv, p.Year) {
			if c.keys[k] == nil {
				c.keys[k] = w
			}
		}
	}
	return c
}

// workKeys are what a work is recognised by. A short title needs its year.
func workKeys(title, doi, arxiv string, year int) []string {
	var out []string
	if k := NormalDOI(doi); k != "" {
		out = append(out, "doi:"+k)
	}
	if k := NormalArXiv(arxiv); k != "" {
		out = append(out, "arxiv:"+k)
	}
	switch t := squash(title); {
	case len(t) >= 2*startLetters:
		out = append(out, "title:"+t)
	case len(t) >= 4 && year > 0:
		out = append(out, "title:"+t+":"+strconv.Itoa(year))
	}
	return out
}

// cite adds the bibliography of one paper.
func (c *catalogue) cite(p Paper, d *papers.Document) {
	places := map[int]int{}
	for _, at := range d.Citations {
		for _, e := range at.Entries {
			places[e]++
		}
	}
	by := map[*Work]int{}
	for i, e := range d.References {
		w := c.work(e)
		if w == nil || w.Paper != nil && w.Paper.ID == p.ID {
			continue
		}
		by[w] += places[i]
	}
	for w, n := range by {
		w.By = append(w.By, Citing{Paper: p.Alias, Name: p.Name(), Included: p.State == Included, Places: n})
	}
}

// work is the work that an entry names; nil where the entry does not say enough.
func (c *catalogue) work(e refs.Entry) *Work {
	keys := workKeys(e.Title, e.DOI, e.ArXiv, e.Year)
	if len(keys) == 0 {
		return nil
	}
	var w *Work
	for _, k := range keys {
		if w = c.keys[k]; w != nil {
			break
		}
	}
	if w == nil {
		w = &Work{Title: e.Title, Authors: e.Authors, Year: e.Year, DOI: NormalDOI(e.DOI), ArXiv: NormalArXiv(e.ArXiv), Raw: e.Raw}
		c.works = append(c.works, w)
	}
	w.Raw = cmp.Or(w.Raw, e.Raw)
	for _, k := range keys {
		if c.keys[k] == nil {
			c.keys[k] = w
		}
	}
	return w
}

// sorted gives the works that somebody cites.
func (c *catalogue) sorted() []Work {
	var out []Work
	for _, w := range c.works {
		if len(w.By) == 0 {
			continue
		}
		slices.SortFunc(w.By, func(a, b Citing) int {
			return cmp.Or(cmp.Compare(b.Places, a.Places), cmp.Compare(len(a.Paper), len(b.Paper)), cmp.Compare(a.Paper, b.Paper))
		})
		out = append(out, *w)
	}
	slices.SortStableFunc(out, func(a, b Work) int {
		return cmp.Or(cmp.Compare(b.Included(), a.Included()), cmp.Compare(len(b.By), len(a.By)), cmp.Compare(a.Title, b.Title))
	})
	return out
}
