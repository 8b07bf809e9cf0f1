package tui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// trace is the state of the sixth screen: the way back from a verdict to the
// sentences that started it.
type trace struct {
	gen      int
	loaded   bool
	name     string // of the thing traced
	root     traceNode
	folded   map[string]bool
	rows     []traceRow
	list     vlist
	stop     context.CancelFunc // of a check under way
	findings []string
	checked  bool
}

// traceRow is a node in sight with its depth and its path, which is its name
// for folding.
type traceRow struct {
	node  *traceNode
	depth int
	path  string
}

func (t *trace) current() *traceNode {
	if t.list.cur >= len(t.rows) {
		return nil
	}
	return t.rows[t.list.cur].node
}

func (a *App) openTrace(name string) tea.Cmd {
	t := &a.trace
	if t.name != name {
		t.folded = nil
		t.list.to(0)
	}
	t.name = name
	a.stale[roomTrace] = true
	return a.goTo(roomTrace)
}

func (a *App) loadTrace() tea.Cmd {
	name := a.trace.name
	if name == "" {
		name = a.lab.hyp.Alias
	}
	if name == "" && a.guide != nil {
		name = a.guide.First
	}
	return load(a, &a.trace.gen, func(ctx context.Context) (traceNode, error) {
		if name == "" {
			all, err := a.study.Hypotheses(ctx)
			if name = firstDecided(all); err != nil || name == "" {
				return traceNode{}, err
			}
		}
		return a.study.Trace(ctx, name)
	},
		func(a *App, root traceNode) tea.Cmd {
			t := &a.trace
			if name == "" {
				t.loaded = true
				return nil
			}
			t.loaded, t.name, t.root = true, name, root
			if t.folded == nil {
				t.folded = map[string]bool{}
				t.foldTrials(&t.root, "0")
			}
			t.flatten()
			return nil
		})
}

// firstDecided names what is worth tracing first: a hypothesis that has its
// verdict.
func firstDecided(all []hypRow) string {
	for i := range all {
		if all[i].Verdict != "" {
			return all[i].Alias
		}
	}
	return ""
}

// foldTrials closes what is long and seldom wanted.
func (t *trace) foldTrials(n *traceNode, path string) {
	if len(n.Children) > 6 && (n.Kind == "trials" || n.Kind == "blocks" || n.Kind == "run") {
		t.folded[path] = len(n.Children) > 12
	}
	if n.Kind == "trials" || n.Kind == "block" {
		t.folded[path] = true
	}
	for i := range n.Children {
		t.foldTrials(&n.Children[i], fmt.Sprintf("%s.%d", path, i))
	}
}

func (t *trace) flatten() {
	t.rows = t.rows[:0]
	t.walk(&t.root, 0, "0")
	t.list.resize(len(t.rows))
}

func (t *trace) walk(n *traceNode, depth int, path string) {
	t.rows = append(t.rows, traceRow{n, depth, path})
	if t.folded[path] {
		return
	}
	for i := range n.Children {
		t.walk(&n.Children[i], depth+1, fmt.Sprintf("%s.%d", path, i))
	}
}

func (a *App) fold() {
	t := &a.trace
	if t.list.cur >= len(t.rows) || len(t.rows[t.list.cur].node.Children) == 0 {
		a.say("nothing below to fold")
		return
	}
	p := t.rows[t.list.cur].path
	t.folded[p] = !t.folded[p]
	t.flatten()
}

// verify checks the whole library in the background.
func (a *App) verify() tea.Cmd {
	ctx, stop := context.WithCancel(a.ctx)
	a.trace.stop = stop
	a.long = progress{What: "checking"}
	slot := &progressSlot{}
	check := a.workIn(ctx, func(ctx context.Context) then {
		found, err := a.study.Verify(ctx, slot.set)
		stopped := ctx.Err() != nil
		stop()
		return func(a *App) tea.Cmd {
			t := &a.trace
			t.stop = nil
			a.long = progress{}
			switch {
			case stopped:
				a.say("check stopped; nothing is said about the library")
				return nil
			case err != nil:
				a.fail(err)
				return nil
			}
			t.findings, t.checked = found, true
			if len(found) == 0 {
				a.say(fmt.Sprintf("✓ intact: every change, the log, the state and the vault agree, at change %s", count(int(a.study.Seq()))))
				return nil
			}
			for _, f := range found {
				a.faults = append(a.faults, clean(f))
			}
			return nil
		}
	})
	return tea.Batch(check, a.watchSlot(slot, func(a *App) bool { return a.trace.stop != nil }))
}

// proofName is the file that an export is written to when nothing else is said:
// of a hypothesis a proof, of anything else the chain as JSON.
func (a *App) proofName() string {
	end := ".json"
	if len(a.trace.rows) > 0 {
		if kind := a.trace.rows[0].node.Kind; kind == "verdict" || kind == "hypothesis" {
			end = ".tenet-proof"
		}
	}
	return "tenet-" + a.trace.name + end
}

func (a *App) exportTrace(arg string) tea.Cmd {
	name := a.trace.name
	put := func(a *App, path string) tea.Cmd {
		if strings.TrimSpace(path) == "" {
			path = a.proofName()
		}
		return a.write(func(ctx context.Context) (saved, error) {
			return a.study.ExportTrace(ctx, name, homePath(strings.TrimSpace(path)))
		}, nil)
	}
	if arg != "" {
		return put(a, arg)
	}
	q := &ask{title: "write the proof to:", box: &box{cap: queryCap}, submit: put}
	q.box.set(a.proofName())
	a.asking = q
	return nil
}

func traceActions() []action {
	one := in(roomTrace)
	node := func(a *App) string {
		if a.trace.current() == nil {
			return "nothing is traced yet"
		}
		return ""
	}
	return []action{
		{
			id: "trace.jump", keys: []string{"enter"}, rooms: one, label: "jump there", order: 1, off: node,
			help: "shows the thing on the screen where it lives", run: func(a *App, _ string) tea.Cmd {
				n := a.trace.current()
				if n.ID == "" {
					a.fold()
					return nil
				}
				return a.jump(n.Kind, n.ID)
			},
		},
		{
			id: "trace.fold", keys: []string{"space"}, rooms: one, label: "fold", order: 2, off: node,
			help: "folds or opens what is below", run: func(a *App, _ string) tea.Cmd { a.fold(); return nil },
		},
		{
			id: "trace.verify", keys: []string{"V"}, rooms: one, label: "verify all", order: 3,
			help: "recomputes the log, the state and every hash of the library",
			off: func(a *App) string {
				if a.trace.stop != nil {
					return "a check is running; esc stops it"
				}
				return ""
			},
			run: func(a *App, _ string) tea.Cmd { return a.verify() },
		},
		{
			id: "trace.export", keys: []string{"X"}, rooms: one, label: "export proof…", order: 4, off: node,
			help: "writes a file that tenet audit checks anywhere; of what has no lock, the chain and the log's head", run: func(a *App, arg string) tea.Cmd { return a.exportTrace(arg) },
		},
		{
			id: "trace.other", keys: []string{"w"}, rooms: one, label: "why…", order: 5,
			help: "asks for a name and traces that", run: func(a *App, arg string) tea.Cmd { return a.traceNamed(arg) },
		},
	}
}

func (a *App) traceNamed(arg string) tea.Cmd {
	if arg = strings.TrimSpace(arg); arg != "" {
		return a.openTrace(arg)
	}
	a.asking = &ask{title: "trace which (H05, P2)?", box: &box{cap: queryCap}, submit: func(a *App, text string) tea.Cmd {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		return a.openTrace(strings.TrimSpace(text))
	}}
	return nil
}
