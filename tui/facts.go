package tui

import (
	"fmt"
	"strings"
)

// facts says where the cursor is, one fact a line.
func (a *App) facts() []string {
	switch a.at {
	case roomTriage:
		return a.triageFacts()
	case roomRead:
		return a.readFacts()
	case roomClaims:
		return a.claimsFacts(10)
	case roomBoard:
		return a.boardFacts()
	case roomLab:
		return a.labFacts()
	case roomTrace:
		return a.traceFacts()
	}
	return nil
}

// listing says everything on the screen.
func (a *App) listing() []string {
	var out []string
	switch a.at {
	case roomTriage:
		for i, k := range a.triage.shown[:min(len(a.triage.shown), 200)] {
			p := &a.triage.all[k]
			out = append(out, fmt.Sprintf("%d: %s %s. %s, %s. %s", i+1, p.Alias, p.Title, p.Authors, yearText(p.Year), paperMark(p)))
		}
		if n := len(a.triage.shown) - 200; n > 0 {
			out = append(out, fmt.Sprintf("and %d more", n))
		}
	case roomRead:
		if p := a.read.page(); p != nil {
			for i, s := range p.sentences {
				out = append(out, fmt.Sprintf("%d: %s", i+1, string(p.text[s.start:s.end])))
			}
		}
	case roomClaims:
		out = a.claimsFacts(hitLimit)
	case roomBoard:
		for i := range a.board.rows {
			p := &a.board.rows[i]
			out = append(out, fmt.Sprintf("%s %s: %s, grade %s, %s", p.Alias, p.Name, p.Status, p.Grade, p.support()))
		}
	case roomLab:
		for i := range a.lab.all {
			h := &a.lab.all[i]
			out = append(out, fmt.Sprintf("%s %s: %s", h.Alias, h.Title, verdictText(h)))
		}
	case roomTrace:
		for _, r := range a.trace.rows {
			out = append(out, fmt.Sprintf("level %d: %s %s", r.depth+1, r.node.Label, stateText(r.node)))
		}
	}
	if len(out) == 0 {
		return a.facts()
	}
	return out
}

func (a *App) triageFacts() []string {
	t := &a.triage
	c := t.counts
	out := []string{fmt.Sprintf("%d papers, %d to screen, %d in, %d out, %d maybe, %d with text.", c.all, c.open, c.in, c.out, c.maybe, c.text)}
	p := t.current()
	if p == nil {
		return append(out, "No paper is shown. papers add takes a PDF, a folder or a bibliography; triage filter all shows every paper.")
	}
	out = append(out, fmt.Sprintf("paper %d of %d: %s %s. %s, %s.", t.list.cur+1, len(t.shown), p.Alias, p.Title, p.Authors, yearText(p.Year)))
	if p.Decision != "" {
		out = append(out, "decided: "+p.Decision)
	}
	return out
}

func (a *App) readFacts() []string {
	r := &a.read
	p := r.page()
	if p == nil {
		if r.want != "" && r.empty != "" {
			return []string{r.empty}
		}
		return []string{"No text is open. open and a name, as in: open he2016."}
	}
	out := []string{fmt.Sprintf("%s, page %d of %d.", r.paper.Alias+" "+r.paper.Title, r.cur+1, len(r.pages))}
	start, end, ok := r.selection()
	if !ok {
		return append(out, "This page has no sentence.")
	}
	out = append(out, fmt.Sprintf("sentence %d of %d: %s", r.sent+1, len(p.sentences), string(p.text[start:end])))
	if pr := r.proposalHere(); pr != nil {
		out = append(out, "proposed: "+kindWord(pr.Kind)+", "+pr.Why)
	}
	if c := r.claimHere(); c != nil {
		out = append(out, fmt.Sprintf("claim %s: %s, %s, %s", c.Alias, linksText(c), kindWord(c.Kind), outcomeLong(c)))
	}
	return append(out, "tags go into: "+a.intoText())
}

func (a *App) claimsFacts(most int) []string {
	c := &a.claims
	if c.answer.Off != "" {
		return []string{"The search index cannot answer: " + c.answer.Off}
	}
	if c.answer.BadText != "" {
		return []string{"query not understood: " + c.answer.BadText}
	}
	out := []string{fmt.Sprintf("query %q: %d of %d found.", c.box.text(), c.answer.Total, c.answer.Of)}
	marks := strings.NewReplacer("\x01", "_", "\x02", "_")
	for i := range c.answer.Hits[:min(len(c.answer.Hits), most)] {
		h := &c.answer.Hits[i]
		out = append(out, fmt.Sprintf("%d: %s %s %s page %d: %s", i+1, h.Kind, h.Alias, h.Paper, h.Page, marks.Replace(h.Snippet)))
	}
	if n := len(c.answer.Hits) - most; n > 0 {
		out = append(out, fmt.Sprintf("and %d more; list says them", n))
	}
	return out
}

func (a *App) boardFacts() []string {
	p := a.board.current()
	if p == nil {
		return []string{"No principles. In Read, claim into makes one."}
	}
	out := []string{
		fmt.Sprintf("principle %d of %d: %s %s. %s", a.board.list.cur+1, len(a.board.rows), p.Alias, p.Name, p.Statement),
		fmt.Sprintf("status %s, grade %s. %s", p.Status, p.Grade, p.Reason),
		p.support(),
	}
	for i := range p.Hyps {
		h := &p.Hyps[i]
		mark := ""
		if a.board.lower && i == a.board.hyps.cur {
			mark = " (here)"
		}
		out = append(out, fmt.Sprintf("hypothesis %s %s: %s%s", h.Alias, h.Title, verdictText(h), mark))
	}
	return out
}

func (a *App) labFacts() []string {
	x := &a.lab.hyp
	if x.ID == "" {
		return []string{"No hypothesis yet."}
	}
	out := []string{
		fmt.Sprintf("%s %s: %s", x.Alias, x.Title, lockText(x)),
		x.Statement,
		fmt.Sprintf("estimand %s, %s, smallest effect %s, blocks %d to %d", x.Estimand, x.Direction, x.Delta, x.NMin, x.NMax),
	}
	switch {
	case a.liveHere():
		out = append(out, a.liveLine())
	case a.againHere():
		out = append(out, a.liveLine())
	case x.Verdict != "":
		out = append(out, "verdict: "+verdictText(&x.hypRow)+". "+x.Note)
		out = append(append(out, x.VerdictLines...), x.Beside...)
	default:
		out = append(out, a.lab.preview...)
	}
	return out
}

func (a *App) liveLine() string {
	if a.live == nil {
		return "no run is live"
	}
	s := &a.live.seen
	if a.live.again {
		return fmt.Sprintf("%s repeated: %d of %d trials, %d with other bits", a.live.alias, s.done, s.total, s.differ)
	}
	return fmt.Sprintf("%s running: block %d, trial %d, step %d of %d", a.live.alias, s.block, s.done+1, s.step, s.steps)
}

func (a *App) traceFacts() []string {
	n := a.trace.current()
	if n == nil {
		return []string{"Nothing to trace yet. why and a name, as in: why H05."}
	}
	return []string{fmt.Sprintf("chain of %s, node %d of %d: %s %s", a.trace.name, a.trace.list.cur+1, len(a.trace.rows), n.Label, stateText(n))}
}
