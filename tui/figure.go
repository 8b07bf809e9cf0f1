package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// figure is a figure or table of the open paper: where its caption stands.
type figure struct {
	page           int // index
	start, end     int // runes of the caption
	label, caption string
}

// figures is where the reader is among them.
type figures struct {
	all   []figure
	shown int    // the last one that was, from 1
	front bool   // it is in front now
	at    [2]int // page and sentence of the cursor since then
	paged bool   // the page's picture was shown before it
}

// figure is the one in front, or nil.
func (r *read) figure() *figure {
	if f := &r.figs; f.front && f.shown <= len(f.all) {
		return &f.all[f.shown-1]
	}
	return nil
}

func (r *read) leaveFigure() {
	r.figs.front = false
	r.pic.on = r.figs.paged
}

// leftFigure takes the figure away once the cursor has gone elsewhere.
func (r *read) leftFigure() {
	if r.figure() != nil && r.figs.at != [2]int{r.cur, r.sent} {
		r.leaveFigure()
	}
}

// backToText says how the text is shown again.
func (r *read) backToText() string {
	if r.figure() != nil {
		return "esc shows the text, p the page"
	}
	return "p shows the text"
}

func figureOff(a *App) string {
	switch {
	case len(a.read.pages) == 0:
		return "no text is open"
	case len(a.read.figs.all) == 0:
		return "no caption of a figure or table was found in this paper; p shows its pages"
	}
	return ""
}

// stepFigure brings the next or previous figure or table to the front, with the cursor on its caption, so that it can be tagged.
func (a *App) stepFigure(d int) tea.Cmd {
	r := &a.read
	f := &r.figs
	next := f.shown + d
	if !f.front {
		f.paged = r.pic.on
		if f.shown == 0 || f.at != [2]int{r.cur, r.sent} {
			next = r.nearestFigure(d)
		}
	}
	switch {
	case next < 1:
		a.say("this is the first figure; f goes on")
		return nil
	case next > len(f.all):
		a.say("this is the last figure; F goes back")
		return nil
	}
	to := f.all[next-1]
	r.turn(to.page)
	r.sent = max(r.pages[to.page].sentenceAt(to.start), 0)
	if ss := r.page().sentences; r.sent+1 < len(ss) && ss[r.sent].end-ss[r.sent].start <= len(to.label)+2 && ss[r.sent+1].start < to.end {
		r.more = 1 // “Figure 3.” alone is no sentence
	}
	f.shown, f.at = next, [2]int{r.cur, r.sent}
	if why := pictureOff(a); why != "" {
		a.say(fmt.Sprintf("%s, %d of %d: %s", to.label, next, len(f.all), why))
		return nil
	}
	f.front, r.pic.on = true, true
	a.say(fmt.Sprintf("%s, %d of %d, page %d · f next, F back, p its page", to.label, next, len(f.all), r.page().number))
	return tea.Batch(a.askGraphics(), a.followPicture())
}

// nearestFigure counts, from 1, to the next figure from the cursor on, or the one before it.
func (r *read) nearestFigure(d int) int {
	here := 0
	if start, _, ok := r.selection(); ok {
		here = start
	}
	n := 0
	for _, f := range r.figs.all {
		if f.page < r.cur || f.page == r.cur && f.start < here {
			n++
		}
	}
	if d < 0 {
		return n
	}
	return n + 1
}

// captionRows are the figure's place and caption, in no more than a third of the pane.
func (a *App) captionRows(w, h int) []string {
	r := &a.read
	f := r.figure()
	if f == nil || h < 6 {
		return nil
	}
	rows := []string{a.pen.line(w).put(a.th.bold, fmt.Sprintf("%s · %d of %d · page %d", clean(f.label), r.figs.shown, len(r.figs.all), r.pages[f.page].number)).end()}
	text := a.pen.rows(style{}, clean(f.caption), w)
	if most := h/3 - 1; len(text) > most {
		text = text[:most]
	}
	return append(rows, text...)
}
