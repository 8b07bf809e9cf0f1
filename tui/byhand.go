package tui

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// byHand asks for a claim in the reader's own words: the words, the page, the
// kind and, when tags go into a principle, how the claim bears on it. It is
// for what no sentence says, and for papers without a text.
func (a *App) byHand(arg string) tea.Cmd {
	r := &a.read
	o := handOrder{PaperID: r.paper.ID}
	if strings.TrimSpace(arg) != "" {
		return a.handPage(o, arg)
	}
	a.asking = &ask{
		title: "the claim in your own words:", box: &box{cap: commentCap}, cancel: "no claim made",
		submit: func(a *App, text string) tea.Cmd { return a.handPage(o, text) },
	}
	return nil
}

func (a *App) handPage(o handOrder, text string) tea.Cmd {
	if o.Text = strings.TrimSpace(text); o.Text == "" {
		a.say("a claim needs words; none made")
		return nil
	}
	q := &ask{title: "on which page? (empty = unknown)", box: &box{cap: queryCap}, cancel: "no claim made"}
	if p := a.read.page(); p != nil {
		q.box.set(strconv.Itoa(p.number))
	}
	q.submit = func(a *App, s string) tea.Cmd {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if strings.TrimSpace(s) != "" && (err != nil || n < 1) {
			a.say(s + " is no page; pages count from 1")
			a.asking = q
			return nil
		}
		o.Page = n
		a.askHandKind(o)
		return nil
	}
	a.asking = q
	return nil
}

func (a *App) askHandKind(o handOrder) {
	q := &ask{title: "claim by hand, kind?", enter: "e", cancel: "no claim made"}
	for _, k := range kinds() {
		q.choices = append(q.choices, choice{k[0], kindWord(k[1]), func(a *App) tea.Cmd {
			o.Kind = k[1]
			if a.read.into.ID == "" {
				return a.putByHand(o)
			}
			a.askHandStance(o)
			return nil
		}})
	}
	a.asking = q
}

func (a *App) askHandStance(o handOrder) {
	into := a.read.into
	q := &ask{title: "for " + into.Alias + "?", enter: "o", cancel: "no claim made"}
	for _, s := range stances() {
		q.choices = append(q.choices, choice{stanceMark(s), s, func(a *App) tea.Cmd {
			o.Stance, o.PrincipleID, o.PrincipleAlias = s, into.ID, into.Alias
			return a.putByHand(o)
		}})
	}
	q.choices = append(q.choices, choice{"o", "no principle", func(a *App) tea.Cmd { return a.putByHand(o) }})
	a.asking = q
}

func (a *App) putByHand(o handOrder) tea.Cmd {
	return a.write(func(ctx context.Context) (saved, error) { return a.study.ByHand(ctx, o) }, nil)
}

// stances are what a claim may be to a principle.
func stances() []string { return []string{"supports", "contradicts", "qualifies"} }
