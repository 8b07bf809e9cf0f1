package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tenet/hypotheses/calibrate"
)

func (a *app) calibrateVerb() *cobra.Command {
	var o calibrate.Options
	cmd := &cobra.Command{
		Use: "calibrate", Short: "Measure the decision rule by simulation on this machine",
		Long: `Simulate the rule where the truth is known: how often it validates without an effect,
how often it refutes an effect that is as large as claimed, and how many blocks it needs,
for normal, heavy-tailed, discrete and skewed differences; beside a t-test and Wilcoxon's
rank test at a number of blocks fixed before, and beside a t-test looked at after every
block. Every share comes with its Monte Carlo error. It needs no library and reads none.`,
		Example: "  tenet calibrate\n  tenet calibrate --runs 20000\n  tenet calibrate --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Runs < 1 || o.Blocks < 15 {
				return usagef("--runs must be at least 1 and --blocks at least 15")
			}
			t, err := calibrate.Run(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.json {
				return writeJSON(a.out, t)
			}
			_, err = fmt.Fprint(a.out, t)
			return err
		},
	}
	fl := cmd.Flags()
	fl.IntVar(&o.Runs, "runs", 2000, "simulated runs for each row")
	fl.IntVar(&o.Blocks, "blocks", 60, "blocks at most")
	fl.Uint64Var(&o.Seed, "seed", 1, "of the simulation")
	fl.IntVar(&o.Jobs, "jobs", 0, "rows at the same time (default: cores)")
	return cmd
}
