package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenet/index"
)

// hitLimit is how many hits are asked for at a time; the rest comes when the
// cursor gets near the end.
const hitLimit = 200

// claims is the state of the third screen: one box and what it finds.
type claims struct {
	box      box
	typing   bool // the box has the keys
	gen      int
	flying   context.CancelFunc // of the search under way
	again    bool               // the query moved on while it was
	opens    bool               // enter was pressed meanwhile: open the first hit of the answer
	asked    string             // query of the answer shown
	answered bool
	answer   searchAnswer
	list     vlist
	facetsOn bool
	facets   vlist
	filters  map[string][]string
	sort     string
	all      bool // search every kind, not claims alone
}

func (c *claims) current() *hit {
	if c.list.cur >= len(c.answer.Hits) {
		return nil
	}
	return &c.answer.Hits[c.list.cur]
}

func (a *App) startSearch(arg string) tea.Cmd {
	if arg != "" {
		a.claims.box.set(arg)
	}
	a.claims.typing = true
	if a.at != roomClaims {
		a.stale[roomClaims] = true
		return a.goTo(roomClaims)
	}
	return a.search()
}

func (a *App) loadClaims() tea.Cmd { return a.search() }

// search asks for the query in the box. One search runs at a time: a newer
// query cancels it and starts when it has ended, so that a held key never
// piles searches up.
func (a *App) search() tea.Cmd {
	c := &a.claims
	c.gen++
	if c.flying != nil {
		c.flying()
		c.again = true
		return nil
	}
	return a.fly(0)
}

// fly runs the search for hits from offset on.
func (a *App) fly(offset int) tea.Cmd {
	c := &a.claims
	ctx, cancel := context.WithCancel(a.ctx)
	c.flying, c.again = cancel, false
	gen := c.gen
	order := searchOrder{Query: c.box.query(), Limit: hitLimit, Offset: offset, Sort: c.sort, Filters: c.filters}
	if !c.all {
		order.Kinds = []string{"claim", "passage"}
	}
	return a.workIn(ctx, func(ctx context.Context) then {
		got, err := a.study.Search(ctx, order)
		cancel()
		return func(a *App) tea.Cmd { return a.landed(gen, offset, order.Query, got, err) }
	})
}

// landed takes an answer, unless the query has moved on.
func (a *App) landed(gen, offset int, query string, got searchAnswer, err error) tea.Cmd {
	c := &a.claims
	c.flying = nil
	if gen != c.gen || c.again {
		c.again = false
		return a.fly(0)
	}
	if err != nil {
		a.fail(err)
		return nil
	}
	if got.BadText != "" {
		// The last good hits stay, with the fault named below the box.
		c.answer.BadPos, c.answer.BadToken, c.answer.BadText = got.BadPos, got.BadToken, got.BadText
		return nil
	}
	if offset > 0 {
		got.Hits = append(c.answer.Hits[:offset:offset], got.Hits...)
	}
	if query != c.asked {
		c.list.to(0)
	}
	c.answer, c.asked, c.answered = got, query, true
	c.list.resize(len(got.Hits))
	c.facets.resize(len(got.Facets))
	if a.guide != nil && strings.TrimSpace(query) != "" && len(got.Hits) > 0 {
		a.guide.searched = true
	}
	if c.opens && a.at == roomClaims && a.pop == nil && a.asking == nil && c.current() != nil {
		c.opens = false
		return a.openHit()
	}
	c.opens = false
	if got.Rebuilding || got.Applied < got.Head {
		return a.lookAgain(gen)
	}
	return nil
}

// lookAgain searches once more when the index lags behind the ledger.
func (a *App) lookAgain(gen int) tea.Cmd {
	return a.after(lagWait, func(a *App) tea.Cmd {
		if a.at != roomClaims || gen != a.claims.gen || a.claims.flying != nil {
			return nil
		}
		return a.fly(0)
	})
}

// claimsType gives the box a key; it says whether the key was for the box.
func (a *App) claimsType(k, text string) (tea.Cmd, bool) {
	c := &a.claims
	c.opens = false
	switch {
	case k == "esc":
		c.typing = false
		if len(a.faults) > 0 {
			return a.back(), true
		}
		return nil, true
	case k == "enter" && c.flying != nil && c.asked != c.box.query():
		// The hits shown are of an older query: wait for those of this one.
		c.opens = true
		return nil, true
	case k == "enter":
		if h := c.current(); h != nil {
			return a.openHit(), true
		}
		c.typing = false
		return nil, true
	case k == "up" || k == "down" || k == "pgup" || k == "pgdown":
		return nil, false
	case k == "tab":
		return a.completeField(), true
	case c.box.key(k):
		return a.search(), true
	case text != "":
		if told := c.box.insert(text); told != "" {
			a.say(told)
		}
		return a.search(), true
	}
	return nil, false
}

// searchFields are the names before a colon in a query.
func searchFields() []string {
	return []string{"author:", "by:", "claim:", "kind:", "page:", "paper:", "principle:", "stance:", "status:", "tag:", "title:", "verdict:", "year:"}
}

// completeField goes on with a field's name or, after its colon, with a value
// the facets know.
func (a *App) completeField() tea.Cmd {
	b := &a.claims.box
	word := b.left[strings.LastIndexByte(b.left, ' ')+1:]
	offers := searchFields()
	if field, _, ok := strings.Cut(word, ":"); ok {
		offers = nil
		for _, f := range a.claims.answer.Facets {
			if f.Field == field {
				offers = append(offers, field+":"+quoted(f.Value))
			}
		}
	}
	var fit []string
	for _, o := range offers {
		if strings.HasPrefix(o, word) {
			fit = append(fit, o)
		}
	}
	if len(fit) == 0 {
		a.say("fields: " + strings.Join(searchFields(), " "))
		return nil
	}
	if len(fit) > 1 {
		a.say(strings.Join(fit, "  "))
	}
	b.left = strings.TrimSuffix(b.left, word) + clean(commonPrefix(fit))
	return a.search()
}

func quoted(s string) string {
	if strings.ContainsAny(s, " ()") {
		return `"` + s + `"`
	}
	return s
}

func (a *App) claimsMove(d int) tea.Cmd {
	c := &a.claims
	if c.facetsOn && !c.typing {
		c.facets.move(d)
		return nil
	}
	c.list.move(d)
	near := c.list.cur+50 >= len(c.answer.Hits) && len(c.answer.Hits) < c.answer.Total
	if near && c.flying == nil {
		c.gen++
		return a.fly(len(c.answer.Hits))
	}
	return nil
}

// openHit shows the hit where it stands.
func (a *App) openHit() tea.Cmd {
	h := a.claims.current()
	if a.claims.facetsOn && !a.claims.typing {
		return a.toggleFacet(a.claims.facets.cur)
	}
	if h == nil {
		return nil
	}
	switch h.Kind {
	case "passage":
		return a.openAt(h.PaperID, aim{page: h.Page, at: h.Start, end: h.End, words: h.matched()})
	case "claim":
		return a.openClaim(h.ID)
	}
	return a.jump(h.Kind, h.ID)
}

// matched gives the words of the snippet that fitted the query, in the
// text's own spelling.
func (h *hit) matched() []string {
	var words []string
	for rest := h.Snippet; ; {
		_, tail, found := strings.Cut(rest, index.MarkOn)
		if !found {
			return words
		}
		var word string
		word, rest, _ = strings.Cut(tail, index.MarkOff)
		if word = strings.ToLower(strings.TrimSpace(word)); word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
}

func (a *App) toggleFacet(i int) tea.Cmd {
	c := &a.claims
	if i >= len(c.answer.Facets) {
		return nil
	}
	f := c.answer.Facets[i]
	next := map[string][]string{}
	for k, v := range c.filters {
		next[k] = append([]string{}, v...)
	}
	kept := next[f.Field][:0]
	for _, v := range next[f.Field] {
		if v != f.Value {
			kept = append(kept, v)
		}
	}
	if len(kept) == len(next[f.Field]) {
		kept = append(kept, f.Value)
	}
	next[f.Field] = kept
	c.filters = next
	return a.search()
}

func (a *App) sortClaims(arg string) tea.Cmd {
	orders := []string{"score", "year", "paper", "newest"}
	at := 0
	for i, s := range orders {
		if s == a.claims.sort {
			at = i + 1
		}
		if s == arg {
			at = i
			break
		}
	}
	if a.claims.sort == "" && arg == "" {
		at = 1
	}
	a.claims.sort = orders[at%len(orders)]
	a.say("sorted by " + a.claims.sort)
	return a.search()
}
