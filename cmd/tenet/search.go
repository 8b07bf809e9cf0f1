package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenet/index"
)

// openIndex opens the index once and brings it up to the last change.
func (a *app) openIndex(ctx context.Context, s *session) (*index.Index, error) {
	if err := s.openIndex(ctx); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- s.idx.Wait(ctx, s.lib.Seq()) }()
	const patience = time.Second
	for {
		select {
		case err := <-done:
			return s.idx, err
		case <-time.After(patience):
			st := s.idx.Status()
			if st.Rebuilding {
				fmt.Fprintf(a.err, "drawing the index anew (%s): %d of %d\n", st.Why, st.Done, st.Total)
			} else {
				fmt.Fprintf(a.err, "bringing the index up to date: change %d of %d\n", st.Applied, st.Head)
			}
		}
	}
}

func (s *session) openIndex(ctx context.Context) error {
	s.idxOnce.Do(func() {
		s.idx, s.idxErr = index.Open(context.WithoutCancel(ctx), s.lib, filepath.Join(s.lib.Dir(), "index"))
	})
	return s.idxErr
}

func (a *app) searchVerb() *cobra.Command {
	var kinds []string
	var limit, offset int
	var order string
	cmd := &cobra.Command{
		Use: "search QUERY…", Short: "Search papers' text, claims, principles and hypotheses",
		Long: `Search everything. All words must match; "a phrase" in order; -word must not match;
grad* begins with; grdient~ is close to; a or b; NEAR/5(a b) within five words.
Fields: claim stance kind principle paper author title year page by tag verdict status,
as in stance:- year:2015..2019 author:he`,
		Example: `  tenet search vanishing gradient
  tenet search '"identity mapping" -batch year:2015..2017'
  tenet search --kind claim 'stance:- depth'
  tenet search --json 'skip*' | jq '.hits[].title'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				idx, err := a.openIndex(ctx, s)
				if err != nil {
					return err
				}
				res, err := idx.Search(ctx, strings.Join(args, " "), index.SearchOptions{Kinds: kinds, Limit: limit, Offset: offset, Sort: order})
				if err != nil {
					return err
				}
				if a.json {
					return writeJSON(a.out, res)
				}
				a.printHits(res)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&kinds, "kind", nil, "only these: passage, claim, paper, principle, hypothesis, run")
	f.IntVarP(&limit, "limit", "n", 20, "at most so many hits")
	f.IntVar(&offset, "offset", 0, "leave out the first so many hits")
	f.StringVar(&order, "sort", "", "score (default), year, paper, newest")
	return cmd
}

func (a *app) printHits(res index.Results) {
	open, shut := "", ""
	if a.colour() {
		open, shut = "\x1b[1m", "\x1b[0m"
	} else if a.stdoutIsTerminal() {
		open, shut = "_", "_"
	}
	marks := strings.NewReplacer("\x01", open, "\x02", shut, "\n", " ")
	for _, h := range res.Hits {
		where := ""
		if h.PaperAlias != "" && h.PaperAlias != h.Alias {
			where = " " + h.PaperAlias
		}
		if h.Page > 0 {
			where += fmt.Sprintf(" p. %d", h.Page)
		}
		fmt.Fprintf(a.out, "%-10s %s%s  %s\n", h.Kind, h.Alias, where, clean(h.Title))
		if h.Snippet != "" {
			fmt.Fprintf(a.out, "           %s\n", clean(marks.Replace(h.Snippet)))
		}
	}
	fmt.Fprintf(a.err, "%d of %d hits · %s\n", len(res.Hits), res.Total, res.Took.Round(100*time.Microsecond))
}
