package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"tenet/runner/kernel"
)

// Options say what to time. The zero value times every model for two seconds with the embedded digits.
type Options struct {
	Models  []string         // names; empty: all
	Seconds float64          // of timed steps per model
	Short   bool             // take no losses: time only
	Data    string           // folder with digits-train-*.gz, for the definition's own batches; "" embedded
	Now     func() time.Time // nil: time.Now
}

// Result is one model's measurement.
type Result struct {
	Model     string    `json:"model"`
	MS        float64   `json:"ms"`      // processor time per step, median over runs
	MSMin     float64   `json:"ms_min"`  // fastest run
	WallMS    float64   `json:"wall_ms"` // wall time per step, median
	Runs      int       `json:"runs"`
	Steps     int       `json:"steps_per_run"`
	Params    int       `json:"parameters"`
	FLOP      float64   `json:"flop_per_step"`
	GFLOPS    float64   `json:"gflops"`     // of the fastest run
	PeakShare float64   `json:"peak_share"` // of Report.PeakGFLOPS
	BuildMS   float64   `json:"build_ms"`   // graph and compilation
	RSSMiB    float64   `json:"peak_rss_mib"`
	Loss1     []float64 `json:"loss_1"`   // one; of a gan the discriminator's and the generator's
	Loss200   []float64 `json:"loss_200"` // mean of steps 185 to 200; none where only time was taken
}

// Report is a whole benchmark.
type Report struct {
	Kernel     string   `json:"kernel_path"`
	Go         string   `json:"go"`
	PeakGFLOPS float64  `json:"peak_gflops"`
	Rates      []Rate   `json:"kernels"`
	Results    []Result `json:"results"`
}

// Run measures. It keeps its goroutine on one thread and takes that thread's processor time where the
// system tells it, else wall time.
func Run(ctx context.Context, o Options) (Report, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Seconds <= 0 {
		o.Seconds = 2
	}
	models := Models()
	for _, name := range o.Models {
		if !slices.ContainsFunc(models, func(m Model) bool { return m.Name == name }) {
			return Report{}, fmt.Errorf("runner/bench: model %q is unknown or not in this version", name)
		}
	}
	r := Report{Kernel: kernel.Path(), Go: runtime.Version()}
	r.PeakGFLOPS = o.peak()
	var err error
	if r.Rates, err = o.rates(ctx); err != nil {
		return r, err
	}
	for _, m := range models {
		if len(o.Models) > 0 && !slices.Contains(o.Models, m.Name) {
			continue
		}
		res, err := o.measure(ctx, m)
		if err != nil {
			return r, err
		}
		r.PeakGFLOPS = max(r.PeakGFLOPS, o.peak())
		r.Results = append(r.Results, res)
	}
	for i := range r.Results {
		r.Results[i].PeakShare = r.Results[i].GFLOPS / r.PeakGFLOPS
	}
	for i := range r.Rates {
		r.Rates[i].PeakShare = r.Rates[i].GFLOPS / r.PeakGFLOPS
	}
	return r, nil
}

// peak is the fastest of twenty short sprints, in GFLOP/s.
func (o Options) peak() float64 {
	best := 0.0
	for range 20 {
		start := o.Now()
		n := kernel.Spin(2e8)
		best = max(best, n/o.Now().Sub(start).Seconds()/1e9)
	}
	return best
}

// clock reads wall and processor time.
func (o Options) clock() (wall time.Time, cpu time.Duration) {
	w := o.Now()
	if c, ok := threadTime(); ok {
		return w, c
	}
	return w, w.Sub(time.Time{})
}

func (o Options) measure(ctx context.Context, m Model) (Result, error) {
	begun := o.Now()
	s, err := m.open()
	if err != nil {
		return Result{}, err
	}
	res := Result{Model: m.Name, Params: len(s.prog.Weights), FLOP: s.flops, BuildMS: o.Now().Sub(begun).Seconds() * 1e3}
	batches, err := o.batches(m)
	if err != nil {
		return Result{}, err
	}
	at := 0
	step := func() {
		s.step(batches[at%ready])
		at++
	}
	for at < 200 && ctx.Err() == nil && !(o.Short && at > 0) {
		step()
		if at == 1 {
			res.Loss1 = s.losses()
		}
		if at == 185 {
			res.Loss200 = make([]float64, len(res.Loss1))
		}
		if at > 184 {
			for i, l := range s.losses() {
				res.Loss200[i] += l / 16
			}
		}
	}
	s.dropped = true
	o.time(ctx, &res, step)
	res.GFLOPS = res.FLOP / res.MSMin / 1e6
	res.RSSMiB = peakRSS()
	return res, ctx.Err()
}

// time fills in the times: runs of about a tenth of the time, of which median and fastest count.
func (o Options) time(ctx context.Context, res *Result, step func()) {
	w0, _ := o.clock()
	step()
	w1, _ := o.clock()
	if few := w1.Sub(w0).Seconds(); few < 0.01 {
		w0, _ = o.clock()
		for range 20 {
			step()
		}
		w1, _ = o.clock()
		res.Steps = max(1, int(o.Seconds/w1.Sub(w0).Seconds()))
	} else {
		res.Steps = max(1, int(o.Seconds/20/few))
	}
	var cpus, walls []float64
	for begun := o.Now(); ctx.Err() == nil && (len(cpus) < 5 || o.Now().Sub(begun).Seconds() < o.Seconds); {
		w0, c0 := o.clock()
		for range res.Steps {
			step()
		}
		w1, c1 := o.clock()
		cpus = append(cpus, (c1-c0).Seconds()*1e3/float64(res.Steps))
		walls = append(walls, w1.Sub(w0).Seconds()*1e3/float64(res.Steps))
	}
	if len(cpus) == 0 {
		return
	}
	res.Runs = len(cpus)
	res.MSMin = slices.Min(cpus)
	res.MS, res.WallMS = median(cpus), median(walls)
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
