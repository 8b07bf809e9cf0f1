package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenet/internal/store"
)

func (a *app) undoVerb() *cobra.Command {
	return a.reverseVerb("undo", "Take back your last change",
		"Take back your last change. Nothing is erased: the inverse is recorded as a new change.\nLocks, blocks and verdicts cannot be taken back.",
		"undone", (*store.Library).Undo)
}

func (a *app) redoVerb() *cobra.Command {
	return a.reverseVerb("redo", "Do again what you last took back", "Do again what you last took back with undo.", "redone", (*store.Library).Redo)
}

func (a *app) reverseVerb(use, short, long, done string, act func(*store.Library, context.Context, string) ([]store.Change, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Example: "  tenet " + use, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				changes, err := act(s.lib, ctx, a.actor(ctx))
				if err != nil {
					return err
				}
				for _, c := range changes {
					fmt.Fprintf(a.out, "change %d: %s %s %s\n", c.Seq, done, c.Verb, c.ID)
				}
				return nil
			})
		},
	}
}
