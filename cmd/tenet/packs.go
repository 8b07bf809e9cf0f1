package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenet/internal/pack"
	"tenet/internal/report/proof"
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
	if n := rep.Located; n.Total() > 0 {
		fmt.Fprintf(a.out, "quotes looked for in PDFs that were here: %d found, %d moved, %d ambiguous, %d lost\n", n.Found, n.Moved, n.Ambiguous, n.Lost)
	}
	for _, w := range rep.Warnings {
		fmt.Fprintf(a.err, "  %s\n", clean(w))
	}
	return nil
}

func (a *app) exportVerb() *cobra.Command {
	var bundle bool
	cmd := &cobra.Command{
		Use: "export DIR", Short: "Write the study as a pack of text files, or the ledger as a bundle",
		Long: `Write the study as a pack of text files that tenet import reads back without loss.
An existing folder is replaced only if it is a pack.

--bundle writes the evidence instead: every change record, a signed checkpoint over them
and the small artefacts of the vault, compressed, into an empty folder. tenet audit reads it
on a machine without the library. The same library gives the same bytes.`,
		Example: "  tenet export my-study/\n  tenet export --bundle evidence/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if bundle {
					b, err := proof.WriteBundle(ctx, s.lib, a.path(args[0]))
					if err != nil {
						return err
					}
					if a.json {
						return writeJSON(a.out, b)
					}
					fmt.Fprintf(a.out, "exported %d records and %d artefacts to %s, %d bytes, root %s\n", b.Records, b.Files, args[0], b.Bytes, b.Root)
					return nil
				}
				if err := pack.Export(ctx, s.lib, a.path(args[0])); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "exported to %s\n", args[0])
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&bundle, "bundle", false, "the ledger with its checkpoint and artefacts, for tenet audit")
	return cmd
}
