package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// room is one of the six screens.
type room int

const (
	roomTriage room = iota
	roomRead
	roomClaims
	roomBoard
	roomLab
	roomTrace
	rooms
)

func (r room) String() string {
	return [...]string{"Triage", "Read", "Claims", "Board", "Lab", "Trace"}[r]
}

// roomSet says where an action lives; everywhere is all six.
type roomSet uint8

const everywhere roomSet = 1<<rooms - 1

func in(rs ...room) roomSet {
	var s roomSet
	for _, r := range rs {
		s |= 1 << r
	}
	return s
}

func (s roomSet) has(r room) bool { return s&(1<<r) != 0 }

// action is one row of the action table: everything that is known about a key,
// a command and a line of help stands here and nowhere else.
type action struct {
	id    string
	keys  []string
	rooms roomSet
	label string // on the key line, two words at most
	help  string // one sentence
	event string // the change it writes, "" when none
	// order on the key line, 1 first; 0 keeps it off the line.
	order int
	// off says why the action cannot be used now, "" when it can.
	off func(*App) string
	// run does it. arg is what followed the command's name in the palette or
	// in plain mode, "" from a key.
	run func(a *App, arg string) tea.Cmd
}

// key is the first key as people read it.
func (x *action) key() string {
	if len(x.keys) == 0 {
		return ""
	}
	return x.keys[0]
}

// why says why x is off here and now, "" when it can run.
func (x *action) why(a *App) string {
	if !x.rooms.has(a.at) {
		return "only on " + x.rooms.names()
	}
	if x.off == nil {
		return ""
	}
	return x.off(a)
}

func (s roomSet) names() string {
	var names []string
	for r := range rooms {
		if s.has(r) {
			names = append(names, string(rune('1'+r))+" "+r.String())
		}
	}
	return strings.Join(names, ", ")
}

// table builds all rows. Rows of one screen stand together; a key means one
// thing on a screen, whether its row is the screen's own or global.
func table() []action {
	return slices.Concat(globalActions(), triageActions(), readActions(), claimsActions(),
		boardActions(), labActions(), traceActions())
}

// find gives the row that a key means on the current screen.
func (a *App) find(key string) *action {
	for i := range a.table {
		x := &a.table[i]
		if x.rooms.has(a.at) && slices.Contains(x.keys, key) {
			return x
		}
	}
	return nil
}

// command gives the row whose id is name, dots or blanks between its words.
func (a *App) command(name string) *action {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", ".")
	for i := range a.table {
		if a.table[i].id == name {
			return &a.table[i]
		}
	}
	return nil
}

// press runs a row, or says why it is off.
func (a *App) press(x *action, arg string) tea.Cmd {
	if why := x.why(a); why != "" {
		name := x.key()
		if name == "" {
			name = x.id
		}
		a.say(name + ": " + why)
		return nil
	}
	return x.run(a, arg)
}
