package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenet/runner"
)

func (a *app) controlVerb() *cobra.Command {
	var jobs int
	cmd := &cobra.Command{
		Use: "control", Short: "Run the three controls of the study",
		Long: `Run the controls on this engine: the same arm twice must give equal bits (aa-exact),
the same arm under other seeds must raise no false alarm (aa-random), and a planted
effect must be found (known-effect). A principle is only called validated once they passed.`,
		Example: "  tenet control",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkJobs(jobs); err != nil {
				return err
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				live := a.live()
				defer live.end()
				done, err := runner.Controls(ctx, s.lib, a.actor(ctx), runner.Options{Jobs: jobs, Command: a.self("worker", "--stdio"), OnEvent: live.event})
				if err != nil {
					return err
				}
				if a.json {
					return writeJSON(a.out, done)
				}
				bad := false
				for _, c := range done {
					word := "passed"
					if !c.OK {
						word, bad = "FAILED", true
					}
					fmt.Fprintf(a.out, "%-13s %s  %s\n", c.Name, word, c.Text)
				}
				if bad {
					return errReported
				}
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&jobs, "jobs", 0, "trials at the same time (default: cores)")
	return cmd
}
