package hypotheses

import (
	"io/fs"
	"slices"
	"testing"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/studies"
)

func library(t testing.TB) *store.Library {
	t.Helper()
	lib, err := store.Init(t.Context(), t.TempDir()+"/lib", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

func update(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if _, err := lib.Update(t.Context(), "ada", fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, lib *store.Library, fn func(*store.Tx) error) {
	t.Helper()
	if err := lib.View(fn); err != nil {
		t.Fatal(err)
	}
}

func studyFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(studies.Skip(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wholePack is the built-in study's part that this package owns.
func wholePack(t testing.TB) Pack {
	t.Helper()
	return Pack{
		Hypotheses: must(ReadFile(FileName, studyFile(t, FileName)))(t),
		Tasks:      must(ReadTasks(TasksName, studyFile(t, TasksName)))(t),
		Published:  must(ReadPublished(PublishedName, studyFile(t, PublishedName)))(t),
	}
}

// studyPack is the study with its replications open, as drafts of one line.
func studyPack(t testing.TB) Pack {
	t.Helper()
	p := wholePack(t)
	f := p.Hypotheses
	f.Hypotheses = slices.DeleteFunc(f.Hypotheses, func(h PackHypothesis) bool {
		if h.Of != "" {
			f.Replications = append(f.Replications, PackReplication{h.ID, h.Of, h.Task, h.Change})
		}
		return h.Of != ""
	})
	return p
}

// storeStudy brings the built-in study in, without its survey.
func storeStudy(t testing.TB, tx *store.Tx) Stored {
	t.Helper()
	f := must(principles.ReadFile(principles.FileName, studyFile(t, principles.FileName)))(t)
	for i := range f.Principles {
		f.Principles[i].Origin = principles.Origin{}
	}
	must(principles.Store(tx, f))(t)
	return must(Store(tx, studyPack(t)))(t)
}

// studyLibrary is a library that holds the built-in study.
func studyLibrary(t testing.TB) *store.Library {
	t.Helper()
	lib := library(t)
	update(t, lib, func(tx *store.Tx) error { storeStudy(t, tx); return nil })
	return lib
}

func env() Env {
	return Env{StudyID: "skip/1", EngineVersion: "v0.1.0", VCS: "abc", KernelPath: "portable", DataSHA: "d1"}
}

func lock(t testing.TB, lib *store.Library, name string) LockRecord {
	t.Helper()
	var rec LockRecord
	update(t, lib, func(tx *store.Tx) (err error) { rec, err = Lock(tx, name, env()); return err })
	return rec
}

func start(t testing.TB, lib *store.Library, name, run string, exploratory bool) StartRecord {
	t.Helper()
	var rec StartRecord
	update(t, lib, func(tx *store.Tx) (err error) {
		rec, err = Start(tx, name, run, exploratory, env())
		return err
	})
	return rec
}

// paired is block b of a run of a paired plan, with these two metrics.
func paired(h Hypothesis, run string, b int, first, second float64) Block {
	return Block{RunID: run, B: b, Trials: []TrialRef{
		{Arm: h.Decision.Arms[1], TrialID: "t2", Key: "k2", Metric: store.Real(second)}, // any order will do
		{Arm: h.Decision.Arms[0], TrialID: "t1", Key: "k1", Metric: store.Real(first)},
	}}
}

func find(t testing.TB, lib *store.Library, name string) Hypothesis {
	t.Helper()
	var h Hypothesis
	view(t, lib, func(tx *store.Tx) (err error) { h, err = Find(tx, name); return err })
	return h
}

// feed logs blocks of a paired plan whose D is about centre until the rule
// stops it or n are logged, and finishes the run.
func feed(t testing.TB, lib *store.Library, name, run string, from, n int, centre float64) Progress {
	t.Helper()
	h := find(t, lib, name)
	var p Progress
	for b := from; b < n; b++ {
		wobble := []float64{0.01, -0.02, 0.005, 0.015, -0.01, 0, 0.02}[b%7]
		update(t, lib, func(tx *store.Tx) (err error) {
			p, err = PutBlock(tx, paired(h, run, b, 0.5+centre+wobble, 0.5))
			return err
		})
		if p.Done || p.Full {
			break
		}
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, run); return err })
	return p
}
