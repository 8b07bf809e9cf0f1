package main

import (
	"github.com/spf13/cobra"

	"tenet/runner/bench"
)

func (a *app) benchVerb() *cobra.Command {
	var o bench.Options
	cmd := &cobra.Command{
		Use: "bench [MODEL…]", Short: "Time training steps and say how much of the core they use",
		Long: `Time whole training steps (forward, loss, backward, optimiser) of the comparison's models
on one core. ms is processor time; peak is the core's rate of fused multiply-adds on
registers alone, measured in the same run. bench/compare takes turns with PyTorch.`,
		Example: "  tenet bench\n  tenet bench mlp --seconds 5 --json\n  TENET_KERNEL_PATH=avx2 tenet bench",
		RunE: func(cmd *cobra.Command, args []string) error {
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
	cmd.Flags().StringVar(&o.Data, "data", "", "folder with digits-train-images.idx3.gz and -labels.idx1.gz (else the embedded digits)")
	return cmd
}
