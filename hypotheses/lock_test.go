package hypotheses

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

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
	update(t, lib, func(tx *store.Tx) error { must(Store(tx, wholePack(t)))(t); return nil })
	roles := map[string]int{}
	view(t, lib, func(tx *store.Tx) error {
		for h, err := range All(tx) {
			if err != nil {
				return err
			}
			if !h.Complete() {
				t.Errorf("%s needs %v", h.Alias, h.Needs())
			}
			if h.Complete() {
				roles[h.Decision.Role]++
			}
		}
		return nil
	})
	if want := map[string]int{"core": 35, "boundary": 7}; !maps.Equal(roles, want) {
		t.Errorf("complete plans by role %v, want %v", roles, want)
	}
}
