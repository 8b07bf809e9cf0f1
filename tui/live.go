package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenet/hypotheses"
)

// live is a run under way. The runner's goroutine writes snap under the lock;
// the screen copies it into seen when the tick comes. Nothing is sent.
type live struct {
	hypID, alias string
	exploratory  bool
	again        bool // recorded trials are trained again
	stop         context.CancelFunc
	stopping     bool
	done         chan struct{} // closed when the runner has returned
	seen         snapshot      // the screen's own copy

	mu   sync.Mutex // guards snap
	snap snapshot
}

// snapshot is what the Lab draws of a run. Slices only grow and are never
// written again, so a copy of it may be read while the run goes on.
type snapshot struct {
	version      int
	again        bool // of a repetition
	run          string
	arm          string
	block, trial int
	step, steps  int
	rate         float64
	eta          time.Duration
	done, total  int
	differ       int // of a repetition: trials with other bits
	t            float64
	blocks       []blockRow
	curveBlock   int
	curves       []series
	log          []string
	verdict      string
	note         string
}

func (s *snapshot) phase() string {
	switch {
	case s.again:
		return fmt.Sprintf("again %d of %d", s.done, s.total)
	case s.block > 0:
		return fmt.Sprintf("block %d", s.block)
	}
	return "starting"
}

// take notes one event of the runner.
func (l *live) take(e runEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.snap
	s.version++
	if e.Run != "" {
		s.run = e.Run
	}
	if e.Done > 0 || e.Total > 0 {
		s.done, s.total = e.Done, e.Total
	}
	if e.ETA > 0 {
		s.eta = e.ETA
	}
	switch e.Kind {
	case "step":
		s.arm, s.block, s.trial, s.step, s.steps, s.rate = e.Arm, e.Block, e.Trial, e.Step, e.Steps, e.Rate
		s.curve(e)
	case "again":
		s.again, s.differ, s.done, s.total = true, e.Differ, e.Done, e.Total
		s.arm, s.block, s.step, s.steps, s.note = e.Arm, e.Block, e.Step, e.Steps, e.Text
	case "trial":
		s.curve(e)
		s.log = append(s.log, fmt.Sprintf("trial %d, block %d, arm %s: done %s", e.Trial, e.Block, e.Arm, e.Text))
	case "block":
		s.t = e.T
		row := e.Row
		if row.B != e.Block {
			row = blockRow{B: e.Block, D: e.D, V: e.V, R: e.R, Est: e.Est, Lo: e.Lo, Hi: e.Hi}
		}
		s.blocks = append(s.blocks, row)
		s.log = append(s.log, fmt.Sprintf("block %d: V %s, R %s against T %s; estimate %s", e.Block, shown(e.V, e.T), shown(e.R, e.T), num(e.T), num(e.Est)))
	case "verdict":
		s.verdict = e.Text
		s.log = append(s.log, "verdict: "+e.Text)
	case "lost":
		s.log = append(s.log, "! worker lost: "+e.Text)
		s.note = "worker lost, its trial is trained again"
	case "note", "hello":
		if e.Text != "" {
			s.note = e.Text
			s.log = append(s.log, e.Text)
		}
	}
}

// curve puts the curve of a trial among those of its block.
func (s *snapshot) curve(e runEvent) {
	if len(e.Curve) == 0 {
		return
	}
	if e.Block > s.curveBlock {
		s.curveBlock = e.Block
		s.curves = nil
	}
	if e.Block < s.curveBlock {
		return
	}
	next := make([]series, 0, len(s.curves)+1)
	found := false
	for _, c := range s.curves {
		if c.name == e.Arm {
			c.pts, found = e.Curve, true
		}
		next = append(next, c)
	}
	if !found {
		next = append(next, series{name: e.Arm, pts: e.Curve})
		slices.SortFunc(next, func(x, y series) int { return strings.Compare(x.name, y.name) })
		for i := range next {
			next[i].dash = i == 1
		}
	}
	s.curves = next
}

func (l *live) copy() snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.snap
}

// startRun runs a hypothesis. lock says that the plan is locked first, in a
// change of its own that can never be undone; why is the word for a plan of
// little power, which is asked for once.
func (a *App) startRun(h hypRow, lock, exploratory bool, why string) tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	l := &live{hypID: h.ID, alias: h.Alias, exploratory: exploratory, stop: stop, done: make(chan struct{})}
	a.live = l
	if a.guide != nil {
		a.guide.started = true
	}
	switch {
	case lock:
		a.say(h.Alias + ": locks the plan and runs")
	case exploratory:
		a.say(h.Alias + ": runs exploratory, gives no verdict")
	default:
		a.say(h.Alias + ": runs")
	}
	run := a.workIn(ctx, func(ctx context.Context) then {
		defer close(l.done)
		defer stop()
		var locked saved
		var err error
		text := ""
		if lock {
			locked, err = a.study.Lock(ctx, h.ID, why)
			if err == nil {
				l.take(runEvent{Kind: "note", Text: locked.Text})
			}
		}
		if err == nil {
			text, err = a.study.Run(ctx, h.ID, exploratory, l.take)
		}
		stopped := ctx.Err() != nil
		return func(a *App) tea.Cmd {
			if errors.Is(err, hypotheses.ErrUnconfirmed) {
				return a.confirmLock(l, h, err)
			}
			return a.ended(l, text, err, stopped)
		}
	})
	return tea.Batch(run, a.tickCmd(), a.showLab(h.ID))
}

// confirmLock asks for the reason to lock a plan of little power.
func (a *App) confirmLock(l *live, h hypRow, err error) tea.Cmd {
	if a.live == l {
		a.live = nil
	}
	_, weak, _ := strings.Cut(err.Error(), hypotheses.ErrUnconfirmed.Error()+": ")
	a.say(h.Alias + ": " + weak)
	a.asking = &ask{
		title: h.Alias + " may well stay open; lock it all the same, because:", box: &box{cap: commentCap}, cancel: "nothing locked, nothing run",
		submit: func(a *App, text string) tea.Cmd {
			if strings.TrimSpace(text) == "" {
				a.say("without a reason nothing is locked")
				return nil
			}
			return a.startRun(h, true, false, text)
		},
	}
	return a.reload()
}

// ended takes a finished run off the screen.
func (a *App) ended(l *live, text string, err error, stopped bool) tea.Cmd {
	l.seen = l.copy()
	if a.live == l {
		a.live = nil
	}
	a.lab.log = l.seen.log
	a.lab.curves, a.lab.curvesOf = l.seen.curves, l.hypID
	switch {
	case stopped:
		name := l.seen.run
		if name == "" {
			name = l.alias
		}
		if l.seen.block == 0 {
			a.say(name + " stopped before its first block; x resumes")
			break
		}
		a.say(fmt.Sprintf("%s stopped in block %d after %s, they are kept; x resumes", name, l.seen.block, plural(l.seen.done, "trial")))
	case err != nil:
		if errors.Is(err, hypotheses.ErrDeparted) {
			err = fmt.Errorf("%w; e makes a new version, tenet run %s --anyway WHY runs it and makes the verdict invalid", err, l.alias)
		}
		a.fail(err)
		a.say(l.alias + " ended without a verdict; L shows the log, x goes on")
	default:
		a.say(text)
		if a.guide != nil {
			a.guide.ran = true
		}
	}
	return a.reload()
}

// onTick copies the snapshot of a live run; the tick ends with the run.
func (a *App) onTick() tea.Cmd {
	if a.live == nil {
		return nil
	}
	if s := a.live.copy(); s.version != a.live.seen.version {
		a.live.seen = s
	}
	return a.tickCmd()
}

// stopRun asks the run to end; what is finished stays in the ledger.
func (a *App) stopRun() tea.Cmd {
	if a.live.stopping {
		return nil
	}
	a.live.stopping = true
	a.live.stop()
	a.say(a.live.alias + ": stopping")
	return nil
}
