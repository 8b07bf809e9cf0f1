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
	limitSignals()
	// The index's library writes warnings to the standard logger, in the middle of the screen; what
	// matters of them comes back as errors.
	log.SetOutput(io.Discard)
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	a := &app{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		cwd: dir, getenv: os.Getenv, args: os.Args[1:], patience: 100,
	}
	return a.run(ctx)
}
