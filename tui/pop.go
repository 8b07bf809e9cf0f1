package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// pop is a list laid over the body: help, the palette, a choice, a long text.
type pop struct {
	title string
	hint  string
	box   *box // typed filter; nil for a plain text
	// make gives the rows for a filter. It is called when the filter changes,
	// never while drawing.
	make func(a *App, filter string) []popRow
	rows []popRow
	list vlist
	wide bool // rows are text to wrap, not columns
}

// popRow is one line of a pop.
type popRow struct {
	left, text, note string
	dim              bool
	pick             func(a *App) tea.Cmd // nil for a line that is only read
}

// open shows a pop.
func (a *App) open(p *pop) {
	p.fill(a)
	a.pop = p
}

func (p *pop) fill(a *App) {
	filter := ""
	if p.box != nil {
		filter = p.box.query()
	}
	p.rows = p.make(a, filter)
	p.list.resize(len(p.rows))
}

// popKey gives the open pop a key.
func (a *App) popKey(k, text string) tea.Cmd {
	p := a.pop
	switch k {
	case "esc":
		a.pop = nil
		return nil
	case "up", "ctrl+p":
		p.list.move(-1)
	case "down", "ctrl+n":
		p.list.move(1)
	case "pgup":
		p.list.move(-a.bodyHeight() + 3)
	case "pgdown":
		p.list.move(a.bodyHeight() - 3)
	case "enter":
		if p.list.cur < len(p.rows) && p.rows[p.list.cur].pick != nil {
			row := p.rows[p.list.cur]
			a.pop = nil
			return row.pick(a)
		}
		if p.box == nil {
			a.pop = nil
		}
	default:
		return a.popType(p, k, text)
	}
	return nil
}

func (a *App) popType(p *pop, k, text string) tea.Cmd {
	if p.box == nil {
		switch k {
		case "q", "?":
			a.pop = nil
		case "j":
			p.list.move(1)
		case "k":
			p.list.move(-1)
		case "g":
			p.list.to(0)
		case "G":
			p.list.to(p.list.n)
		}
		return nil
	}
	if !p.box.key(k) {
		if text == "" {
			return nil
		}
		if told := p.box.insert(text); told != "" {
			a.say(told)
		}
	}
	p.list.to(0)
	p.fill(a)
	return nil
}

// draw gives the pop's rows, h of them.
func (p *pop) draw(a *App, w, h int) []string {
	head := a.pen.line(w).put(a.th.bold, " "+p.title)
	if p.box != nil {
		head.text("  ").text(p.box.show(w-width(p.title)-4, true))
	}
	rows := []string{head.right(a.th.dim, p.hint).end()}
	if p.wide {
		return a.pen.tall(append(rows, p.drawText(a, w, h-1)...), w, h)
	}
	leftW := 0
	for _, r := range p.rows {
		leftW = max(leftW, width(r.left))
	}
	leftW = min(leftW, max(w/3, 10))
	lo, hi := p.list.window(h - 1)
	for i := lo; i < hi; i++ {
		r := p.rows[i]
		st := style{}
		if r.dim {
			st = a.th.dim
		}
		l := a.pen.line(w).sel(i == p.list.cur)
		l.text(cursor(i == p.list.cur)).col(a.th.key, r.left, leftW).put(st, r.text)
		if r.note != "" {
			l.text(" ").put(a.th.dim, "("+r.note+")")
		}
		rows = append(rows, l.end())
	}
	if len(p.rows) == 0 {
		rows = append(rows, a.pen.line(w).put(a.th.dim, "  nothing fits; backspace takes a letter back").end())
	}
	return a.pen.tall(rows, w, h)
}

// drawText wraps long text; the cursor is the first row in sight.
func (p *pop) drawText(a *App, w, h int) []string {
	var rows []string
	for i, r := range p.rows {
		if i < p.list.cur {
			continue
		}
		if r.text == "" {
			rows = append(rows, a.pen.line(w).end())
		}
		for _, s := range a.pen.wrap(r.text, w-4) {
			rows = append(rows, a.pen.line(w).text("  ").text(s).end())
		}
		if len(rows) >= h {
			break
		}
	}
	return rows[:min(len(rows), h)]
}

func cursor(on bool) string {
	if on {
		return "▸ "
	}
	return "  "
}

// readText opens a pop that shows lines to be read.
func (a *App) readText(title string, lines []string) {
	a.open(&pop{title: title, hint: "esc closes", wide: true, make: func(*App, string) []popRow {
		rows := make([]popRow, 0, len(lines))
		for _, s := range lines {
			for part := range strings.SplitSeq(cleanText(s), "\n") {
				rows = append(rows, popRow{text: part})
			}
		}
		return rows
	}})
}

// fuzzy says whether all letters of pat stand in s in order, and how tightly:
// smaller is better.
func fuzzy(pat, s string) (score int, ok bool) {
	pat, s = strings.ToLower(strings.ReplaceAll(pat, " ", "")), strings.ToLower(s)
	if i := strings.Index(s, pat); i >= 0 {
		return i, true
	}
	at, first := 0, -1
	for _, r := range pat {
		i := strings.IndexRune(s[at:], r)
		if i < 0 {
			return 0, false
		}
		if first < 0 {
			first = at + i
		}
		at += i + len(string(r))
	}
	return 100 + at - first, true
}
