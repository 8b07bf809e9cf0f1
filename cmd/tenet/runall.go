package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
)

// open tells which hypotheses run --all takes on, in the study's order, and why it leaves others alone.
type open struct {
	names  []string
	drafts []string // complete and not locked
	left   []string // lines for people
}

// readOpen sorts the hypotheses of a library by what can be done with them.
func readOpen(lib *store.Library, except []string) (open, error) {
	var o open
	if _, err := leaveOut(lib, nil, except); err != nil {
		return o, err
	}
	err := lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			switch {
			case h.NextID != "" && h.Lock == nil, among(except, h.Alias):
			case h.State == hypotheses.Locked, h.State == hypotheses.Running, h.Resumable():
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

// among says whether one of the names is the alias.
func among(names []string, alias string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return principles.SameAlias(n, alias) })
}

// leaveOut takes hypotheses off a list; a name that is none's is an error, so that a slip of the pen costs no
// hours.
func leaveOut(lib *store.Library, names, except []string) ([]string, error) {
	err := lib.View(func(tx *store.Tx) error {
		for _, name := range except {
			if _, err := hypotheses.Find(tx, name); err != nil {
				return fmt.Errorf("--except: %w", err)
			}
		}
		return nil
	})
	return slices.DeleteFunc(names, func(n string) bool { return among(except, n) }), err
}

// everything runs what can be run, in the study's order. What it does not come to goes on with the next call.
func (a *app) everything(ctx context.Context, s *session, f runFlags) error {
	o, err := readOpen(s.lib, f.except)
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
		if o, err = readOpen(s.lib, f.except); err != nil {
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
