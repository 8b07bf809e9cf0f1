package net

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// Program is a compiled graph: kernel calls in a fixed order on memory laid out once.
type Program struct {
	X, Label, Logits []float32
	Loss             []float32 // one number; nil in mode Score
	Weights          []float32 // flat, shared with other programs of the net
	Grads            []float32 // flat, as the trained Weights; nil where there is no loss
	InputGrad        []float32 // as X; nil unless asked for
	Masks            []MaskValues
	Taps             []TapValues
	steps            []step
	sites            []site
}

type step struct {
	work    func(dst []float32, src [][]float32, scratch []float32)
	dst     []float32
	src     [][]float32
	scratch []float32
}

type site struct {
	input, moments, mean, variance []float32
	width, count                   int
}

// Size is the number of parameters of g.
func (g *Graph) Size() int {
	n := 0
	for _, p := range g.Params {
		n += p.Size()
	}
	return n
}

// StatSize is the number of kept statistics of g: mean and variance of each batch norm, one after the other.
func (g *Graph) StatSize() int {
	n := 0
	for _, s := range g.Norms {
		n += 2 * s.Width
	}
	return n
}

// Compile lays g out on weights and stats, which must have g's Size and StatSize and may be shared.
func Compile(g *Graph, weights, stats []float32) (*Program, error) {
	if len(weights) != g.Size() || len(stats) != g.StatSize() {
		return nil, fmt.Errorf("runner/net: %d weights and %d statistics given, want %d and %d", len(weights), len(stats), g.Size(), g.StatSize())
	}
	c := &compiler{at: map[*G.Node][]float32{}, p: &Program{Weights: weights}}
	c.bind(g, weights, stats)
	ends := G.Nodes{g.Logits}
	if g.Loss != nil {
		ends = append(ends, g.Loss)
		for _, n := range slices.Backward(g.Grads) { // last layers first: each gradient is used while it is fresh
			ends = append(ends, n)
		}
		if g.InputGrad != nil {
			ends = append(ends, g.InputGrad)
		}
		c.bindGrads(g)
	}
	for _, t := range g.Taps { // most are on the way to the outputs anyhow
		ends = append(ends, t.Node)
	}
	order, err := sorted(g.G, ends)
	if err != nil {
		return nil, err
	}
	if err := c.plan(g, order); err != nil {
		return nil, err
	}
	c.finish(g, stats)
	return c.p, nil
}

// Run executes the program once.
func (p *Program) Run() { run(p.steps) }

func run(steps []step) {
	for i := range steps {
		s := &steps[i]
		s.work(s.dst, s.src, s.scratch)
	}
}

// Halves is Run in two parts: until the tap has its values, and the rest. Between them the weights that only
// the rest reads may change; ok is false where the program makes no such tap.
func (p *Program) Halves(tap string) (first, rest func(), ok bool) {
	values := p.Tap(tap)
	for i := len(p.steps) - 1; i >= 0; i-- { // what lay in its place before has gone; nothing comes after
		if d := p.steps[i].dst; len(values) > 0 && len(d) > 0 && &d[0] == &values[0] {
			return func() { run(p.steps[:i+1]) }, func() { run(p.steps[i+1:]) }, true
		}
	}
	return nil, nil, false
}

// Tap is the value kept under a name, or nil.
func (p *Program) Tap(name string) []float32 {
	for _, t := range p.Taps {
		if t.Name == name {
			return t.Values
		}
	}
	return nil
}

// Observe moves the kept statistics of the batch norms towards those of the batch just run.
func (p *Program) Observe() {
	for _, s := range p.sites {
		if s.moments != nil {
			kernel.ObserveMoments(s.mean, s.variance, s.moments[:s.width], s.moments[s.width:], s.count, 0.1)
			continue
		}
		kernel.BatchStatistics(s.mean, s.variance, s.input, len(s.input)/s.width, s.width, 0.1)
	}
}

type compiler struct {
	p    *Program
	at   map[*G.Node][]float32
	late []step // copies of gradients that two parameters share
}

func (c *compiler) bind(g *Graph, weights, stats []float32) {
	c.p.X = make([]float32, g.X.Shape().TotalSize())
	c.at[g.X] = c.p.X
	if g.Label != nil {
		c.p.Label = make([]float32, g.Label.Shape().TotalSize())
		c.at[g.Label] = c.p.Label
	}
	for _, m := range g.Masks {
		values := make([]float32, m.Node.Shape().TotalSize())
		c.at[m.Node] = values
		c.p.Masks = append(c.p.Masks, MaskValues{Name: m.Name, Keep: m.Keep, Values: values})
	}
	for _, k := range g.Constants {
		values := make([]float32, k.Node.Shape().TotalSize())
		kernel.Fill(values, k.Value)
		c.at[k.Node] = values
	}
	for i, p := range g.Params {
		c.at[g.Nodes[i]] = weights[p.Offset:][:p.Size():p.Size()]
	}
	off := 0
	for _, s := range g.Norms {
		if s.Mean != nil {
			c.at[s.Mean] = stats[off:][:s.Width:s.Width]
			c.at[s.Variance] = stats[off+s.Width:][:s.Width:s.Width]
		}
		off += 2 * s.Width
	}
}

// bindGrads lets every gradient be written where the optimiser reads it.
func (c *compiler) bindGrads(g *Graph) {
	if g.InputGrad != nil {
		c.p.InputGrad = make([]float32, len(c.p.X))
		c.at[g.InputGrad] = c.p.InputGrad
	}
	size := 0
	for _, p := range g.Params[:len(g.Grads)] {
		size += p.Size()
	}
	c.p.Grads = make([]float32, size)
	for i, n := range g.Grads {
		dst := c.p.Grads[g.Params[i].Offset:][:g.Params[i].Size():g.Params[i].Size()]
		if have, ok := c.at[n]; ok {
			c.late = append(c.late, step{work: copyFirst, dst: dst, src: [][]float32{have}})
			continue
		}
		c.at[n] = dst
	}
}

func copyFirst(dst []float32, src [][]float32, _ []float32) { copy(dst, src[0]) }

func (c *compiler) finish(g *Graph, stats []float32) {
	c.p.steps = append(c.p.steps, c.late...)
	c.p.Logits = c.at[g.Logits]
	for _, t := range g.Taps {
		c.p.Taps = append(c.p.Taps, TapValues{Name: t.Name, Shape: t.Node.Shape().Clone(), Values: c.at[t.Node]})
	}
	if g.Loss != nil {
		c.p.Loss = c.at[g.Loss]
		off := 0
		for _, s := range g.Norms {
			c.p.sites = append(c.p.sites, site{input: c.at[s.Input], moments: c.at[s.Moments], count: s.Count, mean: stats[off:][:s.Width], variance: stats[off+s.Width:][:s.Width], width: s.Width})
			off += 2 * s.Width
		}
	}
}

func children(g *G.ExprGraph, n *G.Node) []*G.Node {
	var cs []*G.Node
	for it := g.From(n.ID()); it.Next(); {
		cs = append(cs, it.Node().(*G.Node))
	}
	return cs
}

// sorted lists what ends need, each after its inputs; nodes that nobody waits for are left out. The order
// is a walk from the ends in their order, so it depends on the net alone.
func sorted(g *G.ExprGraph, ends G.Nodes) ([]*G.Node, error) {
	var order []*G.Node
	state := map[*G.Node]int{}
	var visit func(n *G.Node) error
	visit = func(n *G.Node) error {
		switch state[n] {
		case 1:
			return fmt.Errorf("runner/net: the graph has a cycle at %v", n)
		case 2:
			return nil
		}
		state[n] = 1
		for _, c := range children(g, n) {
			if err := visit(c); err != nil {
				return err
			}
		}
		state[n] = 2
		order = append(order, n)
		return nil
	}
	for _, n := range ends {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return order, nil
}
