package main

import (
	"context"

	"github.com/spf13/cobra"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func (a *app) linkVerb() *cobra.Command {
	return &cobra.Command{
		Use: "link CLAIM supports|contradicts|qualifies PRINCIPLE", Short: "Say what a claim means for a principle",
		Long:    "Link a claim to a principle. The link is yours and can be undone.",
		Example: "  tenet link C12 supports P1\n  tenet link C40 contradicts P2",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			relation := principles.Relation(args[1])
			switch relation {
			case principles.Supports, principles.Contradicts, principles.Qualifies:
			default:
				return usagef("%q is no relation: supports, contradicts or qualifies", args[1])
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				var link principles.Link
				seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
					c, err := survey.FindClaim(tx, args[0])
					if err != nil {
						return err
					}
					p, err := principles.Find(tx, args[2])
					if err != nil {
						return err
					}
					link, err = principles.LinkClaim(tx, c.ID, p.ID, relation)
					return err
				})
				if err != nil {
					return err
				}
				return a.saved(seq, link, "%s %s %s", args[0], relation, args[2])
			})
		},
	}
}

func (a *app) principleVerb() *cobra.Command {
	var p principles.Principle
	cmd := &cobra.Command{
		Use: "principle NAME", Short: "Propose a principle",
		Long:    "Propose a principle: a short name, and with --statement the rule in one sentence.",
		Example: `  tenet principle "Write little when you write often" --statement "In a deep additive stack, scale each branch down."`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				p.Name = store.Text(args[0])
				var made principles.Principle
				seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) (err error) {
					made, err = principles.Add(tx, p)
					return err
				})
				if err != nil {
					return err
				}
				return a.saved(seq, made, "%s %s", made.Alias, made.Name)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&p.Statement, "statement", "", "the rule in one sentence")
	f.StringVar(&p.Intuition, "intuition", "", "why, for a newcomer")
	f.StringVar(&p.Scope, "scope", "", "where it is meant to hold")
	f.StringArrayVar(&p.WhenNotToUse, "not-when", nil, "when not to use it (may be repeated)")
	return cmd
}
