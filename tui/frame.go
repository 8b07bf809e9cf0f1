package tui

import (
	"fmt"
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Least size that a screen is drawn at.
const (
	minWidth  = 40
	minHeight = 10
	// onePane is the width under which a screen shows one pane at a time.
	onePane = 72
)

// View gives the frame. It is drawn again only when something has changed.
func (a *App) View() tea.View {
	if !a.framed {
		a.frame = strings.Join(a.draw(), "\n")
		a.framed = true
	}
	v := tea.NewView(a.frame)
	v.AltScreen = true
	v.WindowTitle = "tenet " + a.at.String()
	v.ProgramStatus = a.programStatus()
	return v
}

func (a *App) programStatus() *tea.ProgramStatus {
	if a.live == nil || a.quitting {
		return nil
	}
	return &tea.ProgramStatus{State: tea.ProgramStateWorking}
}

// bodyHeight is the height between the rule and the status line.
func (a *App) bodyHeight() int { return max(a.h-4, 0) }

func (a *App) draw() []string {
	w, h := a.w, a.h
	if w <= 0 || h <= 0 {
		return nil
	}
	if w < minWidth || h < minHeight {
		rows := []string{a.pen.line(w).text(fmt.Sprintf("tenet needs %d×%d, this is %d×%d", minWidth, minHeight, w, h)).end()}
		return a.pen.tall(rows, w, h)
	}
	rows := []string{a.drawTabs(w), a.pen.rule("─", w)}
	rows = append(rows, a.drawBody(w, h-4)...)
	return append(rows, a.drawStatus(w), a.drawKeys(w))
}

func (a *App) drawTabs(w int) string {
	l := a.pen.line(w).put(a.th.bold, " tenet")
	narrow := w < 56
	for r := range rooms {
		name := fmt.Sprintf("%d %s", r+1, r)
		switch {
		case r == a.at:
			l.text(" ").put(a.th.bold, "["+name+"]")
		case narrow:
			l.text(fmt.Sprintf(" %d", r+1))
		case w < 92:
			l.text(" " + name)
		default:
			l.text("  " + name + " ")
		}
	}
	if corner := a.corner(); w-l.w > min(width(corner), 12) {
		l.right(a.th.dim, corner)
	}
	return l.end()
}

// corner is what the top right says: a live run from anywhere, else the thing
// in front.
func (a *App) corner() string {
	if a.live != nil && a.at != roomLab {
		return "▶ " + a.live.alias + " " + a.live.seen.phase()
	}
	switch a.at {
	case roomRead:
		return a.read.where(a.w < 92)
	case roomLab:
		return a.lab.where()
	case roomTrace:
		return a.trace.name
	}
	return "library " + clean(a.study.Name())
}

func (a *App) drawBody(w, h int) []string {
	if a.editing != nil {
		return a.editing.draw(a, w, h)
	}
	if a.pop != nil {
		return a.pop.draw(a, w, h)
	}
	var rows []string
	if a.guide != nil {
		rows = a.guide.draw(a, w, h)
		h -= len(rows)
	}
	switch a.at {
	case roomTriage:
		rows = append(rows, a.viewTriage(w, h)...)
	case roomRead:
		rows = append(rows, a.viewRead(w, h)...)
	case roomClaims:
		rows = append(rows, a.viewClaims(w, h)...)
	case roomBoard:
		rows = append(rows, a.viewBoard(w, h)...)
	case roomLab:
		rows = append(rows, a.viewLab(w, h)...)
	case roomTrace:
		rows = append(rows, a.viewTrace(w, h)...)
	}
	return rows
}

// drawStatus gives the right of way to an unread error, then a question, then
// progress, then the last word said.
func (a *App) drawStatus(w int) string {
	l := a.pen.line(w).text(" ")
	switch {
	case len(a.faults) > 0:
		more := ""
		if n := len(a.faults) - 1; n > 0 {
			more = fmt.Sprintf("(%d more) ", n)
		}
		l.put(a.th.fault, "! ").put(a.th.fault, more+a.faults[0])
		if width(a.faults[0])+width(more)+22 < w {
			l.right(a.th.dim, "esc: read · ! shows all")
		}
	case a.asking != nil && a.asking.box != nil:
		l.put(a.th.bold, a.asking.title+" ")
		l.text(a.asking.box.show(w-width(a.asking.title)-3, true))
	case a.asking != nil:
		l.put(a.th.bold, a.asking.title)
	case a.long.What != "":
		l.text(a.long.line())
	default:
		l.text(a.status)
		if a.busy > 0 && width(a.status)+12 < w && a.live == nil {
			l.right(a.th.dim, "working")
		}
	}
	return l.end()
}

func (p progress) line() string {
	if p.Total > 0 {
		stop := p.Stop
		if stop == "" {
			stop = "esc stops, keeps what is done"
		}
		return fmt.Sprintf("%s: %s of %s (%d %%) · %s", p.What, count(p.Done), count(p.Total), 100*p.Done/p.Total, stop)
	}
	return p.What
}

// drawKeys cuts the key line from the action table, most used first, ? last.
func (a *App) drawKeys(w int) string {
	l := a.pen.line(w).text(" ")
	if a.editing != nil {
		return l.put(a.th.dim, "ctrl+s saves  esc leaves without saving").end()
	}
	if a.pop != nil {
		return l.put(a.th.dim, a.pop.hint).end()
	}
	if a.asking != nil {
		a.drawChoices(l)
		return l.end()
	}
	if a.at == roomClaims && a.claims.typing {
		return l.put(a.th.dim, "type to search  enter opens  ↑↓ choose  tab completes  esc to the list  alt+1…6").end()
	}
	var rows []*action
	for i := range a.table {
		if x := &a.table[i]; x.order > 0 && x.rooms.has(a.at) {
			rows = append(rows, x)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].order < rows[j].order })
	const help = "? help"
	for _, x := range rows {
		k := x.key()
		if x.off != nil && x.off(a) != "" {
			if l.w+width(k)+width(x.label)+5+len(help) < w {
				l.put(a.th.dim, "("+k+" "+x.label+")  ")
			}
			continue
		}
		if l.w+width(k)+width(x.label)+3+len(help) >= w {
			continue
		}
		l.put(a.th.key, k).text(" " + x.label + "  ")
	}
	return l.put(a.th.key, "?").text(" help").end()
}

func (a *App) drawChoices(l *line) {
	q := a.asking
	if q.box != nil {
		hint := "enter takes it  esc leaves"
		if q.complete != nil {
			hint = "enter takes it  tab completes  esc leaves"
		}
		if len(q.offers) > 1 {
			hint = strings.Join(q.offers, "  ")
		}
		l.put(a.th.dim, clean(hint))
		return
	}
	for _, c := range q.choices {
		l.put(a.th.key, c.key).text(" " + c.label + "  ")
	}
	if q.enter != "" {
		l.put(a.th.key, "enter").text(" = " + q.enter + "  ")
	}
	l.put(a.th.key, "esc")
	if l.max-l.w > len(" leaves") {
		l.text(" leaves")
	}
}
