package tui

import (
	"context"
	"os"
	"path/filepath"
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// ask is a question in the status line: a choice by one key, or a line of text.
type ask struct {
	title   string
	choices []choice
	enter   string // the choice that enter takes, "" for none
	box     *box   // nil for a choice
	submit  func(a *App, text string) tea.Cmd
	// complete gives what the text may go on as; it runs as work.
	complete func(text string) []string
	offers   []string
	gen      int
	cancel   string // said on esc
}

type choice struct {
	key, label string
	run        func(*App) tea.Cmd
}

// askKey gives a question a key; it says whether the key was for it.
func (a *App) askKey(k, text string) (tea.Cmd, bool) {
	q := a.asking
	if k == "esc" {
		a.asking = nil
		a.say(q.cancel)
		return nil, true
	}
	if q.box == nil {
		if k == "enter" && q.enter != "" {
			k = q.enter
		}
		for _, c := range q.choices {
			if c.key == k {
				a.asking = nil
				return c.run(a), true
			}
		}
		var keys []string
		for _, c := range q.choices {
			keys = append(keys, c.key)
		}
		a.say(k + ": " + q.title + " takes " + strings.Join(keys, " ") + ", esc leaves it")
		return nil, true
	}
	switch {
	case k == "enter":
		a.asking = nil
		return q.submit(a, q.box.query()), true
	case k == "tab" && q.complete != nil:
		return a.completeAsk(q), true
	case q.box.key(k):
		q.offers = nil
	case text != "":
		q.offers = nil
		if told := q.box.insert(text); told != "" {
			a.say(told)
		}
	}
	return nil, true
}

// completeAsk looks for completions off the screen's goroutine.
func (a *App) completeAsk(q *ask) tea.Cmd {
	q.gen++
	gen, text := q.gen, q.box.left
	return a.work(func(context.Context) then {
		offers := q.complete(text)
		return func(a *App) tea.Cmd {
			if a.asking != q || gen != q.gen {
				return nil
			}
			q.offers = offers
			if p := commonPrefix(offers); len(p) > len(text) {
				q.box.left = clean(p)
			}
			if len(offers) == 0 {
				a.say("nothing begins with " + text)
			}
			return nil
		}
	})
}

func commonPrefix(all []string) string {
	if len(all) == 0 {
		return ""
	}
	p := all[0]
	for _, s := range all[1:] {
		for !strings.HasPrefix(s, p) {
			p = p[:len(p)-1]
		}
	}
	return strings.ToValidUTF8(p, "")
}

// pathsFrom lists files and folders that text may go on as; folders end in a
// separator. Only what can be added is offered.
func pathsFrom(text string) []string {
	path := homePath(text)
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	kept := strings.TrimSuffix(text, base)
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		switch ext := strings.ToLower(filepath.Ext(name)); {
		case info.IsDir():
			out = append(out, kept+name+string(filepath.Separator))
		case ext == ".pdf" || ext == ".bib":
			out = append(out, kept+name)
		}
	}
	sort.Strings(out)
	return out
}

// homePath turns a leading ~ into the home folder.
func homePath(path string) string {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, path[1:]) + trailing(path)
}

func trailing(path string) string {
	if strings.HasSuffix(path, "/") {
		return "/"
	}
	return ""
}
