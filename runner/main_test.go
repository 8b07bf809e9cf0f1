package runner

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

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
			time.AfterFunc(2*time.Millisecond, func() { panic("this worker was told to crash") })
			break
		}
	case "die": // always
		time.AfterFunc(20*time.Millisecond, func() { os.Exit(3) })
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
	if err := ServeWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func workerCommand(mode string, args ...string) []string {
	return append([]string{os.Args[0], workerWord, mode}, args...)
}
