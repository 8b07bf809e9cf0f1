package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/runner"
)

// open tells which hypotheses run --all takes on, in the study's order, and why it leaves others alone.
type open struct {
	names  []string
	drafts []string // complete and not locked
	left   []string // lines for people
}

// readOpen sorts the hypotheses of a library by what can be done with them.
func readOpen(lib *store.Library) (open, error) {
	var o open
	err := lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			switch {
			case h.NextID != "" && h.Lock == nil:
			case h.State == hypotheses.Locked, h.State == hypotheses.Running, resumable(h):
				o.names = append(o.names, h.Alias)
			case h.State == hypotheses.Draft && h.Complete():
				o.drafts = append(o.drafts, h.Alias)
			case h.State == hypotheses.Draft:
				o.left = append(o.left, fmt.Sprintf("%s: not run: its plan is incomplete", h.Alias))
			}
		}
		return nil
	})
	return o, err
}

// resumable is a hypothesis whose run ended early, before its last block.
func resumable(h hypotheses.Hypothesis) bool {
	return h.State == hypotheses.Inconclusive && h.Verdict != nil && h.Verdict.Reason == decision.ReasonBudget &&
		h.Decision != nil && h.Verdict.Stop < h.Decision.Params().NMax
}

// everything runs what can be run, in the study's order. What it does not come to goes on with the next call.
func (a *app) everything(ctx context.Context, s *session, f runFlags) error {
	o, err := readOpen(s.lib)
	if err != nil {
		return err
	}
	var errs []error
	if f.lock {
		for _, name := range o.drafts {
			rec, err := a.lock(ctx, s, name, f.confirm)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			fmt.Fprintf(a.err, "%s locked as change %d, digest %.12s\n", name, rec.Seq, rec.Digest)
		}
		left := o.left
		if o, err = readOpen(s.lib); err != nil {
			return err
		}
		o.left = left
	}
	for _, line := range o.left {
		fmt.Fprintln(a.err, line)
	}
	if len(o.names) == 0 {
		fmt.Fprintln(a.err, "nothing to run: no hypothesis is locked and without a verdict; tenet lock H01, or --all --lock")
		return errors.Join(errs...)
	}
	limited := ctx
	if f.budget > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, f.budget)
		defer cancel()
	}
	f.budget = 0 // the whole's, not each one's: a run that it ends goes on next time
	results := []runner.Result{}
	started := time.Now()
	for i, name := range o.names {
		fmt.Fprintf(a.err, "[%d of %d] %s\n", i+1, len(o.names), name)
		res, err := a.runOne(limited, s, name, f, 0)
		noData, _ := errors.AsType[*runner.NoDataError](err)
		switch {
		case ctx.Err() != nil:
			return err
		case limited.Err() != nil:
			fmt.Fprintf(a.err, "the budget is spent: %d of %d came to an end; tenet run --all goes on with %s\n", len(results), len(o.names), name)
			return a.ran(results, errs)
		case noData != nil:
			fmt.Fprintf(a.err, "%s: not run: %v\n", name, noData)
		case err != nil:
			errs = append(errs, err)
			fmt.Fprintf(a.err, "%v\n", err)
		default:
			results = append(results, res)
			fmt.Fprintf(a.err, "[%d of %d] %s: %s (%s), %s in all so far\n", i+1, len(o.names), name, res.Verdict, res.Reason, time.Since(started).Round(time.Second))
		}
	}
	return a.ran(results, errs)
}

func (a *app) ran(results []runner.Result, errs []error) error {
	if a.json {
		if err := writeJSON(a.out, results); err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		return errReported
	}
	return nil
}

// decided lists the hypotheses that a confirmatory run has brought to a verdict.
func decided(lib *store.Library) ([]string, error) {
	var names []string
	err := lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			if h.Verdict != nil && h.Lock != nil {
				names = append(names, h.Alias)
			}
		}
		return nil
	})
	return names, err
}

// repeat trains recorded trials again and compares the bits; one that differs is a finding.
func (a *app) repeat(ctx context.Context, s *session, names []string, f runFlags) error {
	if len(names) == 0 {
		fmt.Fprintln(a.err, "nothing to repeat: no hypothesis has a verdict")
		return nil
	}
	all := []runner.Repetition{}
	var errs []error
	started := time.Now()
	same := true
	for i, name := range names {
		live := a.live()
		got, err := runner.Repeat(ctx, s.lib, name, a.runOptions(f, live))
		live.end()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, err)
			fmt.Fprintf(a.err, "%v\n", err)
			continue
		}
		all = append(all, got)
		same = same && got.Same()
		if a.json {
			continue
		}
		fmt.Fprintf(a.out, "[%d of %d] %s\n", i+1, len(names), got)
		for _, d := range got.Different {
			fmt.Fprintf(a.out, "  ! block %d, arm %s, key %.12s: %s\n", d.Block, d.Arm, d.Key, d.Text)
		}
	}
	if a.json {
		if err := writeJSON(a.out, all); err != nil {
			return err
		}
	} else {
		trials, cpu := 0, time.Duration(0)
		for _, r := range all {
			trials, cpu = trials+r.Trials, cpu+r.CPU
		}
		fmt.Fprintf(a.out, "%d hypotheses, %d trials trained again in %s (%s of processor time)\n", len(all), trials, time.Since(started).Round(100*time.Millisecond), cpu.Round(100*time.Millisecond))
	}
	switch {
	case len(errs) > 0:
		return errReported
	case !same:
		return errIntegrity
	}
	return nil
}
