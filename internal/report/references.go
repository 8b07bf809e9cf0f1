package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// reference is a paper that a shown claim comes from.
type reference struct {
	Name, Text, Link string
}

// references lists the papers that the shown claims come from.
func (c *collector) references(s *study) error {
	for id := range c.shown {
		p, ok := c.papers[id]
		if !ok {
			continue
		}
		text := strings.Join(p.Authors, "; ")
		if p.Others {
			text += " and others"
		}
		if p.Year != 0 {
			text += fmt.Sprintf(" (%d)", p.Year)
		}
		text = strings.TrimSpace(text + ". " + strings.TrimSuffix(p.Title, ".") + ".")
		if p.Venue != "" {
			text += " " + p.Venue + "."
		}
		r := reference{Name: p.Name(), Text: oneLine(text)}
		switch {
		case p.DOI != "":
			r.Link = "doi:" + p.DOI
		case p.ArXiv != "":
			r.Link = "arXiv:" + p.ArXiv
		}
		s.References = append(s.References, r)
	}
	slices.SortFunc(s.References, func(a, b reference) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}
