package bench

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// gridModels are trained in turn by a grid.
func gridModels() []string { return []string{"mlp", "resmlp", "resnet20s", "transformer"} }

// Grid says what to run: whole trainings by worker processes, as a study's trials would be.
type Grid struct {
	Trials, Steps, Workers int
	Data                   string           // as of [Options]
	Command                []string         // starts a worker, which serves [GridWorker]
	Now                    func() time.Time // nil: time.Now
}

// GridTrial is one training.
type GridTrial struct {
	Model  string    `json:"model"`
	Seed   uint64    `json:"seed"`
	Steps  int       `json:"steps"`
	Loss   []float64 `json:"loss,omitempty"`    // of the last step
	RSSMiB float64   `json:"rss_mib,omitempty"` // the most its worker has held until then
	Error  string    `json:"error,omitempty"`
}

// GridReport is a whole grid.
type GridReport struct {
	Trials  int         `json:"trials"`
	Steps   int         `json:"steps_per_trial"`
	Workers int         `json:"processes"`
	WallS   float64     `json:"wall_s"` // from before the first worker starts to after the last has ended
	CPUS    float64     `json:"cpu_s"`  // of the workers
	RSSMiB  float64     `json:"peak_rss_mib_largest_worker"`
	Each    []GridTrial `json:"each"`
}

// order is that in which trials are handed out: those of the costliest model first, so that no long one is left for the end.
func (g Grid) order() []int {
	cost := map[string]float64{}
	for _, m := range Models() {
		cost[m.Name] = m.MFLOP
	}
	models := gridModels()
	out := make([]int, g.Trials)
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Compare(cost[models[b%len(models)]], cost[models[a%len(models)]])
	})
	return out
}

// RunGrid starts the workers and hands them the trials, each to the first that is free.
func RunGrid(ctx context.Context, g Grid) (GridReport, error) {
	if g.Now == nil {
		g.Now = time.Now
	}
	r := GridReport{Trials: g.Trials, Steps: g.Steps, Workers: g.Workers}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun := g.Now()
	todo := make(chan int)
	go func() {
		defer close(todo)
		for _, i := range g.order() {
			select {
			case todo <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	r.Each = make([]GridTrial, g.Trials)
	cpus, errs := make([]time.Duration, g.Workers), make([]error, g.Workers)
	var all sync.WaitGroup
	for k := range g.Workers {
		all.Go(func() {
			if cpus[k], errs[k] = g.worker(ctx, todo, r.Each); errs[k] != nil {
				cancel()
			}
		})
	}
	all.Wait()
	r.WallS = g.Now().Sub(begun).Seconds()
	for k := range g.Workers {
		if errs[k] != nil {
			return r, errs[k]
		}
		r.CPUS += cpus[k].Seconds()
	}
	for _, t := range r.Each {
		r.RSSMiB = max(r.RSSMiB, t.RSSMiB)
	}
	return r, ctx.Err()
}

// worker runs one worker until nothing is left to do.
func (g Grid) worker(ctx context.Context, todo <-chan int, each []GridTrial) (cpu time.Duration, err error) {
	models := gridModels()
	cmd := exec.CommandContext(ctx, g.Command[0], g.Command[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, fmt.Errorf("runner/bench: a worker's input: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, fmt.Errorf("runner/bench: a worker's output: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("runner/bench: a worker does not start: %w", err)
	}
	send, receive := json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))
	for i := range todo {
		t := GridTrial{Model: models[i%len(models)], Seed: uint64(1 + i/len(models)), Steps: g.Steps}
		if err = send.Encode(t); err == nil {
			err = receive.Decode(&each[i])
		}
		if err == nil && each[i].Error != "" {
			err = fmt.Errorf("%s", each[i].Error)
		}
		if err != nil {
			break
		}
	}
	_ = in.Close() // tells the worker that there is no more
	if ended := cmd.Wait(); err == nil {
		err = ended
	}
	if err != nil {
		return 0, fmt.Errorf("runner/bench: a worker failed: %w", err)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// GridWorker trains what it reads, one trial a line, and answers each with its end.
func GridWorker(ctx context.Context, data string, in io.Reader, out io.Writer) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	read, write := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var t GridTrial
		if err := read.Decode(&t); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("runner/bench: a trial that is none: %w", err)
		}
		if err := t.run(ctx, data); err != nil {
			t.Error = strings.TrimPrefix(err.Error(), "runner/bench: ")
		}
		if err := write.Encode(t); err != nil {
			return fmt.Errorf("runner/bench: an answer: %w", err)
		}
		debug.FreeOSMemory() // or the next trial would come on top of this one
	}
}

func (t *GridTrial) run(ctx context.Context, data string) error {
	models := Models()
	at := slices.IndexFunc(models, func(m Model) bool { return m.Name == t.Model })
	if at < 0 {
		return fmt.Errorf("model %q is unknown", t.Model)
	}
	m := models[at]
	m.Seed = t.Seed
	s, err := m.open()
	if err != nil {
		return err
	}
	batches, err := Options{Data: data}.batches(m)
	if err != nil {
		return err
	}
	s.dropped = true
	for i := range t.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.step(batches[i%ready])
	}
	t.Loss, t.RSSMiB = s.losses(), peakRSS()
	return nil
}

// Table writes the report for people.
func (r GridReport) Table(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d trials of %d steps by %d workers: %.2f s wall, %.2f s of processors, largest worker %.0f MiB\n",
		r.Trials, r.Steps, r.Workers, r.WallS, r.CPUS, r.RSSMiB)
	return err
}
