package tui

import (
	"fmt"
	"strings"
)

func (a *App) viewClaims(w, h int) []string {
	c := &a.claims
	rows := []string{a.searchBox(w), a.searchLine(w)}
	foot := []string{a.claimsFoot(w)}
	h -= len(rows) + len(foot)
	var body []string
	switch {
	case c.answer.Off != "":
		body = a.emptyBody(w, h, "The search index cannot answer: "+clean(c.answer.Off))
	case !c.answered:
		body = a.emptyBody(w, h, "opening the index")
	case len(c.answer.Hits) == 0 && strings.TrimSpace(c.box.text()) == "" && c.answer.Of == 0:
		body = a.emptyBody(w, h, "No claims yet. 2 Read, then + - *.")
	case len(c.answer.Hits) == 0:
		body = a.emptyBody(w, h, "Nothing fits. A shorter word with * at its end, or fewer words, finds more: every word must match.")
	case c.facetsOn && w < onePane:
		body = a.facetPane(w, h)
	case w < 92 && !c.facetsOn || w < onePane:
		body = a.hitList(w, h)
	default:
		left := w * 73 / 100
		if w < 92 {
			left = w * 60 / 100
		}
		body = a.pen.beside(a.hitList(left, h), a.facetPane(w-left-2, h))
	}
	return append(append(rows, body...), foot...)
}

func (a *App) searchBox(w int) string {
	c := &a.claims
	l := a.pen.line(w).put(a.th.key, " / ")
	text := c.box.show(w-4, c.typing)
	if c.answer.BadToken == "" || c.answer.BadText == "" {
		return l.text(text).end()
	}
	if i := strings.Index(text, c.answer.BadToken); i >= 0 {
		tok := c.answer.BadToken
		return l.text(text[:i]).put(a.th.fault, "["+clean(tok)+"]").text(text[i+len(tok):]).end()
	}
	return l.text(text).end()
}

func (a *App) searchLine(w int) string {
	c := &a.claims
	l := a.pen.line(w).text(" ")
	switch {
	case c.answer.BadText != "":
		l.put(a.th.fault, "! "+clean(c.answer.BadText)).put(a.th.dim, " · the hits below are those of the last good query")
	case !c.answered:
		l.put(a.th.dim, "…")
	default:
		what := "claims and passages"
		if c.all {
			what = "things of every kind"
		}
		l.text(fmt.Sprintf("%s of %s %s · %d ms", count(c.answer.Total), count(c.answer.Of), what, c.answer.Took.Milliseconds()))
		if c.flying != nil {
			l.text(" · searching")
		}
		if n := a.filtersOn(); n > 0 {
			l.text(fmt.Sprintf(" · F shows facets (%d on)", n))
		}
	}
	order := c.sort
	if order == "" {
		order = "score"
	}
	return l.right(a.th.dim, "sorted by "+order+" (S)").end()
}

func (a *App) filtersOn() int {
	n := 0
	for _, v := range a.claims.filters {
		n += len(v)
	}
	return n
}

func (a *App) hitList(w, h int) []string {
	c := &a.claims
	tall := 1
	if w >= onePane {
		tall = 2
	}
	lo, hi := c.list.window(max(h/tall, 1))
	var rows []string
	for i := lo; i < hi; i++ {
		rows = append(rows, a.hitRows(w, tall, &c.answer.Hits[i], i == c.list.cur)...)
	}
	return a.pen.tall(rows, w, h)
}

// hitRows draws one hit: who says it where, then the words around the match.
func (a *App) hitRows(w, tall int, h *hit, on bool) []string {
	l := a.pen.line(w).sel(on).text(cursor(on))
	l.put(a.th.bold, stanceSigns(h.Stance)+" ")
	name := h.Alias
	if h.Kind == "passage" {
		name = "text"
	}
	l.col(style{}, clean(name), 5)
	l.col(style{}, clean(h.Principles), 5)
	where, whereW := clean(h.Paper), min(24, w/4)
	if h.Page > 0 { // the page is kept where the name is cut
		page := fmt.Sprintf(" p%d", h.Page)
		where = a.pen.fit(where, whereW-len(page)) + page
	}
	if h.Paper == "" {
		where = h.Kind
	}
	l.col(a.th.dim, where, whereW)
	if tall == 1 {
		a.snippet(l, h.Snippet)
		return []string{l.end()}
	}
	l.put(a.th.dim, kindWord(h.ClaimKind))
	if h.Standing != "" {
		l.put(a.th.dim, " · "+h.Standing)
	}
	if h.Kind != "passage" && h.Kind != "claim" {
		l.text(" ").text(clean(h.Title))
	}
	second := a.pen.line(w).sel(on).text("      ")
	a.snippet(second, h.Snippet)
	return []string{l.end(), second.end()}
}

func stanceSigns(s string) string {
	switch s {
	case "", "+", "-", "*":
		return (s + " ")[:1]
	}
	return stanceMark(s)
}

// snippet draws text with its matches in bold between underscores, so that
// they are seen without colour.
func (a *App) snippet(l *line, s string) {
	for s != "" {
		before, rest, found := strings.Cut(s, "\x01")
		l.text(clean(before))
		if !found {
			return
		}
		hitText, tail, _ := strings.Cut(rest, "\x02")
		l.put(a.th.match, "_"+clean(hitText)+"_")
		s = tail
	}
}

func (a *App) facetPane(w, h int) []string {
	c := &a.claims
	head := "facets, F enters"
	if c.facetsOn {
		head = "facets, enter toggles"
	}
	rows := []string{a.pen.line(w).put(a.th.dim, head).end()}
	lo, hi := c.facets.window(h - 1)
	last := ""
	for i := lo; i < hi; i++ {
		f := c.answer.Facets[i]
		on := c.facetsOn && i == c.facets.cur
		box := "[ ]"
		if f.On {
			box = "[x]"
		}
		l := a.pen.line(w).sel(on).text(cursor(on)).text(box + " ")
		label := clean(f.Value)
		if f.Field != last {
			label = f.Field + " " + label
			last = f.Field
		}
		l.text(a.pen.fit(label, w-l.w-7))
		rows = append(rows, l.right(a.th.dim, count(f.N)).end())
	}
	return a.pen.tall(rows, w, h)
}

func (a *App) claimsFoot(w int) string {
	c := &a.claims
	l := a.pen.line(w).text(" ")
	switch {
	case c.answer.Rebuilding:
		l.text(fmt.Sprintf("index rebuilding, at change %s of %s; what is there is shown", count(int(c.answer.Applied)), count(int(c.answer.Head))))
	case c.answer.Applied < c.answer.Head:
		l.text(fmt.Sprintf("index at change %s of %s", count(int(c.answer.Applied)), count(int(c.answer.Head))))
	case c.answered:
		l.text(fmt.Sprintf("index at change %s, current", count(int(c.answer.Applied))))
	}
	const fields = "fields: author claim kind page paper principle stance tag verdict year"
	if l.w+len(fields)+3 > w {
		return l.right(a.th.dim, "in the box, tab names the fields").end()
	}
	return l.right(a.th.dim, fields).end()
}
