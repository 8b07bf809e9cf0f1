package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner/task"
)

// Run executes a hypothesis until the rule gives a verdict, its registered number of blocks is reached, or
// a limit of o. It locks nothing: a hypothesis without a lock must be run as exploratory. A run that was
// stopped, killed or lost goes on with the next call; trials that are done are not trained again.
//
// Cancelling ctx stops the workers within 200 ms and keeps every finished trial.
func Run(ctx context.Context, lib *store.Library, actor, hypothesis string, o Options) (Result, error) {
	o, err := o.filled(lib)
	if err != nil {
		return Result{}, err
	}
	var p *plan
	if err := lib.View(func(tx *store.Tx) error { p, err = makePlan(tx, lib.Dir(), hypothesis, o); return err }); err != nil {
		return Result{}, err
	}
	if err := p.runnable(o); err != nil {
		return Result{}, err
	}
	l := ledger{lib: lib, actor: actor}
	rec, err := l.begin(ctx, p, o)
	if err != nil {
		return Result{}, err
	}
	r := &run{plan: p, options: o, ledger: l, rec: rec, started: time.Now(), fresh: map[string]bool{}, flown: map[string]bool{}}
	return r.whole(ctx)
}

// Ready says what keeps a hypothesis from being run here: a plan that cannot be executed, a data file that is
// not there, a command that nobody has vouched for.
func Ready(lib *store.Library, hypothesis string, o Options) error {
	o, err := o.filled(lib)
	if err != nil {
		return err
	}
	var p *plan
	if err := lib.View(func(tx *store.Tx) error { p, err = makePlan(tx, lib.Dir(), hypothesis, o); return err }); err != nil {
		return err
	}
	return p.runnable(o)
}

// runnable says what keeps p from being trained on this machine and by this caller.
func (p *plan) runnable(o Options) error {
	if err := p.missing(task.OpenData(o.DataDir)); err != nil {
		return err
	}
	for _, a := range p.arms {
		if a.exec == nil || o.TrustExec {
			continue
		}
		c, err := readCommand(a.exec.Arm)
		if err != nil {
			return err
		}
		sha, err := a.exec.digest()
		if err != nil {
			return err
		}
		return fmt.Errorf("runner: %s: arm %s runs a command on this machine: %s (content %.12s); %w: read it, then say --trust-exec", p.h.Alias, a.name, strings.Join(c.words, " "), sha, ErrUntrusted)
	}
	return nil
}

// ErrUntrusted says that a plan names a command that nobody has vouched for.
var ErrUntrusted = errors.New("nobody has said that it may")

// filled gives o with its defaults written out.
func (o Options) filled(lib *store.Library) (Options, error) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.MemoryMB <= 0 {
		o.MemoryMB = DefaultMemoryMB
	}
	if len(o.Command) == 0 {
		exe, err := os.Executable()
		if err != nil {
			return o, fmt.Errorf("runner: the worker command: %w", err)
		}
		o.Command = []string{exe, "worker", "--stdio"}
	}
	if o.DataDir == "" {
		o.DataDir = DataDir(lib)
	}
	if o.Watts <= 0 {
		o.Watts = DefaultWatts
	}
	if o.Grid <= 0 {
		o.Grid = DefaultGrid
	}
	if o.OnEvent == nil {
		o.OnEvent = func(Event) {}
	}
	return o, nil
}

// DataDir is where a library keeps the data files that people brought.
func DataDir(lib *store.Library) string { return dataDir(lib.Dir()) }

func dataDir(dir string) string { return filepath.Join(dir, "data") }

// run is one call of Run. All of it belongs to one goroutine; the pool's are its only others.
type run struct {
	plan    *plan
	options Options
	ledger  ledger
	rec     Record
	started time.Time
	pool    *pool
	n       int             // assignments given out
	fresh   map[string]bool // keys trained by this run
	flown   map[string]bool // keys given to workers by this run
	show    show
}

// errEarly is why a run's context ends when its budget does.
var errEarly = errors.New("the budget of this run is spent")

func (r *run) whole(ctx context.Context) (Result, error) {
	limited := ctx
	if r.options.Budget > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeoutCause(ctx, r.options.Budget, errEarly)
		defer cancel()
	}
	r.show = newShow(r)
	r.show.note(r.headline())
	r.pool = newPool(limited, r.options, r.ledger.lib.Dir(), newKeeper(r.ledger.lib.Dir()), r.ledger.lib.Vault())
	err := r.tune(limited)
	blocks := 0
	if err == nil {
		blocks, err = r.blocks(limited)
	}
	r.stop(ctx)
	r.rec.Blocks = blocks
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && errors.Is(context.Cause(limited), errEarly) {
		r.show.note(fmt.Sprintf("the budget of %s is spent", r.options.Budget))
		err = nil
	}
	return r.end(ctx, err)
}

func (r *run) headline() string {
	s := fmt.Sprintf("%s: %s, %s, %d steps a trial, %s", r.rec.Alias, r.plan.h.Alias, count(len(r.plan.arms), "arm"), r.plan.steps, count(r.options.Jobs, "worker"))
	if r.options.Exploratory {
		s += "; exploratory: its seeds are its own and it gives no verdict"
	}
	return s
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// stop lets the workers go and keeps what they still finished.
func (r *run) stop(ctx context.Context) {
	r.pool.stop()
	var last []report
	for rep := range r.pool.reports {
		last = append(last, rep)
	}
	if err := r.keep(ctx, last); err != nil {
		r.show.note("a finished trial could not be kept: " + err.Error())
	}
}

// end writes the run's last record and, unless it failed or was stopped, has the verdict given.
func (r *run) end(ctx context.Context, err error) (Result, error) {
	r.rec.WallMS = time.Since(r.started).Milliseconds()
	res := Result{
		RunID: r.rec.ID, RunAlias: r.rec.Alias, HypothesisID: r.plan.h.ID, Exploratory: r.options.Exploratory,
		Blocks: r.rec.Blocks, Trials: r.rec.Trials, Reused: r.rec.Reused,
		Wall: time.Since(r.started), CPU: time.Duration(r.rec.CPUMS) * time.Millisecond,
	}
	if err != nil {
		r.rec.State, r.rec.Why = RunFailed, store.Text(err.Error())
		if ctx.Err() != nil {
			r.rec.State = RunStopped
			r.rec.Why = fmt.Sprintf("stopped after %s and %s", count(r.rec.Blocks, "block"), count(r.rec.Trials, "trial"))
			err = fmt.Errorf("runner: %s: %s; tenet run %s resumes: %w", r.rec.Alias, r.rec.Why, r.plan.h.Alias, ctx.Err())
		}
		r.show.note(r.rec.Why)
		return res, errors.Join(err, r.ledger.put(ctx, "run."+string(r.rec.State), r.rec))
	}
	werr := r.ledger.update(ctx, func(tx *store.Tx) error {
		record, err := hypotheses.Finish(tx, r.rec.ID)
		if err != nil {
			return err
		}
		res.Record, res.Verdict, res.Reason = record, record.Verdict, record.Reason
		r.rec.State, r.rec.Verdict, r.rec.Reason = RunDecided, record.Verdict, record.Reason
		r.rec.EndedAt = stamp(tx.Now())
		return tx.PutFinal("run.decided", KindRun, r.rec.ID, r.rec, "")
	})
	if werr != nil {
		return res, werr
	}
	if hypotheses.State(res.Verdict).Decided() { // trials that ran ahead of the verdict are needed no more
		for key := range r.flown {
			r.pool.keeper.drop(key)
		}
	}
	r.show.verdict(res)
	return res, nil
}
