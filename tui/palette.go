package tui

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// openPalette lets any action be found by its words. What follows a command's
// name goes to it: "open H05", "search depth"; a bare H05 opens it.
func (a *App) openPalette() {
	a.open(&pop{title: ":", hint: "enter runs · esc closes", box: &box{cap: queryCap}, make: func(a *App, filter string) []popRow {
		return a.paletteRows(filter)
	}})
}

func (a *App) paletteRows(filter string) []popRow {
	type found struct {
		row   popRow
		score int
	}
	if x, arg := a.parse(filter); x != nil && arg != "" {
		return []popRow{a.actionRow(x, arg)}
	}
	var all []found
	for i := range a.table {
		x := &a.table[i]
		score, ok := fuzzy(filter, x.id)
		if s, also := fuzzy(filter, x.label); also && (!ok || s < score) {
			score, ok = s, true
		}
		if !ok {
			continue
		}
		if x.why(a) != "" {
			score += 1000
		}
		all = append(all, found{a.actionRow(x, ""), score})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score < all[j].score })
	rows := make([]popRow, len(all))
	for i, f := range all {
		rows[i] = f.row
	}
	return rows
}

func (a *App) actionRow(x *action, arg string) popRow {
	why := x.why(a)
	name := strings.ReplaceAll(x.id, ".", " ")
	if arg != "" {
		name += " " + arg
	}
	return popRow{
		left: strings.Join(x.keys, " "), text: name + " – " + x.help, note: why, dim: why != "",
		pick: func(a *App) tea.Cmd { return a.press(x, arg) },
	}
}

// parse splits a typed command into its action and what follows the name. The
// longest name that fits wins.
func (a *App) parse(text string) (x *action, arg string) {
	words := strings.Fields(text)
	for n := len(words); n > 0; n-- {
		if x := a.command(strings.Join(words[:n], ".")); x != nil {
			return x, strings.Join(words[n:], " ")
		}
	}
	if len(words) == 0 {
		return nil, ""
	}
	arg = strings.Join(words[1:], " ")
	v, ok := verbs()[words[0]]
	switch {
	case !ok && arg == "" && shortName(words[0]):
		return a.command("open.name"), words[0]
	case !ok:
		return nil, ""
	case arg == "" && v.bare == "w":
		return a.find("w"), ""
	case arg == "" && v.bare != "":
		return a.command(v.bare), ""
	}
	return a.command(v.id), arg
}

// shortName says whether a word has the shape of one: H05, P2, C104.
func shortName(word string) bool {
	letter, digits := word[0]|0x20, word[1:]
	return 'a' <= letter && letter <= 'z' && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// verb is what a word of the command line stands for: with something after it,
// and bare.
type verb struct{ id, bare string }

// verbs are the words of the command line, so that there is one vocabulary.
func verbs() map[string]verb {
	all := map[string]verb{
		"search": {id: "search"}, "find": {id: "search"}, "add": {id: "papers.add"}, "open": {id: "open.name"},
		"run": {"run.named", "run.start"}, "explore": {"explore.named", "run.explore"}, "stop": {id: "run.stop"},
		"why": {"trace.name", "w"}, "verify": {id: "trace.verify"}, "tag": {id: "claim.supports"},
		"in": {id: "screen.in"}, "out": {id: "screen.out"}, "maybe": {id: "screen.maybe"}, "skip": {id: "screen.skip"},
		"next": {id: "move.down"}, "prev": {id: "move.up"}, "quit": {id: "quit"}, "exit": {id: "quit"},
	}
	for r := range rooms {
		name := strings.ToLower(r.String())
		all[name] = verb{id: "screen." + name}
	}
	return all
}

// openHelp lists the keys of this screen, then those of every screen.
func (a *App) openHelp() {
	a.open(&pop{
		title: "keys of " + a.at.String(), hint: "type to filter · enter runs · esc closes", box: &box{cap: queryCap},
		make: func(a *App, filter string) []popRow {
			var own, all []popRow
			for i := range a.table {
				x := &a.table[i]
				if !x.rooms.has(a.at) {
					continue
				}
				row := a.actionRow(x, "")
				row.text = x.help
				if filter != "" && !strings.Contains(strings.ToLower(row.left+" "+x.id+" "+row.text), strings.ToLower(filter)) {
					continue
				}
				if x.rooms == everywhere {
					all = append(all, row)
				} else {
					own = append(own, row)
				}
			}
			return append(own, all...)
		},
	})
}
