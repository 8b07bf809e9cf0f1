package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenet/internal/store"
	"tenet/survey"
)

// paperCites is one paper in the citation graph.
type paperCites struct {
	Paper   string          `json:"paper"`
	Name    string          `json:"name"`
	Cites   []survey.Work   `json:"cites"`
	CitedBy []survey.Citing `json:"cited_by"`
}

func (a *app) citesVerb() *cobra.Command {
	var least int
	var all bool
	cmd := &cobra.Command{
		Use: "cites [PAPER]", Short: "Show who cites whom, and what the library lacks",
		Long: `Show the citation graph, read from the bibliographies of the library's PDFs.

Without a paper: the works that several papers cite and the library does not have, those
cited by most included papers first; --all lists the library's own papers too. With a
paper: what it cites of the library, how often its text refers to each, what else it
cites, and which papers of the library cite it. Excluded papers and duplicates count for
nothing. Works are joined by DOI, arXiv id or title.`,
		Example: "  tenet cites\n  tenet cites he2015deep\n  tenet cites --json --min 1 | jq -r '.[].title'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if least < 1 {
				return usagef("--min %d: at least 1 paper", least)
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				works, err := survey.Citations(ctx, s.lib)
				if err != nil {
					return err
				}
				if len(args) == 1 {
					return a.citesOf(s, args[0], works)
				}
				works = slices.DeleteFunc(works, func(w survey.Work) bool { return len(w.By) < least || w.Paper != nil && !all })
				return a.citedWorks(works)
			})
		},
	}
	cmd.Flags().IntVar(&least, "min", 2, "papers that must cite a work")
	cmd.Flags().BoolVar(&all, "all", false, "list the library's own papers too")
	return cmd
}

// citedWorks lists works with how many papers cite them.
func (a *app) citedWorks(works []survey.Work) error {
	if a.json {
		return writeJSON(a.out, works)
	}
	for _, w := range works {
		fmt.Fprintf(a.out, "%3d included  %3d in all  %s\n", w.Included(), len(w.By), clean(nameWork(w)))
	}
	if len(works) == 0 {
		fmt.Fprintln(a.err, "nothing that the library lacks is cited by that many of its papers")
	}
	return nil
}

// nameWork is a work on one line: “Deep residual learning” (K. He, 2016), with its alias where the library has it.
func nameWork(w survey.Work) string {
	title := w.Title
	if title == "" {
		title = w.Raw
	}
	var about []string
	if len(w.Authors) > 0 {
		who := w.Authors[0]
		if len(w.Authors) > 1 {
			who += " et al."
		}
		about = append(about, who)
	}
	if w.Year > 0 {
		about = append(about, fmt.Sprint(w.Year))
	}
	s := "“" + title + "”"
	if len(about) > 0 {
		s += " (" + strings.Join(about, ", ") + ")"
	}
	if w.Paper != nil {
		s = w.Paper.Alias + " " + s
	}
	return s
}

// citesOf shows one paper: what it cites, and who cites it.
func (a *app) citesOf(s *session, name string, works []survey.Work) error {
	var p survey.Paper
	err := s.lib.View(func(tx *store.Tx) error {
		var err error
		p, err = survey.FindPaper(tx, name)
		return err
	})
	if err != nil {
		return err
	}
	out := paperCites{Paper: p.Alias, Name: p.Name()}
	for _, w := range works {
		if w.Paper != nil && w.Paper.ID == p.ID {
			out.CitedBy = w.By
			continue
		}
		if i := slices.IndexFunc(w.By, func(c survey.Citing) bool { return c.Paper == p.Alias }); i >= 0 {
			w.By = []survey.Citing{w.By[i]}
			out.Cites = append(out.Cites, w)
		}
	}
	slices.SortStableFunc(out.Cites, func(x, y survey.Work) int { // the library's own first
		switch {
		case (x.Paper != nil) == (y.Paper != nil):
			return y.By[0].Places - x.By[0].Places
		case x.Paper != nil:
			return -1
		}
		return 1
	})
	if a.json {
		return writeJSON(a.out, out)
	}
	fmt.Fprintf(a.out, "%s cites %d works\n", clean(p.Name()), len(out.Cites))
	for _, w := range out.Cites {
		fmt.Fprintf(a.out, "  %3d×  %s\n", w.By[0].Places, clean(nameWork(w)))
	}
	fmt.Fprintf(a.out, "%d papers here cite it\n", len(out.CitedBy))
	for _, c := range out.CitedBy {
		fmt.Fprintf(a.out, "  %3d×  %s %s\n", c.Places, c.Paper, clean(c.Name))
	}
	return nil
}
