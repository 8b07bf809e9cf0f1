package hypotheses

import (
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// validated locks, runs and validates a hypothesis of one pair of arms.
func validated(t testing.TB, lib *store.Library, name, run string) Hypothesis {
	t.Helper()
	lock(t, lib, name)
	start(t, lib, name, run, false)
	feed(t, lib, name, run, 0, 60, 0.35)
	h := find(t, lib, name)
	if h.State != Validated {
		t.Fatalf("%s is %s", name, h.State)
	}
	return h
}

func replicate(t testing.TB, lib *store.Library, name string) (Hypothesis, bool) {
	t.Helper()
	var h Hypothesis
	var fresh bool
	update(t, lib, func(tx *store.Tx) (err error) { h, fresh, err = Replicate(tx, name); return err })
	return h, fresh
}

// Invariant 22: the plan is the same to the last field, the seeds are others.
func TestAnIndependentRunChangesNothingButTheSeeds(t *testing.T) {
	lib := studyLibrary(t)
	h := validated(t, lib, "H05", "r5")
	r, fresh := replicate(t, lib, "H05")
	if !fresh || !r.Anew() || r.OfID != h.ID || r.Alias == h.Alias || r.State != Draft || r.Lock != nil || r.Verdict != nil || r.Version != 1 || r.Order != 0 {
		t.Fatalf("got %+v", r)
	}
	if !strings.HasPrefix(r.Statement, "An independent run of H05 under seeds of its own. ") || !strings.HasSuffix(r.Statement, h.Statement) {
		t.Errorf("statement %q", r.Statement)
	}
	same := r // all that is not its own
	same.ID, same.Alias, same.Kind, same.OfID, same.Change, same.Title, same.Statement = h.ID, h.Alias, h.Kind, h.OfID, h.Change, h.Title, h.Statement
	same.State, same.Order, same.Lock, same.Verdict = h.State, h.Order, h.Lock, h.Verdict
	if got, want := must(store.Canonical(same))(t), must(store.Canonical(h))(t); !slices.Equal(got, want) {
		t.Errorf("the plan is\n%s\nwant\n%s", got, want)
	}
	for b := range 60 {
		for _, stream := range []string{"split", "order", "init/0/w", "eval"} {
			if decision.Stream(env().StudyID, h.Alias, b, stream, "*") == decision.Stream(env().StudyID, r.Alias, b, stream, "*") {
				t.Fatalf("block %d draws stream %s from the same seed", b, stream)
			}
		}
	}
	r.Decision.Arms[0] = "x" // its lists are its own
	if find(t, lib, "H05").Decision.Arms[0] == "x" {
		t.Error("the original shares its plan")
	}
}

func TestAnIndependentRunHasALockAFamilyAndAVerdictOfItsOwn(t *testing.T) {
	lib := studyLibrary(t)
	h := validated(t, lib, "H05", "r5")
	r, _ := replicate(t, lib, "H05")
	if again, fresh := replicate(t, lib, "H05"); fresh || again.ID != r.ID {
		t.Errorf("a second draft was made beside the first: %s", again.Alias)
	}
	rec := lock(t, lib, r.Alias)
	if !slices.Equal(rec.Members, []string{r.Alias}) || rec.FamilyID == h.Lock.FamilyID || rec.Digest == h.Lock.Digest {
		t.Errorf("family %s of %v, digest %.8s", rec.FamilyID, rec.Members, rec.Digest)
	}
	if _, err := lib.Undo(t.Context(), "ada"); err == nil {
		t.Error("its lock was undone")
	}
	start(t, lib, r.Alias, "rr", false)
	if again, fresh := replicate(t, lib, r.Alias); fresh || again.ID != r.ID { // what is under way goes on
		t.Errorf("a run under way was replicated: %s", again.Alias)
	}
	feed(t, lib, r.Alias, "rr", 0, 60, 0)
	r = find(t, lib, r.Alias)
	if r.State == Validated || find(t, lib, "H05").State != Validated {
		t.Errorf("its verdict is %s, the original's %s", r.State, find(t, lib, "H05").State)
	}
	view(t, lib, func(tx *store.Tx) error {
		if n, wrong, err := Replay(tx); err != nil || n != 2 || len(wrong) > 0 {
			t.Errorf("replay: %d verdicts, %v, %v", n, wrong, err)
		}
		return CheckLock(tx, r)
	})
	// The next in the row is one of the first again, not of the second.
	next, fresh := replicate(t, lib, r.Alias)
	if !fresh || next.OfID != h.ID || strings.Count(next.Statement, "An independent run") != 1 {
		t.Errorf("the third: of %s, %q", next.OfID, next.Statement)
	}
	view(t, lib, func(tx *store.Tx) error {
		for _, x := range []Hypothesis{find(t, lib, "H05"), r} {
			rows := must(RunsBeside(tx, x))(t)
			if len(rows) != 2 || rows[0].Alias != "H05" || rows[1].Alias != r.Alias || rows[0].Own == rows[1].Own || rows[1].Change != changeSeeds {
				t.Errorf("beside %s: %v", x.Alias, rows)
			}
		}
		if rows := must(RunsBeside(tx, must(Find(tx, "H01"))(t)))(t); rows != nil {
			t.Errorf("H01 has no company: %v", rows)
		}
		return nil
	})
}

func TestAnEditedPlanIsNoIndependentRun(t *testing.T) {
	lib := studyLibrary(t)
	validated(t, lib, "H05", "r5")
	r, _ := replicate(t, lib, "H05")
	update(t, lib, func(tx *store.Tx) error {
		must(Edit(tx, r.Alias, func(h *Hypothesis) { h.Decision.Delta = 0.01 }))(t)
		return nil
	})
	if e := find(t, lib, r.Alias); e.Anew() || e.Change != changeMore {
		t.Errorf("the edited plan says: %s", e.Change)
	}
	if again, fresh := replicate(t, lib, "H05"); !fresh || again.ID == r.ID || !again.Anew() {
		t.Errorf("the edited draft was taken up: %s", again.Alias)
	}
}

func TestOnlyWhatIsOverIsReplicated(t *testing.T) {
	lib := studyLibrary(t)
	err := refused(t, lib, func(tx *store.Tx) error { _, _, err := Replicate(tx, "H05"); return err })
	if !strings.Contains(err.Error(), "no verdict to replicate; it is draft") {
		t.Errorf("a draft: %v", err)
	}
	lock(t, lib, "H05")
	start(t, lib, "H05", "r5", false)
	feed(t, lib, "H05", "r5", 0, 3, 0.35)
	if h := find(t, lib, "H05"); !h.Resumable() || h.Final() {
		t.Fatalf("%s %+v", h.State, h.Verdict)
	}
	err = refused(t, lib, func(tx *store.Tx) error { _, _, err := Replicate(tx, "H05"); return err })
	if !strings.Contains(err.Error(), "stopped early, after 3 blocks") {
		t.Errorf("one that can go on: %v", err)
	}
}

// DECISION.md §7: settings count, not runs. The same setting once more never makes a principle validated.
func TestAnIndependentRunIsNoSecondSetting(t *testing.T) {
	lib := studyLibrary(t)
	for _, k := range principles.ControlKinds() {
		update(t, lib, func(tx *store.Tx) error {
			return PutControl(tx, ControlRecord{Kind: k, Study: env().StudyID, Engine: env().EngineVersion, Passed: true})
		})
	}
	h := validated(t, lib, "H05", "r5")
	// The other members of the principle would leave it open; they are not looked at here.
	status := func() principles.Status {
		var in principles.RollUpInput
		for _, k := range principles.ControlKinds() {
			in.Controls = append(in.Controls, principles.Control{Kind: k, Passed: true})
		}
		view(t, lib, func(tx *store.Tx) error {
			for o, err := range Of(tx, h.PrincipleID) {
				if err != nil {
					return err
				}
				if o.ID == h.ID || o.OfID == h.ID && o.Anew() {
					in.Hypotheses = append(in.Hypotheses, o.tested())
				}
			}
			return nil
		})
		return principles.RollUp(in)
	}
	if s := status(); s.Status != "supported" || s.Reason != "single-setting" {
		t.Fatalf("alone: %s, %s", s.Status, s.Reason)
	}
	for i, run := range []string{"a", "b"} {
		r, _ := replicate(t, lib, "H05")
		if validated(t, lib, r.Alias, run); r.Decision.Setting != h.Decision.Setting {
			t.Errorf("setting %q", r.Decision.Setting)
		}
		if s := status(); s.Status != "supported" || s.Reason != "single-setting" || s.Down.Indirectness == 0 {
			t.Errorf("after %d more runs in its setting: %s, %s, %+v", i+1, s.Status, s.Reason, s.Down)
		}
	}
}

// The rule on the recorded outcomes gives the recorded verdict, on others what they say.
func TestBlocksAreJudgedAgainWithOtherOutcomes(t *testing.T) {
	lib := studyLibrary(t)
	h := validated(t, lib, "H05", "r5")
	var blocks []Block
	view(t, lib, func(tx *store.Tx) (err error) { blocks, err = BlocksOf(tx, h.ID); return err })
	got := must(JudgeAgain(h, blocks))(t)
	if v := verdictOf(got); v.Verdict != h.Verdict.Verdict || v.Stop != h.Verdict.Stop || v.Estimate != h.Verdict.Estimate || v.Lower != h.Verdict.Lower {
		t.Errorf("again: %+v\non record: %+v", v, h.Verdict)
	}
	for i := range blocks {
		blocks[i].Trials = slices.Clone(blocks[i].Trials)
		for k := range blocks[i].Trials {
			blocks[i].Trials[k].Metric = 0.5
		}
	}
	if got = must(JudgeAgain(h, blocks))(t); got.Verdict == decision.Validated || got.Estimate != 0 {
		t.Errorf("without any difference: %s, estimate %v", got.Verdict, got.Estimate)
	}
	if v := find(t, lib, "H05").Verdict; v.Verdict != decision.Validated {
		t.Errorf("the record became %s", v.Verdict)
	}
}
