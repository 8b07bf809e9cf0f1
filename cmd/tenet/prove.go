package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tenet/internal/report/proof"
)

func (a *app) proveVerb() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "prove HYPOTHESIS", Short: "Write a verdict with its evidence, or a lock, into one file",
		Long: `Write one small file that shows a verdict: its sentence, the locked plan, every trial's
metrics, every block and the verdict, each with its proof of inclusion in the ledger, and
the signed checkpoint of the ledger. tenet audit accepts it without network or library and
refuses it after any changed byte. Every record of the ledger is hashed again before the
checkpoint is signed.

Of a plan that is locked and has no verdict yet it writes a receipt: the lock alone. Give it
to somebody else before the run, or have it stamped (tenet stamp), and nobody can say later
that the plan was made to fit the result.`,
		Example: "  tenet lock H12 && tenet prove H12 -o h12.receipt\n  tenet prove H12\n  tenet prove H12 -o h12.tenet-proof\n  tenet prove H12 -o - | tenet audit -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				data, err := proof.Write(ctx, s.lib, args[0])
				if err != nil {
					return err
				}
				if out == "-" {
					_, err := a.out.Write(data)
					return err
				}
				if out == "" {
					out = args[0] + ".tenet-proof"
				}
				if err := os.WriteFile(a.path(out), data, 0o644); err != nil {
					return fmt.Errorf("prove: %w", err)
				}
				fmt.Fprintf(a.out, "proof: %s, %d bytes\n", out, len(data))
				return nil
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write (default H12.tenet-proof; - for standard output)")
	return cmd
}
