package proof

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

func (l *lab) prove(name string) []byte {
	l.t.Helper()
	data, err := Write(l.t.Context(), l.lib, name)
	must(l.t, err)
	return data
}

func TestAProofOfAVerdictIsAccepted(t *testing.T) {
	l := newLab(t, "H01")
	l.decide("H01", 0.1)
	data := l.prove("H01")
	r, err := Audit(data)
	must(t, err)
	if r.Verdict != "validated" || r.Blocks < 5 || r.Trials != 2*r.Blocks || r.Records != 3+r.Blocks+r.Trials ||
		!strings.HasPrefix(r.Sentence, "H01 is validated: the effect is there and large enough.") || !strings.HasPrefix(r.Controls, "not run on engine 1") {
		t.Errorf("got %+v", r)
	}
	if len(data) > 64<<10 {
		t.Errorf("the file has %d bytes", len(data))
	}
	t.Logf("%d bytes, %d records", len(data), r.Records)
	if again := l.prove("H01"); !bytes.Equal(again, data) {
		t.Error("the same proof twice differs")
	}
	// Each part with the checkpoint is a proof of the C2SP form.
	f, err := parse(data)
	must(t, err)
	if !bytes.Equal(f.bytes(), data) {
		t.Error("the file is not written as it was read")
	}
}

func TestOnlyAVerdictOrALockCanBeProved(t *testing.T) {
	l := newLab(t, "H01")
	if _, err := Write(t.Context(), l.lib, "H01"); err == nil || !strings.Contains(err.Error(), "H01 has no verdict to prove; it is draft") {
		t.Errorf("a draft: %v", err)
	}
	l.lock("H01")
	receipt := l.prove("H01")
	r, err := Audit(receipt)
	must(t, err)
	if h := l.find("H01"); r.Digest != h.Lock.Digest || r.LockSeq != h.Lock.Seq {
		t.Errorf("got %+v", r)
	}
	if _, err := Write(t.Context(), l.lib, "H99"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a name of nothing: %v", err)
	}
}

// Where other members of the family moved a threshold, the file holds what they had.
func TestAProofHoldsWhatTheFamilyHadWhereItMattered(t *testing.T) {
	l := newLab(t, "H01", "H02")
	l.lock("H01")
	l.run("H01", 0.1, 6) // evidence for one alone, too little for the first of two
	if h := l.find("H01"); h.State != hypotheses.Inconclusive {
		t.Fatalf("H01 is %s", h.State)
	}
	l.decide("H02", 0.12)
	h := l.find("H01")
	if h.State != hypotheses.Validated || h.Verdict.TV != 20 {
		t.Fatalf("H01 is %s under %v", h.State, h.Verdict.TV)
	}
	r, err := Audit(l.prove("H01"))
	must(t, err)
	if other := len(l.blocks("H02")); r.Records != 3+r.Blocks+r.Trials+1+other {
		t.Errorf("%d records, %d blocks of the other", r.Records, other)
	}
	// Without them the threshold is a claim, and refused.
	f, err := parse(l.prove("H01"))
	must(t, err)
	f.records = slices.DeleteFunc(f.records, func(p store.Proven) bool {
		return bytes.Contains(p.Record, []byte(`"hypothesis_id":"`+l.find("H02").ID)) && bytes.Contains(p.Record, []byte(`"kind":"block"`))
	})
	if _, err := Audit(f.bytes()); err == nil || !strings.Contains(err.Error(), "family") && !strings.Contains(err.Error(), "the blocks give") {
		t.Errorf("without the other's blocks: %v", err)
	}
	if _, err := Audit(l.prove("H02")); err != nil {
		t.Error(err)
	}
}

func (l *lab) blocks(name string) (out []hypotheses.Block) {
	l.t.Helper()
	must(l.t, l.lib.View(func(tx *store.Tx) (err error) { out, err = hypotheses.BlocksOf(tx, l.find(name).ID); return err }))
	return out
}

func TestNoByteOfAProofCanChange(t *testing.T) {
	l := newLab(t, "H01")
	l.decide("H01", 0.1)
	data := l.prove("H01")
	for i := 0; i < len(data); i += proofStride {
		bad := bytes.Clone(data)
		bad[i] ^= 1 << (i / proofStride % 8)
		if _, err := Audit(bad); err == nil {
			t.Errorf("byte %d changed from %q to %q and the file was accepted", i, data[i], bad[i])
		}
	}
	for name, bad := range map[string][]byte{
		"cut": data[:len(data)-1], "longer": append(bytes.Clone(data), '\n'), "empty": nil,
		"twice": append(bytes.Clone(data), data...), "with carriage returns": bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
	} {
		if _, err := Audit(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The owner of the key can sign anything, so what is signed is judged too.
func TestAForgedVerdictIsRefusedThoughEveryHashFits(t *testing.T) {
	for want, change := range map[string]func(tx *store.Tx, l *lab) error{
		"the record says refuted (absent)": func(tx *store.Tx, l *lab) error {
			h := l.find("H01")
			v := *h.Verdict
			v.ID, v.Verdict, v.Reason, v.Seq = tx.NewID(), "refuted", "absent", tx.Seq()+1
			if err := tx.PutFinal("verdict.refuted", hypotheses.KindVerdict, v.ID, v, ""); err != nil {
				return err
			}
			h.Verdict = &v
			return tx.PutFinal("hypothesis.refuted", hypotheses.KindHypothesis, h.ID, h, "")
		},
		"block 3 was logged after 2 blocks: one is gone or out of order": func(tx *store.Tx, l *lab) error {
			return put(tx, hypotheses.KindBlock, l.blocks("H01")[2].ID, func(b *hypotheses.Block) { b.Trials[0].Metric, b.Seq = 0.99, tx.Seq()+1 })
		},
		"holds a trial that is not of this change": func(tx *store.Tx, l *lab) error {
			return put(tx, runner.KindTrial, l.blocks("H01")[2].Trials[0].TrialID, func(t *runner.Trial) { t.Metrics["test_accuracy"] = 0.99 })
		},
		"its plan has the digest": func(tx *store.Tx, l *lab) error {
			return put(tx, hypotheses.KindLock, l.find("H01").Lock.ID, func(r *hypotheses.LockRecord) {
				r.Canonical = strings.Replace(r.Canonical, `"delta":"0.05"`, `"delta":"0.01"`, 1)
			})
		},
	} {
		l := newLab(t, "H01")
		l.decide("H01", 0.1)
		l.update(func(tx *store.Tx) error { return change(tx, l) })
		if _, err := Write(t.Context(), l.lib, "H01"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// put rewrites a record that must never change, as someone with the key could.
func put[T any](tx *store.Tx, kind, id string, change func(*T)) error {
	v, err := store.Get[T](tx, kind, id)
	if err != nil {
		return err
	}
	change(&v)
	return tx.PutFinal("forged", kind, id, v, "")
}

func FuzzAudit(f *testing.F) {
	l := newLab(f, "H01")
	l.decide("H01", 0.1)
	f.Add(l.prove("H01"))
	f.Add([]byte(magic + "\nsentence x\nkey y\nrecords 1\n\nrecord {}\nc2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := Audit(data); err == nil && r.Key == "" {
			t.Errorf("accepted without a key: %+v", r)
		}
	})
}

// Who insists on running against the plan gets an invalid verdict, which verify, a proof file and both readers hold to be
// sound: what was done is on record.
func TestARunAgainstThePlanIsOnRecordAndInvalid(t *testing.T) {
	l := newLab(t, "H01")
	l.lock("H01")
	l.env.DataSHA, l.env.TaskDigest = "d2", "another task"
	refused := func() (err error) {
		_, err = l.lib.Update(t.Context(), "ben", func(tx *store.Tx) error {
			_, err := hypotheses.Start(tx, "H01", "r", false, l.env)
			return err
		})
		return err
	}
	if err := refused(); !errors.Is(err, hypotheses.ErrDeparted) || !strings.Contains(err.Error(), "data d2, locked under d1; task another task") {
		t.Fatalf("without insisting: %v", err)
	}
	l.why = "the first file was lost"
	l.run("H01", 0.1, 60)
	h := l.find("H01")
	if h.State != hypotheses.Invalid || h.Verdict.Reason != "protocol" || h.Verdict.Computed != "validated" {
		t.Fatalf("got %s, %+v", h.State, h.Verdict)
	}
	if got := faults(t, l.lib); len(got) > 0 {
		t.Errorf("verify: %v", got)
	}
	data := l.prove("H01")
	r, err := Audit(data)
	must(t, err)
	if r.Verdict != "invalid" || !strings.HasPrefix(r.Sentence, "H01 has no valid verdict: the locked plan was not followed.") || !bytes.Contains(data, []byte("run all the same: the first file was lost")) {
		t.Errorf("got %+v", r)
	}
	if got := second(t, [][]byte{data}); len(got) != 1 || got[0] != "accepted" {
		t.Errorf("the second reader: %v", got)
	}
	// Without the deviation neither accepts it.
	f, err := parse(data)
	must(t, err)
	f.records = slices.DeleteFunc(f.records, func(p store.Proven) bool { return bytes.Contains(p.Record, []byte(`"kind":"deviation"`)) })
	bare := f.bytes()
	if _, err := Audit(bare); err == nil || !strings.Contains(err.Error(), "no major deviation says so") {
		t.Errorf("without the deviation: %v", err)
	}
	if got := second(t, [][]byte{bare}); len(got) != 1 || got[0] == "accepted" {
		t.Errorf("the second reader: %v", got)
	}
}

func BenchmarkAudit(b *testing.B) {
	l := newLab(b, "H01")
	l.decide("H01", 0.1)
	data := l.prove("H01")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Audit(data); err != nil {
			b.Fatal(err)
		}
	}
}
