package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"tenet/internal/pack"
	"tenet/internal/report/proof"
	"tenet/internal/store"
	"tenet/studies"
	"tenet/survey"
)

// demoActor is under whose name the demo writes.
const demoActor = "tenet demo"

// finished is the built-in study with all that was found: its signed ledger and the artefacts that go with it.
type finished struct {
	*proof.Evidence
	files func() (map[string][]byte, error) // unpacked when they are first asked for
}

func openFinished() (*finished, error) {
	inside, err := fs.Sub(studies.Skip(), proof.EvidenceFolder)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return readFinished(inside)
}

func readFinished(bundle fs.FS) (*finished, error) {
	e, err := proof.OpenEvidence(bundle)
	if err != nil {
		return nil, fmt.Errorf("demo: the built-in study: %w", err)
	}
	return &finished{Evidence: e, files: sync.OnceValues(e.Files)}, nil
}

// name tells one state of the study from another: a library made from it is kept apart.
func (f *finished) name() string { return "skip-" + hex.EncodeToString(f.Signed.Root[:4]) }

// spare lends the artefacts until the library has its own.
func (f *finished) spare(sha string) ([]byte, bool) {
	files, _ := f.files()
	data, ok := files[sha]
	return data, ok
}

// restore makes a library of the study: all of its records or nothing.
func (f *finished) restore(ctx context.Context, dir string, o store.Options) (*store.Library, error) {
	records, err := f.Records()
	if err != nil {
		return nil, fmt.Errorf("demo: the built-in study: %w", err)
	}
	return store.RestoreSigned(ctx, dir, records, f.Origin(), o)
}

// demoLibrary opens the demo's library, making it the first time: from the finished study in one piece, or with --seed
// from its plans. A making that was interrupted is finished by the next.
func (a *app) demoLibrary(ctx context.Context, dir string, f demoFlags, study *finished) (*session, error) {
	o := store.Options{Doing: demoActor}
	make := store.Init
	if f.seed == "" {
		o.Spare = study.spare
		make = study.restore
	}
	if _, err := os.Lstat(filepath.Join(dir, "library.db")); err != nil {
		fmt.Fprintf(a.err, "making the demo's library in %s\n", dir)
		switch lib, err := make(ctx, dir, o); {
		case err == nil:
			return a.begin(ctx, lib, f)
		case !errors.Is(err, store.ErrExists): // another demo was quicker
			return nil, err
		}
	}
	lib, err := store.Open(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	return a.begin(ctx, lib, f)
}

// begin serves the demo's library and brings the plans into one that has none.
func (a *app) begin(ctx context.Context, lib *store.Library, f demoFlags) (*session, error) {
	s, err := a.serve(ctx, lib)
	if err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	empty := false
	err = lib.View(func(tx *store.Tx) error {
		empty = tx.Count("hypothesis") == 0
		return nil
	})
	if err == nil && empty {
		err = bringPlans(ctx, lib, f.seed)
	}
	if err != nil {
		a.close(s)
		return nil, err
	}
	return s, nil
}

// bringPlans imports the study without its results; with a seed it has a study id of its own, from which all seeds
// follow.
func bringPlans(ctx context.Context, lib *store.Library, seed string) error {
	if _, err := pack.Import(ctx, lib, demoActor, studies.Skip(), "skip"); err != nil || seed == "" {
		return err
	}
	_, err := lib.Update(ctx, demoActor, func(tx *store.Tx) error {
		st, _, err := survey.StudyOf(tx)
		if err != nil {
			return err
		}
		st.StudyID = "skip/" + store.Text(seed)
		return survey.PutStudy(tx, st, "tenet demo --seed")
	})
	return err
}

// rest is what the demo's library may still lack when its screens open: artefacts and the introduction.
type rest struct {
	app   *app
	s     *session
	study *finished
	all   bool // the library is of the finished study, so it has its artefacts
	mu    sync.Mutex
	done  bool
	intro atomic.Pointer[string]
}

func (a *app) rest(s *session, study *finished, f demoFlags) *rest {
	return &rest{app: a, s: s, study: study, all: f.seed == ""}
}

// introAlias is the alias of the introduction's paper, "" while it is not there.
func (r *rest) introAlias() string {
	if p := r.intro.Load(); p != nil {
		return *p
	}
	return ""
}

// do brings the rest. What was broken off is gone on with.
func (r *rest) do(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return nil
	}
	if err := r.bringIntro(ctx); err != nil {
		return err
	}
	if err := r.bringFiles(ctx); err != nil {
		return err
	}
	r.done = true
	return nil
}

func (r *rest) bringFiles(ctx context.Context) error {
	if !r.all {
		return nil
	}
	if from, err := originOf(r.s.lib); err != nil || from.Key != r.study.Origin().Key {
		return err // a library that somebody named with --dir and that is not of this study
	}
	files, err := r.study.files()
	if err != nil {
		return fmt.Errorf("demo: the built-in study: %w", err)
	}
	data := make([][]byte, 0, len(files))
	for _, f := range files {
		data = append(data, f)
	}
	return r.s.lib.Vault().PutAll(ctx, data)
}

func originOf(lib *store.Library) (from store.Origin, err error) {
	err = lib.View(func(tx *store.Tx) error {
		from, _ = tx.Origin()
		return nil
	})
	return from, err
}

// bringIntro puts the project's own introduction into the library, once.
func (r *rest) bringIntro(ctx context.Context) error {
	a, s := r.app, r.s
	intro, err := fs.ReadFile(studies.Skip(), "intro.pdf")
	if err != nil {
		return fmt.Errorf("demo: the introduction: %w", err)
	}
	dir, err := os.MkdirTemp("", "tenet-intro-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "intro.pdf")
	if err := os.WriteFile(path, intro, 0o600); err != nil {
		return err
	}
	if known, ok := alreadyHere(s.lib, path); ok {
		r.intro.Store(&known.Paper)
		return nil
	}
	pool := a.pool(1)
	defer pool.Close()
	d, err := pool.Parse(ctx, path)
	if err != nil {
		return err
	}
	got, err := survey.AddPDF(ctx, s.lib, demoActor, path, d)
	if err != nil {
		return err
	}
	if _, err = s.lib.Update(ctx, demoActor, func(tx *store.Tx) error {
		_, err := survey.Screen(tx, got.Paper.ID, survey.In, "the demo's own introduction")
		return err
	}); err != nil {
		return err
	}
	r.intro.Store(&got.Paper.Alias)
	return nil
}
