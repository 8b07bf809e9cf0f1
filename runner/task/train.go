package task

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

const (
	curveEvery = 5   // steps between samples of the loss
	testEvery  = 20  // steps between samples of the test error
	scoreBatch = 100 // rows scored at once
)

// Run trains t from its streams. progress, if not nil, is told after every step. Cancelling ctx ends it at
// the next step with ctx's error.
func (t Trial) Run(ctx context.Context, seeds Seeds, progress func(Progress)) (Outcome, error) {
	d, err := digits()
	if err != nil {
		return Outcome{}, err
	}
	s, err := cut(t.Task, d, seeds, t.LabelNoise)
	if err != nil {
		return Outcome{}, err
	}
	r, err := t.prepare(seeds)
	if err != nil {
		return Outcome{}, err
	}
	if err := r.train(ctx, s, seeds, progress); err != nil {
		return Outcome{}, err
	}
	if err := r.score(ctx, s); err != nil {
		return Outcome{}, err
	}
	return r.out, nil
}

// room is a trial's memory: one set of weights that the training and the scoring program share.
type room struct {
	t              Trial
	weights, stats []float32
	prog, scorer   *net.Program
	update         func(weights, grads []float32)
	out            Outcome
}

func (t Trial) prepare(seeds Seeds) (*room, error) {
	g, err := net.Build(t.Net, t.Task.IO(), net.Train, nil)
	if err != nil {
		return nil, err
	}
	r := &room{t: t, weights: make([]float32, g.Size()), stats: make([]float32, g.StatSize())}
	ends := make([]int, len(g.Params))
	for i, p := range g.Params {
		ends[i] = p.Offset + p.Size()
		p.Draw(r.weights[p.Offset:ends[i]], seeds("init/"+p.Name), t.Net.Act)
	}
	off := 0
	for _, n := range g.Norms { // kept statistics start at mean 0, variance 1
		for i := range n.Width {
			r.stats[off+n.Width+i] = 1
		}
		off += 2 * n.Width
	}
	if r.prog, err = net.Compile(g, r.weights, r.stats); err != nil {
		return nil, err
	}
	if r.scorer, err = r.lesioned(nil); err != nil {
		return nil, err
	}
	r.update = optimiser(t, g.Size(), ends)
	r.out = Outcome{Metrics: map[string]float64{}, Params: g.Size(), FLOPs: net.StepFLOPs(g) * float64(t.Steps)}
	return r, nil
}

// lesioned is a scoring program with blocks taken away.
func (r *room) lesioned(blocks []int) (*net.Program, error) {
	io := r.t.Task.IO()
	io.Batch = scoreBatch
	g, err := net.Build(r.t.Net, io, net.Score, blocks)
	if err != nil {
		return nil, err
	}
	return net.Compile(g, r.weights, r.stats)
}

func optimiser(t Trial, size int, ends []int) func(w, g []float32) {
	if t.Net.Optimiser == net.OptimiserUnit {
		o := &kernel.UnitMomentum{Rate: t.Rate, Mu: 0.9, Ends: ends, V: make([]float32, size)}
		return o.Update
	}
	return kernel.NewAdam(t.Rate, size).Update
}

func (r *room) train(ctx context.Context, s split, seeds Seeds, progress func(Progress)) error {
	deal := newBatches(s.train, r.t.Task.In, seeds("order"))
	var sum float64
	hits, rows, since := 0, 0, 0
	for step := 1; step <= r.t.Steps; step++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("runner/task: stopped at step %d of %d: %w", step-1, r.t.Steps, err)
		}
		deal.next(r.prog.X, r.prog.Label)
		r.prog.Run()
		loss := r.prog.Loss[0]
		if !finite(loss) {
			r.diverge(step)
			return nil
		}
		r.prog.Observe()
		r.update(r.weights, r.prog.Grads)
		sum += float64(loss)
		hits += kernel.Hits(r.prog.Logits, r.prog.Label, r.t.Task.Batch, r.t.Task.Classes)
		rows += r.t.Task.Batch
		since++
		p := Progress{Step: step, Loss: float64(loss)}
		if step%curveEvery == 0 || step == r.t.Steps {
			pt := Point{Step: step, Loss: float32(sum / float64(since)), TrainError: 1 - float32(hits)/float32(rows), TestError: float32(math.NaN())}
			if !r.t.Tuning && (step%testEvery == 0 || step == r.t.Steps) {
				acc, _, err := r.measure(ctx, r.scorer, s.test)
				if err != nil {
					return err
				}
				pt.TestError = float32(1 - acc)
			}
			r.out.Curve = append(r.out.Curve, pt)
			p.Point = &pt
			sum, hits, rows, since = 0, 0, 0, 0
		}
		if progress != nil {
			progress(p)
		}
	}
	for _, w := range r.weights {
		if !finite(w) {
			r.diverge(r.t.Steps)
			break
		}
	}
	return nil
}

func (r *room) diverge(step int) {
	r.out.Diverged, r.out.DivergedAt = true, step
}

// score fills in the metrics of a training that did not diverge, and the hash of its weights.
func (r *room) score(ctx context.Context, s split) error {
	r.out.WeightsSHA = weightsSHA(r.weights)
	if r.out.Diverged {
		return nil
	}
	m := r.out.Metrics
	var err error
	if m[ValidationAccuracy], _, err = r.measure(ctx, r.scorer, s.validation); err != nil || r.t.Tuning {
		return err
	}
	if m[TestAccuracy], m[TestLoss], err = r.measure(ctx, r.scorer, s.test); err != nil {
		return err
	}
	if m[TrainAccuracy], _, err = r.measure(ctx, r.scorer, s.train); err != nil {
		return err
	}
	if len(r.t.Lesions) == 0 {
		return nil
	}
	drop := 0.0
	for _, blocks := range r.t.Lesions {
		prog, err := r.lesioned(blocks)
		if err != nil {
			return err
		}
		acc, _, err := r.measure(ctx, prog, s.test)
		if err != nil {
			return err
		}
		drop += m[TestAccuracy] - acc
	}
	m[LesionDrop] = drop / float64(len(r.t.Lesions))
	return nil
}

// measure scores a part: accuracy and mean loss.
func (r *room) measure(ctx context.Context, prog *net.Program, p part) (accuracy, loss float64, err error) {
	in, classes := r.t.Task.In, r.t.Task.Classes
	hits := 0
	for from := 0; from < p.rows; from += scoreBatch {
		if err := ctx.Err(); err != nil {
			return 0, 0, fmt.Errorf("runner/task: stopped while scoring: %w", err)
		}
		n := min(scoreBatch, p.rows-from)
		copied := copy(prog.X, p.x[from*in:][:n*in])
		clear(prog.X[copied:])
		prog.Run()
		label := p.label[from:][:n]
		hits += kernel.Hits(prog.Logits, label, n, classes)
		loss += float64(float64(kernel.SoftmaxCrossEntropy(prog.Logits, label, n, classes)) * float64(n))
	}
	return float64(hits) / float64(p.rows), loss / float64(p.rows), nil
}

func weightsSHA(w []float32) string {
	b := make([]byte, 0, 4*len(w))
	for _, v := range w {
		b = binary.LittleEndian.AppendUint32(b, canonicalBits(v))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
