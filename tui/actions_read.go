package tui

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

func readActions() []action {
	one := in(roomRead)
	text := func(a *App) string {
		if len(a.read.pages) == 0 {
			return "no text is open"
		}
		return ""
	}
	sentence := func(a *App) string {
		if _, _, ok := a.read.selection(); !ok {
			return "no sentence is selected"
		}
		return ""
	}
	tag := func(id, key, stance, label string, order int) action {
		return action{
			id: id, keys: []string{key}, rooms: one, label: label, order: order, event: "claim.tagged, link.added", off: sentence,
			help: "tags the sentence: it " + stance + " the current principle; the next key says the kind",
			run:  func(a *App, arg string) tea.Cmd { return a.tagFirst(stance, arg) },
		}
	}
	edge := func(last bool) func(*App) string {
		return func(a *App) string {
			switch {
			case len(a.read.pages) == 0:
				return "no text is open"
			case last && a.read.cur == len(a.read.pages)-1:
				return "this is the last page"
			case !last && a.read.cur == 0:
				return "this is the first page"
			}
			return ""
		}
	}
	do := func(f func(*App)) func(*App, string) tea.Cmd {
		return func(a *App, _ string) tea.Cmd { f(a); return nil }
	}
	return []action{
		tag("claim.supports", "+", "supports", "supports", 2),
		tag("claim.contradicts", "-", "contradicts", "contradicts", 3),
		tag("claim.qualifies", "*", "qualifies", "qualifies", 4),
		{
			id: "claim.into", keys: []string{"t"}, rooms: one, label: "into…", order: 5, event: "principle.added when new",
			help: "chooses the principle that tags go into, or makes one",
			run:  func(a *App, _ string) tea.Cmd { return a.pickPrinciple(nil) },
		},
		{
			id: "proposal.next", keys: []string{"n"}, rooms: one, label: "proposal", order: 1, off: text,
			help: "goes to the next sentence that looks like a claim", run: do(func(a *App) { a.proposalStep(1) }),
		},
		{
			id: "proposal.prev", keys: []string{"N"}, rooms: one, label: "previous", off: text,
			help: "goes to the proposal before", run: do(func(a *App) { a.proposalStep(-1) }),
		},
		{
			id: "page.next", keys: []string{"]"}, rooms: one, label: "page", order: 8, off: edge(true),
			help: "turns to the next page", run: do(func(a *App) { a.read.turn(a.read.cur + 1) }),
		},
		{
			id: "page.prev", keys: []string{"["}, rooms: one, label: "page", order: 9, off: edge(false),
			help: "turns to the page before", run: do(func(a *App) { a.read.turn(a.read.cur - 1) }),
		},
		{
			id: "page.picture", keys: []string{"p"}, rooms: one, label: "picture", order: 11, off: pictureOff,
			help: "shows the page as it is printed, and its text again",
			run:  func(a *App, _ string) tea.Cmd { return a.togglePicture() },
		},
		{
			id: "figure.next", keys: []string{"f"}, rooms: one, label: "figure", order: 12, off: figureOff,
			help: "shows the next figure or table with its caption, which the cursor goes to",
			run:  func(a *App, _ string) tea.Cmd { return a.stepFigure(1) },
		},
		{
			id: "figure.prev", keys: []string{"F"}, rooms: one, label: "figure", off: figureOff,
			help: "shows the figure or table before", run: func(a *App, _ string) tea.Cmd { return a.stepFigure(-1) },
		},
		{
			id: "paragraph.next", keys: []string{"J"}, rooms: one, label: "paragraph", off: text,
			help: "goes to the next paragraph", run: do(func(a *App) { a.paragraph(1) }),
		},
		{
			id: "paragraph.prev", keys: []string{"K"}, rooms: one, label: "paragraph", off: text,
			help: "goes to the paragraph before", run: do(func(a *App) { a.paragraph(-1) }),
		},
		{
			id: "sentence.grow", keys: []string{"shift+down", ">"}, rooms: one, label: "grow", off: sentence,
			help: "takes the next sentence into the selection, when one was split wrongly", run: do(func(a *App) { a.grow(1) }),
		},
		{
			id: "sentence.shrink", keys: []string{"shift+up", "<"}, rooms: one, label: "shrink", off: sentence,
			help: "gives the last sentence of the selection back", run: do(func(a *App) { a.grow(-1) }),
		},
		{
			id: "claim.byhand", keys: []string{"a"}, rooms: one, label: "by hand…", order: 7, event: "claim.tagged",
			help: "makes a claim in your own words, with its page, where no sentence says it",
			off: func(a *App) string {
				if a.read.paper.ID == "" {
					return "no paper is open"
				}
				return ""
			},
			run: func(a *App, arg string) tea.Cmd { return a.byHand(arg) },
		},
		{
			id: "claim.drop", keys: []string{"d"}, rooms: one, label: "drop", order: 10, event: "claim.dropped",
			help: "takes the claim on this sentence out of the count; it stays in the ledger",
			off: func(a *App) string {
				if len(a.read.pages) == 0 || a.read.claimHere() == nil {
					return "this sentence has no claim"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { return a.dropClaim() },
		},
		{
			id: "claim.list", keys: []string{"enter"}, rooms: one, label: "claims", order: 6, off: text,
			help: "lists the claims of this paper; enter goes to one",
			run:  do(func(a *App) { a.listClaims() }),
		},
		{
			id: "page.go", rooms: one, label: "page", off: text, help: "goes to a page: page go 4",
			run: func(a *App, arg string) tea.Cmd { a.goPage(arg); return nil },
		},
	}
}

func (a *App) paragraph(d int) {
	p := a.read.page()
	if k := p.paragraph(a.read.sent, d); k != a.read.sent {
		a.read.sent, a.read.more = k, 0
		return
	}
	if next := a.read.cur + d; next >= 0 && next < len(a.read.pages) {
		a.read.turn(next)
	}
}

func (a *App) grow(d int) {
	r := &a.read
	r.more = max(0, min(r.more+d, len(r.page().sentences)-1-r.sent))
}

func (a *App) goPage(arg string) {
	n, err := strconv.Atoi(strings.TrimSpace(arg))
	if err != nil || n < 1 || n > len(a.read.pages) {
		a.say(fmt.Sprintf("page go takes a number from 1 to %d", len(a.read.pages)))
		return
	}
	a.read.turn(n - 1)
}

// listClaims shows the paper's claims in a pop.
func (a *App) listClaims() {
	a.open(&pop{
		title: "claims of this paper", hint: "enter goes there · esc closes", box: &box{cap: queryCap},
		make: func(a *App, filter string) []popRow {
			var rows []popRow
			for i := range a.read.claims {
				c := a.read.claims[i]
				text := linksText(&c) + " " + outcomeWord(&c) + ": " + clean(c.Text)
				if c.Quote != "" {
					text += " “" + clean(c.Quote) + "”"
				}
				if _, ok := fuzzy(filter, c.Alias+text); c.Dropped || !ok {
					continue
				}
				rows = append(rows, popRow{left: c.Alias, text: text, note: fmt.Sprintf("p. %d", c.Page), pick: func(a *App) tea.Cmd {
					a.read.aimed = aim{page: c.Page, at: c.Start}
					a.read.aim()
					return nil
				}})
			}
			return rows
		},
	})
}
