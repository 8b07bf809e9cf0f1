package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenet/internal/report/proof"
)

func (a *app) auditVerb() *cobra.Command {
	var key, token, roots string
	cmd := &cobra.Command{
		Use: "audit FILE|DIR|-", Short: "Check a proof file or a bundle without its library",
		Long: `Check a file of tenet prove, or a folder of tenet export --bundle (or the folder of a study
pack that has one as evidence/), with nothing else at hand: the signature of the checkpoint, every record's place in the tree, and the verdict
anew from the trials upwards. Exit code 5 when it does not hold.

The signature says which library signed. --key names the key that it must be, as the
library's owner published it; without it the key is printed for you to compare. Times are
claimed by the library's clock; the order of changes is proved. --stamp checks a time stamp
over the file itself (bundle.txt of a bundle carries its own). docs/trust.md says what this
does not prove.`,
		Example: "  tenet audit H12.tenet-proof\n  tenet audit evidence/\n  tenet audit studies/skip\n  tenet audit H12.tenet-proof --key 'tenet/01J…+1f2e3d4c+A…'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if roots != "" && token == "" || token != "" && args[0] == "-" {
				return usagef("--roots goes with --stamp, and --stamp with a file")
			}
			stamped := ""
			if token != "" {
				var err error
				if stamped, err = a.auditStamp(args[0], token, roots); err != nil {
					return err
				}
			}
			if info, err := os.Stat(a.path(args[0])); args[0] != "-" && err == nil && info.IsDir() {
				return a.auditBundle(cmd.Context(), args[0], key)
			}
			in := a.in
			if args[0] != "-" {
				f, err := os.Open(a.path(args[0]))
				if err != nil {
					return fmt.Errorf("audit: %w", err)
				}
				defer f.Close()
				in = f
			}
			data, err := io.ReadAll(io.LimitReader(in, proof.MaxBytes+1))
			if err != nil {
				return fmt.Errorf("audit: %w", err)
			}
			r, err := proof.Audit(data)
			if err != nil {
				return fmt.Errorf("audit: %s: refused: %w: %w", args[0], err, errRefused)
			}
			if err := otherKey(key, r.Key); err != nil {
				return err
			}
			r.Stamp = stamped
			if a.json {
				return writeJSON(a.out, r)
			}
			fmt.Fprintf(a.out, "%s\n", clean(r.Sentence))
			if stamped != "" {
				fmt.Fprintln(a.out, stamped)
			}
			fmt.Fprintf(a.out, "plan %.16s… locked at change %d (claimed time %s)", r.Digest, r.LockSeq, clean(r.LockedAt))
			if r.Verdict == "" {
				fmt.Fprintln(a.out, "; a receipt: no verdict had been given")
			} else {
				fmt.Fprintf(a.out, ", verdict at change %d: judged anew from %d trials in %d blocks\n", r.VerdictSeq, r.Trials, r.Blocks)
			}
			if r.Power != "" {
				fmt.Fprintf(a.out, "power: %s\n", clean(r.Power))
			}
			if r.Controls != "" {
				fmt.Fprintf(a.out, "controls of the engine: %s\n", clean(r.Controls))
			}
			fmt.Fprintf(a.out, "accepted: %d records in a tree of %d, root %s\nsigned by %s\n", r.Records, r.Size, r.Root, clean(r.Key))
			return nil
		},
	}
	cmd.Flags().StringVar(&token, "stamp", "", "a time stamp (RFC 3161) over the file, to be checked too")
	cmd.Flags().StringVar(&roots, "roots", "", "PEM file of certificates that the stamp must lead to")
	cmd.Flags().StringVar(&key, "key", "", "the key that must have signed")
	return cmd
}

func otherKey(want, got string) error {
	if want == "" || want == got {
		return nil
	}
	return fmt.Errorf("audit: signed by %s, not by %s: %w", clean(got), clean(want), errRefused)
}

// bundleIn gives the bundle in a folder: the folder itself or, in that of a study pack, its evidence.
func bundleIn(dir string) fs.FS {
	inside := os.DirFS(filepath.Join(dir, proof.EvidenceFolder))
	if _, err := fs.Stat(inside, proof.BundleName); err == nil {
		return inside
	}
	return os.DirFS(dir)
}

func (a *app) auditBundle(ctx context.Context, dir, key string) error {
	scratch, err := os.MkdirTemp("", "tenet-audit-")
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	defer os.RemoveAll(scratch)
	b, err := proof.AuditBundle(ctx, bundleIn(a.path(dir)), scratch)
	if err != nil {
		return fmt.Errorf("audit: %s: refused: %w", dir, err)
	}
	if err := otherKey(key, b.Key); err != nil {
		return err
	}
	if a.json {
		err = writeJSON(a.out, b)
	} else {
		for _, f := range b.Findings {
			fmt.Fprintf(a.out, "! %s\n", clean(f))
		}
		fmt.Fprintf(a.out, "%d records, %d verdicts and %d trials judged anew, %d artefacts hashed, %d findings, root %s\nsigned by %s\n", b.Records, b.Verdicts, b.Trials, b.Files, len(b.Findings), b.Root, clean(b.Key))
	}
	if err == nil && len(b.Findings) > 0 {
		err = errIntegrity
	}
	return err
}
