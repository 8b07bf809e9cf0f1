package tui

import "fmt"

// Guide is the panel of the first steps that tenet demo opens with.
type Guide struct {
	Question string // the study's question in plain words
	Wording  string // what the first hypothesis does, in plain words
	WhyFirst string
	First    string // alias of the hypothesis to run first, "H01"
	Cost     string // how long it takes, in words

	// Intro gives the alias of the introduction's paper, "" while it is not there yet. It is called from any goroutine.
	Intro func() string

	Hypotheses, Decided int  // of the study
	Done                bool // the first hypothesis has a verdict when the screens open: the study is there to be read and repeated
}

// intro is Intro where there is one.
func (g *guide) intro() string {
	if g.Intro == nil {
		return ""
	}
	return g.Intro()
}

// guide follows which steps are done.
type guide struct {
	Guide
	hidden                                       bool
	started, ran, traced, read, tagged, searched bool
	repeated, weighed                            bool // of a finished study
}

// seen notes that a screen was opened.
func (g *guide) seen(a *App, r room) {
	switch r {
	case roomTrace:
		g.traced = g.traced || g.ran || g.Done
	case roomBoard:
		g.weighed = true
	case roomRead:
		g.read = true
	}
}

// again notes that a decided hypothesis was put to the test once more; before its verdict was looked at it counts
// for nothing.
func (g *guide) again() { g.repeated = g.repeated || g.traced }

// step gives the number of the next step and what to press.
func (g *guide) step() (n int, text string) {
	if g.Done {
		return g.finished()
	}
	switch {
	case !g.started:
		return 1, "Press x to run " + g.First + " (5 shows it). It first locks the plan, so that nobody can change it after seeing a result."
	case !g.ran:
		return 2, "Watch: V counts evidence for, R against. The rule gives a verdict when one of them reaches the line T. ctrl+x would stop it."
	case !g.traced:
		return 3, "Read the verdict in the banner (5 shows it), then press w: it leads back, step by step, to the sentences that started it."
	}
	return g.reading("That is the whole loop. In 1 Triage, i adds your own PDFs. ? lists all keys. f1 hides this panel.")
}

// reading gives the steps from the fourth on, the same for every study; last stands behind them.
func (g *guide) reading(last string) (n int, text string) {
	switch {
	case !g.read:
		return 4, "Press 2 to read the introduction to skip connections. The arrows go from sentence to sentence; enter in the chain would open a claim too."
	case !g.tagged:
		return 5, "Press n for a sentence worth tagging, then + (it supports a principle; t chooses which) and e. u takes it back."
	case !g.searched:
		return 6, "Press / and type identity: every claim and passage with the word. enter opens one at its sentence."
	}
	return 7, last
}

// finished is step for a study that is there to be read and repeated.
func (g *guide) finished() (n int, text string) {
	switch {
	case !g.traced:
		return 1, fmt.Sprintf("This study is run: %d of %d hypotheses are decided. The verdict of %s is in the banner, enter says it in full (5 shows it). Press w: it leads back, step by step, to the sentences that started it.", g.Decided, g.Hypotheses, g.First)
	case !g.repeated:
		return 2, "Press 5 and x: the nets of " + g.First + " are trained again here, from the recorded seeds. Every bit must be the one on record."
	case !g.weighed:
		return 3, "Press 4: the principles, with the verdicts and sentences for and against each. enter opens one, tab its hypotheses."
	}
	return g.reading("Go on: ] in 5 Lab shows the next hypothesis, i in 1 Triage adds your own PDFs, tenet demo --seed 2 runs the study anew on your seeds. ? lists all keys. f1 hides this panel.")
}

// steps is how many steps the guide has.
const guideSteps = 7

// draw gives the panel, at most a third of the body, with a rule below.
func (g *guide) draw(a *App, w, h int) []string {
	if g.hidden || h < 8 {
		return nil
	}
	n, text := g.step()
	var rows []string
	if n == 1 && a.at == roomLab && h >= 18 {
		rows = append(rows, a.pen.rows(a.th.bold, " "+clean(g.Question), w)...)
		for _, s := range a.pen.wrap(clean(g.Wording), w-2) {
			rows = append(rows, a.pen.line(w).text(" "+s).end())
		}
	}
	for i, s := range a.pen.wrap(text, w-16) {
		l := a.pen.line(w).text(" ")
		if i == 0 {
			l.put(a.th.good, fmt.Sprintf("Step %d of %d ", n, guideSteps))
		} else {
			l.text("            ")
		}
		rows = append(rows, l.text(s).end())
	}
	rows = rows[:min(len(rows), max(h/3, 2))]
	return append(rows, a.pen.rule("─", w))
}
