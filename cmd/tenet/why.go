package main

import (
	"context"

	"github.com/spf13/cobra"

	"tenet/internal/report"
)

func (a *app) whyVerb() *cobra.Command {
	var dot, against, full bool
	cmd := &cobra.Command{
		Use: "why H12|P7|C1042", Short: "Walk from a verdict back to the sentences it rests on",
		Long: `Print the chain: verdict, run, blocks, trials, locked plan, hypothesis, principle,
claims, and for each claim the quoted sentence with its page and file. Every step shows
its digest and the number of the change that recorded it.

--against lists what speaks against a hypothesis, principle or claim: claims that say the
opposite, verdicts that came out otherwise than foretold, rivals that foretold right, blocks
on the other side, departures from the plan, failed controls, and what lowers the grade.`,
		Example: "  tenet why H01\n  tenet why P1 --against\n  tenet why P1 --json\n  tenet why H01 --dot | dot -Tsvg > h01.svg",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				ask := report.Trace
				if against {
					ask = report.Against
				}
				tree, err := ask(s.lib, args[0])
				if err != nil {
					return err
				}
				switch {
				case a.json:
					return writeJSON(a.out, tree)
				case dot:
					return report.WriteDOT(a.out, tree)
				}
				return report.WriteText(a.out, tree, report.TextOptions{ASCII: a.ascii, Full: full || against})
			})
		},
	}
	cmd.Flags().BoolVar(&dot, "dot", false, "as a Graphviz graph")
	cmd.Flags().BoolVar(&against, "against", false, "what speaks against it instead of what it rests on")
	cmd.Flags().BoolVar(&full, "full", false, "with every block, trial and claim")
	return cmd
}
