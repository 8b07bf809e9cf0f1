package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editPrinciple lets the words of the selected principle be edited.
func (a *App) editPrinciple() tea.Cmd {
	p := a.board.current()
	id := p.ID
	return a.editForm(id, p.Alias, "", func(a *App, text string) tea.Cmd {
		return a.write(func(ctx context.Context) (saved, error) { return a.study.EditPrinciple(ctx, id, text) }, nil)
	})
}

// refinePrinciple asks for a narrower form of the selected principle, or takes its statement from the command
// line, and goes to it.
func (a *App) refinePrinciple(statement string) tea.Cmd {
	p := a.board.current()
	id := p.ID
	refine := func(a *App, text string) tea.Cmd {
		return a.write(func(ctx context.Context) (saved, error) { return a.study.RefinePrinciple(ctx, id, text) },
			func(a *App, s saved) tea.Cmd {
				a.board.wanted = s.ID // the load that write has begun puts the cursor there
				return nil
			})
	}
	if statement = strings.TrimSpace(statement); statement != "" {
		return refine(a, "statement: "+statement)
	}
	note := "# Say here what is narrower, in the statement or in the scope. The new principle starts without evidence;\n" +
		"# " + p.Alias + " stays on record as refined, with its verdicts.\n"
	return a.editForm(id, "narrow "+p.Alias, note, refine)
}

// editForm lets the form of a principle be edited, below a note, and hands what came of it to done.
func (a *App) editForm(id, title, note string, done func(*App, string) tea.Cmd) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		text, err := a.study.PrincipleText(ctx, id)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			return a.editText(title, note+text, done)
		}
	})
}

// discardPrinciple takes the selected principle out of the running, for a reason that is asked for.
func (a *App) discardPrinciple(why string) tea.Cmd {
	p := a.board.current()
	id := p.ID
	discard := func(a *App, why string) tea.Cmd {
		if why = strings.TrimSpace(why); why == "" {
			a.say("discarding needs a reason; nothing was changed")
			return nil
		}
		return a.write(func(ctx context.Context) (saved, error) { return a.study.DiscardPrinciple(ctx, id, why) }, nil)
	}
	if why != "" {
		return discard(a, why)
	}
	a.asking = &ask{title: "discard " + p.Alias + ", because:", box: &box{cap: commentCap}, cancel: p.Alias + " stays", submit: discard}
	return nil
}
