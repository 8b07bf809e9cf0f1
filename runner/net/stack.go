package net

import (
	"fmt"
	"strconv"
	"strings"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// stack is the net from its input to its outputs: stem, blocks, head.
func (b *builder) stack(x *G.Node) *G.Node {
	width, first := b.spec.Width, b.spec.Width
	if b.spec.Family == FamilyDenseMLP {
		width, first = b.spec.Growth, b.spec.Stem
	}
	states := make([]*G.Node, 1, b.spec.Depth+1)
	states[0] = b.linear("stem", x, first, start(b.spec.Init))
	post := b.spec.Order != orderPreact
	if post {
		states[0] = b.act("stem", states[0])
	}
	for k := 1; k <= b.spec.Depth && b.err == nil; k++ {
		states = append(states, b.block(k, states, width))
	}
	if b.err != nil {
		return nil
	}
	top := states[len(states)-1]
	if !post {
		top = b.act("head", top)
	}
	return b.linear("head", top, b.g.IO.Out, start(b.spec.Init))
}

// block makes state k from the states before it.
func (b *builder) block(k int, states []*G.Node, width int) *G.Node {
	name := "blocks." + strconv.Itoa(k)
	x := states[k-1]
	after := strings.HasSuffix(b.spec.Norm, " after add")
	branch := b.branch(name, x, width, b.spec.Norm != "none" && !after)
	out := b.joins(name, k, states, branch)
	if out == nil || b.err != nil {
		return nil
	}
	if after {
		out = b.norm(name+".norm", out)
	}
	if b.spec.Order == orderPost {
		out = b.act(name+".out", out)
	}
	return out
}

func (b *builder) branch(name string, x *G.Node, width int, normed bool) *G.Node {
	if b.spec.Order != orderPreact {
		h := b.linear(name, x, width, start(b.spec.Init))
		if normed {
			h = b.norm(name+".norm", h)
		}
		if b.spec.Order == orderBranch {
			h = b.act(name, h)
		}
		return h
	}
	h := x
	if normed {
		h = b.norm(name+".norm", h)
	}
	return b.linear(name, b.act(name, h), width, start(b.spec.Init))
}

// joins brings the skips that end at state k together with the branch, in the order of the spec. A lesion
// takes the branch away: what the skips carry is what remains, or the state before where there is none.
func (b *builder) joins(name string, k int, states []*G.Node, branch *G.Node) *G.Node {
	out, skips := branch, 0
	for _, e := range b.edges {
		if e.To != k || b.err != nil {
			continue
		}
		if skips++; skips > 1 {
			name = fmt.Sprintf("%s.skip%d", name, skips)
		}
		out = b.join(name, e, k, states, out, skips == 1)
	}
	if skips == 0 && b.lesioned(k) && b.err == nil {
		if states[k-1].Shape()[1] != branch.Shape()[1] {
			b.err = fmt.Errorf("lesion of block %d: its input has %d numbers and its output %d", k, states[k-1].Shape()[1], branch.Shape()[1])
		}
		return states[k-1]
	}
	return out
}

func (b *builder) join(name string, e Edge, k int, states []*G.Node, branch *G.Node, first bool) *G.Node {
	from := b.transform(name, e, states[e.From])
	if b.err != nil {
		return nil
	}
	cut := first && b.lesioned(k)
	switch e.Skip.Join {
	case JoinConcat:
		if cut {
			b.err = fmt.Errorf("lesion of block %d: it joins by concat, so later blocks need its output", k)
			return nil
		}
		return b.try(ops.Concat(name, from, branch))
	case JoinGate:
		bias, err := evaluate(e.Skip.GateBias, nil)
		if err != nil {
			b.err = err
			return nil
		}
		t := b.gate(name+".gate", states[k-1], branch.Shape()[1], bias)
		if cut {
			return from
		}
		if b.err != nil {
			return nil
		}
		return b.try(ops.Gate(name, from, branch, t))
	}
	s, err := Scale(e.Skip, b.spec.Depth)
	if err != nil {
		b.err = err
		return nil
	}
	if e.Skip.Trainable {
		p := b.param(name+".scale", startConstant, s, 1)
		if cut {
			return from
		}
		return b.try(ops.AddTrained(name, from, branch, p))
	}
	if cut {
		return from
	}
	return b.try(ops.AddScaled(name, from, branch, float32(s)))
}

func (b *builder) transform(name string, e Edge, x *G.Node) *G.Node {
	st := startLecun
	switch e.Skip.Transform {
	case transformIdentity:
		return x
	case transformEye:
		st = startEye
	}
	n := x.Shape()[1]
	w := b.param(name+".shortcut.weight", st, 0, n, n)
	return b.try(ops.Linear(name+".shortcut", x, w, nil))
}

func (b *builder) gate(name string, x *G.Node, width int, bias float64) *G.Node {
	if b.err != nil {
		return nil
	}
	w := b.param(name+".weight", start(b.spec.Init), 0, width, x.Shape()[1])
	c := b.param(name+".bias", startConstant, bias, width)
	v := b.try(ops.Linear(name, x, w, c))
	if b.err != nil {
		return nil
	}
	return b.try(ops.Sigmoid(name, v))
}
