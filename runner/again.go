package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenet/internal/store"
	"tenet/runner/task"
)

// Unrepeated is a hypothesis whose trials were not trained again, and why.
type Unrepeated struct {
	Hypothesis string
	Err        error
}

// Repeat trains the recorded trials of a hypothesis that has a verdict again, at their recorded seeds, and
// compares metrics, weights and curves bit for bit. Where bits differ, or were recorded on another kernel
// path or engine, the rule judges the new outcomes too.
func Repeat(ctx context.Context, lib *store.Library, hypothesis string, o Options) (Repetition, error) {
	all, left, err := RepeatAll(ctx, lib, []string{hypothesis}, o, nil)
	switch {
	case len(all) == 1:
		return all[0], err
	case err == nil && len(left) == 1:
		err = left[0].Err
	}
	return Repetition{}, err
}

// RepeatAll repeats hypotheses in one go: the costliest first, and without a pause between them, so that no
// worker waits for the last trial of one. told, if not nil, hears of each that came to its end. What cannot be
// repeated here is left over with the reason. A cancel or the budget cuts it short: what was compared until
// then is given all the same, in the order of the names; Whole tells what came to its end.
func RepeatAll(ctx context.Context, lib *store.Library, names []string, o Options, told func(Repetition)) ([]Repetition, []Unrepeated, error) {
	o, err := o.filled(lib)
	if err != nil {
		return nil, nil, err
	}
	if told == nil {
		told = func(Repetition) {}
	}
	limited := ctx
	if o.Budget > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeoutCause(ctx, o.Budget, errEarly)
		defer cancel()
	}
	a := &anew{lib: lib, options: o, told: told, started: time.Now()}
	var left []Unrepeated
	data := task.OpenData(o.DataDir)
	for _, name := range names {
		rec, err := a.read(name, data)
		if err != nil {
			left = append(left, Unrepeated{name, err})
			continue
		}
		a.subjects = append(a.subjects, rec)
	}
	if len(a.subjects) == 0 {
		return nil, left, ctx.Err()
	}
	a.queue()
	switch err = a.train(limited); {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(context.Cause(limited), errEarly):
		err = nil
	}
	var all []Repetition
	for _, s := range a.subjects {
		s.rep.sort()
		all = append(all, s.rep)
	}
	return all, left, err
}

// anew is one call of RepeatAll. It belongs to one goroutine.
type anew struct {
	lib      *store.Library
	options  Options
	told     func(Repetition)
	started  time.Time
	subjects []*subject // in the order of the names
	todo     []again    // costliest hypothesis first, and of each the costliest trial
	flying   map[int]float64
	done     int
	spent    float64 // milliseconds on record of the trials that are done
	whole    float64 // of all
	differ   int
}

// subject is one hypothesis that is repeated.
type subject struct {
	rec     recorded
	cost    float64
	got     map[string]outcome
	rep     Repetition
	started time.Time
}

// again is one trial of a subject.
type again struct {
	of    *subject
	trial *Trial
	job   Job
	cost  float64
}

// read takes a hypothesis' record and says what stands against repeating it here.
func (a *anew) read(name string, data *task.Data) (*subject, error) {
	s := &subject{got: map[string]outcome{}}
	var err error
	if err := a.lib.View(func(tx *store.Tx) error { s.rec, err = readRecorded(tx, name); return err }); err != nil {
		return nil, err
	}
	e, alias := Engine(), s.rec.h.Alias
	var paths, engines []string
	for _, t := range s.rec.trials {
		if t.Job.Exec != nil {
			if !a.options.TrustExec {
				return nil, fmt.Errorf("runner: %s: its trials run a command: %w; read it, then say --trust-exec", alias, ErrUntrusted)
			}
		} else if err := t.Job.missing(data); err != nil {
			return nil, fmt.Errorf("runner: %s: %w", alias, err)
		}
		paths, engines = append(paths, t.Job.KernelPath), append(engines, t.Job.Engine)
		s.cost += t.cost()
	}
	several := func(all []string) string {
		slices.Sort(all)
		return strings.Join(slices.Compact(all), ", ")
	}
	s.rep = Repetition{
		Hypothesis: alias, Record: judged(s.rec.h.Verdict.Record()), Trials: len(s.rec.trials), Different: []Difference{},
		KernelPath: e.KernelPath, Recorded: several(paths), Engine: e.Version, RecordedBy: several(engines),
	}
	return s, nil
}

// missing says what the data folder lacks for j.
func (j Job) missing(d *task.Data) error {
	t, err := task.Find(j.Task)
	if err == nil {
		t, err = t.With(j.Options)
	}
	if err != nil {
		return err
	}
	err = t.Missing(d)
	if m, ok := errors.AsType[*task.MissingError](err); ok {
		bare := *m
		bare.Instead = "" // what a plan could name instead is no help to a recorded trial
		err = &bare
	}
	if err != nil {
		return &NoDataError{err}
	}
	return nil
}

// cost is what a trial took when it was recorded; never nothing, so that shares of it can be taken.
func (t Trial) cost() float64 { return float64(max(t.Usage.BusyMS(), 1)) }

// queue puts all trials in the order in which they are given out.
func (a *anew) queue() {
	e := Engine()
	for _, s := range slices.SortedStableFunc(slices.Values(a.subjects), func(x, y *subject) int { return cmp.Compare(y.cost, x.cost) }) {
		own := len(a.todo)
		for i := range s.rec.trials {
			t := &s.rec.trials[i]
			j := t.Job
			j.Engine, j.KernelPath = e.Version, e.KernelPath
			a.todo = append(a.todo, again{s, t, j, t.cost()})
			a.whole += t.cost()
		}
		slices.SortStableFunc(a.todo[own:], func(x, y again) int { return cmp.Compare(y.cost, x.cost) })
	}
	a.flying = map[int]float64{}
}

// train trains the queue and compares each trial as it comes back.
func (a *anew) train(ctx context.Context) error {
	p := newPool(ctx, a.options, a.lib.Dir(), nil, nil)
	jobs := make([]Job, len(a.todo))
	for i, t := range a.todo {
		jobs[i] = t.job
	}
	err := p.feed(ctx, 2*a.options.Jobs, jobs, a.heard) // one waits for each worker
	p.drain()
	return err
}

// heard takes a report of the pool. A trial that cannot be trained here is one that differs.
func (a *anew) heard(r report) error {
	t := a.todo[r.n-1]
	s := t.of
	if s.started.IsZero() {
		s.started = time.Now()
	}
	switch {
	case r.progress != nil:
		a.flying[r.n] = t.cost * min(1, float64(r.progress.Step)/float64(max(t.job.Steps, 1)))
		a.tell(t, r.progress)
		return nil
	case r.result == nil && r.missing == nil:
		return nil
	}
	text := ""
	if r.missing != nil {
		text = fmt.Sprintf("not trained in %d attempts: %v", maxAttempts, r.missing)
	} else {
		var err error
		if text, err = differs(a.lib, *t.trial, r.result); err != nil {
			return err
		}
		s.got[t.trial.ID] = outcome{r.result.Metrics, r.result.Diverged}
		u := r.result.Usage.priced(a.options.Watts, a.options.Grid)
		s.rep.CPU += time.Duration(u.CPUMS) * time.Millisecond
		s.rep.EnergyJ, s.rep.CO2G, s.rep.Basis = s.rep.EnergyJ+float64(u.EnergyJ), s.rep.CO2G+float64(u.CO2G), u.Basis
	}
	if text != "" {
		a.differ++
		s.rep.Different = append(s.rep.Different, Difference{Arm: t.trial.Arm, Block: t.trial.Block, Tuning: t.trial.Job.Tuning, Key: t.trial.Key, Text: text})
	}
	delete(a.flying, r.n)
	a.done++
	a.spent += t.cost
	s.rep.Trained++
	s.rep.Wall = time.Since(s.started)
	a.tell(t, nil)
	if !s.rep.Whole() {
		return nil
	}
	rec, err := s.rec.judge(s.got)
	if err != nil {
		return fmt.Errorf("runner: %s: %w", s.rec.h.Alias, err)
	}
	j := judged(rec)
	s.rep.Again = &j
	s.rep.sort()
	a.told(s.rep)
	return nil
}

// tell says how far it is; f is of a trial under way.
func (a *anew) tell(t again, f *frame) {
	e := Event{
		Kind: EventAgain, Hypothesis: t.of.rec.h.Alias, Arm: t.trial.Arm, Block: t.trial.Block, Done: a.done, Total: len(a.todo),
		Different: a.differ, Text: fmt.Sprintf("%s %d of %d", t.of.rec.h.Alias, t.of.rep.Trained, t.of.rep.Trials),
	}
	if f != nil {
		e.Step, e.Steps = f.Step, t.job.Steps
	}
	spent := a.spent
	for _, ms := range a.flying {
		spent += ms
	}
	if since := time.Since(a.started); spent > 0 && since > time.Second {
		e.ETA = time.Duration(float64(since) * (a.whole - spent) / spent)
	}
	a.options.OnEvent(e)
}

// sort brings the differences into the order of blocks, the search for learning rates first: trials come back
// in any.
func (r *Repetition) sort() {
	first := func(d Difference) int {
		if d.Tuning {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(r.Different, func(x, y Difference) int {
		return cmp.Or(cmp.Compare(first(x), first(y)), cmp.Compare(x.Block, y.Block), cmp.Compare(x.Arm, y.Arm))
	})
}
