package net

import (
	"fmt"
	"maps"
	"slices"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// body is what a family puts in place of block k. Only branch must stand.
type body struct {
	name   func(k int) string
	before func(k int, x *G.Node) *G.Node              // replaces the state before
	branch func(k int, name string, x *G.Node) *G.Node // makes the block's output of the state before
	after  func(k int, name string, out *G.Node) *G.Node
}

// run makes the states of a chain, the first given.
func (b *builder) run(first *G.Node, f body) []*G.Node {
	states := []*G.Node{first}
	b.tapState(0, first)
	for k := 1; k <= b.chain.blocks && b.err == nil; k++ {
		name := "blocks." + fmt.Sprint(k)
		if f.name != nil {
			name = f.name(k)
		}
		if f.before != nil {
			states[k-1] = f.before(k, states[k-1])
		}
		out := b.branch(k, name, states, f)
		out = b.joins(name, k, states, out)
		if f.after != nil && b.err == nil {
			out = f.after(k, name, out)
		}
		states = append(states, out)
		b.tapState(k, out)
	}
	return states
}

func (b *builder) branch(k int, name string, states []*G.Node, f body) *G.Node {
	if b.err != nil {
		return nil
	}
	out := f.branch(k, name, states[k-1])
	if b.err != nil || b.spec.StochasticDepth == 0 || !b.skipped(k) {
		return out
	}
	// The chance to be dropped grows with the block from nearly none to the spec's (Huang et al. 2016).
	rate := b.spec.StochasticDepth * float64(k) / float64(b.chain.blocks)
	return b.drop(name+".stochastic", out, rate, 1)
}

// skipped says whether a skip leads past block k's branch.
func (b *builder) skipped(k int) bool {
	for _, e := range b.edges {
		if e.To == k && e.Skip.Join != JoinConcat {
			return true
		}
	}
	return false
}

func (b *builder) tapState(k int, n *G.Node) {
	b.tap(fmt.Sprintf("state %d", k), n)
	for _, name := range slices.Sorted(maps.Keys(b.chain.names)) {
		if b.chain.names[name] == k {
			b.tap(name, n)
		}
	}
}

// joins brings the skips that end at state k together with the branch, in the order of the spec. A lesion
// takes the branch away: what the skips carry is what remains, or the state before where there is none.
func (b *builder) joins(name string, k int, states []*G.Node, branch *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	out, skips, attended := branch, 0, false
	for _, e := range b.edges {
		if e.To != k || b.err != nil || e.Skip.Join == JoinAttend && attended {
			continue
		}
		if skips++; skips > 1 {
			name = fmt.Sprintf("%s.skip%d", name, skips)
		}
		if e.Skip.Join == JoinAttend {
			attended = true
			out = b.attend(name, k, states, out, skips == 1)
			continue
		}
		out = b.join(name, e, k, states, out, skips == 1)
	}
	if skips == 0 && b.lesioned(k) && b.err == nil {
		if x := states[k-1]; !x.Shape().Eq(branch.Shape()) {
			return b.fail("lesion of block %d: its input is %s and its output %s", k, sizeWords(x), sizeWords(branch))
		}
		return states[k-1]
	}
	return out
}

func sizeWords(x *G.Node) string {
	if s := x.Shape(); isPicture(x) {
		return fmt.Sprintf("%d × %d × %d", s[0], s[1], s[2])
	}
	return fmt.Sprintf("%d numbers", features(x))
}

func (b *builder) join(name string, e Edge, k int, states []*G.Node, branch *G.Node, first bool) *G.Node {
	n, from := b.carry(name, e, states[e.From], branch)
	if b.err != nil {
		return nil
	}
	cut := first && b.lesioned(k)
	switch e.Skip.Join {
	case JoinConcat:
		if cut {
			return b.fail("lesion of block %d: it joins by concat, so later blocks need its output", k)
		}
		return b.concat(name, from, branch)
	case JoinGate:
		if b.forget != nil {
			if cut {
				branch = b.try(ops.Scale(name+".cut", branch, 0))
			}
			return b.remember(name, from, branch)
		}
		t := b.gate(name+".gate", states[k-1], branch, n.gate)
		if cut || b.err != nil {
			return from
		}
		return b.try(ops.Gate(name, from, branch, t))
	}
	if e.Skip.LayerScale != "" {
		v := b.param(name+".layer_scale", startConstant, n.layer, features(branch))
		branch = b.try(ops.ScaleFeatures(name+".layer_scale", branch, v))
	}
	if e.Skip.Trainable && e.Skip.Init == "" {
		s := b.param(name+".scale", startConstant, n.branch, 1)
		if cut || b.err != nil {
			return from
		}
		return b.try(ops.AddTrained(name, from, branch, s))
	}
	if cut || b.err != nil {
		return from
	}
	return b.try(ops.AddScaled(name, from, branch, float32(n.branch)))
}

func (b *builder) concat(name string, from, branch *G.Node) *G.Node {
	if isPicture(branch) && isPicture(from) {
		return b.try(ops.ConcatChannels(name, from, branch))
	}
	return b.try(ops.Concat(name, from, branch))
}

// gate is the share of the branch, from the state before the block.
func (b *builder) gate(name string, x, branch *G.Node, bias float64) *G.Node {
	if b.err != nil {
		return nil
	}
	var v *G.Node
	if isPicture(x) && isPicture(branch) {
		x, stride, err := b.sized(name, x, branch)
		if err != nil {
			return b.fail("%s: %w", name, err)
		}
		v = b.conv(name, x, features(branch), 1, stride, b.start(), 1, true)
	} else {
		v = b.linear(name, b.flat(name, x), features(branch))
	}
	if b.err != nil {
		return nil
	}
	b.setStart(name+".bias", startConstant, bias)
	return b.try(ops.Sigmoid(name, v))
}

// setStart changes how a parameter starts.
func (b *builder) setStart(name string, st start, value float64) {
	for i, p := range b.g.Params {
		if p.Name == b.prefix+name {
			b.g.Params[i].start, b.g.Params[i].value = st, value
		}
	}
}

// attend lets the block's output read what all attending skips carry, and itself, by content. The query
// starts at zero, so that the first read is the mean of all.
func (b *builder) attend(name string, k int, states []*G.Node, branch *G.Node, first bool) *G.Node {
	var slots []*G.Node
	for i, e := range b.edges {
		if e.To != k || e.Skip.Join != JoinAttend || b.err != nil {
			continue
		}
		_, from := b.carry(fmt.Sprintf("%s.from%d", name, i), e, states[e.From], branch)
		slots = append(slots, from)
	}
	if b.err != nil {
		return nil
	}
	if !first || !b.lesioned(k) {
		slots = append(slots, branch)
	}
	var q *G.Node
	if isPicture(branch) {
		q = b.conv(name+".query", branch, features(branch), 1, 1, startConstant, 1, false)
	} else {
		q = b.linearOf(name+".query", branch, features(branch), startConstant, 1, false)
	}
	if b.err != nil {
		return nil
	}
	return b.try(ops.Recall(name, q, slots...))
}
