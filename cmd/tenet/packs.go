package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenet/internal/pack"
)

func (a *app) importVerb() *cobra.Command {
	return &cobra.Command{
		Use: "import DIR", Short: "Bring in a study pack",
		Long: `Bring in a study pack: a folder of text files (references.bib, survey.yaml,
principles.yaml, hypotheses.yaml, tasks.yaml, published.yaml). An error names file, line and
field, and leaves the library as it was. Importing the same pack again changes nothing.`,
		Example: "  tenet import my-study/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				dir := a.path(args[0])
				if info, err := os.Stat(dir); err != nil || !info.IsDir() {
					return fmt.Errorf("import: %s is no folder; a pack is a folder of text files (docs/packs.md)", args[0])
				}
				rep, err := pack.Import(ctx, s.lib, a.actor(ctx), os.DirFS(dir), filepath.Base(dir))
				if err != nil {
					return err
				}
				return a.printPack(rep)
			})
		},
	}
}

func (a *app) printPack(rep pack.Report) error {
	if a.json {
		return writeJSON(a.out, rep)
	}
	for _, f := range rep.Files {
		fmt.Fprintf(a.out, "%s: %d new, %d changed, %d as before\n", f.Name, f.Added, f.Changed, f.Same)
	}
	if rep.Unchanged() {
		fmt.Fprintln(a.out, "nothing changed: this pack is here already")
	}
	for _, w := range rep.Warnings {
		fmt.Fprintf(a.err, "  %s\n", clean(w))
	}
	return nil
}

func (a *app) exportVerb() *cobra.Command {
	return &cobra.Command{
		Use: "export DIR", Short: "Write the study as a pack of text files",
		Long:    "Write the study as a pack of text files that `tenet import` reads back without loss.\nAn existing folder is replaced only if it is a pack.",
		Example: "  tenet export my-study/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if err := pack.Export(ctx, s.lib, a.path(args[0])); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "exported to %s\n", args[0])
				return nil
			})
		},
	}
}
