package runner

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tenet/internal/store"
	"tenet/runner/task"
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
	case "stops": // dies for good after the state of a step has gone out, once for a free name in a folder
		step, err := strconv.Atoi(args[0])
		if err != nil {
			return 1
		}
		f, err := os.OpenFile(args[1]+"/died", os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return serveAs(os.Stdin, &untilState{Writer: os.Stdout, step: step, told: f})
		}
	case "naps": // answers each job after a while, without training
		return nap(args[0])
	case "owner": // a whole tenet run of H01 in the library of a folder, told trial by trial
		lib, err := store.Open(context.Background(), args[0], store.Options{Doing: "run"})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer lib.Close()
		o := Options{MaxBlocks: 6, Command: workerCommand("sound"), OnEvent: func(e Event) {
			if e.Kind == EventTrial {
				fmt.Println("trial")
			}
		}}
		if len(args) > 1 { // one trial at a time, whose states come often
			o.MaxBlocks, o.Jobs, o.saveSteps = 1, 1, 10
		}
		_, err = Run(context.Background(), lib, "tester", "H01", o)
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

// untilState dies the moment a state of its step, or of a later one, has been written.
type untilState struct {
	io.Writer
	step int
	told io.Closer
}

func (u *untilState) Write(p []byte) (int, error) {
	n, err := u.Writer.Write(p)
	if f, ferr := readFrame(bufio.NewReader(bytes.NewReader(p))); ferr == nil && f.Kind == frameState && f.Step >= u.step {
		_ = u.told.Close()
		os.Exit(9)
	}
	return n, err
}

// nap is a worker whose trials only take time.
func nap(long string) int {
	d, err := time.ParseDuration(long)
	if err != nil {
		return 1
	}
	e := Engine()
	if writeFrame(os.Stdout, frame{Kind: frameHello, Protocol: protocolVersion, Engine: &e}) != nil {
		return 1
	}
	for in := bufio.NewReader(os.Stdin); ; {
		f, err := readFrame(in)
		if err != nil {
			return 0
		}
		time.Sleep(d)
		score := store.Real(0.5 + float64(f.N%7)/100)
		if writeFrame(os.Stdout, frame{Kind: frameResult, N: f.N, Result: &wireResult{
			Metrics: map[string]wireReal{task.TestAccuracy: score}, WeightsSHA: "none", Curve: task.Curve(nil).Bytes(),
		}}) != nil {
			return 1
		}
	}
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
