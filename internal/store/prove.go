package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proven is a change record with its proof of inclusion in a tree.
type Proven struct {
	Seq    uint64
	Record []byte // canonical JSON, the leaf
	Hashes []tlog.Hash
}

// Evidence is what a reader without the library needs to believe some records.
type Evidence struct {
	Records    []Proven
	Checkpoint []byte // signed; C2SP tlog-checkpoint
	Key        string // verifier key, as note.NewVerifier reads it
	Head       TreeHead
}

// Prove hashes every record again, signs a checkpoint of the tree and proves
// that these changes are in it.
func (l *Library) Prove(seqs []uint64) (e Evidence, err error) {
	err = l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		if e.Checkpoint, e.Head, err = b.checkpoint(); err != nil {
			return err
		}
		e.Key = string(b.meta.Get([]byte(metaVerifier)))
		for _, seq := range seqs {
			if seq == 0 || seq > e.Head.Size {
				return mark(ErrNotFound, "no proof of change %d in a tree of %d", seq, e.Head.Size)
			}
			entry, err := b.entry(seq)
			if err != nil {
				return err
			}
			p, err := tlog.ProveRecord(int64(e.Head.Size), int64(seq-1), &b)
			if err != nil {
				return fmt.Errorf("store: proof of change %d: %w", seq, err)
			}
			e.Records = append(e.Records, Proven{Seq: seq, Record: bytes.Clone(entry.record()), Hashes: p})
		}
		return nil
	})
	return e, err
}

// checkpoint is the signed head in the form that C2SP calls a checkpoint: the
// origin, the size and the root, a line each.
func (b *buckets) checkpoint() ([]byte, TreeHead, error) {
	head, err := b.rehash()
	if err != nil {
		return nil, head, err
	}
	signer, err := note.NewSigner(string(b.meta.Get([]byte(metaSigner))))
	if err != nil {
		return nil, head, mark(ErrCorrupt, "library.db: signing key: %w", err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), head.Size, base64.StdEncoding.EncodeToString(head.Root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	return signed, head, err
}

// OpenCheckpoint checks the signature of a checkpoint and gives its head. Every
// byte of it counts: another spelling of the same head is refused.
func OpenCheckpoint(signed []byte, key string) (TreeHead, error) {
	bad := func(err error) (TreeHead, error) { return TreeHead{}, mark(ErrCorrupt, "checkpoint: %w", err) }
	v, err := note.NewVerifier(key)
	if err != nil {
		return bad(fmt.Errorf("verifier key: %w", err))
	}
	if parts := strings.SplitN(key, "+", 3); len(parts) != 3 || parts[1] != fmt.Sprintf("%08x", v.KeyHash()) || !strictBase64(parts[2]) {
		return bad(errors.New("verifier key: not in its one form"))
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return bad(err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != v.Name() || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return bad(errors.New("not one origin, size, root and signature"))
	}
	size, err := strconv.ParseUint(lines[1], 10, 53)
	if err != nil {
		return bad(err)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return bad(fmt.Errorf("root %q", lines[2]))
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return bad(err)
	}
	head := TreeHead{Size: size, Root: [32]byte(root)}
	again := fmt.Sprintf("%s\n%d\n%s\n\n— %s %s\n", v.Name(), size, base64.StdEncoding.EncodeToString(root), v.Name(), base64.StdEncoding.EncodeToString(sig))
	if again != string(signed) {
		return bad(errors.New("not in its one form"))
	}
	return head, nil
}

func strictBase64(s string) bool {
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && base64.StdEncoding.EncodeToString(raw) == s
}

// tlogProof is the first line of a C2SP proof.
const tlogProof = "c2sp.org/tlog-proof@v1"

// Text is the proof in the form of C2SP, all but the checkpoint that ends it.
func (p Proven) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nindex %d\n", tlogProof, p.Seq-1)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// ParseProof is the inverse of Text; rest begins after the empty line.
func ParseProof(text []byte) (p Proven, rest []byte, err error) {
	bad := func(format string, args ...any) (Proven, []byte, error) {
		return Proven{}, nil, mark(ErrCorrupt, "tlog-proof: "+format, args...)
	}
	line, rest, ok := bytes.Cut(text, []byte("\n"))
	if !ok || string(line) != tlogProof {
		return bad("first line %.40q", line)
	}
	line, rest, ok = bytes.Cut(rest, []byte("\n"))
	index, isIndex := strings.CutPrefix(string(line), "index ")
	n, err := strconv.ParseUint(index, 10, 53)
	if !ok || !isIndex || err != nil || strconv.FormatUint(n, 10) != index {
		return bad("index line %.40q", line)
	}
	p.Seq = n + 1
	for {
		if line, rest, ok = bytes.Cut(rest, []byte("\n")); !ok {
			return bad("it is cut short")
		}
		if len(line) == 0 {
			return p, rest, nil
		}
		h, err := base64.StdEncoding.Strict().DecodeString(string(line))
		if err != nil || len(h) != tlog.HashSize || len(p.Hashes) >= 63 {
			return bad("hash %.60q", line)
		}
		p.Hashes = append(p.Hashes, tlog.Hash(h))
	}
}

// Included holds the record's bytes against a head whose signature has been checked.
func (p Proven) Included(head TreeHead) error {
	if p.Seq == 0 || p.Seq > head.Size {
		return mark(ErrCorrupt, "change %d is not in a tree of %d", p.Seq, head.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, int64(head.Size), head.Root, int64(p.Seq-1), tlog.RecordHash(p.Record)); err != nil {
		return mark(ErrCorrupt, "change %d is not in the tree: %w", p.Seq, err)
	}
	return nil
}

// Change reads the record, which must be canonical and say its own number.
func (p Proven) Change() (Change, error) { return readRecord(p.Seq, p.Record) }

// readRecord reads a record that must be canonical and say its own number.
func readRecord(seq uint64, record []byte) (Change, error) {
	canonical, err := canonicalJSON(record)
	if err != nil || !bytes.Equal(canonical, record) {
		return Change{}, mark(ErrCorrupt, "change %d: its record is not canonical JSON", seq)
	}
	c, err := parseChange(record)
	if err != nil {
		return Change{}, mark(ErrCorrupt, "change %d: %w", seq, err)
	}
	if c.Seq != seq {
		return Change{}, mark(ErrCorrupt, "change %d: its record says it is change %d", seq, c.Seq)
	}
	return c, nil
}
