package tui

import (
	tea "charm.land/bubbletea/v2"
)

func triageActions() []action {
	one := in(roomTriage)
	paper := func(a *App) string {
		if a.triage.current() == nil {
			return "no paper is selected"
		}
		return ""
	}
	return []action{
		{
			id: "screen.in", keys: []string{"y"}, rooms: one, label: "in", order: 1, event: "paper.screened", off: paper,
			help: "takes the paper into the study", run: func(a *App, _ string) tea.Cmd { return a.decide("in", "") },
		},
		{
			id: "screen.out", keys: []string{"n"}, rooms: one, label: "out…", order: 2, event: "paper.screened", off: paper,
			help: "leaves the paper out; a key gives the reason", run: func(a *App, arg string) tea.Cmd { return a.askReason(arg) },
		},
		{
			id: "screen.maybe", keys: []string{"m"}, rooms: one, label: "maybe", order: 3, event: "paper.screened", off: paper,
			help: "keeps the paper for a second look", run: func(a *App, _ string) tea.Cmd { return a.decide("maybe", "") },
		},
		{
			id: "screen.skip", keys: []string{"s"}, rooms: one, label: "skip", order: 4, off: paper,
			help: "puts the paper last until the program ends", run: func(a *App, _ string) tea.Cmd { return a.skipPaper() },
		},
		{
			id: "triage.read", keys: []string{"enter"}, rooms: one, label: "read", order: 5, off: paper,
			help: "opens the paper's text in Read", run: func(a *App, _ string) tea.Cmd { return a.readSelected() },
		},
		{
			id: "triage.filter", keys: []string{"f"}, rooms: one, label: "filter", order: 6,
			help: "shows open, in, out, maybe or all papers, or those with text", run: func(a *App, arg string) tea.Cmd { return a.askFilter(arg) },
		},
		{
			id: "papers.add", keys: []string{"i"}, rooms: one, label: "add files", order: 7, event: "paper.added",
			help: "adds a PDF, a folder or a bibliography; tab completes the path",
			off: func(a *App) string {
				if a.triage.stopAdd != nil {
					return "files are being added already; esc stops that"
				}
				return ""
			},
			run: func(a *App, arg string) tea.Cmd { return a.askPath(arg) },
		},
		{
			id: "triage.why", keys: []string{"w"}, rooms: one, label: "why", off: paper,
			help: "shows everything known of the paper: its coding, its warnings, where it came from",
			run:  func(a *App, _ string) tea.Cmd { return a.showPaper() },
		},
	}
}
