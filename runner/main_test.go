package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"tenet/internal/store"
)

// The test binary is its own worker: Command names it with the word below and how to behave.
const workerWord = "tenet-test-worker"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == workerWord {
		os.Exit(actWorker(os.Args[2], os.Args[3:]))
	}
	goleak.VerifyTestMain(m)
}

// actWorker behaves as a sound worker, or as one that breaks in the way that the mode names.
func actWorker(mode string, args []string) int {
	switch mode {
	case "crash": // dies in its first job, once for every free name in a folder
		for i := range 2 {
			f, err := os.OpenFile(fmt.Sprintf("%s/%d", args[0], i), os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				continue
			}
			_ = f.Close()
			in := &heard{Reader: os.Stdin}
			return serveAs(in, &lastWords{Writer: os.Stdout, in: in})
		}
	case "die": // always
		in := &heard{Reader: os.Stdin}
		return serveAs(in, &lastWords{Writer: os.Stdout, in: in})
	case "owner": // a whole tenet run of H01 in the library of a folder, told trial by trial
		lib, err := store.Open(context.Background(), args[0], store.Options{Doing: "run"})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer lib.Close()
		_, err = Run(context.Background(), lib, "tester", "H01", Options{MaxBlocks: 6, Command: workerCommand("sound"), OnEvent: func(e Event) {
			if e.Kind == EventTrial {
				fmt.Println("trial")
			}
		}})
		fmt.Println("end", err)
		return 0
	case "babble":
		fmt.Println("this is no frame")
		return 0
	}
	return serveAs(os.Stdin, os.Stdout)
}

func serveAs(in io.Reader, out io.Writer) int {
	if err := ServeWorker(context.Background(), in, out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// heard notes that a job, which is longer than a greeting, has been read.
type heard struct {
	io.Reader
	job atomic.Bool
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	if n > 200 {
		h.job.Store(true)
	}
	return n, err
}

// lastWords crashes instead of answering the first job.
type lastWords struct {
	io.Writer
	in *heard
}

func (w *lastWords) Write(p []byte) (int, error) {
	if w.in.job.Load() {
		panic("this worker was told to crash")
	}
	return w.Writer.Write(p)
}

func workerCommand(mode string, args ...string) []string {
	return append([]string{os.Args[0], workerWord, mode}, args...)
}
