package main

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"tenet/index"
	"tenet/papers"
	"tenet/tui"
)

// errHeld says that the full-screen program cannot run inside another one.
var errHeld = errors.New("the terminal UI is already open on this library; other verbs work beside it")

// ui opens the terminal program on this folder's library.
func (a *app) ui(ctx context.Context) error {
	if a.held != nil {
		return errHeld
	}
	dir, err := a.find()
	if err != nil {
		return err
	}
	s, err := a.openAt(ctx, dir, "the terminal UI")
	if fwd, ok := errors.AsType[*errForward](err); ok {
		return fwd.locked // two full screens on one library would fight; say who has it
	}
	if err != nil {
		return err
	}
	defer a.close(s)
	return a.show(ctx, s, nil, nil)
}

// show runs the screens on an open library. later, which may be nil, is work for after the first frame; it has ended,
// done or broken off, when show returns.
func (a *app) show(ctx context.Context, s *session, guide *tui.Guide, later func(context.Context)) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	pool := a.pool(runtime.NumCPU())
	defer pool.Close()
	return tui.Run(ctx, tui.Deps{
		Lib: s.lib, Reviewer: a.actor(ctx),
		OpenIndex: func(ctx context.Context) (*index.Index, error) {
			if later != nil {
				wg.Go(func() { later(ctx) })
			}
			if err := s.openIndex(ctx); err != nil {
				return nil, err
			}
			return s.idx, nil
		},
		Parse:         func(ctx context.Context, path string) (*papers.Document, error) { return pool.Parse(ctx, path) },
		Draw:          a.drawPage,
		RunnerCommand: a.self("worker", "--stdio"),
		Plain:         a.plain || !isTerminal(a.in) || !a.stdoutIsTerminal() || a.getenv("TERM") == "dumb" || a.getenv("TENET_PLAIN") == "1",
		ASCII:         a.ascii,
		In:            a.in, Out: a.out, Getenv: a.getenv,
		Demo: guide,
	})
}
