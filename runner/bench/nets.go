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
	Spec  string // as a hypothesis's arm would declare it; "" for a net that graph assembles
	Batch int
	graph func(batch int) (*net.Graph, error)
	data  string // of the definition: digits, cifar or mnist
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
		{
			Name: "mlp", data: "digits", Batch: 64, Rate: 0.01, Gain: 6, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"post"}`,
		},
		{
			Name: "resmlp", data: "digits", Batch: 64, Rate: 0.01, Gain: 3, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"skip":[{"each":2,"from":"k","to":"k+2"}]}`,
		},
		{
			Name: "highway", data: "digits", Batch: 64, Rate: 0.05, Gain: 6, Params: 121290, MFLOP: 45.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"branch","skip":[{"from":"k","to":"k+1","join":"gate","gate_bias":-1}]}`,
		},
		{
			Name: "resnet20", data: "cifar", Batch: 32, Rate: 0.05, Gain: 6, Decay: 1e-4, Params: 272474, MFLOP: 7807.8,
			graph: func(batch int) (*net.Graph, error) { return resnet(3, 32, []int{16, 32, 64}, 3, batch) },
		},
		{
			Name: "resnet20s", data: "mnist", Batch: 32, Rate: 0.05, Gain: 6, Decay: 1e-4, Params: 272186, MFLOP: 1942.6,
			graph: func(batch int) (*net.Graph, error) { return resnet(1, 16, []int{16, 32, 64}, 3, batch) },
		},
	}
}

// session is a model ready to step.
type session struct {
	prog   *net.Program
	update func(w, g []float32)
	flops  float64
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
	g, err := m.build()
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
	return &session{prog: prog, update: o.Update, flops: flops(g)}, nil
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
	case len(p.Shape) == 4:
		weights(w, m.Gain, p.Shape[1]*p.Shape[2]*p.Shape[3], k, first)
	case m.graph != nil && len(p.Shape) == 1 && strings.HasSuffix(p.Name, ".weight"): // a norm's scale
		for i := range w {
			w[i] = 1
		}
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
