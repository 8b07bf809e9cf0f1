package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner"
)

// runFlags are the flags that run and demo share.
type runFlags struct {
	jobs    int
	memory  int
	budget  time.Duration
	explore bool
	lock    bool // with --all: drafts too
	trust   bool
	watts   float64
	grid    float64
	confirm string
	anyway  string
	except  []string // with --all: not these
}

// runMode is what run does with the hypotheses.
type runMode struct{ all, dry, repeat, replicate bool }

func (a *app) runVerb() *cobra.Command {
	var f runFlags
	var m runMode
	cmd := &cobra.Command{
		Use: "run HYPOTHESIS… | --all", Short: "Run hypotheses to a verdict",
		Long: `Run a locked hypothesis: trials are trained in worker processes, and after each block
the preregistered rule is asked; it stops at a verdict or at the budget. A trial that is
already there is never trained twice. An interrupted run goes on where it stopped, at the
step that its trials had come to.

--all runs every locked hypothesis without a verdict, in the study's order, with --lock every
complete draft too; what a budget or a signal ends goes on with the next --all.

--repeat trains the recorded trials of hypotheses that have a verdict again, at their seeds,
and compares metrics, weights and curves bit for bit. Where bits differ, or were recorded on
another kernel path or engine, the rule judges the new outcomes and both verdicts are shown.
With --all the costliest come first, and a table ends it, also when a signal or --budget
does; --except H31 leaves one out. Nothing is recorded. Exit code 5 when a bit differs.

--replicate makes an independent run of a hypothesis that is decided: a hypothesis of its own
with the same plan, under the next free name and so under other seeds. It is locked as a
family of its own and run to its own verdict, and shown beside the original. It counts for
the principle in the setting that it shares with the original. One that was stopped goes on
with the same command. Its seeds follow from study and name: in two copies of a library the
first replication draws the same ones.

--dry-run times a few steps of each arm and simulates the rule: blocks, verdicts, time and
energy at several effects. It runs and records nothing.

A hypothesis that is not locked can only be explored (--explore), and an exploratory run
can never validate or refute anything.

An arm may name a command instead of a net (docs/external.md). It is run only after a person
at the terminal has seen it and said yes, or with --trust-exec.

A locked plan is refused where data, task, training, seeds or engine are not those that were
locked. --anyway WHY runs it all the same: the difference and the reason go on record as a
major deviation, and the verdict is invalid; what the rule computes stays beside it.`,
		Example: "  tenet lock H01 && tenet run H01\n  tenet run H01 --dry-run\n  tenet run --all --lock --budget 5h\n  tenet run --all --repeat --except H31\n  tenet run H01 --replicate\n  tenet run H05 --explore",
		Args: func(_ *cobra.Command, args []string) error {
			if m.all == (len(args) > 0) {
				return errors.New("name hypotheses, or say --all for every one")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(m); err != nil {
				return err
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error { return a.runMode(ctx, s, args, m, f) })
		},
	}
	fl := cmd.Flags()
	fl.IntVar(&f.jobs, "jobs", 0, "trials at the same time (default: cores)")
	fl.IntVar(&f.memory, "memory", 0, fmt.Sprintf("MiB that one worker may take (default %d)", runner.DefaultMemoryMB))
	fl.DurationVar(&f.budget, "budget", 0, "stop cleanly after so long, for instance 30m")
	fl.StringVar(&f.anyway, "anyway", "", "run although data, task, training or engine are not those locked, for this reason; the verdict is invalid")
	fl.BoolVar(&f.explore, "explore", false, "run a draft as exploratory: no verdict")
	fl.BoolVar(&m.dry, "dry-run", false, "print what it would cost and how likely each verdict is; run nothing")
	fl.BoolVar(&m.all, "all", false, "every locked hypothesis without a verdict; with --repeat every one that has a verdict")
	fl.BoolVar(&f.lock, "lock", false, "with --all: lock complete drafts first")
	fl.StringVar(&f.confirm, "confirm", "", "with --lock or --replicate: why plans that seldom come out as foretold are locked all the same")
	fl.BoolVar(&m.repeat, "repeat", false, "train recorded trials again at their seeds and compare the bits")
	fl.BoolVar(&m.replicate, "replicate", false, "run the plan of a decided hypothesis again under new seeds, as one of its own")
	fl.StringSliceVar(&f.except, "except", nil, "with --all: leave these hypotheses out")
	fl.BoolVar(&f.trust, "trust-exec", false, "run the commands that arms name, without asking")
	fl.Float64Var(&f.watts, "watts", runner.DefaultWatts, "of one busy core, for energy where it cannot be measured")
	fl.Float64Var(&f.grid, "grid-co2", runner.DefaultGrid, "grams of CO2e for each kWh of your grid")
	return cmd
}

// runMode does what the flags ask for.
func (a *app) runMode(ctx context.Context, s *session, names []string, m runMode, f runFlags) error {
	var err error
	switch {
	case m.repeat:
		if m.all {
			if names, err = decided(s.lib); err == nil {
				names, err = leaveOut(s.lib, names, f.except)
			}
		}
		if err != nil {
			return err
		}
		return a.repeat(ctx, s, names, m.all, f)
	case m.replicate:
		return a.replicate(ctx, s, names, f)
	case m.dry:
		if m.all {
			o, err := readOpen(s.lib, f.except)
			if err != nil {
				return err
			}
			names = append(o.names, o.drafts...)
		}
		return a.preview(ctx, s, names, f)
	case m.all:
		return a.everything(ctx, s, f)
	}
	return a.runAll(ctx, s, names, f)
}

// check refuses flags that cannot go together.
func (f runFlags) check(m runMode) error {
	switch {
	case f.budget < 0:
		return usagef("--budget %s: a time from now on, such as 30m", f.budget)
	case m.replicate && (m.all || m.dry || m.repeat):
		return usagef("--replicate goes with names alone: each is an experiment of its own")
	case f.lock && (!m.all || m.dry || m.repeat):
		return usagef("--lock goes with --all alone; tenet lock locks by name")
	case f.explore && (m.all || m.repeat || m.replicate):
		return usagef("--explore: name the hypotheses to explore")
	case m.repeat && m.dry:
		return usagef("--repeat trains what is recorded: --dry-run has no place beside it")
	case len(f.except) > 0 && !m.all:
		return usagef("--except leaves hypotheses out of --all")
	case !(f.watts > 0) || !(f.grid > 0):
		return usagef("--watts and --grid-co2 are numbers above 0")
	case f.memory < 0:
		return usagef("--memory %d: MiB above 0, or 0 for %d", f.memory, runner.DefaultMemoryMB)
	}
	return checkJobs(f.jobs)
}

// runAll runs one hypothesis after the other; one that fails does not keep the next from running.
func (a *app) runAll(ctx context.Context, s *session, names []string, f runFlags) error {
	stop := time.Time{}
	if f.budget > 0 {
		stop = time.Now().Add(f.budget)
	}
	var errs []error
	results := []runner.Result{}
	for _, name := range names {
		left := time.Duration(0)
		if !stop.IsZero() {
			if left = time.Until(stop); left <= 0 {
				fmt.Fprintf(a.err, "%s: not started, the budget of %s is spent\n", name, f.budget)
				continue
			}
		}
		res, err := a.runOne(ctx, s, name, f, left)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		results = append(results, res)
	}
	if a.json {
		if err := writeJSON(a.out, results); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func (a *app) runOne(ctx context.Context, s *session, name string, f runFlags, budget time.Duration) (runner.Result, error) {
	f, err := a.askTrust(s, name, f)
	if err != nil {
		return runner.Result{}, err
	}
	live := a.live()
	o := a.runOptions(f, live)
	o.Budget = budget
	res, err := runner.Run(ctx, s.lib, a.actor(ctx), name, o)
	live.end()
	if errors.Is(err, hypotheses.ErrDeparted) {
		err = fmt.Errorf("%w; make a new version of the plan, or --anyway WHY runs it and makes the verdict invalid", err)
	}
	if err != nil {
		return res, err
	}
	if !a.json {
		a.printVerdict(s, res)
	}
	return res, nil
}

func (a *app) runOptions(f runFlags, live *liveRun) runner.Options {
	return runner.Options{
		Jobs: f.jobs, MemoryMB: f.memory, Exploratory: f.explore, Anyway: f.anyway, TrustExec: f.trust, Watts: f.watts, Grid: f.grid,
		Command: a.self("worker", "--stdio"), OnEvent: live.event,
	}
}

func (a *app) live() *liveRun { return &liveRun{w: a.err, tty: isTerminal(a.err), last: time.Now()} }

// printVerdict says the verdict in plain words with its numbers.
func (a *app) printVerdict(s *session, res runner.Result) {
	_ = s.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, res.HypothesisID)
		if err == nil {
			a.explainVerdict(h, res.Record)
		}
		return err
	})
	a.printBeside(s, res.HypothesisID)
	fmt.Fprintf(a.out, "%s: %d blocks, %d trials (%d reused), %s\n", res.RunAlias, res.Blocks, res.Trials, res.Reused, res.Wall.Round(100*time.Millisecond))
}

func (a *app) explainVerdict(h hypotheses.Hypothesis, r decision.Record) {
	fmt.Fprintln(a.out, strings.TrimRight(hypotheses.Explain(h, r).String(), "\n"))
}

// liveRun prints a run's progress: a line a block, and between blocks one line that rewrites itself.
type liveRun struct {
	w     io.Writer
	tty   bool
	width int
	last  time.Time // of a line, where no line can rewrite itself
}

// still is how long a run that nobody watches may say nothing.
const still = time.Minute

func (l *liveRun) event(e runner.Event) {
	switch e.Kind {
	case runner.EventBlock:
		l.wipe()
		fmt.Fprintf(l.w, "block %d: V %s R %s (need %.0f), estimate %.4f, %s\n", e.Block, evidence(e.V, e.T), evidence(e.R, e.T), e.T, e.Estimate, bounds(e.Lower, e.Upper))
	case runner.EventNote, runner.EventLost:
		l.wipe()
		fmt.Fprintln(l.w, e.Text)
	case runner.EventStep, runner.EventTrial, runner.EventAgain:
		if !l.tty && time.Since(l.last) < still {
			return
		}
		l.wipe()
		s := againLine(e)
		if e.Kind != runner.EventAgain {
			s = fmt.Sprintf("trial %d of at most %d · block %d %s · step %d of %d · loss %.3f · %.0f steps/s", e.Done, e.Total, e.Block, e.Arm, e.Step, e.Steps, e.Loss, e.Rate)
		}
		if e.ETA > 0 {
			s += " · " + e.ETA.Round(time.Second).String() + " left"
		}
		if l.last = time.Now(); !l.tty {
			fmt.Fprintln(l.w, s)
			return
		}
		l.width = len(s)
		fmt.Fprint(l.w, s)
	}
}

func (l *liveRun) wipe() {
	if l.width > 0 {
		fmt.Fprintf(l.w, "\r%s\r", strings.Repeat(" ", l.width))
		l.width = 0
	}
}

func (l *liveRun) end() { l.wipe() }

// bounds prints what the evidence so far allows; a side that is still open is said in words.
func bounds(lower, upper float64) string {
	switch {
	case math.IsInf(lower, -1) && math.IsInf(upper, 1):
		return "no bounds yet"
	case math.IsInf(upper, 1):
		return fmt.Sprintf("at least %.4f", lower)
	case math.IsInf(lower, -1):
		return fmt.Sprintf("at most %.4f", upper)
	}
	return fmt.Sprintf("bounds %.4f to %.4f", lower, upper)
}

// evidence prints an e-value beside the threshold t, so that small and huge ones read alike.
func evidence(v, t float64) string {
	v = decision.Shown(v, t)
	if v >= 1e4 {
		return fmt.Sprintf("%.1e", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func (a *app) preview(ctx context.Context, s *session, names []string, f runFlags) error {
	all := []runner.Cost{}
	for _, name := range names {
		c, err := runner.Preview(ctx, s.lib, name, runner.Options{Jobs: f.jobs, Watts: f.watts, Grid: f.grid, Command: a.self("worker", "--stdio")})
		if err != nil {
			return err
		}
		all = append(all, c)
		if !a.json {
			fmt.Fprintln(a.out, c)
		}
	}
	if a.json {
		return writeJSON(a.out, all)
	}
	return nil
}
