package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"tenet/internal/store"
	"tenet/principles"
)

func (a *app) refineVerb() *cobra.Command {
	var statement, scope, name string
	cmd := &cobra.Command{
		Use: "refine PRINCIPLE", Short: "Put a narrower principle in the place of one",
		Long: `Open the next revision of a principle, narrower in what it says or where it holds. It names
its parent, starts as proposed and needs hypotheses of its own: a verdict on the wider one
does not carry over. The parent stays on record as refined. What is not given is the parent's.`,
		Example: "  tenet refine P4 --statement 'Long skips carry what the bottleneck drops.' --scope 'encoder-decoder nets'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if statement == "" && scope == "" {
				return usagef("--statement or --scope must say what is narrower")
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				var made principles.Principle
				seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) (err error) {
					made, err = principles.Refine(tx, args[0], func(p *principles.Principle) {
						p.Statement, p.Scope, p.Name = cmp.Or(store.Text(statement), p.Statement), cmp.Or(store.Text(scope), p.Scope), cmp.Or(store.Text(name), p.Name)
					})
					return err
				})
				if err != nil {
					return err
				}
				return a.saved(seq, made, "%s revision %d refines %s", made.Alias, made.Revision, args[0])
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&statement, "statement", "", "the narrower rule in one sentence")
	f.StringVar(&scope, "scope", "", "where it is meant to hold")
	f.StringVar(&name, "name", "", "its short name (default: the parent's)")
	return cmd
}

func (a *app) discardVerb() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "discard PRINCIPLE --why REASON", Short: "Take a principle out of the running, with a reason",
		Long: `Discard a principle. The reason stays on record, and nothing of it can be locked any more.
Its claims, hypotheses and verdicts stay where they are. It can be undone.`,
		Example: "  tenet discard P7 --why 'H21 and H22 came out the other way'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				var p principles.Principle
				seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) (err error) {
					p, err = principles.Discard(tx, args[0], why)
					return err
				})
				if err != nil {
					return err
				}
				return a.saved(seq, p, "%s discarded: %s", p.Alias, p.Reason)
			})
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason")
	return cmd
}
