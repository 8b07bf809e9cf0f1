package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tenet/internal/store"
)

func (a *app) initVerb() *cobra.Command {
	return &cobra.Command{
		Use: "init [DIR]", Short: "Make a new, empty library",
		Long: "Make a new, empty library in DIR (else in this folder). The folder may exist; a library in it is never overwritten.",
		Example: `  tenet init my-survey
  cd my-survey && tenet add ~/Downloads/*.pdf`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := a.cwd
			if len(args) == 1 {
				dir = a.path(args[0])
			} else if a.library != "" {
				dir = a.path(a.library)
			}
			lib, err := store.Init(cmd.Context(), dir, store.Options{Doing: "tenet init"})
			if err != nil {
				return err
			}
			if err := lib.Close(); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "new library in %s\n", dir)
			fmt.Fprintf(a.err, "next: tenet --library %s add FILE…, or tenet import DIR for a study pack\n", dir)
			return nil
		},
	}
}
