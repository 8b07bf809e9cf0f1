package runner

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tenet/internal/store"
)

// longJob is a trial that nobody waits for.
func longJob(t *testing.T) Job {
	t.Helper()
	c := control{study: "test"}
	j, err := c.job()
	if err != nil {
		t.Fatal(err)
	}
	j.Hypothesis, j.Steps = "H01", 1_000_000
	return j
}

func startTestProcess(t *testing.T) *process {
	t.Helper()
	p, err := startProcess(t.Context(), workerCommand("sound"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

func TestCancelStopsAWorkerAtItsNextStep(t *testing.T) {
	p := startTestProcess(t)
	ctx, cancel := context.WithCancel(t.Context())
	var cancelled time.Time
	_, err := p.run(ctx, order{n: 1, job: longJob(t), progress: func(frame) {
		if cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}})
	took := time.Since(cancelled)
	if !errors.Is(err, context.Canceled) || took > 5*time.Second { // 200 ms on a quiet machine
		t.Errorf("cancelled after %s with %v", took, err)
	}
	// It answered rather than being given up: it takes another job.
	j := longJob(t)
	j.Steps = 3
	if r, err := p.run(t.Context(), order{n: 2, job: j, progress: func(frame) {}}); err != nil || r.WeightsSHA == "" {
		t.Errorf("the job after a cancel: got %v, %v", r, err)
	}
}

func TestAWorkerBeatsAtLeastOnceASecond(t *testing.T) {
	p := startTestProcess(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	last, beats := time.Now(), 0
	_, _ = p.run(ctx, order{n: 1, job: longJob(t), progress: func(f frame) {
		if gap := time.Since(last); gap > 10*time.Second { // 0.2 s on a quiet machine
			t.Errorf("%s without a word", gap)
		}
		last = time.Now()
		if f.Step == 0 || f.Rate == 0 && beats == 0 { // the net is still being built, or one step is no rate
			return
		}
		if !(f.Rate > 0) || !(f.Loss >= 0) { // ten thousands of steps learn the digits to a loss of 0
			t.Errorf("a beat says step %d, rate %v, loss %v", f.Step, f.Rate, f.Loss)
		}
		if beats++; beats == 4 {
			cancel()
		}
	}})
	if beats < 4 {
		t.Errorf("%d beats", beats)
	}
}

func TestAWorkerKeepsToItsMemory(t *testing.T) {
	p := startTestProcess(t)
	_, err := p.run(t.Context(), order{n: 1, memoryMB: 1, job: longJob(t), progress: func(frame) {}})
	if !errors.Is(err, errFailed) || !strings.Contains(err.Error(), "its limit is 1") {
		t.Errorf("a trial over its memory limit: got %v", err)
	}
}

func TestAWorkerRefusesAPlanOfAnotherWorld(t *testing.T) {
	p := startTestProcess(t)
	for want, change := range map[string]func(*Job){
		"engine":                  func(j *Job) { j.Engine = "0" },
		"data of D1 are":          func(j *Job) { j.Data = "elsewhere" },
		"unknown task":            func(j *Job) { j.Task = "D99" },
		"cannot be trained":       func(j *Job) { j.Steps = 0 },
		"depth: 0 is not a whole": func(j *Job) { j.Net = json.RawMessage(`{"family":"mlp","depth":0,"width":3}`) },
	} {
		j := longJob(t)
		change(&j)
		if _, err := p.run(t.Context(), order{n: 1, job: j, progress: func(frame) {}}); !errors.Is(err, errFailed) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAWorkerEndsWithItsInput(t *testing.T) {
	in, parent := io.Pipe()
	done := make(chan error, 1)
	var out bytes.Buffer
	go func() { done <- ServeWorker(t.Context(), in, &out) }()
	if err := parent.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("got %v", err)
	}
	f, err := readFrame(bufio.NewReader(&out))
	if err != nil || f.Kind != frameHello || f.Protocol != protocolVersion || f.Engine == nil {
		t.Errorf("its first word: %+v, %v", f, err)
	}
}

func TestAKilledRunResumesToTheSameBits(t *testing.T) {
	whole := newStudy(t, tinyArms(), fewSteps(200))
	whole.lock()
	whole.run(Options{MaxBlocks: 6})
	want := whole.trials()

	s := newStudy(t, tinyArms(), fewSteps(200))
	s.lock()
	dir := s.lib.Dir()
	if err := s.lib.Close(); err != nil {
		t.Fatal(err)
	}
	for kill := range 3 {
		killAfter(t, dir, 2+kill)
	}
	lib, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	s.lib = lib
	kept := len(s.trials())
	if kept < 3 {
		t.Errorf("%d trials survived three kills", kept)
	}
	res := s.run(Options{MaxBlocks: 6})
	got := s.trials()
	for _, m := range []map[string]string{got, want} { // what ran ahead of the sixth block may be there or not
		maps.DeleteFunc(m, func(k, _ string) bool { return !strings.Contains("012345", strings.Split(k, ",")[3]) })
	}
	if !maps.Equal(got, want) {
		t.Errorf("killed and resumed: got %d trials %v, want %d %v", len(got), got, len(want), want)
	}
	if res.Trials > 12 {
		t.Errorf("the last run trained %d trials though %d were kept", res.Trials, kept)
	}
	states := map[RunState]int{}
	s.view(func(tx *store.Tx) error {
		for r, err := range Runs(tx, s.h.ID) {
			if err != nil {
				return err
			}
			states[r.State]++
		}
		return nil
	})
	if states[RunStopped] != 3 || states[RunDecided] != 1 {
		t.Errorf("the runs stand at %v, want three stopped and one decided", states)
	}
	if f, err := lib.Verify(t.Context(), nil); err != nil || len(f) > 0 {
		t.Errorf("the ledger after the kills: %v, %v", f, err)
	}
}

// killAfter starts a whole run in a process of its own and kills it (SIGKILL) after n trials.
func killAfter(t *testing.T, dir string, n int) {
	t.Helper()
	command := workerCommand("owner", dir)
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range n {
		if !lines.Scan() {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Log(err)
	}
	for lines.Scan() {
	}
	_ = cmd.Wait()
}

func TestAKeyCoversEverythingThatDeterminesATrial(t *testing.T) {
	base := longJob(t)
	seen := map[string]string{}
	for name, change := range map[string]func(*Job){
		"nothing": func(*Job) {}, "net": func(j *Job) { j.Net = json.RawMessage(`{}`) }, "task": func(j *Job) { j.Task = "A2" },
		"data": func(j *Job) { j.Data = "x" }, "steps": func(j *Job) { j.Steps++ }, "batch": func(j *Job) { j.Batch++ },
		"rate": func(j *Job) { j.Rate = 0.5 }, "noise": func(j *Job) { j.LabelNoise = 0.5 }, "lesions": func(j *Job) { j.Lesions = [][]int{{1}} },
		"tuning": func(j *Job) { j.Tuning = true }, "study": func(j *Job) { j.Study = "x" }, "hypothesis": func(j *Job) { j.Hypothesis = "x" },
		"block": func(j *Job) { j.Block++ }, "scope": func(j *Job) { j.Scope = "aa" }, "engine": func(j *Job) { j.Engine = "x" },
		"kernel path": func(j *Job) { j.KernelPath = "x" }, "own data": func(j *Job) { j.Own = "x" },
		"options": func(j *Job) { j.Options.Target = "x" }, "metric": func(j *Job) { j.Metric = "x" },
		"command": func(j *Job) { j.Exec = &External{Arm: "{}"} },
		"file":    func(j *Job) { j.Exec = &External{Arm: "{}", Files: []FileSHA{{"a", "1"}}} },
		"content": func(j *Job) { j.Exec = &External{Arm: "{}", Files: []FileSHA{{"a", "2"}}} },
	} {
		j := base
		change(&j)
		key, err := j.Key()
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
}

func FuzzFramesAreReadOrRefused(f *testing.F) {
	var good bytes.Buffer
	if err := writeFrame(&good, frame{Kind: frameProgress, N: 3, Step: 7, Loss: 0.5}); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte("\xff\xff\xff\xff"))
	var state bytes.Buffer
	if err := writeFrame(&state, frame{Kind: frameState, N: 1, Step: 5, state: []byte("weights")}); err != nil {
		f.Fatal(err)
	}
	f.Add(state.Bytes())
	f.Add([]byte("\x00\x00\x00\x1e{\"kind\":\"state\",\"size\":900000000}"))
	f.Add([]byte("\x00\x00\x00\x09{\"kind\":"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := readFrame(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, got); err != nil {
			t.Fatalf("%+v cannot be written: %v", got, err)
		}
		back, err := readFrame(bufio.NewReader(&again))
		if err != nil || fmt.Sprintf("%+v", back) == "" || !bytes.Equal(back.state, got.state) {
			t.Fatalf("%+v: %v", got, err)
		}
	})
}
