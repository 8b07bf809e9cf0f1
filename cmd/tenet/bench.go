package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tenet/runner/bench"
)

func (a *app) benchVerb() *cobra.Command {
	var o bench.Options
	g := bench.Grid{Steps: 200, Workers: 2}
	var worker bool
	cmd := &cobra.Command{
		Use: "bench [MODEL…]", Short: "Time training steps and say how much of the core they use",
		Long: `Time whole training steps (forward, loss, backward, optimiser) of the comparison's models
on one core. ms is processor time; peak is the core's rate of fused multiply-adds on
registers alone, measured in the same run. bench/compare takes turns with PyTorch.

--grid N times N whole trainings of 200 steps (mlp, resmlp, resnet20s, transformer in
turn) by two worker processes of one thread each, start and end included.`,
		Example: "  tenet bench\n  tenet bench mlp --seconds 5 --json\n  tenet bench --grid 24\n  TENET_KERNEL_PATH=avx2 tenet bench",
		RunE: func(cmd *cobra.Command, args []string) error {
			if worker {
				return bench.GridWorker(cmd.Context(), o.Data, cmd.InOrStdin(), a.out)
			}
			if g.Trials > 0 {
				return a.benchGrid(cmd.Context(), g, o.Data)
			}
			o.Models = args
			r, err := bench.Run(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.json {
				return writeJSON(a.out, r)
			}
			return r.Table(a.out)
		},
	}
	cmd.Flags().Float64Var(&o.Seconds, "seconds", 2, "timed seconds per model")
	cmd.Flags().StringVar(&o.Data, "data", "", "folder with the data files of the comparison (else the embedded digits, and drawn numbers for the rest)")
	cmd.Flags().BoolVar(&o.Short, "short", false, "time only: take no losses of 200 steps first")
	cmd.Flags().IntVar(&g.Trials, "grid", 0, "time this many whole trainings by worker processes instead")
	cmd.Flags().IntVar(&g.Workers, "workers", 2, "worker processes of a grid")
	cmd.Flags().BoolVar(&worker, "grid-worker", false, "")
	if err := cmd.Flags().MarkHidden("grid-worker"); err != nil {
		panic(err) // the flag is two lines above
	}
	return cmd
}

func (a *app) benchGrid(ctx context.Context, g bench.Grid, data string) error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find this program to start workers: %w", err)
	}
	g.Data, g.Command = data, []string{exe, "bench", "--grid-worker", "--data", data}
	r, err := bench.RunGrid(ctx, g)
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.out, r)
	}
	return r.Table(a.out)
}
