package tui

import tea "charm.land/bubbletea/v2"

func boardActions() []action {
	one := in(roomBoard)
	some := func(a *App) string {
		if a.board.current() == nil {
			return "no principle is selected"
		}
		return ""
	}
	standing := func(a *App) string {
		if p := a.board.current(); p != nil && p.Discarded {
			return p.Alias + " is discarded; undo that first"
		}
		return some(a)
	}
	return []action{
		{
			id: "board.open", keys: []string{"enter"}, rooms: one, label: "hypotheses", order: 1, off: some,
			help: "goes down to the hypotheses, and from there to the Lab", run: func(a *App, _ string) tea.Cmd { return a.boardOpen() },
		},
		{
			id: "principle.score", keys: []string{"s"}, rooms: one, label: "score…", order: 2, event: "principle.scored", off: some,
			help: "marks the principle on one of the five criteria, 0 to 4", run: func(a *App, arg string) tea.Cmd { return a.score(arg) },
		},
		{
			id: "hypothesis.new", keys: []string{"h"}, rooms: one, label: "new hypothesis", order: 3, event: "hypothesis.added", off: some,
			help: "writes a hypothesis of this principle from a template", run: func(a *App, _ string) tea.Cmd { return a.newHypothesis() },
		},
		{
			id: "principle.edit", keys: []string{"e"}, rooms: one, label: "edit", order: 4, event: "principle.edited", off: some,
			help: "edits name, statement, intuition and scope", run: func(a *App, _ string) tea.Cmd { return a.editPrinciple() },
		},
		{
			id: "principle.refine", keys: []string{"R"}, rooms: one, label: "narrow…", event: "principle.refined", off: standing,
			help: "puts a narrower principle in its place, which needs hypotheses of its own; words after it are the new statement",
			run:  func(a *App, arg string) tea.Cmd { return a.refinePrinciple(arg) },
		},
		{
			id: "principle.discard", keys: []string{"d"}, rooms: one, label: "discard…", event: "principle.discarded", off: standing,
			help: "takes the principle out of the running, with a reason; verdicts and claims stay",
			run:  func(a *App, arg string) tea.Cmd { return a.discardPrinciple(arg) },
		},
		{
			id: "status.why", keys: []string{"w"}, rooms: one, label: "why", order: 5, off: some,
			help: "shows the rule that gave the status and what lowered the grade",
			run: func(a *App, _ string) tea.Cmd {
				if h := a.board.hyp(); a.board.lower && h != nil {
					return a.openTrace(h.Alias)
				}
				return a.whyHere(a.board.current().ID, a.board.current().Alias)
			},
		},
		{
			id: "principle.into", keys: []string{"t"}, rooms: one, label: "tag into", off: some,
			help: "makes this the principle that tags in Read go into",
			run: func(a *App, _ string) tea.Cmd {
				a.read.into = *a.board.current()
				a.say("tags go into " + a.intoText())
				return nil
			},
		},
	}
}

func (a *App) boardOpen() tea.Cmd {
	b := &a.board
	if !b.lower {
		b.lower = true
		return nil
	}
	if h := b.hyp(); h != nil {
		return a.openHyp(h.ID)
	}
	a.say("no hypothesis yet; h writes one")
	return nil
}
