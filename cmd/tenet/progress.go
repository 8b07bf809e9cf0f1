package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress tells a person how far long work has come: one line that rewrites itself on a terminal,
// a line every few seconds elsewhere.
type progress struct {
	w       io.Writer
	tty     bool
	unit    string
	total   int
	done    int
	start   time.Time
	last    time.Time
	written int
}

func newProgress(w io.Writer, unit string, total int) *progress {
	p := &progress{w: w, unit: unit, total: total, start: time.Now()}
	if f, ok := w.(*os.File); ok {
		p.tty = term.IsTerminal(int(f.Fd()))
	}
	return p
}

// step counts n more done and says what is being worked on.
func (p *progress) step(n int, what string) {
	p.done += n
	now := time.Now()
	gap := 5 * time.Second
	if p.tty {
		gap = 100 * time.Millisecond
	}
	if now.Sub(p.last) < gap && p.done < p.total {
		return
	}
	p.last = now
	p.line(fmt.Sprintf("%d of %d %s%s · %s", p.done, p.total, p.unit, p.rate(now), what))
}

// rate is empty until there is something to estimate from.
func (p *progress) rate(now time.Time) string {
	spent := now.Sub(p.start)
	if p.done == 0 || spent < 200*time.Millisecond {
		return ""
	}
	perSecond := float64(p.done) / spent.Seconds()
	left := time.Duration(float64(p.total-p.done) / perSecond * float64(time.Second))
	return fmt.Sprintf(" · %.1f/s · %s left", perSecond, left.Round(time.Second))
}

func (p *progress) line(s string) {
	if !p.tty {
		fmt.Fprintln(p.w, s)
		return
	}
	pad := max(0, p.written-len(s))
	fmt.Fprintf(p.w, "\r%s%s", s, strings.Repeat(" ", pad))
	p.written = len(s)
}

// say prints a line that stays, above the running one.
func (p *progress) say(format string, args ...any) {
	p.clear()
	fmt.Fprintf(p.w, format+"\n", args...)
}

// clear removes the running line.
func (p *progress) clear() {
	if p.tty && p.written > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.written))
		p.written = 0
	}
}
