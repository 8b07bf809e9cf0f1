package proof

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"tenet/internal/store"
)

// bundleMagic is the first line of bundle.txt.
const bundleMagic = "tenet/bundle@v2"

// sizeHint bounds what is set aside before anything is unpacked.
const sizeHint = 64 << 20

// maxUnpacked bounds what is unpacked of one file of a bundle.
const maxUnpacked = 1 << 30

// bundleHead is bundle.txt.
type bundleHead struct {
	key           string
	records       uint64
	ledger, vault string // SHA-256 of the packed files
	checkpoint    []byte
}

func (h bundleHead) text() []byte {
	return append(fmt.Appendf(nil, "%s\n%s%s\n%s%d\n%s %s\n%s %s\n\n", bundleMagic, keyWord, h.key, countWord, h.records, ledgerName, h.ledger, vaultName, h.vault), h.checkpoint...)
}

// readHead reads bundle.txt, refuses any other spelling and checks the signature.
func readHead(text []byte) (h bundleHead, signed store.TreeHead, err error) {
	bad := func() (bundleHead, store.TreeHead, error) {
		return h, signed, fmt.Errorf("proof: %s does not begin with %q, key, number of records, the hashes of two files and an empty line: %w", BundleName, bundleMagic, store.ErrCorrupt)
	}
	lines := strings.SplitN(string(text), "\n", 7)
	if len(lines) != 7 {
		return bad()
	}
	h.key, _ = strings.CutPrefix(lines[1], keyWord)
	count, _ := strings.CutPrefix(lines[2], countWord)
	h.ledger, _ = strings.CutPrefix(lines[3], ledgerName+" ")
	h.vault, _ = strings.CutPrefix(lines[4], vaultName+" ")
	h.checkpoint = []byte(lines[6])
	if h.records, err = strconv.ParseUint(count, 10, 53); err != nil || !bytes.Equal(h.text(), text) {
		return bad()
	}
	if signed, err = store.OpenCheckpoint(h.checkpoint, h.key); err != nil {
		return h, signed, fmt.Errorf("proof: %w", err)
	}
	if signed.Size != h.records {
		return bad()
	}
	return h, signed, nil
}

// Evidence is a bundle being read.
type Evidence struct {
	fsys   fs.FS
	head   bundleHead
	Signed store.TreeHead
}

// OpenEvidence reads bundle.txt and checks its signature; the rest is read when it is asked for.
func OpenEvidence(fsys fs.FS) (*Evidence, error) {
	text, err := fs.ReadFile(fsys, BundleName)
	if err != nil {
		return nil, fmt.Errorf("proof: bundle: %w", err)
	}
	e := &Evidence{fsys: fsys}
	e.head, e.Signed, err = readHead(text)
	return e, err
}

// Origin is the checkpoint that signs the records, with its key.
func (e *Evidence) Origin() store.Origin {
	return store.Origin{Key: e.head.key, Checkpoint: e.head.checkpoint}
}

// Records unpacks the ledger. Where its bytes are not those that bundle.txt names the error says so, and what could be
// unpacked comes along.
func (e *Evidence) Records() ([][]byte, error) {
	ledger, err := e.unpack(ledgerName, e.head.ledger)
	if len(ledger) == 0 {
		return nil, err
	}
	if !bytes.HasSuffix(ledger, []byte("\n")) {
		err = errors.Join(err, fmt.Errorf("proof: bundle: %s: the last record is cut short: %w", ledgerName, store.ErrCorrupt))
	}
	return bytes.Split(bytes.TrimSuffix(ledger, []byte("\n")), []byte("\n")), err
}

// Files unpacks the artefacts of the vault, each under its hash. Those whose bytes have another hash are named in the
// error, and all the same come along.
func (e *Evidence) Files() (map[string][]byte, error) {
	data, err := e.unpack(vaultName, e.head.vault)
	files := map[string][]byte{}
	errs := []error{err}
	for r := tar.NewReader(bytes.NewReader(data)); len(data) > 0; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var file []byte
		if err == nil {
			file, err = io.ReadAll(r)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("proof: bundle: %s: %w: %w", vaultName, err, store.ErrCorrupt))
			break
		}
		if got := sha(file); got != h.Name {
			errs = append(errs, fmt.Errorf("proof: bundle: vault %.12s: its bytes have the hash %.12s: %w", h.Name, got, store.ErrCorrupt))
		}
		files[h.Name] = file
	}
	return files, errors.Join(errs...)
}

// unpack gives what a file of the bundle holds, and an error where it is not the one that bundle.txt names.
func (e *Evidence) unpack(name, want string) ([]byte, error) {
	raw, err := fs.ReadFile(e.fsys, name)
	if err != nil {
		return nil, fmt.Errorf("proof: bundle: %w", err)
	}
	if got := sha(raw); got != want {
		err = fmt.Errorf("proof: bundle: %s has the hash %.12s, %s names %.12s: %w", name, got, BundleName, want, store.ErrCorrupt)
	}
	var out bytes.Buffer
	if len(raw) > 4 { // gzip ends with the size of what it holds; a wrong one costs a little time
		out.Grow(int(min(binary.LittleEndian.Uint32(raw[len(raw)-4:]), sizeHint)) + bytes.MinRead)
	}
	z, unpack := gzip.NewReader(bytes.NewReader(raw))
	if unpack == nil {
		_, unpack = io.Copy(&out, io.LimitReader(z, maxUnpacked))
	}
	if unpack != nil {
		err = errors.Join(err, fmt.Errorf("proof: bundle: %s: %w: %w", name, unpack, store.ErrCorrupt))
	}
	return out.Bytes(), err
}
