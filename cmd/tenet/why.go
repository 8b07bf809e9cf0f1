package main

import (
	"context"

	"github.com/spf13/cobra"

	"tenet/internal/report"
)

func (a *app) whyVerb() *cobra.Command {
	var dot bool
	cmd := &cobra.Command{
		Use: "why H12|P7|C1042", Short: "Walk from a verdict back to the sentences it rests on",
		Long: `Print the chain: verdict, run, blocks, trials, locked plan, hypothesis, principle,
claims, and for each claim the quoted sentence with its page and file. Every step shows
its digest and the number of the change that recorded it.`,
		Example: "  tenet why H01\n  tenet why P1 --json\n  tenet why H01 --dot | dot -Tsvg > h01.svg",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				tree, err := report.Trace(s.lib, args[0])
				if err != nil {
					return err
				}
				switch {
				case a.json:
					return writeJSON(a.out, tree)
				case dot:
					return report.WriteDOT(a.out, tree)
				}
				return report.WriteText(a.out, tree, report.TextOptions{ASCII: a.ascii})
			})
		},
	}
	cmd.Flags().BoolVar(&dot, "dot", false, "as a Graphviz graph")
	return cmd
}
