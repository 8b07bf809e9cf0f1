package proof

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tenet/internal/store"
)

// Names in a bundle, and the size up to which files of the vault go along.
const (
	BundleName   = "bundle.txt" // names and signs the others
	ledgerName   = "ledger.jsonl.gz"
	vaultName    = "vault.tar.gz"
	vaultFolder  = "vault"
	artefactSize = 1 << 20
)

// EvidenceFolder is where a study's bundle lies in the folder of its pack.
const EvidenceFolder = "evidence"

// Bundle is what an export or an audit of a bundle counted.
type Bundle struct {
	Records  uint64   `json:"records"`
	Root     string   `json:"root"`
	Key      string   `json:"key"`
	Files    int      `json:"files"`
	Bytes    int64    `json:"bytes"` // of the bundle itself
	Verdicts int      `json:"verdicts"`
	Trials   int      `json:"trials"`
	Stamps   int      `json:"stamps"`
	Findings []string `json:"findings"`
}

// WriteBundle writes the ledger with its checkpoint and the small artefacts of
// the vault into an empty folder. The same library gives the same bytes.
func WriteBundle(ctx context.Context, lib *store.Library, dir string) (Bundle, error) {
	var out Bundle
	fail := func(err error) (Bundle, error) { return out, fmt.Errorf("proof: bundle: %w", err) }
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fail(err)
	}
	if old, err := os.ReadDir(dir); err != nil || len(old) > 0 {
		return fail(errors.Join(err, fmt.Errorf("%s is not empty", dir)))
	}
	var e store.Evidence
	ledger, err := packed(func(w io.Writer) (err error) {
		e, err = lib.Records(ctx, w)
		return err
	})
	if err != nil {
		return fail(err)
	}
	vault, err := packed(func(w io.Writer) (err error) {
		out.Files, err = tarVault(ctx, filepath.Join(lib.Dir(), vaultFolder), w)
		return err
	})
	if err != nil {
		return fail(err)
	}
	out.Records, out.Root, out.Key = e.Head.Size, hex.EncodeToString(e.Head.Root[:]), e.Key
	head := bundleHead{key: e.Key, records: e.Head.Size, ledger: sha(ledger), vault: sha(vault), checkpoint: e.Checkpoint}
	for _, f := range []struct {
		name string
		data []byte
	}{{ledgerName, ledger}, {vaultName, vault}, {BundleName, head.text()}} { // what names the others comes last
		out.Bytes += int64(len(f.data))
		if err := os.WriteFile(filepath.Join(dir, f.name), f.data, 0o644); err != nil {
			return fail(err)
		}
	}
	return out, nil
}

func sha(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// packed gives what write wrote, compressed, without a time or a name in it.
func packed(write func(io.Writer) error) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		err = write(z)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

// tarVault writes the small files whose names are their hashes, in the order of their names.
func tarVault(ctx context.Context, from string, to io.Writer) (n int, err error) {
	var paths []string
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(d.Name()) != 2*sha256.Size {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() <= artefactSize {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	slices.SortFunc(paths, func(a, b string) int { return bytes.Compare([]byte(filepath.Base(a)), []byte(filepath.Base(b))) })
	w := tar.NewWriter(to)
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return n, err
		}
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: filepath.Base(path), Mode: 0o644, Size: int64(len(data)), Format: tar.FormatUSTAR}); err != nil {
			return n, err
		}
		if _, err := w.Write(data); err != nil {
			return n, err
		}
		n++
	}
	return n, w.Close()
}
