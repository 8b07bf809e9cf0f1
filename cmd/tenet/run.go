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
	"tenet/internal/store"
	"tenet/runner"
)

// runFlags are the flags that run and demo share.
type runFlags struct {
	jobs    int
	budget  time.Duration
	explore bool
	anyway  string
}

func (a *app) runVerb() *cobra.Command {
	var f runFlags
	var all, dry bool
	cmd := &cobra.Command{
		Use: "run HYPOTHESIS… | --all", Short: "Run hypotheses to a verdict",
		Long: `Run a locked hypothesis: trials are trained in worker processes, and after each block
the preregistered rule is asked; it stops at a verdict or at the budget. A trial that is
already there is never trained twice. An interrupted run goes on where it stopped.

A hypothesis that is not locked can only be explored (--explore), and an exploratory run
can never validate or refute anything.

A locked plan is refused where data, task, training, seeds or engine are not those that were
locked. --anyway WHY runs it all the same: the difference and the reason go on record as a
major deviation, and the verdict is invalid; what the rule computes stays beside it.`,
		Example: "  tenet lock H01 && tenet run H01\n  tenet run H01 --dry-run\n  tenet run --all --budget 30m\n  tenet run H05 --explore",
		Args: func(_ *cobra.Command, args []string) error {
			if all == (len(args) > 0) {
				return errors.New("name hypotheses, or say --all for every locked one")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkJobs(f.jobs); err != nil {
				return err
			}
			if f.budget < 0 {
				return usagef("--budget %s: a time from now on, such as 30m", f.budget)
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if all {
					var err error
					if args, err = lockedAndOpen(s.lib); err != nil {
						return err
					}
					if len(args) == 0 {
						fmt.Fprintln(a.err, "nothing to run: no hypothesis is locked and without a verdict; tenet lock H01")
						return nil
					}
				}
				if dry {
					return a.preview(ctx, s, args)
				}
				return a.runAll(ctx, s, args, f)
			})
		},
	}
	fl := cmd.Flags()
	fl.IntVar(&f.jobs, "jobs", 0, "trials at the same time (default: cores)")
	fl.DurationVar(&f.budget, "budget", 0, "stop cleanly after so long, for instance 30m")
	fl.StringVar(&f.anyway, "anyway", "", "run although data, task, training or engine are not those locked, for this reason; the verdict is invalid")
	fl.BoolVar(&f.explore, "explore", false, "run a draft as exploratory: no verdict")
	fl.BoolVar(&dry, "dry-run", false, "print what it would cost and how likely each verdict is; run nothing")
	fl.BoolVar(&all, "all", false, "every locked hypothesis without a verdict")
	return cmd
}

// lockedAndOpen lists the hypotheses that are locked and have no verdict yet.
func lockedAndOpen(lib *store.Library) ([]string, error) {
	var names []string
	err := lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			if h.State == hypotheses.Locked || h.State == hypotheses.Running {
				names = append(names, h.Alias)
			}
		}
		return nil
	})
	return names, err
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
	live := &liveRun{w: a.err, tty: isTerminal(a.err)}
	res, err := runner.Run(ctx, s.lib, a.actor(ctx), name, runner.Options{
		Jobs: f.jobs, Budget: budget, Exploratory: f.explore, Anyway: f.anyway,
		Command: a.self("worker", "--stdio"), OnEvent: live.event,
	})
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

// printVerdict says the verdict in plain words with its numbers.
func (a *app) printVerdict(s *session, res runner.Result) {
	_ = s.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, res.HypothesisID)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, strings.TrimRight(hypotheses.Explain(h, res.Record).String(), "\n"))
		return nil
	})
	fmt.Fprintf(a.out, "%s: %d blocks, %d trials (%d reused), %s\n", res.RunAlias, res.Blocks, res.Trials, res.Reused, res.Wall.Round(100*time.Millisecond))
}

// liveRun prints a run's progress: a line a block, and between blocks one line that rewrites itself.
type liveRun struct {
	w     io.Writer
	tty   bool
	width int
}

func (l *liveRun) event(e runner.Event) {
	switch e.Kind {
	case runner.EventBlock:
		l.wipe()
		fmt.Fprintf(l.w, "block %d: V %s R %s (need %.0f), estimate %.4f, %s\n", e.Block, evidence(e.V), evidence(e.R), e.T, e.Estimate, bounds(e.Lower, e.Upper))
	case runner.EventNote, runner.EventLost:
		l.wipe()
		fmt.Fprintln(l.w, e.Text)
	case runner.EventStep, runner.EventTrial:
		if !l.tty {
			return
		}
		l.wipe()
		s := fmt.Sprintf("trial %d of at most %d · block %d %s · step %d of %d · loss %.3f · %.0f steps/s", e.Done, e.Total, e.Block, e.Arm, e.Step, e.Steps, e.Loss, e.Rate)
		if e.ETA > 0 {
			s += " · " + e.ETA.Round(time.Second).String() + " left"
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

// evidence prints an e-value so that small and huge ones read alike.
func evidence(v float64) string {
	if v >= 1e4 {
		return fmt.Sprintf("%.1e", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func (a *app) preview(ctx context.Context, s *session, names []string) error {
	var all []runner.Cost
	for _, name := range names {
		c, err := runner.Preview(ctx, s.lib, name, runner.Options{Command: a.self("worker", "--stdio")})
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

func (a *app) controlVerb() *cobra.Command {
	var jobs int
	cmd := &cobra.Command{
		Use: "control", Short: "Run the three controls of the study",
		Long: `Run the controls on this engine: the same arm twice must give equal bits (aa-exact),
the same arm under other seeds must raise no false alarm (aa-random), and a planted
effect must be found (known-effect). A principle is only called validated once they passed.`,
		Example: "  tenet control",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkJobs(jobs); err != nil {
				return err
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				live := &liveRun{w: a.err, tty: isTerminal(a.err)}
				defer live.end()
				done, err := runner.Controls(ctx, s.lib, a.actor(ctx), runner.Options{Jobs: jobs, Command: a.self("worker", "--stdio"), OnEvent: live.event})
				if err != nil {
					return err
				}
				if a.json {
					return writeJSON(a.out, done)
				}
				bad := false
				for _, c := range done {
					word := "passed"
					if !c.OK {
						word, bad = "FAILED", true
					}
					fmt.Fprintf(a.out, "%-13s %s  %s\n", c.Name, word, c.Text)
				}
				if bad {
					return errReported
				}
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&jobs, "jobs", 0, "trials at the same time (default: cores)")
	return cmd
}
