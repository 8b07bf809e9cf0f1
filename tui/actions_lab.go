package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

func labActions() []action {
	one := in(roomLab)
	some := func(a *App) string {
		if a.lab.hyp.ID == "" {
			return "there is no hypothesis"
		}
		return ""
	}
	run := func(id, key, label, help string, order int, exploratory bool, rooms roomSet) action {
		return action{
			id: id, keys: []string{key}, rooms: rooms, label: label, order: order, help: help,
			event: "hypothesis.locked, run.started, verdict.given", off: (*App).runOff,
			run: func(a *App, _ string) tea.Cmd { return a.run(exploratory) },
		}
	}
	explore := run("run.explore", "E", "explore", "runs without a lock: shows curves and an estimate, never a verdict", 4, true, one)
	explore.off = (*App).exploreOff
	return []action{
		run("run.start", "x", "run", "locks a complete draft and runs it, or goes on with a locked one; of a decided one it asks: repeat or replicate", 1, false, in(roomLab, roomBoard)),
		{
			id: "run.stop", keys: []string{"ctrl+x"}, rooms: everywhere, label: "stop run", help: "stops the live run; finished trials are kept and reused",
			off: func(a *App) string {
				if a.live == nil {
					return "no run is live"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { return a.stopRun() },
		},
		explore,
		{
			id: "lab.why", keys: []string{"w"}, rooms: one, label: "why", order: 2, off: some,
			help: "traces the verdict back to the sentences", run: func(a *App, _ string) tea.Cmd { return a.openTrace(a.lab.hyp.Alias) },
		},
		{
			id: "plan.edit", keys: []string{"e"}, rooms: one, label: "edit", order: 5, event: "hypothesis.edited or .versioned", off: some,
			help: "edits the draft; of a locked plan it makes a new version", run: func(a *App, _ string) tea.Cmd { return a.editPlan() },
		},
		{
			id: "controls.run", keys: []string{"C"}, rooms: one, label: "controls", order: 10, event: "control.passed or .failed", off: (*App).controlsOff,
			help: "runs the three controls on this engine: equal arms must tie, a known effect must be found",
			run:  func(a *App, _ string) tea.Cmd { return a.runControls() },
		},
		{
			id: "deviation.note", keys: []string{"D"}, rooms: one, label: "deviation…", order: 11, event: "deviation.minor or .major", off: (*App).deviateOff,
			help: "notes a departure from the locked plan, for good; a major one makes the verdict invalid",
			run:  func(a *App, arg string) tea.Cmd { return a.deviate(arg) },
		},
		{
			id: "lab.curves", keys: []string{"v"}, rooms: one, label: "curves", order: 6,
			help: "shows under the evidence the confidence sequence or the training curves, or the curves alone",
			off: func(a *App) string {
				if blocks, _ := a.evidence(); len(a.curvesNow()) == 0 || len(blocks) == 0 && !a.liveHere() {
					return "no training curve yet; x runs"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { a.lab.look++; return nil },
		},
		{
			id: "lab.log", keys: []string{"L"}, rooms: one, label: "log", order: 7,
			help: "shows what the run did, trial by trial",
			off: func(a *App) string {
				if a.live == nil && len(a.lab.log) == 0 {
					return "no run since the program started"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { a.showLog(); return nil },
		},
		{
			id: "lab.next", keys: []string{"]"}, rooms: one, label: "next", order: 3, off: some,
			help: "shows the next hypothesis", run: func(a *App, _ string) tea.Cmd { return a.labTurn(1) },
		},
		{
			id: "lab.prev", keys: []string{"["}, rooms: one, label: "previous", off: some,
			help: "shows the hypothesis before", run: func(a *App, _ string) tea.Cmd { return a.labTurn(-1) },
		},
		{
			id: "lab.choose", keys: []string{"h"}, rooms: one, label: "choose", order: 8, off: some,
			help: "lists all hypotheses to choose one", run: func(a *App, _ string) tea.Cmd { a.listHyps(); return nil },
		},
		{
			id: "lab.verdict", keys: []string{"enter"}, rooms: one, label: "in full", order: 9,
			help: "says the verdict in full, in plain words",
			off: func(a *App) string {
				if len(a.lab.hyp.VerdictLines) == 0 {
					return "there is no verdict yet; x runs"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd {
				a.readText(a.lab.hyp.Alias+" in plain words", spaced(append(slices.Clone(a.lab.hyp.VerdictLines), a.lab.hyp.Beside...)))
				return nil
			},
		},
	}
}

// spaced puts an empty line between the lines.
func spaced(lines []string) []string {
	var out []string
	for i, s := range lines {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, s)
	}
	return out
}
