package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// globalActions are the rows that every screen has.
func globalActions() []action {
	rows := []action{
		{
			id: "search", keys: []string{"/"}, label: "find", order: 80, help: "goes to Claims and searches as you type",
			run: func(a *App, arg string) tea.Cmd { return a.startSearch(arg) },
		},
		{
			id: "palette", keys: []string{":"}, label: "cmd", order: 85, help: "finds any action by its words",
			run: func(a *App, _ string) tea.Cmd { a.openPalette(); return nil },
		},
		{
			id: "help", keys: []string{"?"}, label: "help", help: "lists the keys of this screen; enter runs one",
			run: func(a *App, _ string) tea.Cmd { a.openHelp(); return nil },
		},
		{
			id: "undo", keys: []string{"u"}, label: "undo", order: 70, event: "the inverse change",
			help: "takes back your last change, as a change of its own",
			run:  func(a *App, _ string) tea.Cmd { return a.write(a.study.Undo, nil) },
		},
		{
			id: "redo", keys: []string{"ctrl+r"}, label: "redo", event: "the change again",
			help: "does again what undo took back",
			run:  func(a *App, _ string) tea.Cmd { return a.write(a.study.Redo, nil) },
		},
		{
			id: "comment", keys: []string{"c"}, label: "comment", order: 75, event: "comment.added",
			help: "writes a comment on what is selected", off: commentOff,
			run: func(a *App, arg string) tea.Cmd { return a.comment(arg) },
		},
		{
			id: "open.external", keys: []string{"o"}, label: "open outside", off: outsideOff,
			help: "opens the paper's PDF, or its link, in another program", run: func(a *App, _ string) tea.Cmd { return a.openOutside() },
		},
		{
			id: "open.name", label: "open", help: "goes to a thing by its name: open H05, or H05 alone, open P2, open C104, open he2016",
			run: func(a *App, arg string) tea.Cmd { return a.openName(arg) },
		},
		{
			id: "run.named", label: "run", help: "runs a hypothesis by its name: run H05", event: "as run",
			run: func(a *App, arg string) tea.Cmd { return a.runNamed(arg, false) },
		},
		{
			id: "explore.named", label: "explore", help: "runs a hypothesis without a lock, for a look: explore H05",
			run: func(a *App, arg string) tea.Cmd { return a.runNamed(arg, true) },
		},
		{
			id: "run.repeat", label: "repeat", help: "trains a decided hypothesis' recorded trials again and compares the bits: run repeat H05; nothing is recorded",
			run: func(a *App, arg string) tea.Cmd { return a.againNamed(arg, (*App).againOff, (*App).startRepeat) },
		},
		{
			id: "run.replicate", label: "replicate", help: "runs a decided plan under new seeds, with a lock and a verdict of its own: run replicate H05", event: "hypothesis.added, as run",
			run: func(a *App, arg string) tea.Cmd { return a.againNamed(arg, (*App).replicateOff, (*App).startReplicate) },
		},
		{
			id: "trace.name", label: "why", help: "traces a thing by its name: why H05",
			run: func(a *App, arg string) tea.Cmd { return a.traceNamed(arg) },
		},
		{
			id: "messages", keys: []string{"!"}, label: "errors", help: "shows every error in full; esc then counts them as read",
			off: func(a *App) string {
				if len(a.faults)+len(a.oldFaults) == 0 {
					return "there was no error"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { a.showFaults(); return nil },
		},
		{
			id: "guide", keys: []string{"f1"}, label: "guide", help: "hides or shows the first steps",
			off: func(a *App) string {
				if a.guide == nil {
					return "this library was not made by tenet demo"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { a.guide.hidden = !a.guide.hidden; return nil },
		},
		{
			id: "back", keys: []string{"esc"}, label: "back", help: "marks an error as read, else leaves a box or a pane",
			run: func(a *App, _ string) tea.Cmd { return a.back() },
		},
		{
			id: "pane.next", keys: []string{"tab"}, label: "pane", help: "moves to the other pane",
			off: paneOff, run: func(a *App, _ string) tea.Cmd { a.turnPane(); return nil },
		},
		{
			id: "redraw", keys: []string{"ctrl+l"}, label: "redraw", help: "draws the screen anew",
			run: func(a *App, _ string) tea.Cmd { return tea.ClearScreen },
		},
		{
			id: "suspend", keys: []string{"ctrl+z"}, label: "suspend", help: "puts the program to sleep until fg",
			run: func(a *App, _ string) tea.Cmd { return tea.Suspend },
		},
		{
			id: "quit", keys: []string{"q", "ctrl+c"}, label: "quit", order: 90,
			help: "leaves at once; a live run keeps its finished trials",
			run:  func(a *App, _ string) tea.Cmd { return a.quit() },
		},
	}
	for r := range rooms {
		rows = append(rows, action{
			id: "screen." + strings.ToLower(r.String()), keys: []string{string(rune('1' + r))},
			label: r.String(), help: "shows " + r.String() + "; alt+" + string(rune('1'+r)) + " also from inside a text box",
			run: func(a *App, _ string) tea.Cmd { return a.turnTo(r) },
		})
	}
	rows = append(rows, moveActions()...)
	for i := range rows {
		rows[i].rooms = everywhere
	}
	return rows
}

func moveActions() []action {
	move := func(id, help string, d func(*App) int, keys ...string) action {
		return action{id: id, keys: keys, label: id, help: help, run: func(a *App, _ string) tea.Cmd { return a.move(d(a)) }}
	}
	const far = 1 << 30
	return []action{
		move("move.down", "one row, in Read one sentence, down", func(*App) int { return 1 }, "down", "j"),
		move("move.up", "one row, in Read one sentence, up", func(*App) int { return -1 }, "up", "k"),
		move("move.page.down", "one screen down", func(a *App) int { return max(a.bodyHeight()-4, 1) }, "pgdown"),
		move("move.page.up", "one screen up", func(a *App) int { return -max(a.bodyHeight()-4, 1) }, "pgup"),
		move("move.first", "to the first", func(*App) int { return -far }, "g", "home"),
		move("move.last", "to the last", func(*App) int { return far }, "G", "end"),
	}
}

// move goes d rows down in what has the keys.
func (a *App) move(d int) tea.Cmd {
	switch a.at {
	case roomTriage:
		a.triage.list.move(d)
		return a.loadAbstract()
	case roomRead:
		a.read.step(d)
	case roomClaims:
		return a.claimsMove(d)
	case roomBoard:
		a.board.move(d)
	case roomLab:
		return a.labMove(d)
	case roomTrace:
		a.trace.list.move(d)
	}
	return nil
}

// back reads the oldest error, else leaves what is innermost.
func (a *App) back() tea.Cmd {
	if len(a.faults) > 0 {
		a.oldFaults = append(a.oldFaults, a.faults[0])
		a.faults = a.faults[1:]
		return nil
	}
	if a.long.What != "" && a.triage.stopAdd != nil {
		a.triage.stopAdd()
		return nil
	}
	if a.long.What != "" && a.trace.stop != nil {
		a.trace.stop()
		return nil
	}
	if a.long.What != "" && a.lab.stop != nil {
		a.lab.stop()
		return nil
	}
	switch a.at {
	case roomTriage:
		a.triage.abstractOnly = false
	case roomClaims:
		a.claims.facetsOn = false
	case roomBoard:
		a.board.lower = false
	case roomRead:
		a.read.stripOnly = false
		if a.read.figure() != nil {
			a.read.figs.paged = false
			a.read.leaveFigure()
		}
	case roomLab:
		a.lab.planOnly = false
	}
	return nil
}

func (a *App) showFaults() {
	lines := append([]string{}, a.faults...)
	lines = append(lines, a.oldFaults...)
	a.oldFaults = append(a.faults, a.oldFaults...)
	a.faults = nil
	a.readText("errors, newest unread first", lines)
}

func paneOff(a *App) string {
	switch a.at {
	case roomBoard:
		return ""
	case roomTriage, roomRead, roomLab:
		if a.w < onePane {
			return ""
		}
	case roomClaims:
		if len(a.claims.answer.Facets) > 0 {
			return ""
		}
		return "no facets yet"
	}
	return "there is one pane here"
}

func (a *App) turnPane() {
	switch a.at {
	case roomBoard:
		a.board.lower = !a.board.lower
	case roomTriage:
		a.triage.abstractOnly = !a.triage.abstractOnly
	case roomRead:
		a.read.stripOnly = !a.read.stripOnly
	case roomLab:
		a.lab.planOnly = !a.lab.planOnly
	case roomClaims:
		a.claims.facetsOn = !a.claims.facetsOn
	}
}

// selected names what a comment would go to.
func (a *App) selected() (kind, id, name string) {
	switch a.at {
	case roomTriage:
		if p := a.triage.current(); p != nil {
			return "paper", p.ID, p.Alias
		}
	case roomRead:
		if c := a.read.claimHere(); c != nil {
			return "claim", c.ID, c.Alias
		}
		if a.read.paper.ID != "" {
			return "paper", a.read.paper.ID, a.read.paper.Alias
		}
	case roomClaims:
		if h := a.claims.current(); h != nil && (h.Kind == "claim" || h.Kind == "paper" || h.Kind == "principle" || h.Kind == "hypothesis") {
			return h.Kind, h.ID, h.Alias
		}
	case roomBoard:
		if h := a.board.hyp(); h != nil && a.board.lower {
			return "hypothesis", h.ID, h.Alias
		}
		if p := a.board.current(); p != nil {
			return "principle", p.ID, p.Alias
		}
	case roomLab:
		if a.lab.hyp.ID != "" {
			return "hypothesis", a.lab.hyp.ID, a.lab.hyp.Alias
		}
	case roomTrace:
		if n := a.trace.current(); n != nil && n.ID != "" && n.Kind != "run" {
			return n.Kind, n.ID, n.Alias
		}
	}
	return "", "", ""
}

func commentOff(a *App) string {
	if _, id, _ := a.selected(); id == "" {
		return "nothing is selected to comment on"
	}
	return ""
}

func (a *App) comment(arg string) tea.Cmd {
	kind, id, name := a.selected()
	put := func(a *App, text string) tea.Cmd {
		if strings.TrimSpace(text) == "" {
			a.say("no comment written")
			return nil
		}
		return a.write(func(ctx context.Context) (saved, error) { return a.study.Comment(ctx, kind, id, text) }, nil)
	}
	if arg != "" {
		return put(a, arg)
	}
	a.asking = &ask{title: "comment on " + name + ":", box: &box{cap: commentCap}, submit: put}
	return nil
}

// openName shows the thing a name stands for, on the screen where it lives.
func (a *App) openName(name string) tea.Cmd {
	name = strings.TrimSpace(name)
	if name == "" {
		a.asking = &ask{
			title: "open (H05, P2, C104, he2016):", box: &box{cap: queryCap},
			submit: func(a *App, text string) tea.Cmd { return a.openName(text) },
		}
		return nil
	}
	return a.work(func(ctx context.Context) then {
		kind, id, err := a.study.Resolve(ctx, name)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			return a.jump(kind, id)
		}
	})
}

// jump shows a thing by kind and id.
func (a *App) jump(kind, id string) tea.Cmd {
	switch kind {
	case "paper":
		return a.openPaper(id, 0, 0)
	case "claim":
		return a.openClaim(id)
	case "principle":
		a.board.wanted = id
		a.stale[roomBoard] = true
		return a.goTo(roomBoard)
	case "hypothesis":
		return a.openHyp(id)
	}
	a.say("a " + kind + " has no screen of its own")
	return nil
}
