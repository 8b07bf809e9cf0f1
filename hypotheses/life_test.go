package hypotheses

import (
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// refused runs one change that must fail and gives its error.
func refused(t testing.TB, lib *store.Library, fn func(*store.Tx) error) error {
	t.Helper()
	before := lib.Seq()
	_, err := lib.Update(t.Context(), "ada", fn)
	if err == nil {
		t.Fatal("taken, but must be refused")
	}
	if lib.Seq() != before {
		t.Errorf("refused with %v, and yet something was written", err)
	}
	return err
}

func TestADraftCanNeverBeValidated(t *testing.T) {
	lib := studyLibrary(t)
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "run1", false, env()); return err })
	if !strings.Contains(err.Error(), "H01 is a draft") {
		t.Errorf("got %v", err)
	}
	start(t, lib, "H01", "run1", true)
	p := feed(t, lib, "H01", "run1", 0, 60, 0.2)
	if !p.Done || p.Verdict != decision.Exploratory {
		t.Errorf("overwhelming evidence gave %+v", p)
	}
	h := find(t, lib, "H01")
	if h.State != Draft || h.Verdict != nil {
		t.Errorf("the draft became %s", h.State)
	}
	view(t, lib, func(tx *store.Tx) error {
		for v, err := range Verdicts(tx, h.ID) {
			if err != nil || v.Verdict != decision.Exploratory || v.Computed != "" {
				t.Errorf("verdict %s computed %q, %v", v.Verdict, v.Computed, err)
			}
		}
		if s := must(StatusOf(tx, h.PrincipleID))(t); s.Status != "proposed" || s.Reason != "untested" {
			t.Errorf("status %s (%s)", s.Status, s.Reason)
		}
		return nil
	})
	// What was seen draws other seeds than what counts, so the lock is open.
	lock(t, lib, "H01")
}

func TestBlocksSeenUnderTheSameSeedsCannotBeLocked(t *testing.T) {
	lib := studyLibrary(t)
	update(t, lib, func(tx *store.Tx) error {
		seen := StartRecord{ID: "r", RunID: "r", HypothesisID: must(Find(tx, "H01"))(t).ID, Exploratory: true, SeedStudy: env().StudyID}
		return tx.PutFinal("run.explored", KindStart, "r", seen, "")
	})
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
	if !strings.Contains(err.Error(), "lock with a new study id") {
		t.Errorf("got %v", err)
	}
}

func TestALockedPlanNeverChanges(t *testing.T) {
	lib := studyLibrary(t)
	rec := lock(t, lib, "h1")
	if got := decision.Digest([]byte(rec.Canonical)); got != rec.Digest {
		t.Errorf("digest %s of the canonical bytes, %s on record", got, rec.Digest)
	}
	if rec.Seq != lib.Seq()-1 {
		t.Errorf("the lock says change %d; it is change %d", rec.Seq, lib.Seq()-1)
	}
	before := find(t, lib, "H01")
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
	if !errors.Is(err, ErrLocked) {
		t.Errorf("a second lock: %v", err)
	}
	if _, err := lib.Undo(t.Context(), "ada"); err == nil {
		t.Error("a lock was undone")
	}
	var next Hypothesis
	update(t, lib, func(tx *store.Tx) (err error) {
		next, err = Edit(tx, "H01", func(h *Hypothesis) { h.Statement, h.Decision.Delta = "Another.", 0.01 })
		return err
	})
	after := find(t, lib, "H01")
	if next.Alias != "H01v2" || next.Version != 2 || next.State != Draft || next.Lock != nil || next.PreviousID != before.ID {
		t.Errorf("the new version: %+v", next)
	}
	after.NextID = ""
	if !slices.Equal(must(store.Canonical(before))(t), must(store.Canonical(after))(t)) {
		t.Errorf("the locked one changed:\n%+v\n%+v", before, after)
	}
	view(t, lib, func(tx *store.Tx) error { return CheckLock(tx, after) })
	err = refused(t, lib, func(tx *store.Tx) error {
		_, err := Edit(tx, "H01", func(h *Hypothesis) { h.Title = "x" })
		return err
	})
	if !strings.Contains(err.Error(), "H01v2") {
		t.Errorf("a second edit of the old version: %v", err)
	}
}

func TestADraftChangesInPlace(t *testing.T) {
	lib := studyLibrary(t)
	update(t, lib, func(tx *store.Tx) error {
		h, err := Edit(tx, "H01", func(h *Hypothesis) { h.Title, h.Alias, h.State = "New", "H99", Validated })
		if err != nil || h.Title != "New" || h.Alias != "H01" || h.State != Draft || h.Version != 1 {
			t.Errorf("got %+v %v", h, err)
		}
		return nil
	})
}

// Every part of the plan that DECISION.md §8 lists moves the digest.
func TestEveryPartOfThePlanIsInTheDigest(t *testing.T) {
	lib, back := studyLibrary(t), errors.New("taken back")
	digest := func(change func(*Hypothesis), world func(*Env)) string {
		e := env()
		world(&e)
		var rec LockRecord
		_, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error {
			must(Edit(tx, "H03", change))(t)
			rec = must(Lock(tx, "H03", e))(t)
			return back
		})
		if !errors.Is(err, back) {
			t.Fatal(err)
		}
		return rec.Digest
	}
	none, same := func(*Hypothesis) {}, func(*Env) {}
	first := digest(none, same)
	if again := digest(none, same); again != first {
		t.Fatalf("the same plan gives %s and %s", first, again)
	}
	seen := map[string]string{first: "nothing"}
	note := func(what, d string) {
		if other, ok := seen[d]; ok {
			t.Errorf("changing %s gives the digest of changing %s", what, other)
		}
		seen[d] = what
	}
	for what, change := range map[string]func(*Hypothesis){
		"statement": func(h *Hypothesis) { h.Statement = "x" }, "net": func(h *Hypothesis) { h.Arms[0].Spec = `{"family":"x"}` },
		"D_s": func(h *Hypothesis) { h.Estimand.DS = "x" }, "order of arms": func(h *Hypothesis) { slices.Reverse(h.Decision.Arms) },
		"metric": func(h *Hypothesis) { h.Decision.Metric = "x" }, "better": func(h *Hypothesis) { h.Decision.Better = "lower" },
		"transform": func(h *Hypothesis) { h.Decision.Transform = "log" }, "worst": func(h *Hypothesis) { h.Decision.Worst = 0.2 },
		"theta0": func(h *Hypothesis) { h.Decision.Theta0 = 0.1 }, "delta": func(h *Hypothesis) { h.Decision.Delta = 0.7 },
		"center": func(h *Hypothesis) { h.Decision.Center = "median" }, "divergence": func(h *Hypothesis) { h.Decision.Divergence = "outcome" },
		"constant": func(h *Hypothesis) { h.Decision.Constant = "forbid" }, "expect": func(h *Hypothesis) { h.Decision.Expect = "refuted" },
		"setting": func(h *Hypothesis) { h.Decision.Setting = "x" }, "regions": func(h *Hypothesis) { h.Decision.Regions = []string{"x"} },
		"n_min": func(h *Hypothesis) { h.Decision.NMin = 6 }, "n_max": func(h *Hypothesis) { h.Decision.NMax = 61 },
		"table": func(h *Hypothesis) { h.Decision.TableValues[0] = 1 }, "rate": func(h *Hypothesis) { h.Controls.LearningRate.Protocol = "fixed" },
		"reason for delta": func(h *Hypothesis) { h.Decision.DeltaReason = "x" },
	} {
		note(what, digest(change, same))
	}
	for what, world := range map[string]func(*Env){
		"study": func(e *Env) { e.StudyID = "x" }, "engine": func(e *Env) { e.EngineVersion = "x" }, "vcs": func(e *Env) { e.VCS = "x" },
		"kernel": func(e *Env) { e.KernelPath = "x" }, "data": func(e *Env) { e.DataSHA = "x" }, "task": func(e *Env) { e.TaskDigest = "x" },
		"training": func(e *Env) { e.TrainingDigest = "x" },
	} {
		note(what, digest(none, world))
	}
}

func TestAnIncompletePlanNamesWhatIsMissing(t *testing.T) {
	lib := studyLibrary(t)
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "R1", env()); return err })
	if want := "hypotheses: R1: incomplete: inherits from H01, needs statement, metric, arms, decision"; err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	for want, change := range map[string]func(*Hypothesis){
		"arm other":                    func(h *Hypothesis) { h.Decision.Arms[0] = "other" },
		"Δ -1 lies below θ₀ 0":         func(h *Hypothesis) { h.Decision.Delta = -1 },
		"decision.setting":             func(h *Hypothesis) { h.Decision.Setting = "" },
		"decision.expect (validated":   func(h *Hypothesis) { h.Decision.Expect = "" },
		"2 arms in decision.arms":      func(h *Hypothesis) { h.Decision.Arms = h.Decision.Arms[:1] },
		"a net for arm plain":          func(h *Hypothesis) { h.Arms[0].Spec = "{" },
		"decision.regions (of a bound": func(h *Hypothesis) { h.Decision.Role = "boundary" },
		"a second arm in the place of": func(h *Hypothesis) { h.Decision.Arms[1] = h.Decision.Arms[0] },
	} {
		err := refused(t, lib, func(tx *store.Tx) error {
			must(Edit(tx, "H01", change))(t)
			_, err := Lock(tx, "H01", env())
			return err
		})
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	err = refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", Env{StudyID: "s", EngineVersion: "v"}); return err })
	if !strings.Contains(err.Error(), "the lock needs the kernel path") {
		t.Errorf("got %v", err)
	}
}

func TestLockStartAndBlocksStandInOrder(t *testing.T) {
	lib := studyLibrary(t)
	rec := lock(t, lib, "H01")
	s := start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		last := s.Seq
		if rec.Seq >= s.Seq || s.LockSeq != rec.Seq {
			t.Errorf("lock at %d, start at %d", rec.Seq, s.Seq)
		}
		for i, b := range must(BlocksOf(tx, h.ID))(t) {
			if b.B != i || b.Seq <= last {
				t.Errorf("block %d has index %d and change %d after %d", i, b.B, b.Seq, last)
			}
			last = b.Seq
		}
		if h.Verdict.Seq <= last || h.Verdict.Digest != rec.Digest {
			t.Errorf("verdict at %d after %d, on lock %s", h.Verdict.Seq, last, h.Verdict.Digest)
		}
		// The numbers that records give of themselves are the ledger's own.
		for c, err := range lib.Changes(0) {
			if err != nil {
				return err
			}
			if c.Kind == KindBlock || c.Kind == KindVerdict || c.Kind == KindLock || c.Kind == KindStart {
				if !strings.Contains(string(c.After), `"seq":`+itoa(c.Seq)) {
					t.Errorf("%s at change %d gives another number: %s", c.Kind, c.Seq, c.After)
				}
				if !c.Final {
					t.Errorf("%s at change %d can be undone", c.Kind, c.Seq)
				}
			}
		}
		return nil
	})
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

func TestBlocksComeInOrder(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	h := find(t, lib, "H01")
	put := func(b Block) error {
		return refused(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, b); return err })
	}
	if err := put(paired(h, "run1", 1, 0.9, 0.5)); !strings.Contains(err.Error(), "the next is block 0") {
		t.Errorf("block 1 first: %v", err)
	}
	if err := put(paired(h, "other", 0, 0.9, 0.5)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a run that has not begun: %v", err)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, paired(h, "run1", 0, 0.9, 0.5)); return err })
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error { // the same block again is no second one
		p, err := PutBlock(tx, paired(h, "run1", 0, 0.9, 0.5))
		if p.B != 0 || p.D.D != 0.4 {
			t.Errorf("the repeat gives %+v", p)
		}
		return err
	})
	if lib.Seq() != before {
		t.Error("a repeated block was written again")
	}
	if err := put(paired(h, "run1", 0, 0.8, 0.5)); !strings.Contains(err.Error(), "its repeat gave") {
		t.Errorf("another outcome for the same seed: %v", err)
	}
	view(t, lib, func(tx *store.Tx) error {
		if n := must(NextBlock(tx, "run1"))(t); n != 1 {
			t.Errorf("next block %d, want 1", n)
		}
		return nil
	})
}

func TestTheContrastIsRecomputed(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	h := find(t, lib, "H01")
	for want, change := range map[string]func(*Block){
		"says D = 0.9; its trials give":   func(b *Block) { b.D = "0.9" },
		"no trial of arm res":             func(b *Block) { b.Trials[1].Arm = "other" },
		"has 3 trials; the plan has 2":    func(b *Block) { b.Trials = append(b.Trials, TrialRef{Arm: "x"}) },
		"no trial of arm plain":           func(b *Block) { b.Trials = b.Trials[1:] },
		"says D = missing; its trials gi": func(b *Block) { b.D = "missing" },
	} {
		b := paired(h, "run1", 0, 0.75, 0.5)
		change(&b)
		err := refused(t, lib, func(tx *store.Tx) error { _, err := PutBlock(tx, b); return err })
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for b, c := range []struct {
		change func(*Block)
		want   string
	}{
		{func(b *Block) { b.D = "0.25" }, "0.25"},
		{func(b *Block) { b.Trials[0].Missing = true }, "missing"},
		{func(b *Block) { b.Trials[0].Metric = store.Real(math.NaN()) }, "0.65"}, // worst is 0.1
		{func(b *Block) { b.Trials[0].Diverged, b.Trials[1].Diverged = true, true }, "void"},
	} {
		blk := paired(h, "run1", b, 0.75, 0.5)
		c.change(&blk)
		update(t, lib, func(tx *store.Tx) error {
			p, err := PutBlock(tx, blk)
			if p.D.String() != c.want {
				t.Errorf("block %d: D %s, want %s", b, p.D, c.want)
			}
			return err
		})
	}
}

// Whatever the blocks are, the verdict is the one that the rule gives on them
// under the thresholds of the family.
func TestTheVerdictIsWhatTheRuleSaysOfTheBlocks(t *testing.T) {
	lib := studyLibrary(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for _, name := range []string{"H01", "H05", "H08", "H09", "H11", "H12", "H14", "H16", "H23", "H24"} {
		lock(t, lib, name)
		start(t, lib, name, "run of "+name, false)
		feed(t, lib, name, "run of "+name, 0, rng.IntN(20), rng.Float64()*0.8-0.3)
		h := find(t, lib, name)
		if h.Verdict == nil || h.State != State(h.Verdict.Verdict) {
			t.Fatalf("%s is %s without a verdict", name, h.State)
		}
		view(t, lib, func(tx *store.Tx) error {
			if err := CheckVerdict(tx, *h.Verdict); err != nil {
				t.Error(err)
			}
			var blocks []decision.Block
			for _, b := range must(BlocksOf(tx, h.ID))(t) {
				blocks = append(blocks, must(b.decisionBlock())(t))
			}
			p := h.Decision.Params()
			p.TVal, p.TRef = float64(h.Verdict.TV), float64(h.Verdict.TR)
			want := must(decision.Decide(blocks, p))(t)
			if got := h.Verdict.Record(); got.Verdict != want.Verdict || got.Reason != want.Reason || got.V != want.V || got.Lower != want.Lower {
				t.Errorf("%s: got %+v, want %+v", name, got, want)
			}
			return nil
		})
	}
}

func TestAVerdictComesBackFromTheLedgerAsItWas(t *testing.T) {
	r := must(decision.Decide(decision.Values(1, 2, 1.5, 0.5, 1, 2, 3, 1), decision.Params{Delta: 0.5}))(t)
	raw := must(store.Canonical(verdictOf(r)))(t)
	if back := must(store.Canonical(verdictOf(verdictOf(r).Record())))(t); string(back) != string(raw) {
		t.Errorf("got  %s\nwant %s", back, raw)
	}
}

func TestADecidedHypothesisTakesNoFurtherBlocks(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	p := feed(t, lib, "H01", "run1", 0, 60, 0.2)
	if !p.Done || p.Verdict != decision.Validated {
		t.Fatalf("got %+v", p)
	}
	h := find(t, lib, "H01")
	err := refused(t, lib, func(tx *store.Tx) error {
		_, err := PutBlock(tx, paired(h, "run1", p.B+1, 0, 1))
		return err
	})
	if !errors.Is(err, ErrDecided) {
		t.Errorf("got %v, want ErrDecided", err)
	}
	refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "run2", false, env()); return err })
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error {
		rec, err := Finish(tx, "run1")
		if rec.Verdict != decision.Validated {
			t.Errorf("finishing twice gives %s", rec.Verdict)
		}
		return err
	})
	if lib.Seq() != before {
		t.Error("finishing twice wrote a second verdict")
	}
}

func TestAnInconclusiveRunIsResumedInOrder(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 4, 0.2)
	if h := find(t, lib, "H01"); h.State != Inconclusive || h.Verdict.Reason != decision.ReasonBudget {
		t.Fatalf("after four blocks: %s", h.State)
	}
	start(t, lib, "H01", "run2", false)
	p := feed(t, lib, "H01", "run2", 2, 60, 0.2) // blocks 2 and 3 come again
	if h := find(t, lib, "H01"); h.State != Validated || h.Verdict.Stop != p.B+1 {
		t.Errorf("after the second run: %s at %d", h.State, h.Verdict.Stop)
	}
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for v, err := range Verdicts(tx, h.ID) {
			if err != nil {
				return err
			}
			n++
			if err := CheckVerdict(tx, v); err != nil {
				t.Errorf("verdict of %s: %v", v.RunID, err)
			}
		}
		if n != 2 {
			t.Errorf("%d verdicts, want 2", n)
		}
		verdicts, wrong, err := Replay(tx)
		if verdicts != 2 || len(wrong) > 0 {
			t.Errorf("replay: %d verdicts, %v", verdicts, wrong)
		}
		return err
	})
}

func TestAMajorDeviationMakesTheVerdictInvalid(t *testing.T) {
	lib := studyLibrary(t)
	refused(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", Class: decision.Major, Text: "x"})
	})
	lock(t, lib, "H01")
	start(t, lib, "H01", "run1", false)
	feed(t, lib, "H01", "run1", 0, 60, 0.2)
	for _, bad := range []Deviation{{Class: "small", Text: "x"}, {Class: decision.Minor}} {
		bad.HypothesisID = "H01"
		refused(t, lib, func(tx *store.Tx) error { return Deviate(tx, bad) })
	}
	update(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", RunID: "run1", Class: decision.Minor, Text: "an infrastructure retry"})
	})
	if h := find(t, lib, "H01"); h.State != Validated || h.Verdict.Deviation != decision.Minor || h.tested().Deviation != decision.Minor {
		t.Errorf("a minor deviation: %s, %q", h.State, h.Verdict.Deviation)
	}
	update(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H01", RunID: "run1", Class: decision.Major, Text: "seed 3 was seen before the lock"})
	})
	h := find(t, lib, "H01")
	if h.State != Invalid || h.Verdict.Verdict != decision.Invalid || h.Verdict.Computed != decision.Validated {
		t.Errorf("got %s, computed %q", h.State, h.Verdict.Computed)
	}
	view(t, lib, func(tx *store.Tx) error {
		if s := must(StatusOf(tx, h.PrincipleID))(t); s.Status != "proposed" || s.Reason != "untested" {
			t.Errorf("an invalid verdict moved the principle to %s (%s)", s.Status, s.Reason)
		}
		return nil
	})
}

func TestAnotherWorldIsADeviationOrNoRunAtAll(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	for what, change := range map[string]func(*Env){
		"study id": func(e *Env) { e.StudyID = "other" }, "data": func(e *Env) { e.DataSHA = "d2" },
		"task": func(e *Env) { e.TaskDigest = "x" }, "training": func(e *Env) { e.TrainingDigest = "x" },
	} {
		e := env()
		change(&e)
		err := refused(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err })
		if !strings.Contains(err.Error(), what) {
			t.Errorf("another %s: %v", what, err)
		}
	}
	e := env()
	e.KernelPath = "avx2"
	update(t, lib, func(tx *store.Tx) error { _, err := Start(tx, "H01", "r", false, e); return err })
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		n := 0
		for d, err := range Deviations(tx, h.ID) {
			if n++; err != nil || d.Class != decision.Minor || d.Text != "kernel path avx2, locked under portable" {
				t.Errorf("got %+v %v", d, err)
			}
		}
		if n != 1 {
			t.Errorf("%d deviations, want 1", n)
		}
		return nil
	})
}

func TestAFailedControlBlocksTheLock(t *testing.T) {
	lib := studyLibrary(t)
	put := func(passed bool) {
		update(t, lib, func(tx *store.Tx) error {
			return PutControl(tx, ControlRecord{Kind: "aa-exact", Study: env().StudyID, Engine: env().EngineVersion, Passed: passed})
		})
	}
	refused(t, lib, func(tx *store.Tx) error { return PutControl(tx, ControlRecord{Kind: "bb"}) })
	put(false)
	err := refused(t, lib, func(tx *store.Tx) error { _, err := Lock(tx, "H01", env()); return err })
	if !strings.Contains(err.Error(), "control aa-exact failed") {
		t.Errorf("got %v", err)
	}
	put(true)
	lock(t, lib, "H01")
}

func TestAReplicationBecomesAPlanOfItsOwn(t *testing.T) {
	lib := studyLibrary(t)
	of := find(t, lib, "H01")
	update(t, lib, func(tx *store.Tx) error {
		_, err := Edit(tx, "R1", func(h *Hypothesis) {
			task := h.TaskID
			rest := of
			h.Statement, h.Estimand, h.Metric, h.Arms, h.Controls = of.Statement, of.Estimand, of.Metric, of.Arms, of.Controls
			h.Delta, h.Theta0, h.Decision, h.TaskID = rest.Delta, rest.Theta0, rest.Decision, task
		})
		return err
	})
	rec := lock(t, lib, "R01")
	if !strings.Contains(rec.Canonical, `"task":"D2"`) || !slices.Contains(rec.Members, "R1") {
		t.Errorf("members %v of %s", rec.Members, rec.Canonical)
	}
	update(t, lib, func(tx *store.Tx) error { must(Store(tx, studyPack(t)))(t); return nil })
	if h := find(t, lib, "R1"); h.State != Locked {
		t.Errorf("storing the pack again made it %s", h.State)
	}
}

func TestAHypothesisIsFoundByAnyFormOfItsAlias(t *testing.T) {
	lib := studyLibrary(t)
	want := find(t, lib, "H01")
	for _, name := range []string{"h01", "H1", "h1", "H001", want.ID} {
		if got := find(t, lib, name); got.ID != want.ID {
			t.Errorf("%s: got %s", name, got.Alias)
		}
	}
	view(t, lib, func(tx *store.Tx) error {
		for _, name := range []string{"H31", "P1", "D1", ""} {
			if h, err := Find(tx, name); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q: got %s %v", name, h.Alias, err)
			}
		}
		if task := must(FindTask(tx, "d6A"))(t); task.Key != "D6a" {
			t.Errorf("task %s", task.Key)
		}
		if table := must(FindTable(tx, "T1"))(t); len(table.Rows) != 4 {
			t.Errorf("table %+v", table)
		}
		return nil
	})
}

func TestANewHypothesisGetsTheNextAlias(t *testing.T) {
	update(t, studyLibrary(t), func(tx *store.Tx) error {
		p := must(principles.Find(tx, "P1"))(t)
		h := must(Add(tx, Hypothesis{PrincipleID: p.ID, Statement: "Deeper still."}))(t)
		if h.Alias != "H31" || h.State != Draft {
			t.Errorf("got %+v", h)
		}
		if _, err := Add(tx, Hypothesis{PrincipleID: "none", Statement: "x"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without a principle: %v", err)
		}
		if _, err := Add(tx, Hypothesis{PrincipleID: p.ID}); err == nil {
			t.Error("without a statement: taken")
		}
		return nil
	})
}

func TestEveryPlanOfTheStudyIsComplete(t *testing.T) {
	lib := studyLibrary(t)
	roles := map[string]int{}
	view(t, lib, func(tx *store.Tx) error {
		for h, err := range All(tx) {
			if err != nil {
				return err
			}
			if h.OfID == "" && !h.Complete() {
				t.Errorf("%s needs %v", h.Alias, h.Needs())
			}
			if h.Complete() {
				roles[h.Decision.Role]++
			}
		}
		return nil
	})
	if want := map[string]int{"core": 23, "boundary": 7}; !maps.Equal(roles, want) {
		t.Errorf("complete plans by role %v, want %v", roles, want)
	}
}
