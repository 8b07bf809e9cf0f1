package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// triage is the state of the first screen.
type triage struct {
	loaded       bool
	gen, detGen  int
	all          []paperRow // in the study's order
	at           map[string]int
	seq          uint64
	filter       string // "" is open
	shown        []int  // rows of all that the filter keeps
	list         vlist
	skipped      []string // ids, to the end of the list until the program ends
	detail       paperDetail
	counts       paperCounts
	abstractOnly bool
	stopAdd      context.CancelFunc
	wanted       string // id to put the cursor on when rows come
}

type paperCounts struct{ all, in, out, maybe, open, text int }

// filters are the views of Triage by key.
func filters() []choice {
	names := []string{"open", "in", "out", "maybe", "text", "all"}
	keys := []string{"o", "i", "x", "m", "t", "a"}
	out := make([]choice, len(names))
	for i, name := range names {
		out[i] = choice{keys[i], name, func(a *App) tea.Cmd { return a.setFilter(name) }}
	}
	return out
}

func (t *triage) current() *paperRow {
	if t.list.cur >= len(t.shown) {
		return nil
	}
	return &t.all[t.shown[t.list.cur]]
}

func (p *paperRow) open() bool { return p.Decision == "" || p.Decision == "maybe" }

func (t *triage) keeps(p *paperRow) bool {
	switch t.filter {
	case "", "open":
		return p.open() && p.State != "duplicate"
	case "text":
		return p.HasText
	case "all":
		return true
	}
	return p.Decision == t.filter
}

// arrange makes the shown list anew and keeps the cursor on its paper, or on
// the one that follows it.
func (t *triage) arrange(keep string) {
	t.counts = paperCounts{}
	var shown, last []int
	for i := range t.all {
		p := &t.all[i]
		t.counts.add(p)
		if !t.keeps(p) {
			continue
		}
		if slices.Contains(t.skipped, p.ID) {
			last = append(last, i)
		} else {
			shown = append(shown, i)
		}
	}
	t.shown = append(shown, last...)
	t.list.resize(len(t.shown))
	if keep != "" {
		if i := slices.IndexFunc(t.shown, func(k int) bool { return t.all[k].ID == keep }); i >= 0 {
			t.list.to(i)
		}
	}
}

func (c *paperCounts) add(p *paperRow) {
	c.all++
	switch p.Decision {
	case "in":
		c.in++
	case "out":
		c.out++
	case "maybe":
		c.maybe++
	default:
		c.open++
	}
	if p.HasText {
		c.text++
	}
}

// loadTriage asks for what changed since the last time.
func (a *App) loadTriage() tea.Cmd {
	after := a.triage.seq
	return load(a, &a.triage.gen, func(ctx context.Context) (paperPatch, error) { return a.study.Papers(ctx, after) },
		func(a *App, p paperPatch) tea.Cmd {
			a.triage.apply(p)
			return a.loadAbstract()
		})
}

func (t *triage) apply(p paperPatch) {
	keep := ""
	if c := t.current(); c != nil {
		keep = c.ID
	}
	if t.wanted != "" {
		keep, t.wanted = t.wanted, ""
	}
	if p.Whole || t.at == nil {
		t.all = p.Rows
		t.at = make(map[string]int, len(p.Rows))
		for i := range t.all {
			t.at[t.all[i].ID] = i
		}
	} else {
		for _, row := range p.Rows {
			if i, ok := t.at[row.ID]; ok {
				t.all[i] = row
			} else {
				t.at[row.ID] = len(t.all)
				t.all = append(t.all, row)
			}
		}
	}
	t.seq = p.Seq
	first := !t.loaded
	t.loaded = true
	if first && t.filter == "" {
		t.filter = "open"
		if !slices.ContainsFunc(t.all, func(p paperRow) bool { return p.open() }) {
			t.filter = "all" // a review that is done is looked through, not screened
		}
	}
	if first || p.Whole || len(p.Rows) > 0 {
		t.arrange(keep)
	}
}

// loadAbstract asks for the selected paper's text pane.
func (a *App) loadAbstract() tea.Cmd {
	p := a.triage.current()
	if p == nil {
		a.triage.detail = paperDetail{}
		return nil
	}
	id := p.ID
	return load(a, &a.triage.detGen, func(ctx context.Context) (paperDetail, error) { return a.study.Paper(ctx, id) },
		func(a *App, d paperDetail) tea.Cmd {
			a.triage.detail = d
			return nil
		})
}

// decide records a decision. The row moves on at once; "saved" follows.
func (a *App) decide(decision, reason string) tea.Cmd {
	p := a.triage.current()
	if p == nil {
		return nil
	}
	id, alias := p.ID, p.Alias
	return a.write(func(ctx context.Context) (saved, error) { return a.study.Screen(ctx, id, decision, reason) },
		func(a *App, s saved) tea.Cmd {
			if s.Text == "" {
				a.say(savedLine(saved{Seq: s.Seq, Text: alias + " " + decision}))
			}
			return nil
		})
}

func (a *App) askReason(arg string) tea.Cmd {
	if arg != "" {
		return a.decide("out", arg)
	}
	return a.work(func(ctx context.Context) then {
		reasons, err := a.study.Reasons(ctx)
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			q := &ask{title: "out, because?", enter: "1"}
			for i, r := range reasons[:min(len(reasons), 8)] {
				q.choices = append(q.choices, choice{fmt.Sprint(i + 1), clean(r), func(a *App) tea.Cmd { return a.decide("out", r) }})
			}
			q.choices = append(q.choices, choice{"9", "other…", func(a *App) tea.Cmd {
				a.asking = &ask{title: "reason:", box: &box{cap: queryCap}, submit: func(a *App, text string) tea.Cmd {
					if strings.TrimSpace(text) == "" {
						a.say("out needs a reason; nothing was decided")
						return nil
					}
					return a.decide("out", text)
				}}
				return nil
			}})
			a.asking = q
			return nil
		}
	})
}

func (a *App) skipPaper() tea.Cmd {
	p := a.triage.current()
	a.triage.skipped = append(slices.DeleteFunc(a.triage.skipped, func(id string) bool { return id == p.ID }), p.ID)
	a.say(p.Alias + " comes back last")
	a.triage.arrange("")
	return a.loadAbstract()
}

func (a *App) askFilter(arg string) tea.Cmd {
	for _, c := range filters() {
		if c.label == arg {
			return c.run(a)
		}
	}
	a.asking = &ask{title: "show which papers?", choices: filters(), enter: "o"}
	return nil
}

func (a *App) setFilter(name string) tea.Cmd {
	keep := ""
	if c := a.triage.current(); c != nil {
		keep = c.ID
	}
	a.triage.filter = name
	a.triage.arrange(keep)
	a.say("showing " + name + ", " + count(len(a.triage.shown)) + " papers")
	return a.loadAbstract()
}

func (a *App) readSelected() tea.Cmd {
	p := a.triage.current()
	if a.w > 0 && a.w < onePane && !a.triage.abstractOnly && a.pop == nil {
		a.triage.abstractOnly = true
		a.say("enter again reads it, esc goes back")
		return nil
	}
	return a.openPaper(p.ID, 0, 0)
}

func (a *App) askPath(arg string) tea.Cmd {
	if arg != "" {
		return a.addFiles(arg)
	}
	a.asking = &ask{
		title: "add PDF, folder or .bib:", box: &box{cap: queryCap}, complete: pathsFrom,
		submit: func(a *App, text string) tea.Cmd {
			if strings.TrimSpace(text) == "" {
				a.say("no path given")
				return nil
			}
			return a.addFiles(text)
		},
	}
	return nil
}

// addFiles reads files in the background; esc stops it and keeps what is done.
func (a *App) addFiles(path string) tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	a.triage.stopAdd = stop
	slot := &progressSlot{}
	a.long = progress{What: "adding " + clean(path)}
	a.long.What = "adding files"
	add := a.workIn(ctx, func(ctx context.Context) then {
		s, err := a.study.AddFiles(ctx, strings.TrimSpace(homePath(path)), slot.set)
		stop()
		return func(a *App) tea.Cmd {
			a.triage.stopAdd = nil
			a.long = progress{}
			a.fail(err)
			if s.Text != "" {
				a.say(savedLine(s))
			}
			a.savedSeq = max(a.savedSeq, s.Seq)
			return a.reload()
		}
	})
	return tea.Batch(add, a.watchSlot(slot, func(a *App) bool { return a.triage.stopAdd != nil }))
}

func (a *App) showPaper() tea.Cmd {
	d := a.triage.detail
	lines := []string{d.Title, d.AllAuthors, strings.TrimSpace(fmt.Sprint(d.Year, " ", d.Venue)), ""}
	for _, f := range [][2]string{{"key", d.Key}, {"DOI", d.DOI}, {"arXiv", d.ArXiv}, {"link", d.URL}, {"state", d.State}, {"reason", d.Reason}, {"fault", d.Fault}} {
		if f[1] != "" {
			lines = append(lines, f[0]+": "+f[1])
		}
	}
	lines = append(append(lines, d.Notes...), "", d.Abstract)
	a.readText(d.Alias, lines)
	return nil
}
