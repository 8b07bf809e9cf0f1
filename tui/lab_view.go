package tui

import (
	"fmt"
	"strings"
	"time"
)

func (a *App) viewLab(w, h int) []string {
	l := &a.lab
	switch {
	case !l.loaded:
		return a.emptyBody(w, h, "reading the hypotheses")
	case l.hyp.ID == "":
		return a.emptyBody(w, h, "No hypothesis yet. In 4 Board, h writes one from a template.")
	}
	foot := a.labFoot(w, h)
	h -= len(foot)
	switch {
	case w < onePane && l.planOnly:
		return append(a.planPane(w, h), foot...)
	case w < onePane:
		return append(a.evidencePane(w, h), foot...)
	case w < 92:
		head := a.planHead(w)
		return append(append(head, a.evidencePane(w, h-len(head))...), foot...)
	}
	left := w * 47 / 100
	return append(a.pen.beside(a.planPane(left, h), a.evidencePane(w-left-2, h)), foot...)
}

// planHead is the plan in three rows.
func (a *App) planHead(w int) []string {
	x := &a.lab.hyp
	short, _, _ := strings.Cut(lockText(x), ",")
	return []string{
		a.pen.line(w).text(" ").put(a.th.bold, x.Alias+" "+clean(x.Title)).text(" · " + short).end(),
		a.pen.line(w).text(" " + clean(x.Estimand) + " · " + clean(x.Direction) + " · Δ " + x.Delta + fmt.Sprintf(" · blocks %d to %d", x.NMin, x.NMax)).end(),
		a.pen.rule("─", w),
	}
}

func lockText(x *hypDetail) string {
	if x.Locked {
		return "locked " + x.Lock + "…, confirmatory"
	}
	return "draft, not locked"
}

// planPane is the whole plan, scrolled by the move keys.
func (a *App) planPane(w, h int) []string {
	x := &a.lab.hyp
	var rows []string
	for _, s := range a.pen.wrap(x.Alias+" "+clean(x.Title), w-2) {
		rows = append(rows, a.pen.line(w).text(" ").put(a.th.bold, s).end())
	}
	rows = append(rows, a.pen.line(w).put(a.th.dim, " "+lockText(x)+versionText(x)).end(), a.pen.line(w).end())
	for _, s := range a.pen.wrap(clean(x.Statement), w-2) {
		rows = append(rows, a.pen.line(w).text(" ").text(s).end())
	}
	rows = append(rows, a.pen.line(w).end())
	field := func(name, value string) {
		if value == "" {
			return
		}
		for i, s := range a.pen.wrap(clean(value), w-12) {
			if i > 0 {
				name = ""
			}
			rows = append(rows, a.pen.line(w).text(" ").col(a.th.dim, name, 9).text(s).end())
		}
	}
	field("estimand", x.Estimand)
	field("metric", x.Metric+" on "+x.Task)
	field("claim", x.Direction)
	field("Δ", x.Delta+", the smallest worth having")
	for i, arm := range x.Arms {
		name := "arms"
		if i > 0 {
			name = " "
		}
		field(name, arm)
	}
	field("blocks", fmt.Sprintf("%d to %d, each 1 seed × %d arms", x.NMin, x.NMax, max(len(x.Arms), 1)))
	field("expected", x.Expected)
	field("controls", x.Controls)
	list := func(name string, texts []string) {
		for _, text := range texts {
			field(name, text)
			name = " "
		}
	}
	list("at lock", x.AtLock)
	list("beside", x.Beside)
	list("departed", x.Departures)
	if ds := a.dText(); ds != "" {
		field("D", ds)
	}
	field("missing", x.Missing)
	field("because", x.Rationale)
	a.lab.top = max(0, min(a.lab.top, len(rows)-h))
	return a.pen.tall(rows[a.lab.top:], w, h)
}

func versionText(x *hypDetail) string {
	if x.Version > 1 {
		return fmt.Sprintf(" · version %d", x.Version)
	}
	return ""
}

// dText lists the blocks' contrasts.
func (a *App) dText() string {
	blocks, _ := a.evidence()
	var parts []string
	for _, b := range blocks {
		parts = append(parts, b.D)
	}
	return strings.Join(parts, " ")
}

// previewPane says before the run what it would show and cost.
func (a *App) previewPane(w, h int) []string {
	rows := []string{a.pen.line(w).put(a.th.dim, "before the run").end(), a.pen.line(w).end()}
	if a.lab.preview == nil {
		return a.pen.tall(append(rows, a.pen.line(w).put(a.th.dim, "working out the cost").end()), w, h)
	}
	for _, s := range a.lab.preview {
		rows = append(rows, a.pen.rows(style{}, clean(s), w)...)
	}
	return a.pen.tall(rows, w, h)
}

// labFoot is the verdict banner, the progress of a run, or what x would do.
func (a *App) labFoot(w, h int) []string {
	x := &a.lab.hyp
	switch {
	case a.liveHere():
		return a.progressRows(w)
	case a.againHere():
		return a.againRows(w)
	case x.Verdict != "":
		return a.banner(w, h)
	case x.RunState == "stopped":
		return []string{a.pen.line(w).text(fmt.Sprintf(" %s stopped after %d blocks; x resumes, nothing finished is trained again", x.RunAlias, len(x.Blocks))).end()}
	case x.Locked:
		return []string{a.pen.line(w).text(" locked and not run yet; x runs it").end()}
	case x.Missing != "":
		return []string{a.pen.line(w).put(a.th.fault, " ! ").text(clean(x.Missing) + "; e edits the plan").end()}
	}
	return []string{a.pen.line(w).text(" the plan is complete; x locks it and runs it").end()}
}

// progressRows tell how far a live run is.
func (a *App) progressRows(w int) []string {
	s := &a.live.seen
	word := "▶ running"
	switch {
	case a.live.stopping:
		word = "▶ stopping"
	case a.live.exploratory:
		word = "~ exploratory"
	}
	l := a.pen.line(w).text(" ").put(a.th.bold, word)
	if s.block > 0 {
		l.text(fmt.Sprintf("  trial %d  block %d of ≤ %d", s.done+1, s.block, a.lab.hyp.NMax))
	} else {
		l.text("  building the graphs")
	}
	if s.rate > 0 {
		l.text(fmt.Sprintf("  %.0f steps/s", s.rate))
	}
	if s.eta > 0 {
		l.text("  first verdict possible in about " + plainTime(s.eta))
	}
	m := a.pen.line(w).text(" ")
	if s.steps > 0 {
		m.text(a.bar(s.step, s.steps, 20) + fmt.Sprintf(" %s seed %d arm %s step %d of %d", s.run, s.block, clean(s.arm), s.step, s.steps))
	} else {
		m.text(clean(s.note))
	}
	return []string{l.end(), m.end()}
}

func (a *App) bar(done, total, w int) string {
	n := max(0, min(w, done*w/max(total, 1)))
	return strings.Repeat("█", n) + strings.Repeat("░", w-n)
}

func plainTime(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", int(d.Seconds()+0.5))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// banner is the verdict in plain words.
func (a *App) banner(w, h int) []string {
	x := &a.lab.hyp
	word := verdictText(&x.hypRow)
	glyph, rest, _ := strings.Cut(word, " ")
	verdict, tail, _ := strings.Cut(rest, ",")
	loud := glyph + " " + strings.ToUpper(verdict)
	if tail != "" {
		loud += "," + tail
	}
	rows := []string{a.pen.rule("═", w)}
	rows = append(rows, a.pen.line(w).text(" ").put(a.verdictStyle(x.Verdict), loud).text("   "+clean(x.Note)).end())
	if h >= 12 && len(x.VerdictLines) > 0 {
		said := a.pen.wrap(clean(x.VerdictLines[0]), w-2)
		for _, s := range said[:min(len(said), 3)] {
			rows = append(rows, a.pen.line(w).text(" "+s).end())
		}
		if last := x.VerdictLines[len(x.VerdictLines)-1]; h >= 18 && len(x.VerdictLines) > 1 {
			change := a.pen.wrap(clean(last), w-2)
			for _, s := range change[:min(len(change), 2)] {
				rows = append(rows, a.pen.line(w).put(a.th.dim, " "+s).end())
			}
		}
		if h >= 18 {
			for _, s := range x.Beside[:min(len(x.Beside), 4)] {
				rows = append(rows, a.pen.line(w).text(" "+clean(s)).end())
			}
		}
		rows = append(rows, a.pen.line(w).put(a.th.dim, " enter says it in full, w traces it, x runs it once more").end())
	}
	if a.lab.againOf == x.ID {
		st := a.th.good
		if !a.lab.again.Same {
			st = a.th.fault
		}
		rows = append(rows, a.pen.line(w).text(" repeated: ").put(st, clean(a.lab.again.Text)).end())
	}
	return append(rows, a.pen.rule("═", w))
}
