package main

import (
	"context"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

func (a *app) lockVerb() *cobra.Command {
	return &cobra.Command{
		Use: "lock HYPOTHESIS…", Short: "Preregister hypotheses: fix the plan before any run",
		Long: `Preregister. The plan (statement, arms, data, estimand, smallest effect that matters,
seeds, budget, rule) is written down with its digest and the number of the change.
A locked plan cannot change and a lock cannot be undone; a later edit makes a new version.`,
		Example: "  tenet lock H01\n  tenet lock H01 H23",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				for _, name := range args {
					rec, err := a.lock(ctx, s, name)
					if err != nil {
						return err
					}
					if err := a.saved(s.lib.Seq(), rec, "%s locked, digest %s", name, rec.Digest); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func (a *app) lock(ctx context.Context, s *session, name string) (hypotheses.LockRecord, error) {
	var rec hypotheses.LockRecord
	env, err := runner.LockEnv(s.lib, name)
	if err != nil {
		return rec, err
	}
	_, err = s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, name)
		if err != nil {
			return err
		}
		rec, err = hypotheses.Lock(tx, h.ID, env)
		return err
	})
	return rec, err
}
