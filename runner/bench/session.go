package bench

import (
	"fmt"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// session is a model ready to step.
type session struct {
	prog    *net.Program
	stats   []float32     // kept by batch norms: means start at 0, variances at 1
	own     func(b batch) // the step of a model that takes more than one program; nil: the usual step
	judge   *net.Program  // of a gan: its discriminator's, whose loss is told before prog's
	updateG func(w, g []float32)
	updateD func(w, g []float32)
	feed    func(b batch)
	update  func(w, g []float32)
	flops   float64
	dropped bool   // dropout is on
	drawn   uint64 // numbers drawn for masks so far
}

func (m Model) build() (*net.Graph, error) {
	if m.graph != nil {
		return m.graph(m.Batch)
	}
	spec, err := net.Parse([]byte(m.Spec))
	if err != nil {
		return nil, err
	}
	return net.Build(spec, net.IO{In: 64, Out: 10, Batch: m.Batch}, net.Train, nil)
}

func (m Model) open() (*session, error) {
	if m.data == "ring" {
		return m.openGAN(ganWidth)
	}
	g, err := m.build()
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	return m.session(g)
}

// session compiles m's graph g and gives it its start.
func (m Model) session(g *net.Graph) (*session, error) {
	w := make([]float32, g.Size())
	for k, p := range g.Params {
		m.start(w[p.Offset:][:p.Size()], p, k)
	}
	stats, off := make([]float32, g.StatSize()), 0
	for _, n := range g.Norms {
		for i := range n.Width {
			stats[off+n.Width+i] = 1
		}
		off += 2 * n.Width
	}
	prog, err := net.Compile(g, w, stats)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	s := &session{prog: prog, stats: stats, flops: net.StepFLOPs(g)}
	s.feed = func(b batch) {
		copy(prog.X, b.x)
		copy(prog.Label, b.label)
	}
	if m.data == "noised digits" {
		n := newNoising()
		s.feed = func(b batch) {
			n.mix(prog.X, b.x, b.label, b.t)
			copy(prog.Label, b.label)
		}
	}
	s.update = m.optimiser(len(w))
	return s, nil
}

func (m Model) optimiser(n int) func(w, g []float32) {
	if !m.adam {
		return (&kernel.Momentum{Rate: m.Rate, Mu: 0.9, Decay: m.Decay, V: make([]float32, n)}).Update
	}
	o := kernel.NewAdamW(m.Rate, n)
	o.Decay = m.Decay
	if m.Beta1 != 0 {
		o.Beta1 = m.Beta1
	}
	return o.Update
}

// losses are those of the last step.
func (s *session) losses() []float64 {
	if s.judge != nil {
		return []float64{float64(s.judge.Loss[0]), float64(s.prog.Loss[0])}
	}
	return []float64{float64(s.prog.Loss[0])}
}

// step trains on one batch.
func (s *session) step(b batch) {
	if s.own != nil {
		s.own(b)
		return
	}
	s.feed(b)
	for _, m := range s.prog.Masks {
		s.fill(m)
	}
	s.prog.Run()
	s.prog.Observe()
	s.update(s.prog.Weights, s.prog.Grads)
}

// fill draws a mask, or lets everything through.
func (s *session) fill(m net.MaskValues) {
	kept := float32(1 / m.Keep)
	for i := range m.Values {
		switch {
		case !s.dropped:
			m.Values[i] = 1
		case uniform(6000, s.drawn+uint64(i)) < m.Keep:
			m.Values[i] = kept
		default:
			m.Values[i] = 0
		}
	}
	s.drawn += uint64(len(m.Values))
}
