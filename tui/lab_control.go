package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"
)

func (a *App) controlsOff() string {
	switch {
	case a.lab.stop != nil:
		return "the controls are running; esc stops them"
	case a.live != nil:
		return a.live.alias + " is running; ctrl+x stops it"
	case a.long.What != "":
		return "other long work is under way; esc stops it"
	case a.lab.hyp.ID == "":
		return "there is no hypothesis"
	case a.lab.hyp.ControlsOK:
		return "all three have passed on this engine"
	}
	return ""
}

// runControls runs the three controls in the background; esc stops them.
func (a *App) runControls() tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	a.lab.stop = stop
	a.long = progress{What: "controls start"}
	slot := &progressSlot{}
	check := a.workIn(ctx, func(ctx context.Context) then {
		lines, err := a.study.Controls(ctx, slot.set)
		stopped := ctx.Err() != nil
		stop()
		return func(a *App) tea.Cmd {
			a.lab.stop = nil
			a.long = progress{}
			switch {
			case stopped:
				a.say("controls stopped; nothing of them is kept")
				return nil
			case err != nil:
				a.fail(err)
				return nil
			}
			a.say("controls done; the Lab's plan shows how they stand")
			if a.pop == nil && a.asking == nil && a.editing == nil {
				a.readText("the three controls", spaced(lines))
			}
			return a.reload()
		}
	})
	return tea.Batch(check, a.watchSlot(slot, func(a *App) bool { return a.lab.stop != nil }))
}

func (a *App) deviateOff() string {
	switch {
	case a.lab.hyp.ID == "":
		return "there is no hypothesis"
	case !a.lab.hyp.Locked:
		return "only a locked plan can be departed from; e edits the draft"
	case a.liveHere():
		return "ctrl+x stops the run first"
	}
	return ""
}

// deviate notes a departure from a locked plan.
func (a *App) deviate(arg string) tea.Cmd {
	h := a.lab.hyp
	ask1 := func(class string) func(*App) tea.Cmd {
		return func(a *App) tea.Cmd {
			a.asking = &ask{
				title: class + " deviation of " + h.Alias + ":", box: &box{cap: commentCap}, cancel: "nothing noted",
				submit: func(a *App, text string) tea.Cmd { return a.putDeviation(h.ID, class, text) },
			}
			return nil
		}
	}
	if class, text, ok := strings.Cut(strings.TrimSpace(arg), " "); ok {
		return a.putDeviation(h.ID, class, text)
	}
	a.asking = &ask{title: "what was done otherwise than " + h.Alias + " says?", cancel: "nothing noted", choices: []choice{
		{"m", "minor, the verdict stands", ask1("minor")},
		{"M", "major, it becomes invalid for good", ask1("major")},
	}}
	return nil
}

func (a *App) putDeviation(id, class, text string) tea.Cmd {
	if strings.TrimSpace(text) == "" {
		a.say("a deviation needs words; nothing noted")
		return nil
	}
	return a.write(func(ctx context.Context) (saved, error) { return a.study.Deviate(ctx, id, class, text) }, nil)
}
