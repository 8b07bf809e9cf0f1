package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/report"
	"tenet/internal/store"
	"tenet/runner"
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
		Use: "demo", Short: "See the built-in, finished study of skip connections, and repeat it",
		Long: `Open the built-in study of skip connections with a guided first step. It is finished: 93
papers, 138 claims, 9 principles, and every lock, trial, block and verdict of its hypotheses,
as they were recorded and signed. Its library is made in your cache the first time and kept,
so the next demo goes on where this one ended.

With --headless nothing is asked: the nets of the first hypothesis are trained again before
your eyes from the recorded seeds, and must give the same bits (on another kernel path: the
same verdict); the verdict is printed in plain words with the chain behind it, and
report.html is written.

--seed X makes another library from the study's plans alone, without any result: locks,
trials and verdicts are then yours. With --headless the first hypothesis is locked and run.`,
		Example: "  tenet demo\n  tenet demo --headless\n  tenet demo --headless --first 3\n  tenet demo --headless --seed 2",
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
	fl.BoolVar(&f.headless, "headless", false, "no screens: repeat (with --seed lock and run), print the verdict and write the report")
	fl.StringVar(&f.dir, "dir", "", "folder of the demo's library (default: one in the user's cache, named after the study; with --headless a new temporary folder)")
	fl.StringVar(&f.seed, "seed", "", "a library of plans alone, under another study id and so other seeds")
	fl.StringVar(&f.report, "report", "report.html", "where --headless writes the report")
	fl.IntVar(&f.first, "first", 1, "how many hypotheses --headless repeats or runs, in the study's own order")
	fl.IntVar(&f.jobs, "jobs", 0, "trials at the same time (default: cores)")
	return cmd
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	study, err := openFinished()
	if err != nil {
		return err
	}
	dir, err := a.demoDir(f, study)
	if err != nil {
		return err
	}
	s, err := a.demoLibrary(ctx, dir, f, study)
	if err != nil {
		return err
	}
	defer a.close(s)
	g, order, err := readDemo(s.lib)
	if err != nil {
		return err
	}
	rest := a.rest(s, study, f)
	if f.headless {
		if err := rest.do(ctx); err != nil {
			return err
		}
		return a.headless(ctx, s, g, order, f)
	}
	g.Intro = rest.introAlias
	err = a.show(ctx, s, &g, func(ctx context.Context) { _ = rest.do(ctx) })
	if err != nil || ctx.Err() != nil {
		return err
	}
	return rest.do(ctx) // where it was broken off: other verbs want it too
}

// demoDir is a place that outlives the demo, so that work done in it is not lost.
func (a *app) demoDir(f demoFlags, study *finished) (string, error) {
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
	if f.seed != "" {
		return filepath.Join(cache, "tenet-demo-"+f.seed), nil
	}
	dir := filepath.Join(cache, "tenet-demo-"+study.name())
	a.tellOld(cache, dir)
	return dir, nil
}

// tellOld names the libraries that earlier versions of the program made for their demo, which nothing here touches.
func (a *app) tellOld(cache, now string) {
	if _, err := os.Stat(now); err == nil {
		return // told when it was made
	}
	old, _ := filepath.Glob(filepath.Join(cache, "tenet-demo-skip-*"))
	for _, dir := range append([]string{filepath.Join(cache, "tenet-demo")}, old...) {
		if _, err := os.Stat(filepath.Join(dir, "library.db")); err == nil {
			fmt.Fprintf(a.err, "the demo of an earlier version is kept in %s; tenet --library %s opens it\n", dir, dir)
		}
	}
}

// readDemo takes the words of the guided first step from the study itself, and how far it has come, and gives the
// order in which it wants to be run.
func readDemo(lib *store.Library) (g tui.Guide, order []string, err error) {
	err = lib.View(func(tx *store.Tx) error {
		d, _, err := hypotheses.TheDemo(tx)
		if err != nil {
			return err
		}
		g = tui.Guide{Question: d.Question, Wording: d.Wording, WhyFirst: d.WhyFirst, Cost: d.Cost}
		if order = d.Order; len(order) == 0 {
			order = d.First
		}
		if len(order) > 0 {
			g.First = order[0]
		}
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			g.Hypotheses++
			if h.Verdict == nil {
				continue
			}
			g.Decided++
			g.Done = g.Done || h.Alias == g.First
		}
		return nil
	})
	return g, order, err
}

// headless repeats the first hypotheses, or locks and runs those that are not decided, prints what happened and writes
// the report.
func (a *app) headless(ctx context.Context, s *session, g tui.Guide, order []string, f demoFlags) error {
	fmt.Fprintf(a.out, "%s\n%s\n\n", g.Question, g.Wording)
	for _, name := range order[:min(f.first, len(order))] {
		if err := a.demoOne(ctx, s, name, f); err != nil {
			return err
		}
	}
	if err := a.writeReport(ctx, s, f.report, "html"); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "library: %s\n", s.lib.Dir())
	fmt.Fprintf(a.err, "next: tenet verify --rerun 5 --library %s · tenet demo\n", s.lib.Dir())
	return nil
}

func (a *app) demoOne(ctx context.Context, s *session, name string, f demoFlags) error {
	var h hypotheses.Hypothesis
	err := s.lib.View(func(tx *store.Tx) (err error) {
		h, err = hypotheses.Find(tx, name)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s  %s\n", h.Alias, h.Statement)
	start := time.Now()
	if h.Verdict != nil {
		err = a.demoRepeat(ctx, s, h, f)
	} else {
		err = a.demoRun(ctx, s, h, f)
	}
	if err != nil {
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

// demoRepeat trains what is on record again. On the kernel path of the record every bit must be the same, on another
// one the verdict.
func (a *app) demoRepeat(ctx context.Context, s *session, h hypotheses.Hypothesis, f demoFlags) error {
	a.explainVerdict(h, h.Verdict.Record())
	live := a.live()
	got, err := runner.Repeat(ctx, s.lib, h.Alias, a.runOptions(f.runFlags, live))
	live.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s\n", got)
	if !got.Same() && (got.KernelPath == got.Recorded || got.Again == nil || got.Again.Verdict != got.Record.Verdict) {
		return errIntegrity
	}
	return nil
}

func (a *app) demoRun(ctx context.Context, s *session, h hypotheses.Hypothesis, f demoFlags) error {
	if h.State == hypotheses.Draft {
		rec, err := a.lock(ctx, s, h.Alias, "")
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "locked as change %d, digest %s\n", rec.Seq, rec.Digest)
	}
	_, err := a.runOne(ctx, s, h.Alias, f.runFlags, 0)
	return err
}
