package tui

import (
	"fmt"
	"strings"
)

func (a *App) viewTriage(w, h int) []string {
	t := &a.triage
	foot := a.triageFoot(w)
	h -= len(foot)
	switch {
	case t.loaded && len(t.all) == 0:
		return append(a.emptyBody(w, h, "No papers yet. i adds a file, a folder or a bibliography."), foot...)
	case t.loaded && len(t.shown) == 0 && t.filter == "open":
		text := fmt.Sprintf("All %s papers are screened: %s in, %s out. f shows them again, 2 Read →", count(t.counts.all), count(t.counts.in), count(t.counts.out))
		return append(a.emptyBody(w, h, text), foot...)
	case t.loaded && len(t.shown) == 0:
		return append(a.emptyBody(w, h, "No paper is "+t.filter+". f chooses what is shown."), foot...)
	case w < onePane && t.abstractOnly:
		return append(a.paperPane(w, h), foot...)
	case w < onePane:
		return append(a.paperList(w, h), foot...)
	}
	left := w * 58 / 100
	return append(a.pen.beside(a.paperList(left, h), a.paperPane(w-left-2, h)), foot...)
}

// emptyBody says what to do where there is nothing to show.
func (a *App) emptyBody(w, h int, text string) []string {
	rows := []string{a.pen.line(w).end()}
	for _, s := range a.pen.wrap(text, w-4) {
		rows = append(rows, a.pen.line(w).text("  ").text(s).end())
	}
	return a.pen.tall(rows, w, h)
}

func (a *App) paperList(w, h int) []string {
	t := &a.triage
	rows := []string{a.pen.line(w).put(a.th.dim, "   id    year  title").right(a.th.dim, "t = has text ").end()}
	lo, hi := t.list.window(h - 1)
	for i := lo; i < hi; i++ {
		p := &t.all[t.shown[i]]
		l := a.pen.line(w).sel(i == t.list.cur).text(cursor(i == t.list.cur))
		l.num(style{}, p.Alias, 5).col(a.th.dim, yearText(p.Year), 5)
		mark := paperMark(p)
		title := clean(p.Title)
		if p.Fault != "" {
			l.put(a.th.fault, "! unreadable ")
		}
		room := w - l.w - width(mark) - 1
		l.text(a.pen.fit(title, room))
		rows = append(rows, l.right(a.th.bold, mark).end())
	}
	return a.pen.tall(rows, w, h)
}

func yearText(y int) string {
	if y == 0 {
		return "–"
	}
	return fmt.Sprint(y)
}

// paperMark is the word at the end of a row: the decision, and whether there
// is a text to read.
func paperMark(p *paperRow) string {
	mark := p.Decision
	if p.HasText {
		mark += " t"
	}
	if mark != "" {
		mark += " "
	}
	return strings.TrimLeft(mark, " ")
}

func (a *App) paperPane(w, h int) []string {
	p := a.triage.current()
	if p == nil {
		return a.pen.tall(nil, w, h)
	}
	d := &a.triage.detail
	rows := a.pen.rows(a.th.bold, clean(p.Title), w)
	facts := []string{clean(p.Authors), yearText(p.Year)}
	if p.Pages > 0 {
		facts = append(facts, fmt.Sprintf("%d pages", p.Pages))
	}
	rows = append(rows, a.pen.rows(a.th.dim, strings.Join(facts, " · "), w)...)
	rows = append(rows, a.pen.line(w).end())
	if d.ID != p.ID {
		return a.pen.tall(rows, w, h)
	}
	if p.Fault != "" {
		rows = append(rows, a.pen.rows(a.th.fault, "! "+clean(p.Fault), w)...)
	}
	abstract := clean(d.Abstract)
	if abstract == "" {
		abstract = "No abstract is known."
	}
	rows = append(rows, a.pen.rows(style{}, abstract, w)...)
	rows = append(rows, a.pen.line(w).end())
	switch {
	case p.HasText:
		rows = append(rows, a.pen.rows(a.th.dim, "text: in the library, enter reads it", w)...)
	default:
		rows = append(rows, a.pen.rows(a.th.dim, "text: no PDF yet; i adds it and finds this entry by DOI, arXiv id or title", w)...)
	}
	for _, n := range d.Notes {
		rows = append(rows, a.pen.rows(style{}, clean(n), w)...)
	}
	return a.pen.tall(rows, w, h)
}

func (a *App) triageFoot(w int) []string {
	c := a.triage.counts
	l := a.pen.line(w).text(" ")
	if !a.triage.loaded {
		return []string{l.put(a.th.dim, "reading the library").end()}
	}
	done := c.all - c.open - c.maybe
	pct := 0
	if c.all > 0 {
		pct = 100 * done / c.all
	}
	l.text(fmt.Sprintf("screened %s of %s (%d %%)  in %s  out %s  maybe %s  with text %s", count(done), count(c.all), pct,
		count(c.in), count(c.out), count(c.maybe), count(c.text)))
	return []string{l.right(a.th.dim, "showing "+a.triage.filter).end()}
}
