package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// read is the state of the second screen: a paper's text under a sentence
// cursor.
type read struct {
	gen, claimGen int
	loaded        bool
	want          string // paper to show
	paper         paperRow
	pages         []page
	proposals     []proposal
	empty         string
	claims        []claimRow
	cur, sent     int // page and sentence index
	more          int // sentences the selection goes on over
	// The principle that tags go into.
	into      principleRow
	rows      []srow // layout of page cur
	rowsFor   int    // width the rows are for, 0 = none
	top       int
	stripOnly bool
	pic       picture
	figs      figures
	aimed     aim // place to show once the text is here
}

// aim is a place to put the cursor on: a rune of a page or, with words, the
// first sentence up to the rune end that holds the most of them.
type aim struct {
	page, at, end int
	words         []string
}

// where names the paper and the page, in few cells where short is set.
func (r *read) where(short bool) string {
	if r.paper.ID == "" {
		return ""
	}
	name := r.paper.Key
	if name == "" {
		name = r.paper.Alias
	}
	if len(r.pages) == 0 {
		return clean(name)
	}
	form := "%s · p. %d of %d"
	if short {
		form = "%.16s p. %d/%d"
	}
	return fmt.Sprintf(form, clean(name), r.pages[r.cur].number, len(r.pages))
}

// openPaper shows a paper in Read, at a page and rune when these are known.
func (a *App) openPaper(id string, pageNo, at int) tea.Cmd {
	return a.openAt(id, aim{page: pageNo, at: at})
}

func (a *App) openAt(id string, to aim) tea.Cmd {
	r := &a.read
	same := r.want == id && r.loaded
	r.want, r.aimed = id, to
	if same {
		r.aim()
		return a.goTo(roomRead)
	}
	r.loaded = false
	a.stale[roomRead] = true
	return a.goTo(roomRead)
}

// openClaim shows a claim at its sentence.
func (a *App) openClaim(id string) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		c, err := a.study.Claim(ctx, id)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			if c.Outcome == "" && c.Quote != "" {
				a.say(c.Alias + ": " + c.Paper + " has no PDF in the library yet; 1 Triage, i adds it and looks the quote up")
			}
			return a.openPaper(c.PaperID, c.Page, c.Start)
		}
	})
}

func (a *App) loadRead() tea.Cmd {
	r := &a.read
	if r.want == "" {
		return nil
	}
	id := r.want
	if r.loaded {
		return a.loadReadClaims(id)
	}
	text := load(a, &r.gen, func(ctx context.Context) (sheets, error) { return a.study.Sheets(ctx, id) },
		func(a *App, s sheets) tea.Cmd {
			r := &a.read
			r.paper, r.pages, r.proposals, r.empty = s.Paper, s.Pages, s.Proposals, s.Empty
			if r.figure() != nil {
				r.leaveFigure()
			}
			r.figs = figures{all: s.Figures}
			r.cur, r.sent, r.more, r.top, r.rowsFor, r.loaded = 0, 0, 0, 0, 0, true
			r.aim()
			return nil
		})
	return tea.Batch(text, a.loadReadClaims(id))
}

func (a *App) loadReadClaims(id string) tea.Cmd {
	return load(a, &a.read.claimGen, func(ctx context.Context) ([]claimRow, error) { return a.study.ClaimsOf(ctx, id) },
		func(a *App, c []claimRow) tea.Cmd { a.read.claims = c; return nil })
}

// aim puts the cursor where it was asked to be.
func (r *read) aim() {
	to := r.aimed
	if to.page == 0 || len(r.pages) == 0 {
		return
	}
	i := slices.IndexFunc(r.pages, func(p page) bool { return p.number == to.page })
	if i < 0 {
		i = 0
	}
	r.turn(i)
	switch k := r.pages[i].sentenceAt(to.at); {
	case len(to.words) > 0:
		r.sent = max(r.pages[i].sentenceWith(to.at, to.end, to.words), 0)
	case k >= 0 && to.at > 0:
		r.sent = k
	}
	r.aimed = aim{}
}

// turn shows page i from its first sentence.
func (r *read) turn(i int) {
	i = max(0, min(i, len(r.pages)-1))
	if i != r.cur {
		r.rowsFor, r.top = 0, 0
	}
	r.cur, r.sent, r.more = i, 0, 0
}

func (r *read) page() *page {
	if r.cur >= len(r.pages) {
		return nil
	}
	return &r.pages[r.cur]
}

// selection gives the runes of the marked sentence or sentences.
func (r *read) selection() (start, end int, ok bool) {
	p := r.page()
	if p == nil || r.sent >= len(p.sentences) {
		return 0, 0, false
	}
	last := min(r.sent+r.more, len(p.sentences)-1)
	return p.sentences[r.sent].start, p.sentences[last].end, true
}

// step moves by d sentences, over page ends.
func (r *read) step(d int) {
	r.more = 0
	for ; d > 0; d-- {
		p := r.page()
		switch {
		case p == nil:
			return
		case r.sent+1 < len(p.sentences):
			r.sent++
		case r.cur+1 < len(r.pages):
			r.turn(r.cur + 1)
		default:
			return
		}
	}
	for ; d < 0; d++ {
		switch {
		case r.sent > 0:
			r.sent--
		case r.cur > 0:
			r.turn(r.cur - 1)
			r.sent = max(len(r.pages[r.cur].sentences)-1, 0)
		default:
			return
		}
	}
}

// proposalStep goes to the next or previous proposed sentence.
func (a *App) proposalStep(d int) {
	r := &a.read
	at := func(p proposal) int { return p.Page<<20 | p.Sentence }
	here := r.cur<<20 | r.sent
	best := -1
	for i, p := range r.proposals {
		if d > 0 && at(p) > here && (best < 0 || at(p) < at(r.proposals[best])) ||
			d < 0 && at(p) < here && (best < 0 || at(p) > at(r.proposals[best])) {
			best = i
		}
	}
	if best < 0 {
		a.say("no proposal further on; N goes back")
		if d < 0 {
			a.say("no proposal before this one")
		}
		return
	}
	p := r.proposals[best]
	r.turn(p.Page)
	r.sent = p.Sentence
	a.say("proposed, " + p.Why)
}

// proposalHere gives the proposal under the cursor.
func (r *read) proposalHere() *proposal {
	for i := range r.proposals {
		if r.proposals[i].Page == r.cur && r.proposals[i].Sentence == r.sent {
			return &r.proposals[i]
		}
	}
	return nil
}

// claimHere gives the claim that stands where the cursor is.
func (r *read) claimHere() *claimRow {
	start, end, ok := r.selection()
	if !ok {
		return nil
	}
	for i := range r.claims {
		c := &r.claims[i]
		if !c.Dropped && c.Page == r.pages[r.cur].number && c.End > c.Start && c.Start < end && c.End > start {
			return c
		}
	}
	return nil
}

// kinds are the second key of a tag, in the study's words.
func kinds() [][2]string {
	return [][2]string{{"e", "explicit reasoning"}, {"i", "implicit reasoning"}, {"c", "conjecture"}, {"m", "empirical result"}, {"n", "negative result"}}
}

func kindWord(kind string) string {
	for _, k := range kinds() {
		if k[1] == kind {
			return map[string]string{"e": "explicit", "i": "implicit", "c": "conjecture", "m": "measured", "n": "negative"}[k[0]]
		}
	}
	return kind
}

// tagFirst is the first key of a tag: the stance. Without a principle to go
// into it asks for one first.
func (a *App) tagFirst(stance, arg string) tea.Cmd {
	r := &a.read
	if r.into.ID == "" {
		return a.pickPrinciple(func(a *App) tea.Cmd { return a.tagFirst(stance, arg) })
	}
	start, end, _ := r.selection()
	order := tagOrder{
		PaperID: r.paper.ID, Page: r.pages[r.cur].number, Start: start, End: end, Stance: stance,
		PrincipleID: r.into.ID, PrincipleAlias: r.into.Alias,
	}
	q := &ask{title: stanceMark(stance) + " " + stance + " " + r.into.Alias + ", kind?", enter: "e", cancel: "no tag"}
	for _, k := range kinds() {
		if p := r.proposalHere(); p != nil && p.Kind == k[1] {
			q.enter = k[0]
		}
		q.choices = append(q.choices, choice{k[0], kindWord(k[1]), func(a *App) tea.Cmd {
			order.Kind = k[1]
			return a.tag(order)
		}})
	}
	if arg != "" {
		for _, c := range q.choices {
			if c.key == arg || c.label == arg {
				return c.run(a)
			}
		}
	}
	a.asking = q
	return nil
}

func (a *App) tag(order tagOrder) tea.Cmd {
	return a.write(func(ctx context.Context) (saved, error) { return a.study.Tag(ctx, order) }, func(a *App, _ saved) tea.Cmd {
		if a.guide != nil {
			a.guide.tagged = true
		}
		return nil
	})
}

func stanceMark(s string) string {
	switch s {
	case "supports":
		return "+"
	case "contradicts":
		return "-"
	case "qualifies":
		return "*"
	}
	return " "
}

// pickPrinciple lets the current principle be chosen or made by its name.
func (a *App) pickPrinciple(next func(*App) tea.Cmd) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		all, err := a.study.Principles(ctx)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			a.openPicker(all, next)
			return nil
		}
	})
}

func (a *App) openPicker(all []principleRow, next func(*App) tea.Cmd) {
	use := func(a *App, p principleRow) tea.Cmd {
		a.read.into = p
		a.say("tags go into " + p.Alias + " " + p.Name)
		if next != nil {
			return next(a)
		}
		return nil
	}
	a.open(&pop{
		title: "tags into which principle?", hint: "type a name; enter takes or makes it · esc leaves", box: &box{cap: queryCap},
		make: func(_ *App, filter string) []popRow {
			var rows []popRow
			for _, p := range all {
				if _, ok := fuzzy(filter, p.Alias+" "+p.Name); ok {
					rows = append(rows, popRow{left: p.Alias, text: clean(p.Name), pick: func(a *App) tea.Cmd { return use(a, p) }})
				}
			}
			if name := strings.TrimSpace(filter); name != "" {
				rows = append(rows, popRow{left: "new", text: name, note: "makes a principle of this name", pick: func(a *App) tea.Cmd {
					return a.makePrinciple(name, use)
				}})
			}
			return rows
		},
	})
	if len(all) == 0 {
		a.say("no principle yet: type a name and press enter")
	}
}

func (a *App) makePrinciple(name string, use func(*App, principleRow) tea.Cmd) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		p, s, err := a.study.AddPrinciple(ctx, name)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			a.savedSeq = max(a.savedSeq, s.Seq)
			cmd := use(a, p)
			if a.asking == nil {
				a.say(savedLine(s))
			}
			return tea.Batch(a.reload(), cmd)
		}
	})
}

func (a *App) dropClaim() tea.Cmd {
	c := a.read.claimHere()
	id := c.ID
	return a.write(func(ctx context.Context) (saved, error) { return a.study.Drop(ctx, id) }, nil)
}
