package tui

import (
	"fmt"
	"strings"
)

func (a *App) viewTrace(w, h int) []string {
	t := &a.trace
	foot := []string{a.traceFoot(w)}
	h--
	switch {
	case !t.loaded:
		return append(a.emptyBody(w, h, "following the chain"), foot...)
	case len(t.rows) == 0:
		return append(a.emptyBody(w, h, "Nothing to trace yet. w on a hypothesis in 4 Board or 5 Lab lands here."), foot...)
	case w >= 92:
		left := w * 66 / 100
		return append(a.pen.beside(a.traceTree(left, h), a.tracePane(w-left-2, h)), foot...)
	}
	return append(a.traceTree(w, h), foot...)
}

func (a *App) traceTree(w, h int) []string {
	t := &a.trace
	lo, hi := t.list.window(h)
	var rows []string
	for i := lo; i < hi; i++ {
		r := t.rows[i]
		sign := "  "
		if len(r.node.Children) > 0 {
			sign = "▾ "
			if t.folded[r.path] {
				sign = "▸ "
			}
		}
		end := stateText(r.node)
		l := a.pen.line(w).sel(i == t.list.cur).text(cursor(i == t.list.cur))
		l.text(strings.Repeat("  ", min(r.depth, w/6)) + sign)
		label := clean(r.node.Label)
		l.text(a.pen.fit(label, w-l.w-width(end)-3))
		rows = append(rows, l.right(a.stateStyle(r.node.State), end+" ").end())
	}
	return a.pen.tall(rows, w, h)
}

func stateText(n *traceNode) string {
	var parts []string
	if n.Seq > 0 {
		parts = append(parts, "change "+count(int(n.Seq)))
	}
	switch n.State {
	case "":
	case "changed":
		parts = append(parts, "! changed since")
	case "missing", "lost", "moved", "ambiguous":
		parts = append(parts, "! "+n.State)
	default:
		parts = append(parts, clean(n.State))
	}
	return strings.Join(parts, "  ")
}

func (a *App) stateStyle(s string) style {
	switch s {
	case "changed", "missing", "lost", "moved", "ambiguous":
		return a.th.fault
	}
	return a.th.dim
}

// tracePane shows everything of the selected node.
func (a *App) tracePane(w, h int) []string {
	n := a.trace.current()
	var rows []string
	rows = append(rows, a.pen.rows(a.th.bold, clean(n.Label), w)...)
	rows = append(rows, a.pen.line(w).end())
	for _, f := range [][2]string{{"what", n.Kind}, {"name", n.Alias}, {"state", stateText(n)}, {"digest", n.Digest}} {
		if f[1] == "" {
			continue
		}
		for i, s := range a.pen.wrap(clean(f[1]), w-9) {
			name := f[0]
			if i > 0 {
				name = ""
			}
			rows = append(rows, a.pen.line(w).col(a.th.dim, name, 8).text(s).end())
		}
	}
	return a.pen.tall(rows, w, h)
}

func (a *App) traceFoot(w int) string {
	t := &a.trace
	l := a.pen.line(w).text(" ")
	switch {
	case t.checked && len(t.findings) > 0:
		l.put(a.th.fault, fmt.Sprintf("! %d findings", len(t.findings))).text(" at the last check; ! shows them")
	case t.checked:
		l.put(a.th.good, "✓ intact").text(" at the last check")
	default:
		l.put(a.th.dim, "not checked since the program started; V checks everything")
	}
	return l.end()
}
