package tui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// lab is the state of the fifth screen: one hypothesis, its plan and its run.
type lab struct {
	gen, curveGen, previewGen int
	loaded                    bool
	all                       []hypRow
	at                        int
	want                      string
	hyp                       hypDetail
	preview                   []string
	previewOf                 string
	curves                    []series
	curvesOf                  string
	look                      int // how often v was pressed
	log                       []string
	planOnly                  bool
	top                       int                // first row of the plan in sight
	stop                      context.CancelFunc // of controls under way
	again                     repetition         // the last one
	againOf                   string             // its hypothesis
}

func (l *lab) where() string {
	if l.hyp.ID == "" {
		return ""
	}
	return clean(l.hyp.Alias + " · " + l.hyp.Principle)
}

// labData is what the Lab is loaded from.
type labData struct {
	all []hypRow
	hyp hypDetail
}

func (a *App) openHyp(id string) tea.Cmd {
	a.lab.want = id
	a.stale[roomLab] = true
	return a.goTo(roomLab)
}

// showLab shows a hypothesis without leaving a question or list open.
func (a *App) showLab(id string) tea.Cmd { return a.openHyp(id) }

func (a *App) loadLab() tea.Cmd {
	want := a.lab.want
	first := ""
	if a.guide != nil {
		first = a.guide.First
	}
	return load(a, &a.lab.gen, func(ctx context.Context) (labData, error) {
		all, err := a.study.Hypotheses(ctx)
		if err != nil || len(all) == 0 {
			return labData{}, err
		}
		id := all[0].ID
		for _, h := range all {
			if h.ID == want || want == "" && h.Alias == first {
				id = h.ID
			}
		}
		hyp, err := a.study.Hypothesis(ctx, id)
		return labData{all, hyp}, err
	}, func(a *App, d labData) tea.Cmd {
		l := &a.lab
		if l.hyp.ID != d.hyp.ID {
			l.top = 0
		}
		if a.guide != nil && d.hyp.Alias == first && d.hyp.Verdict != "" {
			a.guide.started, a.guide.ran = true, true
		}
		l.loaded, l.all, l.hyp, l.want = true, d.all, d.hyp, d.hyp.ID
		for i := range l.all {
			if l.all[i].ID == d.hyp.ID {
				l.at = i
			}
		}
		return tea.Batch(a.loadPreview(), a.loadCurves())
	})
}

// loadPreview asks what a run would cost, once for each hypothesis.
func (a *App) loadPreview() tea.Cmd {
	l := &a.lab
	if l.hyp.ID == "" || l.previewOf == l.hyp.ID || l.hyp.Verdict != "" {
		return nil
	}
	id := l.hyp.ID
	l.preview, l.previewOf = nil, id
	l.previewGen++
	gen := l.previewGen
	return a.work(func(ctx context.Context) then {
		lines, err := a.study.Preview(ctx, id)
		return func(a *App) tea.Cmd {
			if gen != a.lab.previewGen {
				return nil
			}
			if err != nil {
				lines = []string{"no preview: " + err.Error()}
			}
			a.lab.preview = lines
			return nil
		}
	})
}

// loadCurves asks for the last block's training curves of a settled run.
func (a *App) loadCurves() tea.Cmd {
	l := &a.lab
	if l.hyp.ID == "" || l.curvesOf == l.hyp.ID || len(l.hyp.Blocks) == 0 {
		return nil
	}
	id := l.hyp.ID
	return load(a, &l.curveGen, func(ctx context.Context) ([]series, error) { return a.study.Curves(ctx, id) },
		func(a *App, s []series) tea.Cmd {
			a.lab.curves, a.lab.curvesOf = s, id
			return nil
		})
}

// labMove scrolls the plan.
func (a *App) labMove(d int) tea.Cmd {
	a.lab.top = max(0, a.lab.top+d)
	return nil
}

// labTurn shows the next or previous hypothesis.
func (a *App) labTurn(d int) tea.Cmd {
	l := &a.lab
	if len(l.all) == 0 {
		return nil
	}
	l.at = (l.at + d + len(l.all)) % len(l.all)
	return a.openHyp(l.all[l.at].ID)
}

// liveHere says whether the run under way is of the hypothesis shown. A
// repetition brings no evidence and no curve of its own.
func (a *App) liveHere() bool {
	return a.live != nil && !a.live.again && a.live.hypID == a.lab.hyp.ID
}

// target is the hypothesis that x would run, from where the reader is.
func (a *App) target() *hypRow {
	if a.at == roomBoard {
		return a.board.next()
	}
	if a.lab.hyp.ID == "" {
		return nil
	}
	return &a.lab.hyp.hypRow
}

// runOff says why x cannot run now.
func (a *App) runOff() string {
	h := a.target()
	switch {
	case a.live != nil && !a.live.stopping:
		return a.live.alias + " is running; ctrl+x stops it"
	case a.live != nil:
		return a.live.alias + " is stopping"
	case a.lab.stop != nil:
		return "the controls are running; esc stops them"
	case h == nil && a.at == roomBoard && a.board.current() != nil:
		return "every hypothesis of " + a.board.current().Alias + " has its verdict; enter chooses one"
	case h == nil:
		return "no hypothesis is selected"
	case a.at == roomLab && a.lab.hyp.Missing != "" && !h.Locked:
		return a.lab.hyp.Missing + "; e edits the plan"
	}
	return ""
}

// exploreOff says why E cannot run now.
func (a *App) exploreOff() string {
	why := a.runOff()
	if why == "" && a.target().Final {
		why = a.target().Alias + " has its verdict, which is never replaced; x repeats or replicates it, e makes a new version"
	}
	return why
}

// settled says whether a verdict closes a hypothesis for good.
func settled(v string) bool { return v == "validated" || v == "refuted" || v == "invalid" }

// run starts what x means: lock and run a draft, run or go on with a locked
// plan; of one that is decided it asks how.
func (a *App) run(exploratory bool) tea.Cmd {
	h := *a.target()
	if h.Final {
		a.askAgain(h)
		return nil
	}
	return a.startRun(h, !h.Locked && !exploratory, exploratory, "")
}

// runNamed runs a hypothesis by name, from the palette or a plain line.
func (a *App) runNamed(name string, exploratory bool) tea.Cmd {
	return a.named(name, func(a *App) tea.Cmd {
		off := a.runOff
		if exploratory {
			off = a.exploreOff
		}
		if why := off(); why != "" {
			a.say("x: " + why)
			return a.openHyp(a.lab.hyp.ID)
		}
		return a.run(exploratory)
	})
}

// named shows the hypothesis of a name in the Lab and does something with it.
func (a *App) named(name string, do func(*App) tea.Cmd) tea.Cmd {
	return a.work(func(ctx context.Context) then {
		kind, id, err := a.study.Resolve(ctx, name)
		if err == nil && kind != "hypothesis" {
			err = fmt.Errorf("%s is a %s; run takes a hypothesis", name, kind)
		}
		var h hypDetail
		if err == nil {
			h, err = a.study.Hypothesis(ctx, id)
		}
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			a.lab.hyp, a.lab.want = h, h.ID
			a.at = roomLab
			return do(a)
		}
	})
}

func (a *App) editPlan() tea.Cmd {
	h := a.lab.hyp
	return a.work(func(ctx context.Context) then {
		text, err := a.study.Template(ctx, h.PrincipleID, h.ID)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			title := h.Alias
			if h.Locked {
				title += ", locked: makes a new version"
			}
			return a.editText(title, text, func(a *App, text string) tea.Cmd {
				return a.write(func(ctx context.Context) (saved, error) {
					return a.study.SaveHypothesis(ctx, h.PrincipleID, h.ID, text)
				}, func(a *App, s saved) tea.Cmd {
					a.lab.previewOf = ""
					if s.ID == "" {
						return nil
					}
					return a.openHyp(s.ID)
				})
			})
		}
	})
}

func (a *App) showLog() {
	log := a.lab.log
	if a.live != nil {
		log = a.live.seen.log
	}
	lines := make([]string, 0, len(log))
	for i := len(log) - 1; i >= 0; i-- {
		lines = append(lines, log[i])
	}
	a.readText("log, newest first", lines)
}

// evidence gives the blocks to plot: of the live run, else those kept.
func (a *App) evidence() (blocks []blockRow, t float64) {
	if a.liveHere() {
		known := map[int]bool{}
		for _, b := range a.live.seen.blocks {
			known[b.B] = true
		}
		for _, b := range a.lab.hyp.Blocks {
			if !known[b.B] {
				blocks = append(blocks, b)
			}
		}
		blocks = append(blocks, a.live.seen.blocks...)
		t = a.live.seen.t
	} else {
		blocks = a.lab.hyp.Blocks
	}
	if t == 0 {
		t = a.lab.hyp.T
	}
	return blocks, t
}

// listHyps lets a hypothesis be chosen by its words.
func (a *App) listHyps() {
	a.open(&pop{
		title: "which hypothesis?", hint: "enter shows it · esc closes", box: &box{cap: queryCap},
		make: func(a *App, filter string) []popRow {
			var rows []popRow
			for i := range a.lab.all {
				h := &a.lab.all[i]
				if _, ok := fuzzy(filter, h.Alias+" "+h.Principle+" "+h.Title); !ok {
					continue
				}
				id := h.ID
				rows = append(rows, popRow{
					left: h.Alias, text: strings.TrimSpace(h.Principle + " " + clean(h.Title)), note: verdictText(h),
					pick: func(a *App) tea.Cmd { return a.openHyp(id) },
				})
			}
			return rows
		},
	})
}
