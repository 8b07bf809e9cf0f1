package task

import (
	"context"
	"fmt"
	"math"
	"strings"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// The numbers of A1: pairs of inputs, and how far the second of a pair lies from the first.
const (
	pairs    = 64
	distance = 0.1
)

// probed is the untrained net, its gradients and their ends.
type probed struct {
	prog *net.Program
	g    *net.Graph
	w    []float32
}

func (t Trial) probed() (*probed, error) {
	io := t.Task.IO()
	io.Taps = []string{"states"}
	g, err := net.Build(t.Net, io, net.Train, nil)
	if err != nil {
		return nil, err
	}
	if g.InputGrad == nil || io.Batch != 2*pairs {
		return nil, fmt.Errorf("runner/task: A1: a batch of %d without the input's gradient is no %d pairs", io.Batch, pairs)
	}
	p := &probed{g: g, w: make([]float32, g.Size())}
	p.prog, err = net.Compile(g, p.w, freshStats(g))
	return p, err
}

// probe looks at an untrained net: at pairs of near inputs it compares the gradients of the output with
// respect to the input. Nothing is trained, so there is no curve.
func (t Trial) probe(ctx context.Context, seeds Seeds) (Outcome, error) {
	if err := stopped(ctx, "before the probe"); err != nil {
		return Outcome{}, err
	}
	p, err := t.probed()
	if err != nil {
		return Outcome{}, err
	}
	draw(p.g, p.w, seeds)
	c := newChance(seeds("eval"))
	x := p.prog.X
	in := len(x) / (2 * pairs)
	c.normals(x[:pairs*in], 1)
	copy(x[pairs*in:], x[:pairs*in])
	c.disturb(x[pairs*in:], distance)
	p.prog.Run()
	o := Outcome{Metrics: map[string]float64{}, Params: p.g.Size(), FLOPs: net.StepFLOPs(p.g), WeightsSHA: weightsSHA(p.w)}
	if !finite(p.prog.Loss[0]) {
		o.Diverged, o.DivergedAt = true, 1
		return o, nil
	}
	m := o.Metrics
	m[GradientCosine] = meanCosine(p.prog.InputGrad, in)
	m[VarianceRatio] = log10(variance(p.prog.Logits) / variance(x))
	m[JacobianSpread] = spread(p.prog.InputGrad, in)
	m[GradientRatio] = p.gradientRatio()
	p.states(m)
	paths, err := t.Net.Paths(0)
	if err != nil {
		return Outcome{}, err
	}
	if len(paths) > 0 {
		m[PathLength] = net.PathLength(paths, paths[len(paths)-1].To)
	}
	for name, v := range m {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			delete(m, name) // a dead net has no such number
		}
	}
	return o, nil
}

// meanCosine is the mean over pairs of the cosine between the two gradients; a gradient of 0 is like nothing.
func meanCosine(grad []float32, in int) float64 {
	total := 0.0
	for i := range pairs {
		a, b := grad[i*in:][:in], grad[(pairs+i)*in:][:in]
		if n := dot(a, a) * dot(b, b); n > 0 {
			total += dot(a, b) / math.Sqrt(n)
		}
	}
	return total / pairs
}

func dot(a, b []float32) float64 {
	s := 0.0
	for i, v := range a {
		s += float64(float64(v) * float64(b[i]))
	}
	return s
}

func variance(x []float32) float64 {
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += float64(v)
		squares += float64(float64(v) * float64(v))
	}
	n := float64(len(x))
	mean := sum / n
	return squares/n - float64(mean*mean)
}

// spread is the standard deviation over inputs of log10 of the Jacobian's one singular value, which is the
// length of the gradient; inputs where it is 0 are left out.
func spread(grad []float32, in int) float64 {
	n, sum, squares := 0.0, 0.0, 0.0
	for i := 0; i < len(grad); i += in {
		q := dot(grad[i:][:in], grad[i:][:in])
		if q > 0 {
			v := log10(q) / 2
			n, sum, squares = n+1, sum+v, squares+float64(v*v)
		}
	}
	return math.Sqrt(max(0, squares/n-float64(sum/n*sum/n)))
}

// gradientRatio is log10 of the gradient norm of the first block's layer over that of the last one's.
func (p *probed) gradientRatio() float64 {
	var norms []float64
	for _, r := range net.GradientNorms(p.g, p.prog.Grads) {
		if strings.HasPrefix(r.Place, "blocks.") {
			norms = append(norms, r.Value)
		}
	}
	if len(norms) == 0 {
		return math.NaN()
	}
	return log10(norms[0] / norms[len(norms)-1])
}

// states compares the first state of the chain with the last.
func (p *probed) states(m map[string]float64) {
	n := len(p.prog.Taps)
	if n < 2 {
		return
	}
	v := net.Variances(p.prog.Taps)
	m[StateGrowth] = log10(v[n-1].Value / v[0].Value)
	first, rows := p.prog.Taps[0].Rows()
	last, _ := p.prog.Taps[n-1].Rows()
	m[StateLikeness] = net.CKA(first, last, rows)
}

func log10(x float64) float64 { return kernel.Log(x) / math.Ln10 }
