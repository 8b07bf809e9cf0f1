package tui

import (
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// progressSlot holds the latest progress of long work. The worker overwrites
// it, a tick reads it: sending a message for every step would make the screen
// the bottleneck of the work.
type progressSlot struct {
	mu sync.Mutex // guards p
	p  progress
}

func (s *progressSlot) set(p progress) {
	s.mu.Lock()
	s.p = p
	s.mu.Unlock()
}

func (s *progressSlot) get() progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p
}

// watchSlot redraws the progress ten times a second for as long as it lives.
func (a *App) watchSlot(s *progressSlot, alive func(*App) bool) tea.Cmd {
	return tea.Tick(tickEvery, func(time.Time) tea.Msg {
		return then(func(a *App) tea.Cmd {
			if !alive(a) {
				return nil
			}
			if p := s.get(); p.What != "" {
				p.What = clean(p.What)
				a.long = p
			}
			return a.watchSlot(s, alive)
		})
	})
}

// lagWait is how long a search waits for an index that lags before it looks
// again.
const lagWait = 300 * time.Millisecond

// after does something later on the screen's goroutine.
func (a *App) after(d time.Duration, do then) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return do })
}
