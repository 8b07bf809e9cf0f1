package task

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
)

// curveEvery is the steps between two samples of the loss.
const curveEvery = 5

// Run trains t from its streams. progress, if not nil, is told after every step. Cancelling ctx ends it at
// the next step with ctx's error.
func (t Trial) Run(ctx context.Context, seeds Seeds, progress func(Progress)) (Outcome, error) {
	return t.RunFrom(ctx, seeds, Checkpoints{}, progress)
}

// RunFrom is Run with states: it may begin at one, and hands out others. However often a trial is stopped and
// begun at a state again, it ends with the weights, curve and metrics of one that never stopped.
func (t Trial) RunFrom(ctx context.Context, seeds Seeds, at Checkpoints, progress func(Progress)) (Outcome, error) {
	if err := t.fits(); err != nil {
		return Outcome{}, err
	}
	if t.Task.Kind == Probe {
		return t.probe(ctx, seeds)
	}
	mark, err := t.fingerprint(seeds)
	if err != nil {
		return Outcome{}, err
	}
	tr, c, err := t.trainee(ctx, seeds)
	var d divergence
	if errors.As(err, &d) {
		return Outcome{Metrics: map[string]float64{}, Diverged: true, DivergedAt: d.step}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if at.From != nil {
		if err := decode(at.From, mark, tr); err != nil {
			if at.Refused != nil {
				at.Refused(err)
			}
			if tr, c, err = t.trainee(ctx, seeds); err != nil {
				return Outcome{}, err
			}
		}
	}
	c.mark = mark
	if err := c.loop(ctx, tr, at, progress); err != nil {
		return Outcome{}, err
	}
	c.out.WeightsSHA = weightsSHA(tr.tensors()...)
	if c.out.Diverged {
		return c.out, nil
	}
	return c.out, tr.score(ctx)
}

// fits says what of t cannot be trained.
func (t Trial) fits() error {
	k := t.Task
	switch {
	case t.Steps < 1 || t.Steps > math.MaxInt32:
		return fmt.Errorf("runner/task: %s: %d steps cannot be trained", k.Name, t.Steps)
	case k.Batch < 1 || k.Train > 0 && k.Batch > k.Train:
		return fmt.Errorf("runner/task: %s: a batch of %d cannot be dealt", k.Name, k.Batch)
	case t.LabelNoise != 0 && (k.Kind != Classification && k.Kind != Lesions || k.Options.Target == TargetWave):
		return fmt.Errorf("runner/task: %s: label noise: this task has no labels", k.Name)
	case len(t.Lesions) > 0 && k.Kind != Lesions && k.Kind != Classification:
		return fmt.Errorf("runner/task: %s: lesions: this task is not scored by accuracy", k.Name)
	case t.Tuning && k.Validation == 0:
		return fmt.Errorf("runner/task: %s: it has no validation part to choose a learning rate by", k.Name)
	}
	return k.Missing(t.Data)
}

// Check builds t's nets without training them: an error says what does not fit, before any trial is begun.
func (t Trial) Check() error {
	if err := t.fits(); err != nil {
		return err
	}
	switch t.Task.Kind {
	case Probe:
		_, err := t.probed()
		return err
	case Adversarial:
		_, err := t.game(func(string) [32]byte { return [32]byte{} })
		return err
	}
	r, err := t.prepare(func(string) [32]byte { return [32]byte{} })
	for i := 0; err == nil && i < len(t.Lesions); i++ {
		_, err = r.scoring(t.Lesions[i])
	}
	return err
}

// trainee is what a loop moves step by step.
type trainee interface {
	archived
	one(step int) float32 // a step; gives its loss, which need not be finite
	mistakes() float32    // the mean training error since the last call
	test(ctx context.Context) (float32, error)
	tensors() [][]float32 // all that is trained
	score(ctx context.Context) error
}

// course is where a training stands.
type course struct {
	t     Trial
	mark  [32]byte
	out   Outcome
	step  int     // made so far
	sum   float64 // of the losses since the last sample
	since int     // steps since then
}

func (c *course) archive(a *archive) {
	a.integer(&c.step)
	a.number(&c.sum)
	a.integer(&c.since)
	c.out.Curve.archive(a)
	if c.step < 0 || c.step > c.t.Steps || c.since < 0 {
		a.refuse("a step beyond the training")
	}
}

// loop trains from where c stands to the end, or to a loss that is not finite.
func (c *course) loop(ctx context.Context, tr trainee, at Checkpoints, progress func(Progress)) error {
	for step := c.step + 1; step <= c.t.Steps; step++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("runner/task: stopped at step %d of %d: %w", step-1, c.t.Steps, err)
		}
		loss := tr.one(step)
		if !finite(loss) {
			c.out.Diverged, c.out.DivergedAt = true, step
			return nil
		}
		c.step = step
		c.sum += float64(loss)
		c.since++
		p := Progress{Step: step, Loss: float64(loss)}
		if step%curveEvery == 0 || step == c.t.Steps {
			pt, err := c.sample(ctx, tr)
			if err != nil {
				return err
			}
			c.out.Curve = append(c.out.Curve, pt)
			p.Point = &pt
		}
		if progress != nil {
			progress(p)
		}
		if at.Due != nil && step < c.t.Steps && at.Due(step) {
			if err := at.Save(step, encode(c.mark, tr)); err != nil {
				return fmt.Errorf("runner/task: state at step %d: %w", step, err)
			}
		}
	}
	for _, w := range tr.tensors() {
		for _, v := range w {
			if !finite(v) {
				c.out.Diverged, c.out.DivergedAt = true, c.t.Steps
				return nil
			}
		}
	}
	return nil
}

// sample closes the stretch since the sample before.
func (c *course) sample(ctx context.Context, tr trainee) (Point, error) {
	pt := Point{Step: c.step, Loss: float32(c.sum / float64(c.since)), TrainError: tr.mistakes(), TestError: float32(math.NaN())}
	c.sum, c.since = 0, 0
	if every := c.t.Task.Every; !c.t.Tuning && (every > 0 && c.step%every == 0 || c.step == c.t.Steps) {
		var err error
		if pt.TestError, err = tr.test(ctx); err != nil {
			return pt, err
		}
	}
	return pt, nil
}

func stopped(ctx context.Context, doing string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("runner/task: stopped %s: %w", doing, err)
	}
	return nil
}

func weightsSHA(tensors ...[]float32) string {
	var b []byte
	for _, w := range tensors {
		for _, v := range w {
			b = binary.LittleEndian.AppendUint32(b, canonicalBits(v))
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
