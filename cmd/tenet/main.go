package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(mainExit()) }

// mainExit is main with an exit code, so that deferred work runs; the script tests call it too.
func mainExit() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// The first signal asks for a clean end; a second one, from a person who will not wait, ends at once.
	context.AfterFunc(ctx, stop)
	limitSignals()
	// The index's library writes warnings to the standard logger, in the middle of the screen; what
	// matters of them comes back as errors.
	log.SetOutput(io.Discard)
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	out := &results{File: os.Stdout}
	a := &app{
		in: os.Stdin, out: out, err: os.Stderr,
		cwd: dir, getenv: os.Getenv, args: os.Args[1:], patience: 100,
	}
	code := a.run(ctx)
	if err := out.lost(); err != nil && code == exitOK {
		explain(a.err, err)
		return exitFailed
	}
	return code
}
