package main

import (
	"github.com/spf13/cobra"

	"tenet/runner"
)

func (a *app) workerVerb() *cobra.Command {
	var stdio bool
	cmd := &cobra.Command{
		Use: "worker --stdio", Short: "Train trials for a run (started by tenet itself)",
		Long: "Train one trial at a time, asked on standard input and answered on standard output.\n`tenet run` starts as many of these as there are cores.",
		Args: cobra.NoArgs, Example: "  tenet worker --stdio",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !stdio {
				return usagef("worker speaks only over standard input and output: --stdio")
			}
			return runner.ServeWorker(cmd.Context(), a.in, a.out)
		},
	}
	cmd.Flags().BoolVar(&stdio, "stdio", false, "speak frames over standard input and output")
	return cmd
}
