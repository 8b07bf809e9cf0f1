package task

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tenet/runner/net"
)

// The numbers of D9b: times of the diffusion, noise added at the first and at the last, features a net sees
// of the time, times that are scored, samples that are drawn, and width of a latent.
const (
	times        = 100
	firstBeta    = 1e-4
	lastBeta     = 0.05
	timeFeatures = 16
	scoredTimes  = 20
	samples      = 1000
	codeWidth    = 12
	readAt       = 10 // the time at which the narrowest layer is read: little noise, as a denoiser meets it
)

// diffusion is the schedule: a point at time t is keep·point + blur·noise (Ho et al. 2020).
type diffusion struct {
	beta, alphaBar []float64
	keep, blur     []float32
	feature        []float32 // of each time: eight sines, eight cosines
	dims           int
}

func newDiffusion(dims int) *diffusion {
	d := &diffusion{
		beta: make([]float64, times), alphaBar: make([]float64, times), keep: make([]float32, times), blur: make([]float32, times),
		feature: make([]float32, times*timeFeatures), dims: dims,
	}
	bar := 1.0
	for t := range times {
		d.beta[t] = firstBeta + float64((lastBeta-firstBeta)*float64(t)/(times-1))
		bar *= 1 - d.beta[t]
		d.alphaBar[t], d.keep[t], d.blur[t] = bar, float32(math.Sqrt(bar)), float32(math.Sqrt(1-bar))
		pace := 1.0 // of feature k: 10000^(-k/8)
		for k := range timeFeatures / 2 {
			s, c := sineCosine(float64(float64(t) * pace))
			d.feature[t*timeFeatures+k], d.feature[t*timeFeatures+timeFeatures/2+k] = float32(s), float32(c)
			pace /= math.Sqrt(10)
		}
	}
	return d
}

// blurred makes a net's input of a point at time t: the point with noise, then the time's features.
func (d *diffusion) blurred(x, point, noise []float32, t int) {
	k, b := d.keep[t], d.blur[t]
	for i, v := range point {
		x[i] = float32(k*v) + float32(b*noise[i])
	}
	copy(x[d.dims:], d.feature[t*timeFeatures:][:timeFeatures])
}

// diffused deals training points at random times with fresh noise; the noise is the answer.
type diffused struct {
	*diffusion
	rows  *batches
	c     *chance
	point []float32
}

func (d *diffused) next(x, y []float32) {
	d.c.normals(y, 1)
	in := d.dims + timeFeatures
	for i := range len(y) / d.dims {
		d.rows.p.row(d.rows.draw(), d.point)
		d.blurred(x[i*in:][:in], d.point, y[i*d.dims:][:d.dims], d.c.below(times))
	}
}

func (d *diffused) archive(a *archive) {
	d.rows.archive(a)
	d.c.archive(a)
}

// scored is a part as it is scored: every point at twenty times, each with a fixed draw of noise.
func (d *diffusion) scored(p part, c *chance) part {
	in := d.dims + timeFeatures
	q := part{x: make([]float32, p.rows*scoredTimes*in), y: make([]float32, p.rows*scoredTimes*d.dims), in: in, out: d.dims, rows: p.rows * scoredTimes}
	c.normals(q.y, 1)
	for i := range q.rows {
		r, t := i%p.rows, i/p.rows*(times/scoredTimes)+2
		d.blurred(q.x[i*in:][:in], p.x[r*p.in:][:p.in], q.y[i*d.dims:][:d.dims], t)
	}
	return q
}

// at is a part at one time, for the reader.
func (d *diffusion) at(p part, t int, c *chance) part {
	in := d.dims + timeFeatures
	q := part{x: make([]float32, p.rows*in), in: in, rows: p.rows}
	noise := make([]float32, d.dims)
	for r := range p.rows {
		c.normals(noise, 1)
		d.blurred(q.x[r*in:][:in], p.x[r*p.in:][:p.in], noise, t)
	}
	return q
}

// sample draws points by walking the times backwards: each step takes the noise that the net sees off and
// adds a little fresh noise, but for the last.
func (d *diffusion) sample(prog *net.Program, batch, n int, c *chance, stop func() error) ([]float32, error) {
	in := d.dims + timeFeatures
	all := make([]float32, 0, n*d.dims)
	x, z := make([]float32, batch*d.dims), make([]float32, batch*d.dims)
	for len(all) < n*d.dims {
		c.normals(x, 1)
		for t := times - 1; t >= 0; t-- {
			if err := stop(); err != nil {
				return nil, err
			}
			for r := range batch {
				copy(prog.X[r*in:], x[r*d.dims:][:d.dims])
				copy(prog.X[r*in+d.dims:], d.feature[t*timeFeatures:][:timeFeatures])
			}
			prog.Run()
			grow := float32(1 / math.Sqrt(1-d.beta[t]))
			take := float32(d.beta[t] / math.Sqrt(1-d.alphaBar[t]))
			add := float32(math.Sqrt(d.beta[t]))
			if t == 0 {
				add = 0
			}
			c.normals(z, 1)
			for i := range x {
				x[i] = float32(grow*(x[i]-float32(take*prog.Logits[i]))) + float32(add*z[i])
			}
		}
		all = append(all, x[:min(len(x), n*d.dims-len(all))]...)
	}
	return all, nil
}

// loadDiffusion is D9b in its three spaces.
func loadDiffusion(ctx context.Context, t Trial, seeds Seeds) (*material, error) {
	k := t.Task
	var s split
	var err error
	switch k.Options.Space {
	case SpaceRing:
		c := newChance(seeds("data"))
		s = split{ring(k.Train, c), ring(k.Validation, c), ring(k.Test, c)}
	case SpaceLatent:
		s, err = latentSplit(ctx, t, seeds)
	default:
		s, err = digitSplit(t, seeds)
	}
	if err != nil {
		return nil, err
	}
	d := newDiffusion(k.dims())
	eval := newChance(seeds("eval"))
	m := &material{
		deal:       &diffused{d, newBatches(s.train, seeds("order")), newChance(seeds("noise/input")), make([]float32, d.dims)},
		validation: d.scored(s.validation, newChance(seeds("validation"))),
		test:       d.scored(s.test, eval),
		tally:      func() tally { return &squares{width: d.dims, cols: []column{{NoiseMSE, 0, d.dims}}} },
	}
	m.after = func(r *room) error {
		if k.Options.Space == "" {
			train, test := d.at(s.train, readAt, eval), d.at(s.test, readAt, eval)
			if err := r.read(train, test, s.train.y, s.test.y); err != nil {
				return err
			}
		}
		drawn, err := d.sample(r.scorer, r.scoreBatch(), samples, newChance(seeds("sample")), func() error { return stopped(ctx, "while sampling") })
		if err != nil {
			return err
		}
		r.out.Metrics[EnergyDistance] = math.Inf(1) // of samples that ran away
		if !slices.ContainsFunc(drawn, func(v float32) bool { return !finite(v) }) {
			r.out.Metrics[EnergyDistance] = energyDistance(drawn, s.test.x, d.dims)
		}
		return nil
	}
	return m, nil
}

// latentSplit is the digits as codes of a D9a autoencoder that is trained first, as D9a trains by itself, on
// streams of its own, and then stays as it is. Every number of a code is brought to mean 0 and deviation 1.
func latentSplit(ctx context.Context, t Trial, seeds Seeds) (split, error) {
	s, err := digitSplit(t, seeds)
	if err != nil {
		return split{}, err
	}
	base, err := Find("D9a")
	if err != nil {
		return split{}, err
	}
	spec := t.Net.Autoencoder
	if spec == nil {
		plain, err := net.Parse([]byte(`{"family":"autoencoder","widths":[64,48,12,48,64]}`))
		if err != nil {
			return split{}, err
		}
		spec = &plain
	}
	first := Trial{Task: base, Net: *spec, Rate: base.Rate, Steps: base.Steps, Tuning: true}
	own := func(stream string) [32]byte {
		if stream == "split" {
			return seeds(stream)
		}
		return seeds("autoencoder/" + stream)
	}
	r, err := first.supervised(ctx, own)
	if err != nil {
		return split{}, err
	}
	if err := r.loop(ctx, r, Checkpoints{}, nil); err != nil {
		return split{}, fmt.Errorf("runner/task: D9b: autoencoder: %w", err)
	}
	if r.out.Diverged {
		return split{}, divergence{r.out.DivergedAt}
	}
	prog, err := r.scoring(nil, codeTap)
	if err != nil {
		return split{}, err
	}
	parts := []part{s.train, s.validation, s.test}
	for i, p := range parts {
		x, width, err := codes(prog, p)
		if err != nil {
			return split{}, fmt.Errorf("runner/task: D9b: autoencoder: %w", err)
		}
		if width != codeWidth {
			return split{}, fmt.Errorf("runner/task: D9b: autoencoder: a code of %d numbers, want %d", width, codeWidth)
		}
		parts[i].x, parts[i].in = x, width
	}
	standardise(parts)
	return split{parts[0], parts[1], parts[2]}, nil
}

// divergence is a training before the trial's own that came to nothing: an outcome, not a fault.
type divergence struct{ step int }

func (d divergence) Error() string {
	return fmt.Sprintf("runner/task: the net that is trained first diverged at step %d", d.step)
}

// ring draws points of eight Gaussians on the unit circle.
func ring(rows int, c *chance) part {
	p := part{x: make([]float32, 2*rows), y: make([]float32, rows), in: 2, out: 1, rows: rows}
	drawRing(p.x, p.y, c)
	return p
}
