package tui

import (
	"fmt"
	"sort"
	"strings"
)

func (a *App) viewRead(w, h int) []string {
	r := &a.read
	foot := a.readFoot(w)
	h -= len(foot)
	switch {
	case r.want == "":
		return append(a.emptyBody(w, h, "No paper is open. In 1 Triage, enter opens one; f then t shows those whose text is here."), foot...)
	case !r.loaded:
		return append(a.emptyBody(w, h, "reading the paper's text"), foot...)
	case len(r.pages) == 0:
		return append(a.emptyBody(w, h, r.paper.Title+"\n\n"+r.empty), foot...)
	case w < onePane && r.stripOnly:
		return append(a.claimStrip(w, h), foot...)
	case w < onePane:
		return append(a.pageBody(w, h), foot...)
	}
	left := w * 68 / 100
	return append(a.pen.beside(a.pageBody(left, h), a.claimStrip(w-left-2, h)), foot...)
}

// pageBody is the page's text, or its picture.
func (a *App) pageBody(w, h int) []string {
	if a.read.pic.on {
		return a.pictureRows(w, h)
	}
	return a.sheet(w, h)
}

// mark is a stretch of the page that is shown in a way of its own.
type mark struct {
	start, end int
	sign       string
}

func (r *read) marks() []mark {
	var all []mark
	p := r.page()
	for i := range r.claims {
		c := &r.claims[i]
		if c.Dropped || c.Page != p.number || c.End <= c.Start {
			continue
		}
		sign := "•"
		if len(c.Links) > 0 {
			sign = stanceMark(c.Links[0].Stance)
		}
		all = append(all, mark{c.Start, c.End, sign})
	}
	for _, pr := range r.proposals {
		if pr.Page == r.cur && pr.Sentence < len(p.sentences) {
			s := p.sentences[pr.Sentence]
			all = append(all, mark{s.start, s.end, "~"})
		}
	}
	return all
}

// signAt gives the gutter sign of a row: a claim's before a proposal's.
func signAt(marks []mark, row srow) string {
	for _, m := range marks {
		if m.start < row.end && m.end > row.start {
			return m.sign
		}
	}
	return " "
}

// sheet draws the page's rows around the cursor.
func (a *App) sheet(w, h int) []string {
	r := &a.read
	p := r.page()
	textW := max(w-4, 8)
	if a.th.ascii {
		textW = max(textW-3, 8) // an ellipsis grows to three dots
	}
	if r.rowsFor != textW {
		r.rows, r.rowsFor = layout(p.text, textW), textW
	}
	start, end, ok := r.selection()
	if len(r.rows) == 0 {
		return a.emptyBody(w, h, fmt.Sprintf("Page %d has no text. ] turns the page.", p.number))
	}
	if ok {
		first, last := rowOf(r.rows, start), rowOf(r.rows, end-1)
		if last >= r.top+h {
			r.top = last - h + 1
		}
		if first < r.top+1 {
			r.top = first - 1
		}
	}
	r.top = max(0, min(r.top, len(r.rows)-h))
	marks := r.marks()
	var rows []string
	for i := r.top; i < min(r.top+h, len(r.rows)); i++ {
		rows = append(rows, a.sheetRow(w, r.rows[i], start, end, ok, marks))
	}
	return a.pen.tall(rows, w, h)
}

func (a *App) sheetRow(w int, row srow, start, end int, ok bool, marks []mark) string {
	l := a.pen.line(w)
	here := ok && row.start < end && row.end > start
	if here {
		l.put(a.th.focus, "▌")
	} else {
		l.text(" ")
	}
	l.put(a.th.bold, signAt(marks, row)).text(" ")
	text := a.read.page().text
	if !here {
		return l.text(clean(string(text[row.start:row.end]))).end()
	}
	lo, hi := max(row.start, start), min(row.end, end)
	l.text(clean(string(text[row.start:lo])))
	if lo == start {
		l.put(a.th.bold, "‹")
	}
	l.put(a.th.bold, clean(string(text[lo:hi])))
	if hi == end {
		l.put(a.th.bold, "›")
	}
	return l.text(clean(string(text[hi:row.end]))).end()
}

// claimStrip is the pane of claims on this page and facts of the sentence.
func (a *App) claimStrip(w, h int) []string {
	r := &a.read
	p := r.page()
	rows := []string{a.pen.line(w).put(a.th.dim, "this page").end()}
	here := r.claimHere()
	for _, c := range r.onPage() {
		st := style{}
		if here != nil && here.ID == c.ID {
			st = a.th.bold
		}
		rows = append(rows, a.pen.rows(st, linksText(c)+" "+c.Alias+" "+outcomeWord(c), w)...)
	}
	if len(rows) == 1 {
		rows = append(rows, a.pen.line(w).put(a.th.dim, "no claim here yet").end())
	}
	rows = append(rows, a.pen.line(w).end())
	if pr := r.proposalHere(); pr != nil {
		rows = append(rows, a.pen.rows(style{}, "~ proposed: "+kindWord(pr.Kind)+", "+clean(pr.Why), w)...)
	}
	if len(p.sentences) > 0 {
		s := p.sentences[min(r.sent, len(p.sentences)-1)]
		rows = append(rows, a.pen.line(w).put(a.th.dim, fmt.Sprintf("sentence %d of %d · %s", r.sent+1, len(p.sentences), s.kind)).end())
		start, end, _ := r.selection()
		rows = append(rows, a.pen.line(w).put(a.th.dim, fmt.Sprintf("anchor p%d runes %s–%s", p.number, count(start), count(end))).end())
	}
	if here != nil {
		rows = append(rows, a.pen.line(w).text(here.Alias+" "+kindWord(here.Kind)).end())
		rows = append(rows, a.pen.rows(style{}, "anchor: "+outcomeLong(here), w)...)
		if here.Comment != "" {
			rows = append(rows, a.pen.rows(style{}, "comment: "+clean(here.Comment), w)...)
		}
	}
	if rest := r.elsewhere(); len(rest) > 0 {
		rows = append(rows, a.pen.line(w).end(), a.pen.line(w).put(a.th.dim, plural(len(rest), "claim")+" without a place").end())
		for _, c := range rest {
			rows = append(rows, a.pen.rows(style{}, linksText(c)+" "+c.Alias+" "+outcomeWord(c), w)...)
		}
	}
	return a.pen.tall(rows, w, h)
}

// onPage gives the claims of this page in reading order.
func (r *read) onPage() []*claimRow {
	var out []*claimRow
	for i := range r.claims {
		if c := &r.claims[i]; !c.Dropped && c.Page == r.pages[r.cur].number && c.End > c.Start {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// elsewhere gives the claims whose sentence is not known in this text.
func (r *read) elsewhere() []*claimRow {
	var out []*claimRow
	for i := range r.claims {
		if c := &r.claims[i]; !c.Dropped && c.End <= c.Start {
			out = append(out, c)
		}
	}
	return out
}

func linksText(c *claimRow) string {
	var parts []string
	for _, l := range c.Links {
		parts = append(parts, stanceMark(l.Stance)+l.Principle)
	}
	if len(parts) == 0 {
		return "• no principle"
	}
	return strings.Join(parts, " ")
}

// outcomeWord says in few words how sure a claim's place is, and whether somebody compared its words with the paper.
func outcomeWord(c *claimRow) string {
	if c.Verified {
		return placeWord(c) + ", verified"
	}
	return placeWord(c) + ", not yet verified"
}

func placeWord(c *claimRow) string {
	switch c.Outcome {
	case "":
		if c.Quote == "" {
			return "by hand" + pageText(c.Page)
		}
		return "no PDF yet"
	case "moved", "ambiguous":
		return "! " + c.Outcome + ", check"
	case "lost":
		return "! lost"
	}
	return c.Outcome
}

func pageText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", p. %d", n)
}

func outcomeLong(c *claimRow) string {
	switch c.Outcome {
	case "found":
		return "found at its place"
	case "moved":
		return "moved: the words stand elsewhere than they did, check them"
	case "ambiguous":
		return "ambiguous: the words stand in more than one place"
	case "lost":
		return "lost: the words are not in this text"
	}
	if c.Quote == "" {
		return "by hand, in a reader's own words" + pageText(c.Page)
	}
	return "no PDF yet; quote and page are kept"
}

func (a *App) readFoot(w int) []string {
	r := &a.read
	l := a.pen.line(w).text(" ")
	if len(r.pages) == 0 {
		return []string{l.put(a.th.dim, "tags go into: "+a.intoText()).end()}
	}
	tagged := 0
	for i := range r.claims {
		if !r.claims[i].Dropped {
			tagged++
		}
	}
	left := 0
	for _, p := range r.proposals {
		if p.Page > r.cur || p.Page == r.cur && p.Sentence > r.sent {
			left++
		}
	}
	l.text(fmt.Sprintf("page %d of %d · %s · %s left", r.cur+1, len(r.pages), plural(tagged, "claim"), plural(left, "proposal")))
	return []string{l.right(a.th.bold, "tags into: "+a.intoText()).end()}
}

func (a *App) intoText() string {
	if a.read.into.ID == "" {
		return "none, t chooses"
	}
	return clean(a.read.into.Alias + " " + a.read.into.Name)
}
