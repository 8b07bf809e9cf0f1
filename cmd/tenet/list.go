package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func (a *app) listVerb() *cobra.Command {
	return &cobra.Command{
		Use: "list [papers|claims|principles|hypotheses]", Short: "List what the library holds",
		Long:      "List papers, claims, principles or hypotheses; without a word: how many of each, and what to do next.",
		Example:   "  tenet list\n  tenet list hypotheses\n  tenet list claims --json",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"papers", "claims", "principles", "hypotheses"},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if len(args) == 0 {
					return a.counts(s)
				}
				return a.list(ctx, s, args[0], nil)
			})
		},
	}
}

// counts says what is there and which verb comes next.
func (a *app) counts(s *session) error {
	n := map[string]int{}
	err := s.lib.View(func(tx *store.Tx) error {
		for _, kind := range []string{"paper", "claim", "principle", "hypothesis", "run"} {
			n[kind] = tx.Count(kind)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.out, map[string]any{"dir": s.lib.Dir(), "changes": s.lib.Seq(), "counts": n})
	}
	fmt.Fprintf(a.out, "papers %d\nclaims %d\nprinciples %d\nhypotheses %d\nruns %d\nchanges %d\n",
		n["paper"], n["claim"], n["principle"], n["hypothesis"], n["run"], s.lib.Seq())
	switch {
	case n["paper"] == 0:
		fmt.Fprintln(a.err, "next: tenet add FILE…, or tenet import DIR for a study pack")
	case n["claim"] == 0:
		fmt.Fprintln(a.err, "next: tenet, screen 2 Read, to tag the sentences that give reasons")
	case n["hypothesis"] == 0:
		fmt.Fprintln(a.err, "next: tenet, screen 4 Board, h makes a hypothesis")
	case n["run"] == 0:
		fmt.Fprintln(a.err, "next: tenet lock H01 && tenet run H01")
	}
	return nil
}

func (a *app) list(_ context.Context, s *session, what string, keep func(survey.Paper) bool) error {
	var rows []string
	values := []any{}
	add := func(v any, format string, args ...any) {
		values = append(values, v)
		rows = append(rows, clean(fmt.Sprintf(format, args...)))
	}
	err := s.lib.View(func(tx *store.Tx) error {
		switch what {
		case "papers":
			for p, err := range survey.Papers(tx) {
				if err != nil {
					return err
				}
				if keep == nil || keep(p) {
					add(p, "%-5s %-14s %4d  %s", p.Alias, p.State, p.Year, p.Title)
				}
			}
		case "claims":
			for c, err := range survey.Claims(tx) {
				if err != nil {
					return err
				}
				add(c, "%-6s %-18s p. %-3d %s  %s", c.Alias, c.Kind, c.Page, c.Standing(), words(c))
			}
		case "principles":
			for p, err := range principles.All(tx) {
				if err != nil {
					return err
				}
				st, err := hypotheses.StatusOf(tx, p.ID)
				if err != nil {
					return err
				}
				add(p, "%-4s %-10s %-9s %s", p.Alias, st.Status, st.Grade, p.Name)
			}
		case "hypotheses":
			for h, err := range hypotheses.All(tx) {
				if err != nil {
					return err
				}
				add(h, "%-4s %-12s %s", h.Alias, h.State, h.Title)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.out, values)
	}
	for _, r := range rows {
		fmt.Fprintln(a.out, r)
	}
	if len(rows) == 0 {
		fmt.Fprintf(a.err, "no %s yet\n", what)
	}
	return nil
}

// words are the paper's where there is a quote, else the reviewer's.
func words(c survey.Claim) string {
	if c.Quote != "" {
		return "“" + c.Quote + "”"
	}
	return c.Text
}
