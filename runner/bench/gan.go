package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
	"tenet/runner/net"
	"tenet/runner/ops"
)

const (
	latent   = 16
	ganWidth = 128
)

// generator adds a net from latent numbers to points.
func (l *layers) generator(z *G.Node, width int) *G.Node {
	h := l.relu("g.r1", l.linear("g.l1", z, width))
	h = l.relu("g.r2", l.linear("g.l2", h, width))
	return l.linear("g.l3", h, 2)
}

// discriminator adds a net from points to one logit.
func (l *layers) discriminator(x *G.Node, width int) *G.Node {
	for k := 1; k <= 2; k++ {
		name := fmt.Sprintf("d.l%d", k)
		h := l.linear(name, x, width)
		x = l.make(func() (*G.Node, error) { return ops.LeakyRelu(name+".r", h, 0.2) })
	}
	return l.linear("d.l3", x, 1)
}

// judging trains the discriminator of the comparison's gan on twice batch points.
func judging(width, batch int) (*net.Graph, error) {
	io := net.IO{In: 2, Out: 1, Batch: 2 * batch, Loss: net.BCE}
	return net.Assemble(io, []int{2 * batch, 2}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		return l.discriminator(x, width), l.err
	})
}

// forging trains the generator through a discriminator that stays as it is. Its tap "fake" are the points.
func forging(width, batch int) (*net.Graph, error) {
	io := net.IO{In: latent, Out: 1, Batch: batch, Loss: net.BCE}
	var fake *G.Node
	g, err := net.Assemble(io, []int{batch, latent}, func(a *net.Assembly, z *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		fake = l.generator(z, width)
		a.Fix()
		return l.discriminator(fake, width), l.err
	})
	if err != nil {
		return nil, err
	}
	g.Taps = append(g.Taps, net.Tap{Name: "fake", Node: fake})
	return g, nil
}

// openGAN is a session of two programs on one vector of weights: the generator's and, behind them, the
// discriminator's. A step makes points, trains the discriminator on real ones and these, and then the
// generator on the same points through the new discriminator.
func (m Model) openGAN(width int) (*session, error) {
	fg, err := forging(width, m.Batch)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	jg, err := judging(width, m.Batch)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	w := make([]float32, fg.Size())
	for k, p := range fg.Params {
		m.start(w[p.Offset:][:p.Size()], p, k)
	}
	forge, err := net.Compile(fg, w, nil)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	theirs, mine := w[:len(forge.Grads)], w[len(forge.Grads):]
	judge, err := net.Compile(jg, mine, nil)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	forward, judged, ok := forge.Halves("fake")
	if !ok {
		return nil, fmt.Errorf("runner/bench: %s: its program makes no points", m.Name)
	}
	kernel.Fill(forge.Label, 1)
	kernel.Fill(judge.Label[:m.Batch], 1)
	fake := forge.Tap("fake")
	s := &session{prog: forge, judge: judge, updateG: m.optimiser(len(theirs)), updateD: m.optimiser(len(mine)), flops: net.StepFLOPs(fg) + net.StepFLOPs(jg)}
	s.own = func(b batch) {
		copy(forge.X, b.x)
		forward()
		copy(judge.X, b.label)
		copy(judge.X[len(b.label):], fake)
		judge.Run()
		s.updateD(mine, judge.Grads)
		judged()
		s.updateG(theirs, forge.Grads)
	}
	return s, nil
}
