package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/pack"
	"tenet/internal/report"
	"tenet/internal/store"
	"tenet/studies"
	"tenet/survey"
	"tenet/tui"
)

type demoFlags struct {
	runFlags
	headless bool
	dir      string
	seed     string
	report   string
	first    int
}

func (a *app) demoVerb() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "See the built-in study of skip connections, and run it",
		Long: `Make a library from the built-in study (93 papers, 138 claims, 9 principles, 42
hypotheses on skip connections) and open it with a guided first step. The library is kept,
so the next demo goes on where this one ended.

With --headless nothing is asked: the first hypothesis is locked and run before your eyes,
its verdict is printed in plain words with the chain behind it, and report.html is written.
Nothing about the result is stored in the program: another --seed trains other nets.`,
		Example: "  tenet demo\n  tenet demo --headless\n  tenet demo --headless --seed 2 --first 2",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.held != nil {
				return errHeld
			}
			if f.first < 1 {
				return usagef("--first %d: at least 1", f.first)
			}
			if err := checkJobs(f.jobs); err != nil {
				return err
			}
			return a.demo(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.headless, "headless", false, "no screens: lock, run, print the verdict and write the report")
	fl.StringVar(&f.dir, "dir", "", "folder of the demo's library (default: tenet-demo in the user's cache; with --headless a new temporary folder)")
	fl.StringVar(&f.seed, "seed", "", "another study id, so other seeds (default: the study's own)")
	fl.StringVar(&f.report, "report", "report.html", "where --headless writes the report")
	fl.IntVar(&f.first, "first", 1, "how many hypotheses --headless runs, in the study's own order")
	fl.IntVar(&f.jobs, "jobs", 0, "trials at the same time (default: cores)")
	return cmd
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	dir, err := a.demoDir(f)
	if err != nil {
		return err
	}
	s, intro, err := a.demoLibrary(ctx, dir, f)
	if err != nil {
		return err
	}
	defer a.close(s)
	d, err := readDemo(s.lib)
	if err != nil {
		return err
	}
	if !f.headless {
		return a.show(ctx, s, guide(d, intro))
	}
	return a.headless(ctx, s, d, f)
}

// demoDir is a place that outlives the demo, so that work done in it is not lost.
func (a *app) demoDir(f demoFlags) (string, error) {
	if f.dir != "" {
		return a.path(f.dir), nil
	}
	if a.library != "" {
		return a.path(a.library), nil
	}
	if f.headless {
		dir, err := os.MkdirTemp("", "tenet-demo-*")
		if err != nil {
			return "", fmt.Errorf("demo: no temporary folder can be made: %w; give a folder with --dir", err)
		}
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("demo: %w; give a folder with --dir", err)
	}
	name := "tenet-demo"
	if f.seed != "" {
		name += "-" + f.seed
	}
	return filepath.Join(cache, name), nil
}

// demoLibrary opens the demo's library, making it from the built-in study the first time. A making
// that was interrupted is finished: importing the same pack again changes nothing.
func (a *app) demoLibrary(ctx context.Context, dir string, f demoFlags) (s *session, intro string, err error) {
	lib, err := store.Init(ctx, dir, store.Options{Doing: "tenet demo"})
	switch {
	case err == nil:
		if err := lib.Close(); err != nil {
			return nil, "", err
		}
		fmt.Fprintf(a.err, "making the demo's library in %s\n", dir)
	case errors.Is(err, store.ErrExists):
	default:
		return nil, "", err
	}
	s, err = a.openAt(ctx, dir, "tenet demo")
	if fwd, ok := errors.AsType[*errForward](err); ok {
		return nil, "", fwd.locked
	}
	if err != nil {
		return nil, "", err
	}
	if intro, err = a.fillDemo(ctx, s, f); err != nil {
		a.close(s)
		return nil, "", err
	}
	return s, intro, nil
}

// fillDemo imports the built-in study where it is missing and adds the introduction; it returns the
// introduction's alias.
func (a *app) fillDemo(ctx context.Context, s *session, f demoFlags) (string, error) {
	const actor = "tenet demo"
	empty := false
	err := s.lib.View(func(tx *store.Tx) error {
		empty = tx.Count("hypothesis") == 0
		return nil
	})
	if err != nil {
		return "", err
	}
	if empty {
		if _, err := pack.Import(ctx, s.lib, actor, studies.Skip(), "skip"); err != nil {
			return "", err
		}
		if f.seed != "" {
			if err := setStudy(ctx, s.lib, actor, f.seed); err != nil {
				return "", err
			}
		}
	}
	intro, err := fs.ReadFile(studies.Skip(), "intro.pdf")
	if err != nil {
		return "", fmt.Errorf("demo: the introduction: %w", err)
	}
	return a.addIntro(ctx, s, actor, intro)
}

// setStudy gives the library a study id of its own, from which all seeds follow.
func setStudy(ctx context.Context, lib *store.Library, actor, seed string) error {
	_, err := lib.Update(ctx, actor, func(tx *store.Tx) error {
		st, _, err := survey.StudyOf(tx)
		if err != nil {
			return err
		}
		st.StudyID = "skip/" + store.Text(seed)
		return survey.PutStudy(tx, st, "tenet demo --seed")
	})
	return err
}

// addIntro puts the project's own introduction into the library, once.
func (a *app) addIntro(ctx context.Context, s *session, actor string, intro []byte) (string, error) {
	dir, err := os.MkdirTemp("", "tenet-intro-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "intro.pdf")
	if err := os.WriteFile(path, intro, 0o600); err != nil {
		return "", err
	}
	if known, ok := alreadyHere(s.lib, path); ok {
		return known.Paper, nil
	}
	pool := a.pool(1)
	defer pool.Close()
	d, err := pool.Parse(ctx, path)
	if err != nil {
		return "", err
	}
	got, err := survey.AddPDF(ctx, s.lib, actor, path, d)
	if err != nil {
		return "", err
	}
	_, err = s.lib.Update(ctx, actor, func(tx *store.Tx) error {
		_, err := survey.Screen(tx, got.Paper.ID, survey.In, "the demo's own introduction")
		return err
	})
	return got.Paper.Alias, err
}

// readDemo takes the words of the guided first step from the study itself.
func readDemo(lib *store.Library) (hypotheses.Demo, error) {
	var d hypotheses.Demo
	err := lib.View(func(tx *store.Tx) (err error) {
		d, _, err = hypotheses.TheDemo(tx)
		return err
	})
	return d, err
}

// guide turns the study's words into the panel that the screens open with.
func guide(d hypotheses.Demo, intro string) *tui.Guide {
	g := &tui.Guide{Question: d.Question, Wording: d.Wording, WhyFirst: d.WhyFirst, Cost: d.Cost, Intro: intro}
	if len(d.First) > 0 {
		g.First = d.First[0]
	}
	return g
}

// headless locks and runs the first hypotheses, prints what happened and writes the report.
func (a *app) headless(ctx context.Context, s *session, g hypotheses.Demo, f demoFlags) error {
	fmt.Fprintf(a.out, "%s\n%s\n\n", g.Question, g.Wording)
	names := g.Order
	if len(names) == 0 {
		names = g.First
	}
	for _, name := range names[:min(max(f.first, 1), len(names))] {
		if err := a.demoRun(ctx, s, name, f); err != nil {
			return err
		}
	}
	if err := a.writeReport(ctx, s, f.report, "html"); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "library: %s\n", s.lib.Dir())
	fmt.Fprintf(a.err, "next: tenet verify --library %s · tenet demo\n", s.lib.Dir())
	return nil
}

func (a *app) demoRun(ctx context.Context, s *session, name string, f demoFlags) error {
	var h hypotheses.Hypothesis
	err := s.lib.View(func(tx *store.Tx) (err error) {
		h, err = hypotheses.Find(tx, name)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s  %s\n", h.Alias, h.Statement)
	if h.State == hypotheses.Draft {
		rec, err := a.lock(ctx, s, name, "")
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "locked as change %d, digest %s\n", rec.Seq, rec.Digest)
	}
	start := time.Now()
	if h.State.Decided() {
		fmt.Fprintf(a.out, "already decided: %s\n", h.State)
	} else if _, err := a.runOne(ctx, s, name, f.runFlags, 0); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "%s took %s\n", name, time.Since(start).Round(100*time.Millisecond))
	tree, err := report.Trace(s.lib, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nwhy %s\n", name)
	if err := report.WriteText(a.out, tree, report.TextOptions{ASCII: a.ascii}); err != nil {
		return err
	}
	fmt.Fprintln(a.out)
	return nil
}
