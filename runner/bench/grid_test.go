package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestMain lets the test binary be a grid's worker.
func TestMain(m *testing.M) {
	if os.Getenv("TENET_TEST_GRID_WORKER") != "" {
		if err := GridWorker(context.Background(), "", os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAGridTrainsEveryTrialOnceAndTheSameWithAnyNumberOfWorkers(t *testing.T) {
	t.Setenv("TENET_TEST_GRID_WORKER", "1")
	var first []GridTrial
	for _, workers := range []int{1, 2} {
		r, err := RunGrid(t.Context(), Grid{Trials: 6, Steps: 2, Workers: workers, Command: []string{os.Args[0]}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Each) != 6 || !(r.WallS > 0) || !(r.CPUS > 0) || !(r.RSSMiB > 0) {
			t.Fatalf("got %+v", r)
		}
		for i, e := range r.Each {
			if e.Model != gridModels()[i%4] || e.Seed != uint64(1+i/4) || len(e.Loss) != 1 || !(e.Loss[0] > 0) {
				t.Errorf("trial %d: %+v", i, e)
			}
			if first != nil && e.Loss[0] != first[i].Loss[0] {
				t.Errorf("trial %d ends at %v with two workers, at %v with one", i, e.Loss[0], first[i].Loss[0])
			}
		}
		if r.Each[0].Loss[0] == r.Each[4].Loss[0] {
			t.Error("two seeds end the same")
		}
		first = r.Each
		var table bytes.Buffer
		if err := r.Table(&table); err != nil || !strings.Contains(table.String(), "6 trials of 2 steps") {
			t.Errorf("table: %q, %v", table.String(), err)
		}
	}
}

func TestAGridSaysWhatAWorkerCouldNotDo(t *testing.T) {
	var out bytes.Buffer
	in := strings.NewReader(`{"model":"vgg","steps":1}` + "\n")
	if err := GridWorker(t.Context(), "", in, &out); err != nil {
		t.Fatal(err)
	}
	var answer GridTrial
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || !strings.Contains(answer.Error, "vgg") {
		t.Errorf("answer %q, %v", out.String(), err)
	}
	if err := GridWorker(t.Context(), "", strings.NewReader("{"), &out); err == nil {
		t.Error("half a trial was taken for one")
	}
	if _, err := RunGrid(t.Context(), Grid{Trials: 1, Steps: 1, Workers: 1, Command: []string{"/nonexistent/worker"}}); err == nil || !strings.Contains(err.Error(), "/nonexistent/worker") {
		t.Errorf("a worker that is not there: %v", err)
	}
}
