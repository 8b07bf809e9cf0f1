package proof

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

// The lines that begin a proof file and its parts.
const (
	magic        = "tenet/proof@v1"
	sentenceWord = "sentence "
	keyWord      = "key "
	countWord    = "records "
	recordWord   = "record "
)

// MaxBytes bounds what an audit reads of one file.
const MaxBytes = 64 << 20

// file is a proof file, read or to be written.
type file struct {
	sentence   string
	key        string
	records    []store.Proven
	checkpoint []byte
}

// Write makes the proof file of the present verdict of a hypothesis. Of a plan
// that is locked and has no verdict yet it makes a receipt: the lock alone.
func Write(ctx context.Context, lib *store.Library, name string) ([]byte, error) {
	var f file
	var seqs []uint64
	if err := lib.View(func(tx *store.Tx) error {
		if h, err := hypotheses.Find(tx, name); err == nil && h.Lock != nil && h.Verdict == nil {
			lock, err := store.Get[hypotheses.LockRecord](tx, hypotheses.KindLock, h.Lock.ID)
			if err != nil {
				return err
			}
			seqs = []uint64{lock.Seq}
			f.sentence, err = lock.Sentence()
			return err
		}
		c, ss, err := hypotheses.CaseOf(tx, name)
		if err != nil {
			return err
		}
		if f.sentence, err = c.Sentence(); err != nil {
			return err
		}
		for _, b := range c.Blocks {
			for _, ref := range b.Trials {
				if ref.Missing {
					continue
				}
				_, seq, err := tx.Raw(runner.KindTrial, ref.TrialID)
				if err != nil {
					return fmt.Errorf("proof: %s: block %d, arm %s: %w", name, b.B, ref.Arm, err)
				}
				ss = append(ss, seq)
			}
		}
		slices.Sort(ss)
		seqs = slices.Compact(ss)
		return ctx.Err()
	}); err != nil {
		return nil, err
	}
	e, err := lib.Prove(seqs)
	if err != nil {
		return nil, err
	}
	f.key, f.records, f.checkpoint = e.Key, e.Records, e.Checkpoint
	out := f.bytes()
	if _, err := Audit(out); err != nil {
		return nil, fmt.Errorf("proof: %s does not hold, nothing is written: %w", name, err)
	}
	return out, nil
}

func (f file) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s%s\n%s%s\n%s%d\n\n", magic, sentenceWord, f.sentence, keyWord, f.key, countWord, len(f.records))
	for _, r := range f.records {
		b.WriteString(recordWord)
		b.Write(r.Record)
		b.WriteByte('\n')
		b.Write(r.Text())
	}
	b.Write(f.checkpoint)
	return b.Bytes()
}

// parse reads the container and refuses whatever has another spelling.
func parse(data []byte) (file, error) {
	var f file
	bad := func(format string, args ...any) (file, error) {
		return f, fmt.Errorf("proof: "+format+": %w", append(args, store.ErrCorrupt)...)
	}
	if len(data) > MaxBytes {
		return bad("%d bytes are too many", len(data))
	}
	rest := data
	line := func(prefix string) (string, bool) {
		l, r, ok := bytes.Cut(rest, []byte("\n"))
		rest = r
		text, has := strings.CutPrefix(string(l), prefix)
		return text, ok && has
	}
	if l, ok := line(magic); !ok || l != "" {
		return bad("it does not begin with %q", magic)
	}
	var ok bool
	if f.sentence, ok = line(sentenceWord); !ok {
		return bad("no sentence")
	}
	if f.key, ok = line(keyWord); !ok {
		return bad("no key")
	}
	text, ok := line(countWord)
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < 1 || n > 1<<20 || strconv.Itoa(n) != text {
		return bad("no number of records")
	}
	if l, ok := line(""); !ok || l != "" {
		return bad("no empty line before the records")
	}
	for i := range n {
		record, ok := line(recordWord)
		if !ok {
			return bad("record %d of %d is missing", i+1, n)
		}
		p, after, err := store.ParseProof(rest)
		if err != nil {
			return f, fmt.Errorf("proof: record %d: %w", i+1, err)
		}
		rest, p.Record = after, []byte(record)
		if i > 0 && p.Seq <= f.records[i-1].Seq {
			return bad("record %d is not in order", i+1)
		}
		f.records = append(f.records, p)
	}
	f.checkpoint = rest
	return f, nil
}
