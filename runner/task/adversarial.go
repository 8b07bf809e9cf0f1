package task

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// game is an adversarial trial: a generator makes points from latent numbers, a discriminator tells them from
// real ones, and each learns against the other (Goodfellow et al. 2014, the loss that does not saturate).
type game struct {
	course
	weights        []float32 // the generator's, then the discriminator's
	forge          *net.Program
	makePoints     func() // the first half of forge: latent numbers to points
	judgePoints    func() // the rest: points to the generator's gradient
	judge          *net.Program
	maker          *net.Program // scores: points only
	mine, theirs   *mover       // of the generator, of the discriminator
	latent, real   *chance
	validation     part // latent numbers
	scored         part
	wrong, answers int // of the discriminator, since the last sample
}

const fakeTap = "fake"

func (t Trial) game(seeds Seeds) (*game, error) {
	k := t.Task
	if t.Net.Generator == nil || t.Net.Discriminator == nil {
		return nil, fmt.Errorf("runner/task: %s: family %s has no generator and discriminator", k.Name, t.Net.Family)
	}
	g := &game{course: course{t: t}, latent: newChance(seeds("noise/input")), real: newChance(seeds("order"))}
	both, err := net.Build(t.Net, net.IO{In: latents, Out: 2, Batch: k.Batch, Loss: net.BCE, Taps: []string{fakeTap}}, net.Train, nil)
	if err != nil {
		return nil, err
	}
	second, err := net.Build(*t.Net.Discriminator, net.IO{In: 2, Out: 1, Batch: 2 * k.Batch, Loss: net.BCE}, net.Train, nil)
	if err != nil {
		return nil, err
	}
	first, err := net.Build(*t.Net.Generator, net.IO{In: latents, Out: 2, Batch: scoredPoints}, net.Score, nil)
	if err != nil {
		return nil, err
	}
	if both.StatSize() > 0 || len(both.Masks) > 0 || both.Size() != first.Size()+second.Size() || !goTogether(both, first, second) {
		return nil, fmt.Errorf("runner/task: %s: nets with batch statistics or chance of their own are not played here", k.Name)
	}
	g.weights = make([]float32, both.Size())
	ends := draw(both, g.weights, seeds)
	if g.forge, err = net.Compile(both, g.weights, nil); err != nil {
		return nil, err
	}
	n := first.Size()
	if g.judge, err = net.Compile(second, g.weights[n:], nil); err != nil {
		return nil, err
	}
	if g.maker, err = net.Compile(first, g.weights[:n], nil); err != nil {
		return nil, err
	}
	var ok bool
	if g.makePoints, g.judgePoints, ok = g.forge.Halves(fakeTap); !ok || len(g.forge.Grads) != n {
		return nil, errors.New("runner/task: D10: the net makes no points to judge")
	}
	kernel.Fill(g.forge.Label, 1)
	kernel.Fill(g.judge.Label[:k.Batch], 1)
	g.mine = newMover(t.recipe(), t.Rate, t.Steps, n, ends[:len(first.Params)])
	theirs := make([]int, 0, len(second.Params))
	for _, p := range second.Params {
		theirs = append(theirs, p.Offset+p.Size())
	}
	g.theirs = newMover(t.recipe(), t.Rate, t.Steps, second.Size(), theirs)
	g.validation = latentPart(k.Validation, newChance(seeds("validation")))
	g.scored = latentPart(k.Test, newChance(seeds("eval")))
	flops := net.StepFLOPs(both) + net.StepFLOPs(second)
	g.out = Outcome{Metrics: map[string]float64{}, Params: both.Size(), FLOPs: flops * float64(t.Steps)}
	return g, nil
}

// scoredPoints is how many points are made at once when a generator is scored.
const scoredPoints = 200

// goTogether says whether the parameters of both are those of first, then of second, so that all can share
// one vector.
func goTogether(both, first, second *net.Graph) bool {
	for i, p := range both.Params {
		q := net.Param{}
		if i < len(first.Params) {
			q = first.Params[i]
		} else if i-len(first.Params) < len(second.Params) {
			q = second.Params[i-len(first.Params)]
			q.Offset += first.Size()
		}
		if p.Offset != q.Offset || p.Size() != q.Size() || !strings.HasSuffix(p.Name, q.Name) {
			return false
		}
	}
	return true
}

func latentPart(rows int, c *chance) part {
	p := part{x: make([]float32, rows*latents), in: latents, rows: rows}
	c.normals(p.x, 1)
	return p
}

func (g *game) archive(a *archive) {
	g.course.archive(a)
	a.floats(g.weights)
	g.mine.archive(a)
	g.theirs.archive(a)
	g.latent.archive(a)
	g.real.archive(a)
	a.integer(&g.wrong)
	a.integer(&g.answers)
}

func (g *game) tensors() [][]float32 { return [][]float32{g.weights} }

// one makes points, teaches the discriminator on real ones and these, and then the generator on the same
// points through the new discriminator. Its loss is the generator's.
func (g *game) one(step int) float32 {
	n := len(g.forge.Grads)
	g.latent.normals(g.forge.X, 1)
	g.makePoints()
	half := len(g.judge.X) / 2
	drawRing(g.judge.X[:half], nil, g.real)
	copy(g.judge.X[half:], g.forge.Tap(fakeTap))
	g.judge.Run()
	if loss := g.judge.Loss[0]; !finite(loss) {
		return loss
	}
	g.theirs.move(g.weights[n:], g.judge.Grads, step)
	for i, v := range g.judge.Logits {
		if v > 0 != (g.judge.Label[i] > 0.5) {
			g.wrong++
		}
	}
	g.answers += len(g.judge.Logits)
	g.judgePoints()
	loss := g.forge.Loss[0]
	if finite(loss) {
		g.mine.move(g.weights[:n], g.forge.Grads, step)
	}
	return loss
}

// mistakes is the share that the discriminator got wrong.
func (g *game) mistakes() float32 {
	share := float32(g.wrong) / float32(g.answers)
	g.wrong, g.answers = 0, 0
	return share
}

// points are what the generator makes of latent numbers.
func (g *game) points(ctx context.Context, p part) ([]float32, error) {
	var all []float32
	for from := 0; from < p.rows; from += scoredPoints {
		if err := stopped(ctx, "while scoring"); err != nil {
			return nil, err
		}
		n := min(scoredPoints, p.rows-from)
		copy(g.maker.X, p.x[from*latents:][:n*latents])
		g.maker.Run()
		all = append(all, g.maker.Logits[:2*n]...)
	}
	return all, nil
}

// test is the share of modes that are missed.
func (g *game) test(ctx context.Context) (float32, error) {
	x, err := g.points(ctx, g.scored)
	if err != nil {
		return 0, err
	}
	n, _ := found(x)
	return 1 - float32(n)/modes, nil
}

func (g *game) score(ctx context.Context) error {
	m := g.out.Metrics
	x, err := g.points(ctx, g.validation)
	if err != nil {
		return err
	}
	n, near := found(x)
	m[ValidationScore] = float64(n) + near/2 // of equal counts, the better share
	if g.t.Tuning {
		return nil
	}
	if x, err = g.points(ctx, g.scored); err != nil {
		return err
	}
	n, near = found(x)
	m[Modes], m[OnModes] = float64(n), near
	return nil
}
