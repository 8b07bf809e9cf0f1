package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

// repeat trains recorded trials again and compares the bits; one that differs is a finding. all says that
// nobody asked for one by name: what cannot be repeated here is then left aside, loudly.
func (a *app) repeat(ctx context.Context, s *session, names []string, all bool, f runFlags) error {
	if len(names) == 0 {
		fmt.Fprintln(a.err, "nothing to repeat: no hypothesis has a verdict")
		return nil
	}
	live := a.live()
	o := a.runOptions(f, live)
	o.Budget = f.budget
	started, n := time.Now(), 0
	done, left, err := runner.RepeatAll(ctx, s.lib, names, o, func(r runner.Repetition) {
		if n++; a.json {
			return
		}
		live.wipe()
		fmt.Fprintf(a.out, "[%d of %d] %s\n", n, len(names), r)
		a.printDetails(r)
	})
	live.end()
	if a.json {
		if err := writeJSON(a.out, repeatAnswer(done, left, time.Since(started))); err != nil {
			return err
		}
	} else {
		a.printRepeats(done, left, time.Since(started), ctx.Err() != nil)
	}
	same, whole, failed := true, true, 0
	for _, r := range done {
		same, whole = same && r.Same(), whole && r.Whole()
	}
	for _, l := range left {
		if noData, _ := errors.AsType[*runner.NoDataError](l.Err); noData == nil || !all || len(done) == 0 {
			failed++
		}
	}
	switch {
	case !same:
		return errIntegrity
	case ctx.Err() != nil:
		return errors.New("stopped; what was compared stands above, and nothing of it is recorded" + goesOn(done, all, f))
	case err != nil:
		return err
	case failed > 0:
		return errReported
	case !whole:
		fmt.Fprintf(a.err, "the budget of %s is spent; nothing of this is recorded%s\n", f.budget, goesOn(done, all, f))
	}
	return nil
}

// goesOn is the command that repeats the rest of a study.
func goesOn(done []runner.Repetition, all bool, f runFlags) string {
	except := slices.Clone(f.except)
	for _, r := range done {
		if r.Whole() && r.Same() {
			except = append(except, r.Hypothesis)
		}
	}
	switch {
	case !all:
		return ""
	case len(except) == 0:
		return "; tenet run --all --repeat begins anew"
	}
	return "; tenet run --all --repeat --except " + strings.Join(except, ",") + " goes on with the rest"
}

func (a *app) printDetails(r runner.Repetition) {
	const most = 40 // trials; --json names all
	for i, line := range r.Details() {
		if i == most {
			fmt.Fprintf(a.out, "  and %d more; --json names them all\n", len(r.Details())-most)
			break
		}
		fmt.Fprintf(a.out, "  %s\n", clean(line))
	}
}

// printRepeats ends a repetition: those cut short, a table of all, and what was left aside.
func (a *app) printRepeats(done []runner.Repetition, left []runner.Unrepeated, took time.Duration, stopped bool) {
	trained, differ, begun := 0, 0, 0
	cpu := time.Duration(0)
	for _, r := range done {
		trained, differ, cpu = trained+r.Trained, differ+len(r.Different), cpu+r.CPU
		if r.Trained > 0 {
			begun++
		}
		if !r.Whole() && r.Trained > 0 {
			fmt.Fprintln(a.out, r)
			a.printDetails(r)
		}
	}
	if len(done)+len(left) > 1 || stopped {
		a.repeatTable(done, left)
	}
	if len(done) > 0 {
		fmt.Fprintf(a.out, "%s, %s trained again in %s (%s of processor time): %s\n", counted(begun, "hypothesis"), counted(trained, "trial"),
			took.Round(100*time.Millisecond), cpu.Round(100*time.Millisecond), bitsText(trained, differ))
	}
	for _, l := range left {
		fmt.Fprintf(a.err, "! %s was NOT repeated: %s\n", l.Hypothesis, clean(strings.TrimPrefix(strings.TrimPrefix(l.Err.Error(), "runner: "), l.Hypothesis+": ")))
	}
}

func bitsText(trained, differ int) string {
	switch {
	case trained == 0:
		return "nothing was compared"
	case differ == 0:
		return "all bits equal"
	}
	return counted(differ, "trial") + " with other bits"
}

func (a *app) repeatTable(done []runner.Repetition, left []runner.Unrepeated) {
	const head, row = "%-11s %7s %7s %9s %11s %9s  %-13s %s\n", "%-11s %7d %7d %9d %11d %9.1f  %-13s %s\n"
	fmt.Fprintf(a.out, head, "hypothesis", "trials", "equal", "different", "not trained", "CPU s", "verdict", "again")
	for _, r := range done {
		again := "–"
		if r.Again != nil {
			again = r.Again.Verdict
		}
		fmt.Fprintf(a.out, row, r.Hypothesis, r.Trials, r.Trained-len(r.Different), len(r.Different), r.Trials-r.Trained, r.CPU.Seconds(), r.Record.Verdict, again)
	}
	for _, l := range left {
		fmt.Fprintf(a.out, head, l.Hypothesis, "–", "–", "–", "–", "–", "–", "not repeated")
	}
}

// counted says n things, of those whose plural is not made with an s too.
func counted(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "hypothesis":
		what = "hypothese"
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// repeated is a repetition as --json shows it.
type repeated struct {
	Repetitions []runner.Repetition `json:"repetitions"`
	Left        []leftAside         `json:"not_repeated"`
	Wall        time.Duration       `json:"wall_ns"`
}

type leftAside struct {
	Hypothesis string `json:"hypothesis"`
	Why        string `json:"why"`
}

func repeatAnswer(done []runner.Repetition, left []runner.Unrepeated, took time.Duration) repeated {
	r := repeated{Repetitions: done, Left: []leftAside{}, Wall: took}
	if done == nil {
		r.Repetitions = []runner.Repetition{}
	}
	for _, l := range left {
		r.Left = append(r.Left, leftAside{l.Hypothesis, l.Err.Error()})
	}
	return r
}

// againLine is the running line of a repetition.
func againLine(e runner.Event) string {
	s := fmt.Sprintf("%d of %d trials trained again · %s", e.Done, e.Total, e.Text)
	if e.Steps > 0 {
		s += fmt.Sprintf(" · %s step %d of %d", e.Arm, e.Step, e.Steps)
	}
	if e.Different > 0 {
		s += fmt.Sprintf(" · %d DIFFERENT", e.Different)
	}
	return s
}

// replicate makes an independent run of each hypothesis, locks it and runs it. Nothing is written before it is
// known that the plan can be run here.
func (a *app) replicate(ctx context.Context, s *session, names []string, f runFlags) error {
	var fresh []string
	for _, name := range names {
		trusted, err := a.askTrust(s, name, f)
		if err != nil {
			return err
		}
		f = trusted
		if err := runner.Ready(s.lib, name, a.runOptions(f, a.live())); err != nil {
			return err
		}
		h, err := a.replica(ctx, s, name)
		if err != nil {
			return err
		}
		if h.Lock == nil {
			rec, err := a.lock(ctx, s, h.Alias, f.confirm)
			if err != nil {
				return fmt.Errorf("%w; %s stays a draft, tenet undo takes it away", err, h.Alias)
			}
			fmt.Fprintf(a.err, "%s locked as change %d, digest %.12s, family %s\n", h.Alias, rec.Seq, rec.Digest, rec.FamilyID)
		}
		fresh = append(fresh, h.Alias)
	}
	return a.runAll(ctx, s, fresh, f)
}

// replica makes the hypothesis of an independent run, or takes up the one that waits.
func (a *app) replica(ctx context.Context, s *session, name string) (h hypotheses.Hypothesis, err error) {
	fresh := false
	_, err = s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) error {
		h, fresh, err = hypotheses.Replicate(tx, name)
		return err
	})
	switch {
	case err != nil:
	case fresh:
		fmt.Fprintf(a.err, "%s is an independent run of %s: the same plan, seeds of its own\n", h.Alias, name)
	default:
		fmt.Fprintf(a.err, "%s, an independent run that has not come to its end, goes on\n", h.Alias)
	}
	return h, err
}

// printBeside shows a hypothesis beside what it replicates, or what replicates it.
func (a *app) printBeside(s *session, id string) {
	var rows []hypotheses.Beside
	err := s.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, id)
		if err == nil {
			rows, err = hypotheses.RunsBeside(tx, h)
		}
		return err
	})
	if err != nil || len(rows) == 0 {
		return
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  run\t verdict\t estimate\t bounds\t blocks\t differs in\t")
	for _, r := range rows {
		row := " "
		for _, c := range r.Columns() {
			row += " " + clean(c) + "\t"
		}
		fmt.Fprintln(w, row)
	}
	w.Flush()
}
