package bench

import (
	"fmt"
	"strings"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// Model is a net of the comparison with its training.
type Model struct {
	Name  string
	Spec  string // as a hypothesis's arm would declare it
	Batch int
	Rate  float64
	Gain  float64 // of the start: bound √(gain/inputs)
	Decay float64
	// Params and MFLOP are the definition's, for the test.
	Params int
	MFLOP  float64
}

// Models are those of the comparison that this version builds.
func Models() []Model {
	return []Model{
		{Name: "mlp", Batch: 64, Rate: 0.01, Gain: 6, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"post"}`},
		{Name: "resmlp", Batch: 64, Rate: 0.01, Gain: 3, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"skip":[{"each":2,"from":"k","to":"k+2"}]}`},
		{Name: "highway", Batch: 64, Rate: 0.05, Gain: 6, Params: 121290, MFLOP: 45.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"branch","skip":[{"from":"k","to":"k+1","join":"gate","gate_bias":-1}]}`},
	}
}

// session is a model ready to step.
type session struct {
	prog   *net.Program
	update func(w, g []float32)
	flops  float64
	build  float64 // seconds of graph and compilation, set by the caller that has a clock
}

func (m Model) io() net.IO { return net.IO{In: 64, Out: 10, Batch: m.Batch} }

func (m Model) open() (*session, error) {
	spec, err := net.Parse([]byte(m.Spec))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	g, err := net.Build(spec, m.io(), net.Train, nil)
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	w := make([]float32, g.Size())
	for k, p := range g.Params {
		m.start(w[p.Offset:][:p.Size()], p, k)
	}
	prog, err := net.Compile(g, w, make([]float32, g.StatSize()))
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %s: %w", m.Name, err)
	}
	o := &kernel.Momentum{Rate: m.Rate, Mu: 0.9, Decay: m.Decay, V: make([]float32, len(w))}
	return &session{prog: prog, update: o.Update, flops: net.StepFLOPs(g)}, nil
}

// start fills parameter k. The definition numbers parameters in its own order: resmlp names the first layers
// of all its blocks before the second ones, and highway has branch and gate in one matrix.
func (m Model) start(w []float32, p net.Param, k int) {
	first := 0
	switch {
	case m.Name == "resmlp" && k >= 2 && k < 30: // stem, 14 layers, head: two parameters each
		block, part := (k-2)/4, (k-2)%4
		k = 2 + 2*block + part
		if part > 1 {
			k = 2 + 14 + 2*block + part - 2
		}
	case m.Name == "highway" && strings.Contains(p.Name, ".gate."):
		first, k = p.Size(), k-2
	}
	if m.Name == "highway" { // four parameters a layer here, two there
		if k >= 2 && k < 58 {
			k = 2 + (k-2)/4*2 + (k-2)%4
		} else if k >= 58 {
			k -= 28
		}
	}
	switch {
	case len(p.Shape) == 2:
		weights(w, m.Gain, p.Shape[1], k, first)
	case first > 0:
		for i := range w {
			w[i] = -1
		}
	default:
		clear(w)
	}
}
