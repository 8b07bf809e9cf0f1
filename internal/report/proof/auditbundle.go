package proof

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"tenet/internal/store"
)

// AuditBundle checks a bundle without its library: the checkpoint against the
// records, every record against those before it, every verdict, block and
// trial anew, every artefact against its name. scratch is an empty folder for
// the copy of the ledger that it is judged in.
func AuditBundle(ctx context.Context, bundle fs.FS, scratch string) (Bundle, error) {
	var out Bundle
	e, err := OpenEvidence(bundle)
	if err != nil {
		return out, err
	}
	for _, name := range []string{ledgerName, vaultName} {
		if _, err := fs.Stat(bundle, name); err != nil {
			return out, fmt.Errorf("proof: bundle: %w", err)
		}
	}
	records, files := out.take(e)
	lib, err := store.Restore(ctx, filepath.Join(scratch, "ledger"), records, store.Options{Doing: "audit"})
	if errors.Is(err, context.Canceled) {
		return out, err
	} else if err != nil {
		out.find(err)
		return out, nil
	}
	defer lib.Close()
	err = lib.View(func(tx *store.Tx) error {
		c, err := CheckAll(tx, out.Key, func(sha string) ([]byte, error) {
			if data, ok := files[sha]; ok {
				return data, nil
			}
			return nil, fmt.Errorf("proof: bundle: vault %.12s: %w", sha, fs.ErrNotExist)
		})
		out.Verdicts, out.Trials, out.Stamps = c.Verdicts, c.Trials, c.Stamps
		for _, w := range c.Wrong {
			out.Findings = append(out.Findings, fmt.Sprintf("change %d: %s", w.Seq, w.What))
		}
		return err
	})
	return out, err
}

// take unpacks a bundle and holds its records against the checkpoint that signs them.
func (out *Bundle) take(e *Evidence) (records [][]byte, files map[string][]byte) {
	out.Records, out.Root, out.Key = e.Signed.Size, hex.EncodeToString(e.Signed.Root[:]), e.head.key
	records, err := e.Records()
	out.find(err)
	if uint64(len(records)) != e.Signed.Size {
		out.Findings = append(out.Findings, fmt.Sprintf("%s holds %d records, %d are signed", ledgerName, len(records), e.Signed.Size))
	} else if store.Root(records) != e.Signed {
		out.Findings = append(out.Findings, ledgerName+" is not the ledger that was signed: its tree has another root")
	}
	files, err = e.Files()
	out.find(err)
	out.Files = len(files)
	return records, files
}

// find takes the faults of an error, a line each.
func (out *Bundle) find(err error) {
	if err == nil {
		return
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		out.Findings = append(out.Findings, strings.TrimPrefix(line, "proof: bundle: "))
	}
}
