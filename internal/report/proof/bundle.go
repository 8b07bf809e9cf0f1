package proof

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tenet/internal/store"
)

// Names in a bundle, and the size up to which files of the vault go along.
const (
	bundleMagic  = "tenet/bundle@v1"
	bundleName   = "bundle.txt"
	ledgerName   = "ledger.jsonl"
	vaultName    = "vault"
	artefactSize = 1 << 20
)

// Bundle is what an export or an audit of a bundle counted.
type Bundle struct {
	Records  uint64   `json:"records"`
	Root     string   `json:"root"`
	Key      string   `json:"key"`
	Files    int      `json:"files"`
	Verdicts int      `json:"verdicts"`
	Trials   int      `json:"trials"`
	Stamps   int      `json:"stamps"`
	Findings []string `json:"findings"`
}

// WriteBundle writes the ledger with its checkpoint and the small artefacts of
// the vault into an empty folder.
func WriteBundle(ctx context.Context, lib *store.Library, dir string) (Bundle, error) {
	var out Bundle
	fail := func(err error) (Bundle, error) { return out, fmt.Errorf("proof: bundle: %w", err) }
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fail(err)
	}
	if old, err := os.ReadDir(dir); err != nil || len(old) > 0 {
		return fail(errors.Join(err, fmt.Errorf("%s is not empty", dir)))
	}
	f, err := os.Create(filepath.Join(dir, ledgerName))
	if err != nil {
		return fail(err)
	}
	w := bufio.NewWriter(f)
	e, err := lib.Records(ctx, w)
	if err := errors.Join(err, w.Flush(), f.Close()); err != nil {
		return fail(err)
	}
	if out.Files, err = copyVault(ctx, filepath.Join(lib.Dir(), vaultName), filepath.Join(dir, vaultName)); err != nil {
		return fail(err)
	}
	out.Records, out.Root, out.Key = e.Head.Size, hex.EncodeToString(e.Head.Root[:]), e.Key
	if err := os.WriteFile(filepath.Join(dir, bundleName), bundleText(e.Key, e.Head.Size, e.Checkpoint), 0o644); err != nil {
		return fail(err)
	}
	return out, nil
}

func bundleText(key string, records uint64, checkpoint []byte) []byte {
	return append(fmt.Appendf(nil, "%s\n%s%s\n%s%d\n\n", bundleMagic, keyWord, key, countWord, records), checkpoint...)
}

// copyVault copies the small files whose names are their hashes.
func copyVault(ctx context.Context, from, to string) (n int, err error) {
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(d.Name()) != 2*sha256.Size {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > artefactSize {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		at := filepath.Join(to, d.Name()[:2], d.Name())
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		n++
		return os.WriteFile(at, data, 0o644)
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return n, err
}

// AuditBundle checks a bundle without its library: the checkpoint against the
// records, every record against those before it, every verdict, block and
// trial anew, every artefact against its name. scratch is an empty folder for
// the copy of the ledger that it is judged in.
func AuditBundle(ctx context.Context, dir, scratch string) (Bundle, error) {
	var out Bundle
	text, err := os.ReadFile(filepath.Join(dir, bundleName))
	if err != nil {
		return out, fmt.Errorf("proof: bundle: %w", err)
	}
	ledger, err := os.ReadFile(filepath.Join(dir, ledgerName))
	if err != nil {
		return out, fmt.Errorf("proof: bundle: %w", err)
	}
	found := func(format string, args ...any) { out.Findings = append(out.Findings, fmt.Sprintf(format, args...)) }
	records, key, err := out.signed(text, ledger, found)
	if err != nil {
		return out, err
	}
	if out.Files, err = auditVault(ctx, filepath.Join(dir, vaultName), found); err != nil {
		return out, err
	}
	lib, err := store.Restore(ctx, filepath.Join(scratch, "ledger"), records, store.Options{Doing: "audit"})
	if errors.Is(err, context.Canceled) {
		return out, err
	} else if err != nil {
		found("%v", err)
		return out, nil
	}
	defer lib.Close()
	err = lib.View(func(tx *store.Tx) error {
		c, err := CheckAll(tx, key, func(sha string) ([]byte, error) {
			return os.ReadFile(filepath.Join(dir, vaultName, sha[:2], sha))
		})
		out.Verdicts, out.Trials, out.Stamps = c.Verdicts, c.Trials, c.Stamps
		for _, w := range c.Wrong {
			found("change %d: %s", w.Seq, w.What)
		}
		return err
	})
	return out, err
}

// signed holds the records of a ledger against the checkpoint that signs them.
func (out *Bundle) signed(text, ledger []byte, found func(string, ...any)) (records [][]byte, key string, err error) {
	head, key, err := openBundle(text)
	if err != nil {
		return nil, "", err
	}
	out.Records, out.Root, out.Key = head.Size, hex.EncodeToString(head.Root[:]), key
	if len(ledger) > 0 {
		if !bytes.HasSuffix(ledger, []byte("\n")) {
			found("%s: the last record is cut short", ledgerName)
		}
		records = bytes.Split(bytes.TrimSuffix(ledger, []byte("\n")), []byte("\n"))
	}
	if uint64(len(records)) != head.Size {
		found("%s holds %d records, %d are signed", ledgerName, len(records), head.Size)
	} else if store.Root(records) != head {
		found("%s is not the ledger that was signed: its tree has another root", ledgerName)
	}
	return records, key, nil
}

func openBundle(text []byte) (store.TreeHead, string, error) {
	bad := func() (store.TreeHead, string, error) {
		return store.TreeHead{}, "", fmt.Errorf("proof: %s does not begin with %q, key, number of records and an empty line: %w", bundleName, bundleMagic, store.ErrCorrupt)
	}
	lines := strings.SplitN(string(text), "\n", 5)
	if len(lines) != 5 || lines[0] != bundleMagic || lines[3] != "" {
		return bad()
	}
	key, isKey := strings.CutPrefix(lines[1], keyWord)
	count, isCount := strings.CutPrefix(lines[2], countWord)
	n, err := strconv.ParseUint(count, 10, 53)
	if !isKey || !isCount || err != nil || !bytes.Equal(bundleText(key, n, []byte(lines[4])), text) {
		return bad()
	}
	head, err := store.OpenCheckpoint([]byte(lines[4]), key)
	if err != nil {
		return head, key, fmt.Errorf("proof: %w", err)
	}
	if head.Size != n {
		return bad()
	}
	return head, key, nil
}

func auditVault(ctx context.Context, dir string, found func(string, ...any)) (n int, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != d.Name() {
			found("vault %.12s: its bytes have the hash %.12s", d.Name(), got)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("proof: bundle: %w", err)
	}
	return n, err
}
