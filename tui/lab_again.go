package tui

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// repetition is what training the recorded trials of a hypothesis again gave.
type repetition struct {
	Text  string   // one sentence
	Lines []string // both verdicts where they were compared, and the trials that differ
	Same  bool     // every bit compared is the one on record
}

// againOff says why a decided hypothesis cannot be trained again now.
func (a *App) againOff() string {
	if why := a.runOff(); why != "" {
		return why
	}
	if h := a.target(); h.Verdict == "" {
		return h.Alias + " has no verdict yet; x runs it"
	}
	return ""
}

func (a *App) replicateOff() string {
	why := a.againOff()
	if why == "" && !a.target().Final {
		why = a.target().Alias + " stopped early; x goes on with it first"
	}
	return why
}

// askAgain asks what x means on a hypothesis that is decided: its verdict is
// never replaced.
func (a *App) askAgain(h hypRow) {
	a.asking = &ask{
		title: h.Alias + " has its verdict, which is never replaced; once more, how?", cancel: "nothing run",
		choices: []choice{
			{"r", "repeat: same seeds, the bits compared", func(a *App) tea.Cmd { return a.startRepeat(h) }},
			{"n", "replicate: new seeds, its own verdict", func(a *App) tea.Cmd { return a.startReplicate(h) }},
		},
	}
}

// onceMore tells the guide, however it was asked for.
func (a *App) onceMore() {
	if a.guide != nil {
		a.guide.again()
	}
}

// startRepeat trains recorded trials again in the background. Nothing of it is
// recorded.
func (a *App) startRepeat(h hypRow) tea.Cmd {
	a.onceMore()
	ctx, stop := context.WithCancel(a.ctx)
	l := &live{hypID: h.ID, alias: h.Alias, again: true, stop: stop, done: make(chan struct{})}
	a.live = l
	a.say(h.Alias + ": trains its recorded trials again; nothing is recorded, ctrl+x stops it")
	repeat := a.workIn(ctx, func(ctx context.Context) then {
		defer close(l.done)
		defer stop()
		rep, err := a.study.Repeat(ctx, h.ID, l.take)
		stopped := ctx.Err() != nil
		return func(a *App) tea.Cmd { return a.repeated(l, rep, err, stopped) }
	})
	return tea.Batch(repeat, a.tickCmd(), a.showLab(h.ID))
}

// repeated says what came of a repetition; where there is more to say than one
// sentence it is laid open.
func (a *App) repeated(l *live, rep repetition, err error, stopped bool) tea.Cmd {
	l.seen = l.copy()
	if a.live == l {
		a.live = nil
	}
	if stopped || errors.Is(err, context.Canceled) {
		a.say(rep.Text + "; stopped, nothing is recorded")
		if rep.Text == "" {
			a.say(l.alias + ": stopped, nothing is recorded")
		}
		return a.reload()
	}
	if err != nil {
		a.fail(err)
		a.say(l.alias + " was not repeated")
		return a.reload()
	}
	a.lab.again, a.lab.againOf = rep, l.hypID
	a.say(rep.Text)
	if len(rep.Lines) > 0 && a.pop == nil && a.asking == nil && a.editing == nil {
		a.readText(l.alias+" repeated", append([]string{rep.Text, ""}, rep.Lines...))
	}
	return a.reload()
}

// startReplicate makes the independent run of a hypothesis, then locks it and
// runs it as any other.
func (a *App) startReplicate(h hypRow) tea.Cmd {
	a.onceMore()
	return a.work(func(ctx context.Context) then {
		s, err := a.study.Replicate(ctx, h.ID)
		var d hypDetail
		if err == nil {
			d, err = a.study.Hypothesis(ctx, s.ID)
		}
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return a.reload()
			}
			a.savedSeq = max(a.savedSeq, s.Seq)
			if a.live != nil {
				a.say(s.Text + "; " + a.live.alias + " is running, x runs it afterwards")
				return a.openHyp(d.ID)
			}
			cmd := a.startRun(d.hypRow, !d.Locked, false, "")
			a.say(s.Text + ": locks and runs it")
			return cmd
		}
	})
}

// againNamed repeats or replicates by name, from the palette or a plain line;
// without a name it is what is selected.
func (a *App) againNamed(name string, off func(*App) string, start func(*App, hypRow) tea.Cmd) tea.Cmd {
	if name == "" {
		if why := off(a); why != "" {
			a.say(why)
			return nil
		}
		return start(a, *a.target())
	}
	return a.named(name, func(a *App) tea.Cmd {
		if why := off(a); why != "" {
			a.say(why)
			return a.openHyp(a.lab.hyp.ID)
		}
		return start(a, a.lab.hyp.hypRow)
	})
}

// againHere says whether the hypothesis shown is being repeated.
func (a *App) againHere() bool {
	return a.live != nil && a.live.again && a.live.hypID == a.lab.hyp.ID
}

// againRows tell how far a repetition is.
func (a *App) againRows(w int) []string {
	s := &a.live.seen
	word := "▶ repeating"
	if a.live.stopping {
		word = "▶ stopping"
	}
	l := a.pen.line(w).text(" ").put(a.th.bold, word)
	switch {
	case s.total == 0:
		l.text("  starting the workers")
	case s.done == 0:
		l.text(fmt.Sprintf("  %s", plural(s.total, "trial")))
	case s.differ == 0:
		l.text(fmt.Sprintf("  %d of %d trials, all bits equal so far", s.done, s.total))
	default:
		l.text(fmt.Sprintf("  %d of %d trials, %d with other bits", s.done, s.total, s.differ))
	}
	if s.eta > 0 {
		l.text("  about " + plainTime(s.eta) + " left")
	}
	m := a.pen.line(w).text(" " + a.bar(s.done, s.total, 20))
	if s.steps > 0 {
		m.text(fmt.Sprintf(" seed %d arm %s step %d of %d", s.block, clean(s.arm), s.step, s.steps))
	}
	return []string{l.end(), m.text("  ctrl+x stops it").end()}
}
