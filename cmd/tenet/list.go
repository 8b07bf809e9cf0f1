package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/survey"
)

func (a *app) listVerb() *cobra.Command {
	return &cobra.Command{
		Use: "list [papers|claims|principles|hypotheses|runs|trials]", Short: "List what the library holds",
		Long:      "List papers, claims, principles, hypotheses, runs or trials; without a word: how many of each, and what to do next.",
		Example:   "  tenet list\n  tenet list hypotheses\n  tenet list claims --json",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"papers", "claims", "principles", "hypotheses", "runs", "trials"},
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
	r := &rows{values: []any{}}
	blinded := 0
	err := s.lib.View(func(tx *store.Tx) error {
		switch what {
		case "papers":
			return each(survey.Papers(tx), func(p survey.Paper) error {
				if keep == nil || keep(p) {
					r.add(p, "%-5s %-14s %4d  %s%s", p.Alias, p.State, p.Year, p.Title, whyIn(p))
				}
				return nil
			})
		case "claims":
			return each(survey.Claims(tx), func(c survey.Claim) error {
				page := "no page"
				if c.Page > 0 {
					page = fmt.Sprintf("p. %d", c.Page)
				}
				r.add(c, "%-6s %-18s %-7s %s  %s", c.Alias, c.Kind, page, c.Standing(), words(c))
				return nil
			})
		case "principles":
			return each(principles.All(tx), func(p principles.Principle) error {
				st, err := hypotheses.StatusOf(tx, p.ID)
				r.add(p, "%-4s %-10s %-9s %s", p.Alias, p.Word(st), st.Grade, p.Name)
				return err
			})
		case "hypotheses":
			return each(hypotheses.All(tx), func(h hypotheses.Hypothesis) error {
				r.add(h, "%-4s %-12s %s", h.Alias, h.State, h.Title)
				return nil
			})
		case "runs":
			return each(store.All[runner.Record](tx, runner.KindRun), func(x runner.Record) error {
				h, err := store.Get[hypotheses.Hypothesis](tx, hypotheses.KindHypothesis, x.HypothesisID)
				r.add(x, "%-4s %-4s %-10s %d blocks, %d trials", x.Alias, h.Alias, x.State, x.Blocks, x.Trials)
				return err
			})
		}
		bases := map[string]bool{}
		err := each(store.All[runner.Trial](tx, runner.KindTrial), func(x runner.Trial) error {
			blind, err := hypotheses.Blinded(tx, x.RunID)
			if err != nil {
				return err
			}
			if blind { // nobody peeks at outcomes before the rule has spoken
				x.Metrics, x.Diverged, x.DivergedAt = nil, false, 0
				blinded++
			}
			if x.Usage.Basis != "" {
				bases[x.Usage.Basis] = true
			}
			r.add(x, "block %-3d %-10s %.12s  weights %.12s  %s", x.Block, x.Arm, x.Key, x.WeightsSHA, x.Usage)
			return nil
		})
		for _, b := range slices.Sorted(maps.Keys(bases)) {
			r.lines = append(r.lines, clean(b)) // what the costs above rest on
		}
		return err
	})
	if err != nil {
		return err
	}
	if blinded > 0 {
		fmt.Fprintf(a.err, "what %d trials gave is not shown: their hypotheses have no verdict yet\n", blinded)
	}
	if a.json {
		return writeJSON(a.out, r.values)
	}
	for _, line := range r.lines {
		fmt.Fprintln(a.out, line)
	}
	if len(r.lines) == 0 {
		fmt.Fprintf(a.err, "no %s yet\n", what)
	}
	return nil
}

// rows are what a listing holds, as lines for people and as values for programs.
type rows struct {
	values []any
	lines  []string
}

func (r *rows) add(v any, format string, args ...any) {
	r.values = append(r.values, v)
	r.lines = append(r.lines, clean(fmt.Sprintf(format, args...)))
}

func each[T any](seq iter.Seq2[T, error], f func(T) error) error {
	for v, err := range seq {
		if err != nil {
			return err
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// whyIn says by which criteria a paper counts or does not, and the words of a decision that needs some.
func whyIn(p survey.Paper) string {
	var why []string
	if c := p.Coding; c != nil {
		why = append(why, strings.Join(c.Criteria, ", "), c.Reason)
	}
	if why = slices.DeleteFunc(why, func(s string) bool { return s == "" }); len(why) == 0 && p.State != survey.Sought && p.State != survey.Retrieved {
		why = append(why, p.Reason) // there it says only that the PDF came
	}
	if text := strings.Join(why, ": "); text != "" {
		return "  [" + text + "]"
	}
	return ""
}

// words are the paper's where there is a quote, else the reviewer's.
func words(c survey.Claim) string {
	if c.Quote != "" {
		return "“" + c.Quote + "”"
	}
	return c.Text
}
