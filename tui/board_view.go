package tui

import (
	"fmt"
	"strings"
)

func (a *App) viewBoard(w, h int) []string {
	b := &a.board
	foot := []string{a.boardFoot(w)}
	h--
	switch {
	case !b.loaded:
		return append(a.emptyBody(w, h, "reading the principles"), foot...)
	case len(b.rows) == 0:
		return append(a.emptyBody(w, h, "No principles. In 2 Read, t tags a sentence into a new one."), foot...)
	case w >= 92:
		left := w/2 + 1
		return append(a.pen.beside(a.principleList(left, h), a.principlePane(w-left-2, h)), foot...)
	case h < 14 && b.lower:
		return append(a.hypList(w, h), foot...)
	case h < 14:
		return append(a.principleList(w, h), foot...)
	}
	top := min(len(b.rows)+1, h/2-1)
	rows := a.principleList(w, top)
	rows = append(rows, a.scoreLine(w))
	return append(append(rows, a.hypList(w, h-top-1)...), foot...)
}

func (a *App) principleList(w, h int) []string {
	b := &a.board
	statusW, gradeW, tallyW := 11, 9, 14
	tight := w < 60
	if tight {
		statusW, gradeW, tallyW = 9, 6, 5
		for i := range b.rows {
			tallyW = max(tallyW, width(a.pen.fit(b.rows[i].Tally.text(""), w)))
		}
	}
	nameW := max(w-2-4-statusW-gradeW-tallyW-4, 8)
	head := a.pen.line(w).text("  ").col(a.th.dim, "id", 3).col(a.th.dim, "principle", nameW).col(a.th.dim, "status", statusW).col(a.th.dim, "grade", gradeW)
	rows := []string{head.put(a.th.dim, "tests").end()}
	lo, hi := b.list.window(h - 1)
	for i := lo; i < hi; i++ {
		p := &b.rows[i]
		on := i == b.list.cur
		l := a.pen.line(w).sel(on && !b.lower).text(cursor(on))
		name, status, gap := clean(p.Name), statusWord(p), " "
		if tight {
			gap = ""
			if p.Lost > 0 {
				name, status = "! "+name, clean(p.Status)
			}
		}
		l.col(style{}, p.Alias, 3).col(style{}, name, nameW)
		l.col(a.statusStyle(p.Status), status, statusW).col(style{}, gradeWord(p.Grade, gradeW), gradeW)
		rows = append(rows, l.text(p.Tally.text(gap)).end())
	}
	return a.pen.tall(rows, w, h)
}

// gradeWord shortens a grade where its column is narrow.
func gradeWord(g string, w int) string {
	g = clean(g)
	if len(g) <= w {
		return g
	}
	return strings.NewReplacer("very-low", "v.low", "moderate", "moder.").Replace(g)
}

func statusWord(p *principleRow) string {
	if p.Lost > 0 {
		return "! " + clean(p.Status)
	}
	return clean(p.Status)
}

// text shows the tally with a glyph for each verdict and gap between them.
func (t tally) text(gap string) string {
	var parts []string
	for _, x := range []struct {
		glyph string
		n     int
	}{{"✓", t.Validated}, {"✗", t.Refuted}, {"?", t.Open}, {"▶", t.Running}, {"–", t.Other}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d", x.glyph, x.n))
		}
	}
	return strings.Join(parts, gap)
}

func (a *App) statusStyle(s string) style {
	switch s {
	case "validated", "supported":
		return a.th.good
	case "refuted", "discarded":
		return a.th.bad
	}
	return style{}
}

func (a *App) principlePane(w, h int) []string {
	b := &a.board
	p := b.current()
	if p == nil {
		return a.pen.tall(nil, w, h)
	}
	rows := a.pen.rows(a.th.bold, p.Alias+" "+clean(p.Name), w)
	rows = append(rows, a.pen.rows(style{}, clean(p.Statement), w)...)
	if len(p.WhenNot) > 0 {
		rows = append(rows, a.pen.rows(a.th.dim, "do not use when: "+clean(strings.Join(p.WhenNot, " ")), w)...)
	}
	if p.Executed != "" {
		rows = append(rows, a.pen.rows(a.th.dim, clean(p.Executed), w)...)
	}
	rows = append(rows, a.pen.line(w).end())
	rows = append(rows, a.scorecard(w)...)
	rows = append(rows, a.pen.line(w).end())
	rows = append(rows, a.pen.rows(style{}, p.support(), w)...)
	rows = append(rows, a.pen.line(w).end())
	if room := h - len(rows); room < 4 {
		rows = rows[:max(h-4, 0)]
	}
	return append(rows, a.hypList(w, h-len(rows))...)
}

func (p *principleRow) support() string {
	s := fmt.Sprintf("claims %d support · %d contradict · %d qualify", p.Supports, p.Contradicts, p.Qualifies)
	if p.Lost > 0 {
		s += fmt.Sprintf(" · ! %d quote lost", p.Lost)
	}
	return s
}

// criterionW is the longest name of a criterion.
const criterionW = len("unified explanation")

func (a *App) scorecard(w int) []string {
	p := a.board.current()
	othersW := 0
	for _, s := range p.Scores {
		othersW = max(othersW, width(s.Others))
	}
	others := ""
	if othersW > 0 {
		othersW, others = max(othersW, 6), "others"
	}
	measuredW := max(w-criterionW-1-1-5-othersW, 8)
	head := a.pen.line(w).col(a.th.dim, "scorecard", criterionW).col(a.th.dim, "measured", measuredW).num(a.th.dim, "you", 4).put(a.th.dim, others)
	rows := []string{head.end()}
	for _, s := range p.Scores {
		mine := "–"
		if s.Mine >= 0 {
			mine = fmt.Sprint(s.Mine)
		}
		l := a.pen.line(w).col(style{}, clean(s.Name), criterionW).col(style{}, clean(s.Measured), measuredW)
		rows = append(rows, l.num(a.th.bold, mine, 4).text(clean(s.Others)).end())
	}
	return rows
}

// scoreLine is the scorecard in one rule, for one-pane screens.
func (a *App) scoreLine(w int) string {
	p := a.board.current()
	l := a.pen.line(w)
	if p == nil {
		return l.end()
	}
	text := "─── " + p.Alias + " ─ you"
	for _, s := range p.Scores {
		mine := "–"
		if s.Mine >= 0 {
			mine = fmt.Sprint(s.Mine)
		}
		text += " " + shortCriterion(s.Criterion) + " " + mine
	}
	text += fmt.Sprintf(" ─ claims %d+ %d- %d* ", p.Supports, p.Contradicts, p.Qualifies)
	if p.Lost > 0 {
		text += fmt.Sprintf("%d! ", p.Lost)
	}
	l.put(a.th.dim, text)
	return l.put(a.th.dim, strings.Repeat("─", max(w-l.w, 0))).end()
}

// shortCriterion names a criterion in few cells.
func shortCriterion(c string) string {
	if s := map[string]string{"validity": "valid", "accessibility": "access", "generality": "general", "guidance": "misuse", "unity": "unified"}[c]; s != "" {
		return s
	}
	return clean(c)
}

func (a *App) hypList(w, h int) []string {
	b := &a.board
	p := b.current()
	if p == nil || len(p.Hyps) == 0 {
		return a.pen.tall([]string{a.pen.line(w).put(a.th.dim, "  no hypothesis yet; h writes one").end()}, w, h)
	}
	var rows []string
	tall := 1
	if w < 60 && 2*len(p.Hyps) <= h {
		tall = 2 // a narrow pane with room: the verdict below the title
	}
	lo, hi := b.hyps.window(h / tall)
	for i := lo; i < hi; i++ {
		x := &p.Hyps[i]
		on := i == b.hyps.cur
		if tall == 2 {
			rows = append(rows, a.hypRows(w, x, on && b.lower)...)
			continue
		}
		l := a.pen.line(w).sel(on && b.lower).text(cursor(on && b.lower)).col(style{}, x.Alias, 4)
		verdict := verdictText(x)
		if w < 60 {
			verdict, _, _ = strings.Cut(verdict, ", ")
		}
		room := w - l.w - width(verdict) - 4
		if a.th.ascii {
			room -= 4
		}
		l.text(a.pen.fit(clean(x.Title), room)).text("  ")
		l.right(a.verdictStyle(x.Verdict), verdict)
		rows = append(rows, l.end())
	}
	return a.pen.tall(rows, w, h)
}

// hypRows is a hypothesis in two rows.
func (a *App) hypRows(w int, x *hypRow, on bool) []string {
	first := a.pen.line(w).sel(on).text(cursor(on)).col(style{}, x.Alias, 4).text(clean(x.Title))
	second := a.pen.line(w).sel(on).text("       ").put(a.verdictStyle(x.Verdict), verdictText(x))
	return []string{first.end(), second.end()}
}

// verdictText is the glyph and the word for where a hypothesis stands.
func verdictText(x *hypRow) string {
	word := x.Verdict
	if x.Reason != "" && word != "" {
		word += ", " + clean(x.Reason)
	}
	switch {
	case x.State == "running":
		return "▶ running"
	case x.Verdict == "validated":
		return "✓ " + word
	case x.Verdict == "refuted":
		return "✗ " + word
	case x.Verdict == "inconclusive":
		return "? " + word
	case x.Verdict == "invalid":
		return "⊘ " + word
	case x.Verdict != "":
		return "~ " + word
	case x.Locked:
		return "– locked, not run"
	}
	return "– draft"
}

func (a *App) verdictStyle(v string) style {
	switch v {
	case "validated":
		return a.th.good
	case "refuted":
		return a.th.bad
	case "inconclusive":
		return a.th.flat
	}
	return style{}
}

func (a *App) boardFoot(w int) string {
	b := &a.board
	l := a.pen.line(w).text(" ")
	valid, hyps := 0, 0
	for i := range b.rows {
		if b.rows[i].Status == "validated" {
			valid++
		}
		hyps += len(b.rows[i].Hyps)
	}
	l.text(fmt.Sprintf("%d principles · %d validated · %d hypotheses", len(b.rows), valid, hyps))
	if p := b.current(); p != nil && p.Reason != "" {
		l.text(" · ").put(a.th.dim, p.Alias+": "+clean(p.Reason)+" (w: why)")
	}
	return l.end()
}
