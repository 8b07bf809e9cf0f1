package net

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
	"tenet/runner/ops"
)

// call is a step before memory is laid out.
type call struct {
	node    *G.Node
	in      []*G.Node
	work    func(dst []float32, src [][]float32, scratch []float32)
	scratch int
	over    []int     // inputs that the output may be written over
	two     ops.Fused // of a call that is two ops already
}

// plan turns the nodes into steps: pairs become one kernel where there is one, and values that are no
// longer read give their memory to later ones.
func (c *compiler) plan(g *Graph, order []*G.Node) error {
	calls, err := c.calls(g, order)
	if err != nil {
		return err
	}
	scratch := 0
	for _, k := range calls {
		scratch = max(scratch, k.scratch)
	}
	calls, shared := c.reserve(g, calls, scratch)
	for _, k := range calls {
		s := step{work: k.work, dst: c.at[k.node], scratch: shared[:k.scratch:k.scratch]}
		for _, n := range k.in {
			s.src = append(s.src, c.at[n])
		}
		c.p.steps = append(c.p.steps, s)
	}
	return nil
}

// calls lists the kernel calls in order. Constants are no calls: they get their place and value at once.
func (c *compiler) calls(g *Graph, order []*G.Node) ([]call, error) {
	kept := c.kept(g)
	readers := map[*G.Node]int{}
	for _, n := range order {
		for _, child := range children(g.G, n) {
			readers[child]++
		}
	}
	var calls []call
	byNode := map[*G.Node]int{}
	for _, n := range order {
		if n.Op() == nil {
			continue // an input, bound already
		}
		if n.Op().Arity() == 0 {
			if err := c.constant(n); err != nil {
				return nil, err
			}
			continue
		}
		k, err := single(g.G, n)
		if err != nil {
			return nil, err
		}
		for at, child := range k.in {
			i, made := byNode[child]
			if !made || readers[child] != 1 || kept[child] || c.at[child] != nil {
				continue
			}
			if both, ok := fuse(calls[i], k, at); ok {
				calls[i].work = nil
				k = both
				break
			}
		}
		byNode[n] = len(calls)
		calls = append(calls, k)
	}
	return slices.DeleteFunc(calls, func(k call) bool { return k.work == nil }), nil
}

func single(g *G.ExprGraph, n *G.Node) (call, error) {
	k := call{node: n, in: children(g, n)}
	if op, ok := n.Op().(ops.Kernel); ok {
		k.work, k.scratch, k.over = op.Work, op.Scratch(), ops.Over(op)
		return k, nil
	}
	size := n.Shape().TotalSize()
	same := func(m *G.Node) bool { return m.Shape().TotalSize() == size }
	if n.Op().String() == "+ false" && len(k.in) == 2 && same(k.in[0]) && same(k.in[1]) {
		k.work, k.over = addBoth, []int{0, 1} // the one stock op that Grad itself inserts, where a state is read twice
		return k, nil
	}
	return call{}, fmt.Errorf("runner/net: op %v is not one that a program can run", n.Op())
}

func addBoth(dst []float32, src [][]float32, _ []float32) { kernel.Add(dst, src[0], src[1]) }

// fuse makes one call of two, the second reading the first's output as input number at.
func fuse(first, second call, at int) (call, bool) {
	f, ok := fusion(first, second, at)
	if !ok {
		return call{}, false
	}
	in := slices.Clone(first.in)
	for i, n := range second.in {
		if i != at {
			in = append(in, n)
		}
	}
	return call{node: second.node, in: in, work: f.Work, scratch: first.scratch, over: f.Over, two: f}, true
}

func fusion(first, second call, at int) (ops.Fused, bool) {
	b, isB := second.node.Op().(ops.Kernel)
	if first.two.Work != nil {
		if !isB {
			return ops.Fused{}, false
		}
		return first.two.Fuse(b, at)
	}
	a, isA := first.node.Op().(ops.Kernel)
	switch {
	case !isA || len(first.in) != a.Arity():
		return ops.Fused{}, false
	case isB:
		return ops.Fuse(a, b, at)
	}
	return ops.FuseAdd(a)
}

func (c *compiler) constant(n *G.Node) error {
	v, err := n.Op().Do()
	if err != nil {
		return fmt.Errorf("runner/net: %v: %w", n.Op(), err)
	}
	f, ok := v.Data().(float32)
	if !ok || n.Shape().TotalSize() != 1 {
		return fmt.Errorf("runner/net: the constant %v is no float32", n.Op())
	}
	c.at[n] = []float32{f}
	return nil
}

// kept are the values that are read after a run.
func (c *compiler) kept(g *Graph) map[*G.Node]bool {
	kept := map[*G.Node]bool{g.Logits: true}
	if g.Loss != nil {
		kept[g.Loss] = true
	}
	for _, s := range g.Norms {
		kept[s.Input], kept[s.Moments] = true, true
	}
	for _, t := range g.Taps {
		kept[t.Node] = true
	}
	return kept
}
