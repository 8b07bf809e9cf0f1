package tui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"tenet/index"
	"tenet/internal/store"
	"tenet/papers"
)

// drain is how long leaving waits for work under way: a run writes its
// checkpoints in that time.
const drain = 5 * time.Second

// Deps is what the screens are given. Lib is needed, the rest has a default.
type Deps struct {
	Lib *store.Library
	// Index answers searches. Where opening it takes time leave it nil and
	// give OpenIndex, which is called once, after the first frame.
	Index     *index.Index
	OpenIndex func(context.Context) (*index.Index, error)
	Reviewer  string // the name that changes are recorded under
	// Parse reads a PDF, in a process of its own. Nil: files cannot be added.
	Parse func(ctx context.Context, path string) (*papers.Document, error)
	// Draw draws a page of a PDF or, with a label, the figure on it, in a process of its own. Nil: no pictures.
	Draw          func(ctx context.Context, pdf []byte, page int, label string) (image.Image, error)
	RunnerCommand []string // the worker's command line; nil: the runner's default

	Plain, ASCII bool
	In           io.Reader           // nil: standard input
	Out          io.Writer           // nil: standard output
	Getenv       func(string) string // nil: the process's environment
	Demo         *Guide              // the first steps, for tenet demo
}

// Run shows the library until the reader leaves. Plain mode is taken when it
// is asked for, and where there is no terminal that can be drawn on. It closes
// nothing that it was given.
func Run(ctx context.Context, d Deps) error {
	if d.In == nil {
		d.In = os.Stdin
	}
	if d.Out == nil {
		d.Out = os.Stdout
	}
	if d.Getenv == nil {
		d.Getenv = os.Getenv
	}
	desk := &desk{lib: d.Lib, actor: d.Reviewer, parse: d.Parse, draw: d.Draw, command: d.RunnerCommand, noIndex: d.Index == nil && d.OpenIndex == nil}
	if d.Index != nil {
		desk.setIndex(d.Index, nil)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := newApp(ctx, desk, d.ASCII)
	defer a.unwake()
	a.getenv = d.Getenv
	if d.OpenIndex != nil && d.Index == nil {
		a.late = func(ctx context.Context) error {
			desk.setIndex(d.OpenIndex(ctx))
			return nil
		}
	}
	if d.Demo != nil {
		a.guide = &guide{Guide: *d.Demo}
		a.at = roomLab
	}
	var err error
	if d.Plain || cannotDraw(d) {
		a.plain = true
		err = runPlain(a, d.In, d.Out)
	} else {
		err = runScreens(a, d)
	}
	return leave(a, cancel, d.Out, err)
}

// cannotDraw says whether there is no terminal to draw on.
func cannotDraw(d Deps) bool {
	if t := d.Getenv("TERM"); t == "dumb" || d.Getenv("TENET_PLAIN") == "1" {
		return true
	}
	return !isTerminal(d.In) || !isTerminal(d.Out)
}

func isTerminal(v any) bool {
	f, ok := v.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

func runScreens(a *App, d Deps) error {
	p := tea.NewProgram(a, tea.WithContext(a.ctx), tea.WithInput(d.In), tea.WithOutput(d.Out))
	hup := make(chan os.Signal, 1)
	// A closed terminal would kill the process in the middle of a run.
	signal.Notify(hup, syscall.SIGHUP)
	over := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-hup:
			p.Quit()
		case <-over:
		}
	}()
	_, err := p.Run()
	signal.Stop(hup)
	close(over)
	<-done
	return err
}

// leave waits for work under way and says in the last line what a live run
// became.
func leave(a *App, cancel context.CancelFunc, out io.Writer, err error) error {
	l := a.live
	if l != nil {
		l.stop()
	}
	cancel()
	whole := a.gate.close(drain)
	if l != nil && l.again {
		s := l.copy()
		fmt.Fprintf(out, "%s: repeating stopped after %d of %d trials; nothing of it is recorded\n", clean(l.alias), s.done, s.total)
	} else if l != nil {
		s := l.copy()
		name := s.run
		if name == "" {
			name = l.alias
		}
		fmt.Fprintf(out, "%s stopped in block %d; x or tenet run %s resumes\n", clean(name), s.block, clean(l.alias))
	}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("tui: the screen failed, everything up to change %d is saved: %w", a.study.Seq(), err)
	case errors.Is(err, tea.ErrInterrupted), errors.Is(err, tea.ErrProgramKilled), errors.Is(err, context.Canceled):
		err = nil
	}
	if err == nil && !whole {
		return fmt.Errorf("tui: left while work was still under way; everything up to change %d is saved", a.study.Seq())
	}
	return err
}

// oneLine is text for a line of plain output.
func oneLine(s string) string { return strings.TrimSpace(clean(s)) }
