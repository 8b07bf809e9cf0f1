package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenet/internal/store"
	"tenet/survey"
)

func (a *app) screenVerb() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "screen [PAPER in|out|maybe]", Short: "Decide whether a paper counts",
		Long: "Record your decision on a paper: in, out (with --reason, one of the study's criteria) or maybe.\nWithout arguments: the papers still to be screened.",
		Example: `  tenet screen
  tenet screen D12 in
  tenet screen he2015resnet out --reason X1`,
		Args: cobra.MatchAll(cobra.MaximumNArgs(2), func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return fmt.Errorf("a decision is missing: in, out or maybe")
			}
			return nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if len(args) == 0 {
					return a.list(ctx, s, "papers", func(p survey.Paper) bool { return p.State == survey.Identified })
				}
				d := survey.Decision(args[1])
				if d != survey.In && d != survey.Out && d != survey.Maybe {
					return usagef("%q is no decision: in, out or maybe", args[1])
				}
				var p survey.Paper
				seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
					var err error
					if p, err = survey.FindPaper(tx, args[0]); err != nil {
						return err
					}
					p, err = survey.Screen(tx, p.ID, d, reason)
					return err
				})
				if err != nil {
					return err
				}
				return a.saved(seq, p, "%s “%s” is %s", p.Alias, p.Title, p.State)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for out: an exclusion criterion of the study or your own words")
	return cmd
}

// saved tells what a change did: the value as JSON, or a sentence with the change's number.
func (a *app) saved(seq uint64, v any, format string, args ...any) error {
	if a.json {
		return writeJSON(a.out, map[string]any{"change": seq, "result": v})
	}
	fmt.Fprintf(a.out, "change %d: %s\n", seq, clean(fmt.Sprintf(format, args...)))
	return nil
}
