package proof

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/internal/store/stamp"
	"tenet/runner"
)

// bundleAnyMagic begins bundle.txt in every version: where the checkpoint stands in it has not changed.
const bundleAnyMagic = "tenet/bundle@v"

// KindStamp names the records of time stamps.
const KindStamp = "stamp"

// Stamp is a third party's word that a checkpoint of this ledger existed at a
// time, and with it every change up to its size. The file that was stamped and
// the token lie in the vault.
type Stamp struct {
	ID        string `json:"id"`
	FileSHA   string `json:"file_sha"`
	TokenSHA  string `json:"token_sha"`
	Size      uint64 `json:"size"` // of the tree that the file's checkpoint signs
	Root      string `json:"root"`
	Time      string `json:"time"`             // by the authority's clock
	Within    string `json:"within,omitempty"` // how far off that may be, as it says
	Authority string `json:"authority"`
	Serial    string `json:"serial"`
	Trusted   bool   `json:"trusted"` // its certificate led to roots that the recorder gave
	At        string `json:"at"`
	By        string `json:"by"`
}

// ReadStamp checks a token against the file that was stamped. With roots the
// authority's certificate must lead to one of them.
func ReadStamp(data, token []byte, roots *x509.CertPool) (stamp.Token, error) {
	tok, err := stamp.Parse(token)
	if err == nil {
		err = tok.Covers(data)
	}
	if err == nil && roots != nil {
		err = tok.Trusted(roots)
	}
	if err != nil {
		return tok, fmt.Errorf("proof: %w", err)
	}
	return tok, nil
}

// AttachStamp records that a file with a checkpoint of this ledger was stamped:
// a proof file, a receipt, bundle.txt or the checkpoint alone.
func AttachStamp(ctx context.Context, lib *store.Library, actor string, data, token []byte, roots *x509.CertPool) (Stamp, error) {
	var s Stamp
	tok, err := ReadStamp(data, token, roots)
	if err != nil {
		return s, err
	}
	key, err := lib.VerifierKey()
	if err != nil {
		return s, fmt.Errorf("proof: stamp: %w", err)
	}
	head, err := checkpointIn(data, key)
	if err != nil {
		return s, err
	}
	s = Stamp{
		Size: head.Size, Root: hex.EncodeToString(head.Root[:]), Time: tok.Time.Format(time.RFC3339Nano), Authority: store.Text(tok.Authority),
		Serial: tok.Serial, Trusted: roots != nil,
	}
	if tok.Within > 0 {
		s.Within = tok.Within.String()
	}
	for _, f := range []struct {
		at   *string
		data []byte
	}{{&s.FileSHA, data}, {&s.TokenSHA, token}} {
		if *f.at, err = lib.Vault().PutBytes(ctx, f.data); err != nil {
			return s, fmt.Errorf("proof: stamp: %w", err)
		}
	}
	_, err = lib.Update(ctx, actor, func(tx *store.Tx) error {
		if err := ofThisLedger(tx, head); err != nil {
			return err
		}
		s.ID, s.At, s.By = tx.NewID(), tx.Now().UTC().Format(time.RFC3339), tx.Actor()
		return tx.PutFinal("stamp.added", KindStamp, s.ID, s, "")
	})
	return s, err
}

// checkpointIn finds the checkpoint of a library's key in a file that carries one.
func checkpointIn(data []byte, key string) (store.TreeHead, error) {
	text := data
	if f, err := parse(data); err == nil {
		text = f.checkpoint
	} else if bytes.HasPrefix(data, []byte(bundleAnyMagic)) {
		if _, after, ok := bytes.Cut(data, []byte("\n\n")); ok {
			text = after
		}
	}
	head, err := store.OpenCheckpoint(text, key)
	if err != nil {
		return head, fmt.Errorf("proof: stamp: the file carries no checkpoint of this library: %w", err)
	}
	return head, nil
}

func ofThisLedger(tx *store.Tx, head store.TreeHead) error {
	mine, err := tx.HeadAt(head.Size)
	if err != nil {
		return fmt.Errorf("proof: stamp: %w", err)
	}
	if mine != head {
		return fmt.Errorf("proof: the stamped checkpoint of %d changes is not of this ledger: its history is another: %w", head.Size, store.ErrCorrupt)
	}
	return nil
}

// StampOf gives the earliest stamp over a change; ok is false where there is none.
func StampOf(tx *store.Tx, seq uint64) (first Stamp, ok bool, err error) {
	var when time.Time
	for s, err := range store.All[Stamp](tx, KindStamp) {
		if err != nil {
			return first, ok, err
		}
		at, err := time.Parse(time.RFC3339Nano, s.Time)
		if s.Size >= seq && err == nil && (!ok || at.Before(when)) {
			first, when, ok = s, at, true
		}
	}
	return first, ok, nil
}

// String says what the stamp shows of the changes under it.
func (s Stamp) String() string {
	trust := "whose certificate nobody checked"
	if s.Trusted {
		trust = "whose certificate was checked"
	}
	when := s.Time
	if s.Within != "" {
		when += " ± " + s.Within
	}
	return fmt.Sprintf("in the ledger by %s, says %s, %s (stamp over %d changes)", when, s.Authority, trust, s.Size)
}

// CheckStamps checks every stamp anew: file and token under their hashes, the
// token over the file, the file's checkpoint in this tree, and the record after
// the token. open reads a file of the vault; key is the library's.
func CheckStamps(tx *store.Tx, key string, open func(sha string) ([]byte, error)) (n int, wrong []hypotheses.Mismatch, err error) {
	from, restored := tx.Origin()
	for s, err := range store.All[Stamp](tx, KindStamp) {
		if err != nil {
			return n, wrong, err
		}
		n++
		err := s.check(tx, key, open)
		if err != nil && restored {
			err = s.check(tx, from.Key, open) // it was taken where the ledger comes from
		}
		if err != nil {
			_, seq, _ := tx.Raw(KindStamp, s.ID)
			wrong = append(wrong, hypotheses.Mismatch{Seq: seq, What: err.Error()})
		}
	}
	return n, wrong, nil
}

// CheckAll judges everything above the store anew: locks, starts, blocks and
// verdicts, trials and stamps.
func CheckAll(tx *store.Tx, key string, open func(sha string) ([]byte, error)) (c Checked, err error) {
	var more, stamps []hypotheses.Mismatch
	if c.Verdicts, c.Wrong, err = hypotheses.Replay(tx); err != nil {
		return c, err
	}
	if c.Trials, more, err = runner.CheckTrials(tx); err != nil {
		return c, err
	}
	c.Stamps, stamps, err = CheckStamps(tx, key, open)
	c.Wrong = slices.Concat(c.Wrong, more, stamps)
	if from, restored := tx.Origin(); restored && err == nil {
		c.Origin, err = from.Head()
		if err == nil {
			err = ofThisLedger(tx, c.Origin)
		}
		if err != nil {
			c.Wrong = append(c.Wrong, hypotheses.Mismatch{What: fmt.Sprintf("the changes it was restored from: %v", err)})
		}
		c.OriginKey, err = from.Key, nil
	}
	return c, err
}

// Checked is what CheckAll counted and found wrong.
type Checked struct {
	Verdicts, Trials, Stamps int
	Wrong                    []hypotheses.Mismatch

	Origin    store.TreeHead // of a restored library: what the key below signed, and the ledger still begins with
	OriginKey string
}

func (s Stamp) check(tx *store.Tx, key string, open func(sha string) ([]byte, error)) error {
	var files [2][]byte
	for i, sha := range []string{s.FileSHA, s.TokenSHA} {
		if raw, err := hex.DecodeString(sha); err != nil || len(raw) != sha256.Size {
			return fmt.Errorf("proof: stamp of %s: %.70q names no file of the vault", s.Time, sha)
		}
		data, err := open(sha)
		if err != nil {
			return fmt.Errorf("proof: stamp of %s: %w", s.Time, err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != sha {
			return fmt.Errorf("proof: stamp of %s: vault %.12s has the hash %.12s", s.Time, sha, got)
		}
		files[i] = data
	}
	tok, err := ReadStamp(files[0], files[1], nil)
	if err != nil {
		return err
	}
	head, err := checkpointIn(files[0], key)
	if err != nil {
		return err
	}
	if err := ofThisLedger(tx, head); err != nil {
		return err
	}
	_, seq, err := tx.Raw(KindStamp, s.ID)
	if err != nil {
		return err
	}
	if s.Size != head.Size || s.Root != hex.EncodeToString(head.Root[:]) || s.Size >= seq || s.Time != tok.Time.Format(time.RFC3339Nano) || s.Authority != store.Text(tok.Authority) || s.Serial != tok.Serial {
		return fmt.Errorf("proof: the record of change %d says other things than its stamp (%s by %s over %d changes)", seq, tok.Time.Format(time.RFC3339), tok.Authority, head.Size)
	}
	return nil
}
