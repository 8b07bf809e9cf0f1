package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

func (a *app) lockVerb() *cobra.Command {
	var override, confirm string
	cmd := &cobra.Command{
		Use: "lock HYPOTHESIS…", Short: "Preregister hypotheses: fix the plan before any run",
		Long: `Preregister. The plan (statement, arms, data, estimand, smallest effect that matters,
seeds, budget, rule) is written down with its digest and the number of the change.
A locked plan cannot change and a lock cannot be undone; a later edit makes a new version.

Refused are an incomplete plan, one of which a verdict is foregone within its budget, and
any plan while a control of the study failed on this engine. --override-controls puts the
reason for going on all the same on the record, for good. Controls that never ran here
do not stop a lock; the lock says so. tenet control runs them.

Before the lock the rule is simulated on the plan, without any outcome. A plan that comes
out as foretold with a probability below .8 at the effect expected must be confirmed: by
answering on a terminal, or with --confirm WHY; the reason goes on the record.`,
		Example: "  tenet lock H01\n  tenet lock H01 H23\n  tenet lock H01 --override-controls 'the planted effect is too weak for 20 steps'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if override != "" {
					if err := a.overrideControls(ctx, s, args[0], override); err != nil {
						return err
					}
				}
				for _, name := range args {
					rec, err := a.lock(ctx, s, name, confirm)
					if err != nil {
						return err
					}
					if rec.Controls != "" {
						fmt.Fprintf(a.err, "%s: controls of the engine %s; tenet control runs them\n", name, rec.Controls)
					}
					if err := a.saved(s.lib.Seq(), rec, "%s locked, digest %s", name, rec.Digest); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&confirm, "confirm", "", "lock although the plan has little power, for this reason")
	cmd.Flags().StringVar(&override, "override-controls", "", "lock although a control failed, for this reason")
	return cmd
}

// overrideControls puts the reason on the record for the study and engine of a hypothesis.
func (a *app) overrideControls(ctx context.Context, s *session, name, why string) error {
	env, err := runner.LockEnv(s.lib, name)
	if err != nil {
		return err
	}
	_, err = s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
		_, err := hypotheses.OverrideControls(tx, env.StudyID, env.EngineVersion, why)
		return err
	})
	return err
}

// lock simulates the rule on the plan and locks it. One of little power is locked only with a reason: confirm, or
// what is answered where somebody can be asked.
func (a *app) lock(ctx context.Context, s *session, name, confirm string) (hypotheses.LockRecord, error) {
	var rec hypotheses.LockRecord
	env, err := runner.LockEnv(s.lib, name)
	if err != nil {
		return rec, err
	}
	weak := ""
	err = s.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, name)
		if err != nil || h.Lock != nil || !h.Complete() {
			return err // Lock says what is wrong
		}
		o, err := hypotheses.OutlookOf(ctx, tx, h.ID)
		weak = o.Weak()
		return err
	})
	if err != nil {
		return rec, err
	}
	if weak != "" && confirm == "" {
		confirm = a.askReason(fmt.Sprintf("%s: %s.\nLock it all the same, because (empty: do not): ", name, weak))
	}
	_, err = s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, name)
		if err != nil {
			return err
		}
		rec, err = hypotheses.LockConfirmed(tx, h.ID, env, weak, confirm)
		return err
	})
	if errors.Is(err, hypotheses.ErrUnconfirmed) {
		err = fmt.Errorf("%w; --confirm WHY locks it all the same", err)
	}
	return rec, err
}

// askReason asks on a terminal; elsewhere there is no answer.
func (a *app) askReason(question string) string {
	if !isTerminal(a.in) || !isTerminal(a.err) {
		return ""
	}
	fmt.Fprint(a.err, question)
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimSpace(line)
}
