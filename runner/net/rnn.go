package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The recurrent net. Its chain is a sequence: state t is the memory after step t, every step has the same
// parameters, and a skip from t to t+1 is what lets a step add to the memory instead of writing it anew.

const (
	cellAdditive = "additive" // branch: tanh(U x + V h + c)
	cellLSTM     = "lstm"     // branch: what the input gate lets in; a join by gate is the forget gate
)

func rnnFamily() family {
	return family{
		name: FamilyRNN,
		read: func(f *fields, s *Spec) {
			s.Width = f.size("width", 0)
			if s.Cell = f.word("cell", cellAdditive, []string{cellAdditive, cellLSTM}); s.Cell == cellLSTM {
				s.Forget = f.expression("forget_bias", "1")
				if _, err := evaluate(s.Forget, nil); err != nil {
					f.fail("forget_bias", "%v", err)
				}
			}
			f.starts(s, "glorot")
			if s.Act != "relu" && s.Act != "tanh" {
				f.fail("act", "%q is not one of tanh, relu", s.Act)
			}
			if !f.has("act") {
				s.Act = "tanh"
			}
		},
		chain: func(s Spec, steps int) chain {
			return chain{blocks: max(1, steps), counter: "t", depth: max(1, steps), fixed: 1, gated: s.Cell == cellLSTM}
		},
		build:  (*builder).rnn,
		sketch: rnnSketch,
	}
}

func (b *builder) rnn() *G.Node {
	s, steps, batch := b.spec, b.io.Steps, b.io.Batch
	if steps == 0 {
		return b.fail("family %s reads sequences; the task gives rows", s.Family)
	}
	at := b.steps()
	if b.err != nil {
		return nil
	}
	first := b.constant("start", 0, batch, s.Width)
	hidden := map[int]*G.Node{0: first} // what a step reads: of an lstm not the memory itself
	var out *G.Node                     // an lstm's output gate at the step at hand
	states := b.run(first, body{
		name: func(t int) string { return fmt.Sprintf("step.%d", t) },
		branch: func(t int, name string, _ *G.Node) *G.Node {
			x := at(t)
			if s.Cell == cellLSTM {
				h, o := b.lstm(t, name, x, hidden[t-1])
				out = o
				return h
			}
			return b.act(name, b.both(name, x, hidden[t-1], s.Width))
		},
		after: func(t int, name string, c *G.Node) *G.Node {
			hidden[t] = c
			if s.Cell == cellLSTM && b.err == nil {
				if y := b.try(ops.Tanh(name+".memory", c)); b.err == nil {
					hidden[t] = b.try(ops.Mul(name+".shown", out, y))
				}
			}
			return c
		},
	})
	if b.err != nil {
		return nil
	}
	if !b.io.Every {
		return b.head(hidden[len(states)-1])
	}
	parts := make([]*G.Node, 0, steps)
	for t := 1; t <= steps; t++ {
		parts = append(parts, hidden[t])
	}
	all := b.try(ops.Concat("steps", parts...))
	if b.err != nil {
		return nil
	}
	return b.head(b.try(ops.Unroll("steps", all, steps)))
}

// steps gives the input of step t, batch rows of it.
func (b *builder) steps() func(t int) *G.Node {
	steps, batch := b.io.Steps, b.io.Batch
	if b.io.Vocab > 0 {
		x := b.tokens(b.spec.Width)
		return func(t int) *G.Node {
			return b.try(ops.Rows(fmt.Sprintf("step.%d.token", t), x, t-1, batch*steps, steps))
		}
	}
	// The rows of a sequence lie one after another, so that a sequence is one long row.
	in := b.io.In
	x := b.inputRows(batch, steps*in)
	return func(t int) *G.Node {
		return b.try(ops.Columns(fmt.Sprintf("step.%d.input", t), x, (t-1)*in, t*in))
	}
}

// both is U x + V h + c, the same at every step.
func (b *builder) both(name string, x, h *G.Node, width int) *G.Node {
	if b.err != nil {
		return nil
	}
	u := b.param("cell.input.weight", b.start(), 0, width, x.Shape()[1])
	c := b.param("cell.input.bias", startConstant, 0, width)
	v := b.param("cell.state.weight", b.start(), 0, width, h.Shape()[1])
	fromInput := b.try(ops.Linear(name+".input", x, u, c))
	fromState := b.try(ops.Linear(name+".state", h, v, nil))
	if b.err != nil {
		return nil
	}
	return b.try(ops.AddScaled(name+".both", fromInput, fromState, 1))
}

// lstm is what the input gate lets in, and the output gate. The forget gate is asked for by the joins.
func (b *builder) lstm(t int, name string, x, h *G.Node) (branch, out *G.Node) {
	w := b.spec.Width
	z := b.both(name, x, h, 4*w)
	if b.err != nil {
		return nil, nil
	}
	forget, err := evaluate(b.spec.Forget, nil)
	if err != nil {
		return b.fail("forget_bias: %w", err), nil
	}
	if t == 1 {
		b.setStart("cell.input.bias", startForget, forget)
	}
	part := func(i int, what string) *G.Node {
		return b.try(ops.Columns(name+"."+what, z, i*w, (i+1)*w))
	}
	i := b.try(ops.Sigmoid(name+".in", part(0, "in")))
	g := b.try(ops.Tanh(name+".new", part(2, "new")))
	out = b.try(ops.Sigmoid(name+".out", part(3, "out")))
	if b.err != nil {
		return nil, nil
	}
	b.forget = func() *G.Node { return b.try(ops.Sigmoid(name+".forget", part(1, "forget"))) }
	return b.try(ops.Mul(name+".written", i, g)), out
}

// remember is an lstm's join by gate: what is kept by the forget gate and what is let in, both gates free.
func (b *builder) remember(name string, from, branch *G.Node) *G.Node {
	f := b.forget()
	if b.err != nil {
		return nil
	}
	kept := b.try(ops.Mul(name+".kept", f, from))
	if b.err != nil {
		return nil
	}
	return b.try(ops.AddScaled(name+".memory", kept, branch, 1))
}
