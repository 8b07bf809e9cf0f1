package task

import (
	"context"
	"fmt"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// room is a supervised trial's memory: one set of weights that the training and the scoring program share.
type room struct {
	course
	io             net.IO
	m              *material
	weights, stats []float32
	prog, scorer   *net.Program
	params         []net.Param
	norms          []net.NormSite
	move           *mover
	masks          []*chance
	wrong          float64 // since the last sample: wrong answers, or the sum of a batch's mean error
	answers        int     // answers, or batches
}

// trainee prepares what t trains, and where its training stands.
func (t Trial) trainee(ctx context.Context, seeds Seeds) (trainee, *course, error) {
	if t.Task.Kind == Adversarial {
		g, err := t.game(seeds)
		if err != nil {
			return nil, nil, err
		}
		return g, &g.course, nil
	}
	r, err := t.supervised(ctx, seeds)
	if err != nil {
		return nil, nil, err
	}
	return r, &r.course, nil
}

func (t Trial) supervised(ctx context.Context, seeds Seeds) (*room, error) {
	load := t.Task.loader()
	if load == nil {
		return nil, fmt.Errorf("runner/task: %s: a task without data", t.Task.Name)
	}
	r, err := t.prepare(seeds)
	if err != nil {
		return nil, err
	}
	r.m, err = load(ctx, t, seeds)
	return r, err
}

// prepare builds the nets and draws their weights.
func (t Trial) prepare(seeds Seeds) (*room, error) {
	g, err := net.Build(t.Net, t.Task.IO(), net.Train, nil)
	if err != nil {
		return nil, err
	}
	r := &room{course: course{t: t}, io: t.Task.IO(), weights: make([]float32, g.Size()), stats: freshStats(g), params: g.Params, norms: g.Norms}
	ends := draw(g, r.weights, seeds)
	if r.prog, err = net.Compile(g, r.weights, r.stats); err != nil {
		return nil, err
	}
	if r.scorer, err = r.scoring(nil); err != nil {
		return nil, err
	}
	for _, m := range r.prog.Masks {
		r.masks = append(r.masks, newChance(seeds("dropout/"+m.Name)))
	}
	r.move = newMover(t.recipe(), t.Rate, t.Steps, len(r.prog.Grads), ends)
	r.out = Outcome{Metrics: map[string]float64{}, Params: g.Size(), FLOPs: net.StepFLOPs(g) * float64(t.Steps)}
	return r, nil
}

// draw fills the start of every parameter of g and says where each ends.
func draw(g *net.Graph, w []float32, seeds Seeds) (ends []int) {
	for _, p := range g.Params {
		end := p.Offset + p.Size()
		p.Draw(w[p.Offset:end], seeds("init/"+p.Name))
		ends = append(ends, end)
	}
	return ends
}

// freshStats are kept statistics before any batch: mean 0, variance 1.
func freshStats(g *net.Graph) []float32 {
	s := make([]float32, g.StatSize())
	off := 0
	for _, n := range g.Norms {
		for i := range n.Width {
			s[off+n.Width+i] = 1
		}
		off += 2 * n.Width
	}
	return s
}

// recipe is the task's, but for a net that brings its own optimiser.
func (t Trial) recipe() Recipe {
	r := t.Task.Recipe
	if t.Net.Optimiser == net.OptimiserUnit {
		r.Optimiser, r.Momentum, r.Decay, r.Decoupled = Unit, 0.9, 0, false
	}
	return r
}

// scoreBatch is how many rows are scored at once.
func (r *room) scoreBatch() int {
	switch r.t.Task.Kind {
	case Segmentation, Language:
		return 16
	}
	if r.io.Picture != [3]int{} {
		return 64
	}
	return 100
}

// scoring is a program that scores, with blocks taken away and values kept.
func (r *room) scoring(lesion []int, taps ...string) (*net.Program, error) {
	io := r.io
	io.Batch, io.Taps = r.scoreBatch(), taps
	g, err := net.Build(r.t.Net, io, net.Score, lesion)
	if err != nil {
		return nil, err
	}
	return net.Compile(g, r.weights, r.stats)
}

func (r *room) archive(a *archive) {
	r.course.archive(a)
	a.floats(r.weights)
	a.floats(r.stats)
	r.move.archive(a)
	for _, c := range r.masks {
		c.archive(a)
	}
	a.number(&r.wrong)
	a.integer(&r.answers)
	r.m.deal.archive(a)
}

func (r *room) tensors() [][]float32 { return [][]float32{r.weights} }

func (r *room) one(step int) float32 {
	r.m.deal.next(r.prog.X, r.prog.Label)
	for i, c := range r.masks {
		c.mask(r.prog.Masks[i].Values, r.prog.Masks[i].Keep)
	}
	r.prog.Run()
	loss := r.prog.Loss[0]
	if !finite(loss) {
		return loss
	}
	r.prog.Observe()
	r.move.move(r.weights[:len(r.prog.Grads)], r.prog.Grads, step)
	r.watch(loss)
	return loss
}

// mask fills values with 1/keep with probability keep, else 0.
func (c *chance) mask(values []float32, keep float64) {
	on, limit := float32(1/keep), uint64(keep*(1<<32))
	for i := range values {
		values[i] = 0
		if c.src.Uint64()>>32 < limit {
			values[i] = on
		}
	}
}

// watch counts what the batch just run got wrong.
func (r *room) watch(loss float32) {
	switch r.io.Loss {
	case net.Class:
		n := len(r.prog.Label)
		r.wrong += float64(n - kernel.Hits(r.prog.Logits, r.prog.Label, n, r.io.Out))
		r.answers += n
	case net.BCE:
		for i, v := range r.prog.Logits {
			if v > 0 != (r.prog.Label[i] > 0.5) {
				r.wrong++
			}
		}
		r.answers += len(r.prog.Logits)
	default:
		r.wrong += float64(loss)
		r.answers++
	}
}

func (r *room) mistakes() float32 {
	share := 1 - float32(float64(r.answers)-r.wrong)/float32(r.answers)
	if r.io.Loss == net.MSE {
		share = float32(r.wrong / float64(r.answers))
	}
	r.wrong, r.answers = 0, 0
	return share
}

func (r *room) test(ctx context.Context) (float32, error) {
	c, err := r.measure(ctx, r.scorer, r.m.test)
	if err != nil {
		return 0, err
	}
	return float32(c.wrong()), nil
}

// measure scores a part.
func (r *room) measure(ctx context.Context, prog *net.Program, p part) (tally, error) {
	c := r.m.tally()
	batch := r.scoreBatch()
	for from := 0; from < p.rows; from += batch {
		if err := stopped(ctx, "while scoring"); err != nil {
			return nil, err
		}
		n := min(batch, p.rows-from)
		for i := range n {
			p.row(from+i, prog.X[i*p.in:][:p.in])
		}
		clear(prog.X[n*p.in:])
		prog.Run()
		c.add(prog.Logits, p.y[from*p.out:][:n*p.out], n)
	}
	return c, nil
}

// codes are the values of a program's only tap for every row of a part.
func codes(prog *net.Program, p part) (values []float32, width int, err error) {
	if len(prog.Taps) != 1 {
		return nil, 0, fmt.Errorf("the net keeps no %s", codeTap)
	}
	batch := len(prog.X) / p.in
	tap := prog.Taps[0].Values
	width = len(tap) / batch
	for from := 0; from < p.rows; from += batch {
		n := min(batch, p.rows-from)
		for i := range n {
			p.row(from+i, prog.X[i*p.in:][:p.in])
		}
		clear(prog.X[n*p.in:])
		prog.Run()
		values = append(values, tap[:n*width]...)
	}
	return values, width, nil
}

// score fills in the metrics of a training that did not diverge.
func (r *room) score(ctx context.Context) error {
	m := r.out.Metrics
	if r.m.validation.rows > 0 {
		v, err := r.measure(ctx, r.scorer, r.m.validation)
		if err != nil {
			return err
		}
		m[ValidationScore] = -v.wrong()
		switch c := v.(type) {
		case *perplexity:
			m[BitsPerCharacter] = c.wrong()
		case *classes:
			m[ValidationAccuracy], m[ValidationScore] = c.accuracy(), c.accuracy()
		case *overlap:
			m[ValidationScore] = 1 - c.wrong()
		}
	}
	if r.t.Tuning {
		return nil
	}
	v, err := r.measure(ctx, r.scorer, r.m.test)
	if err != nil {
		return err
	}
	v.metrics(m)
	if c, ok := v.(*classes); ok && c.name == TestAccuracy {
		u, err := r.measure(ctx, r.scorer, r.m.train)
		if err != nil {
			return err
		}
		m[TrainAccuracy] = u.(*classes).accuracy()
		if err := r.lesions(ctx); err != nil {
			return err
		}
	}
	if r.m.after != nil {
		return r.m.after(r)
	}
	return nil
}
