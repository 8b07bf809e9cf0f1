package tui

import (
	"sync"

	tea "charm.land/bubbletea/v2"
)

// driver runs an App without a terminal: commands on goroutines, messages one
// by one. Plain mode stands on it, and so do the tests.
type driver struct {
	a    *App
	msgs chan tea.Msg
	wg   sync.WaitGroup
	quit bool
	stop chan struct{}
}

func newDriver(a *App) *driver {
	return &driver{a: a, msgs: make(chan tea.Msg, 64), stop: make(chan struct{})}
}

// start runs a command; its message comes through msgs.
func (d *driver) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.wg.Add(1)
	go func() {
		defer d.wg.Done()
		msg := cmd()
		if msg == nil {
			return
		}
		select {
		case d.msgs <- msg:
		case <-d.stop:
		}
	}()
}

// apply gives the App one message.
func (d *driver) apply(msg tea.Msg) {
	switch m := msg.(type) {
	case tea.QuitMsg:
		d.quit = true
	case tea.BatchMsg:
		for _, cmd := range m {
			d.start(cmd)
		}
	default:
		_, cmd := d.a.Update(msg)
		d.start(cmd)
	}
}

// idle says whether no counted work is under way.
func (d *driver) idle() bool { return d.a.busy == 0 }

// close lets waiting commands go. Work that is under way is waited for by the
// App's gate.
func (d *driver) close() { close(d.stop) }
