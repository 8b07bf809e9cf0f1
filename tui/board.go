package tui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// board is the state of the fourth screen: principles and what tests them.
type board struct {
	gen    int
	loaded bool
	rows   []principleRow
	list   vlist
	hyps   vlist
	lower  bool // the hypotheses have the keys
	wanted string
}

func (b *board) current() *principleRow {
	if b.list.cur >= len(b.rows) {
		return nil
	}
	return &b.rows[b.list.cur]
}

// hyp gives the selected hypothesis of the selected principle.
func (b *board) hyp() *hypRow {
	p := b.current()
	if p == nil || b.hyps.cur >= len(p.Hyps) {
		return nil
	}
	return &p.Hyps[b.hyps.cur]
}

// next gives the hypothesis that x runs: the selected one when the list below
// has the keys, else the first that has no verdict yet.
func (b *board) next() *hypRow {
	if b.lower {
		return b.hyp()
	}
	p := b.current()
	if p == nil {
		return nil
	}
	for i := range p.Hyps {
		if p.Hyps[i].Verdict == "" {
			return &p.Hyps[i]
		}
	}
	return nil
}

func (b *board) move(d int) {
	if b.lower {
		b.hyps.move(d)
		return
	}
	b.list.move(d)
	b.fitHyps()
}

func (b *board) fitHyps() {
	b.hyps.to(0)
	b.hyps.resize(0)
	if p := b.current(); p != nil {
		b.hyps.resize(len(p.Hyps))
	}
}

func (a *App) loadBoard() tea.Cmd {
	return load(a, &a.board.gen, a.study.Principles, func(a *App, rows []principleRow) tea.Cmd {
		b := &a.board
		keep, hyp := b.wanted, b.hyps.cur
		if keep == "" && b.current() != nil {
			keep = b.current().ID
		}
		moved := b.wanted != ""
		b.wanted, b.rows, b.loaded = "", rows, true
		b.list.resize(len(rows))
		for i := range rows {
			if rows[i].ID == keep {
				b.list.to(i)
			}
		}
		b.fitHyps()
		if !moved {
			b.hyps.to(hyp)
		}
		if a.read.into.ID != "" {
			a.renameInto(rows)
		}
		return nil
	})
}

// renameInto keeps the name of the principle that tags go into up to date, and
// forgets it when undo took it away.
func (a *App) renameInto(rows []principleRow) {
	for _, p := range rows {
		if p.ID == a.read.into.ID {
			a.read.into = p
			return
		}
	}
	a.read.into = principleRow{}
}

// score asks for a criterion, a mark and a reason.
func (a *App) score(arg string) tea.Cmd {
	p := a.board.current()
	if f := strings.Fields(arg); len(f) >= 2 {
		if n, err := strconv.Atoi(f[1]); err == nil {
			return a.putScore(p.ID, f[0], n, strings.Join(f[2:], " "))
		}
	}
	q := &ask{title: "score " + p.Alias + ", which criterion?"}
	for i, s := range p.Scores {
		q.choices = append(q.choices, choice{fmt.Sprint(i + 1), clean(s.Name), func(a *App) tea.Cmd {
			a.askMark(p.ID, p.Alias, s)
			return nil
		}})
	}
	a.asking = q
	return nil
}

func (a *App) askMark(id, alias string, s scoreRow) {
	q := &ask{title: fmt.Sprintf("%s, %s: 0 not at all … 4 fully", alias, clean(s.Name))}
	for n := 0; n <= 4; n++ {
		q.choices = append(q.choices, choice{fmt.Sprint(n), [...]string{"not at all", "little", "in part", "mostly", "fully"}[n], func(a *App) tea.Cmd {
			a.asking = &ask{title: "because (enter leaves it open):", box: &box{cap: commentCap}, submit: func(a *App, why string) tea.Cmd {
				return a.putScore(id, s.Criterion, n, why)
			}}
			return nil
		}})
	}
	a.asking = q
}

func (a *App) putScore(id, criterion string, n int, why string) tea.Cmd {
	return a.write(func(ctx context.Context) (saved, error) { return a.study.Score(ctx, id, criterion, n, why) }, nil)
}

// whyHere explains the status of what is selected in a pop.
func (a *App) whyHere(id, title string) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		lines, err := a.study.Why(ctx, id)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			a.readText("why "+title, lines)
			return nil
		}
	})
}

func (a *App) newHypothesis() tea.Cmd {
	p := a.board.current()
	id := p.ID
	return a.work(func(ctx context.Context) then {
		text, err := a.study.Template(ctx, id, "")
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			return a.editText("new hypothesis of "+p.Alias, text, func(a *App, text string) tea.Cmd {
				return a.write(func(ctx context.Context) (saved, error) { return a.study.SaveHypothesis(ctx, id, "", text) },
					func(a *App, s saved) tea.Cmd {
						if s.ID == "" {
							return nil
						}
						return a.openHyp(s.ID)
					})
			})
		}
	})
}
