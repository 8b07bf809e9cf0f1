package net

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"tenet/runner/ops"
)

// building guards gorgonia's global numbering of groups and its shared constant nodes, which every graph
// construction and every Grad touch.
var building sync.Mutex

// Mode says what a graph is for.
type Mode int

const (
	Train Mode = iota // batch statistics, masks, loss and gradients
	Score             // kept statistics, outputs only
)

// Build makes the graph of spec. lesion lists blocks whose branch is taken away (counted from 1).
func Build(spec Spec, io IO, mode Mode, lesion []int) (*Graph, error) {
	if err := io.check(); err != nil {
		return nil, err
	}
	building.Lock()
	defer building.Unlock()
	b := newBuilder(io, mode, G.NewGraph())
	logits := b.net(spec, lesion)
	if b.err != nil {
		return nil, fmt.Errorf("runner/net: %w", b.err)
	}
	if err := b.finish(logits); err != nil {
		return nil, err
	}
	return b.g, nil
}

// builder carries the first error, so that a net reads as a net.
type builder struct {
	spec   Spec
	io     IO // of the net at hand: within a gan, not that of the graph
	mode   Mode
	lesion []int
	chain  chain
	edges  []Edge
	g      *Graph
	prefix string // of names
	size   int
	byName map[string]*G.Node
	known  []string       // names of taps
	forget func() *G.Node // an lstm's forget gate at the step at hand
	err    error
}

func newBuilder(io IO, mode Mode, g *G.ExprGraph) *builder {
	return &builder{io: io, mode: mode, g: &Graph{IO: io, G: g}, byName: map[string]*G.Node{}}
}

// net builds a whole net on the graph's input and gives its outputs as rows.
func (b *builder) net(spec Spec, lesion []int) *G.Node {
	kind, ok := familyOf(spec.Family)
	if !ok {
		return b.fail("family %q is unknown", spec.Family)
	}
	b.spec, b.lesion, b.chain, b.edges = spec, lesion, chain{}, nil
	if kind.chain != nil {
		b.chain = kind.chain(spec, b.io.Steps)
		var err error
		if b.edges, err = spec.edges(b.io.Steps); err != nil {
			b.err = err
			return nil
		}
	}
	for _, k := range lesion {
		if k < 1 || k > b.chain.blocks {
			return b.fail("lesion of block %d: the net has blocks 1 to %d", k, b.chain.blocks)
		}
	}
	out := kind.build(b)
	if want := []int{b.io.Rows(), b.io.Out}; b.err == nil && kind.chain != nil && !slices.Equal(out.Shape(), want) {
		return b.fail("the net gives %v, the task wants %v", out.Shape(), want)
	}
	return out
}

// finish names the outputs and adds, for training, the loss and the gradients.
func (b *builder) finish(logits *G.Node) error {
	g := b.g
	b.tap("output", logits)
	g.Logits = logits
	if err := b.checkTaps(); err != nil {
		return fmt.Errorf("runner/net: %w", err)
	}
	if b.mode != Train {
		g.Trained = len(g.Params)
		return nil
	}
	return b.lose(logits)
}

// fail remembers the first error.
func (b *builder) fail(format string, args ...any) *G.Node {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
	return nil
}

func (b *builder) try(n *G.Node, err error) *G.Node {
	if err != nil && b.err == nil {
		b.err = err
	}
	return n
}

// rows is the input as a matrix of io.In numbers a row.
func (b *builder) rows() *G.Node {
	if b.g.X != nil { // a gan's discriminator reads what the generator made
		return b.g.X
	}
	if b.io.Steps > 0 || b.io.Vocab > 0 {
		return b.fail("the task gives sequences; families %s and %s read them", FamilyTransformer, FamilyRNN)
	}
	return b.inputRows(b.io.Batch, b.io.In)
}

func (b *builder) inputRows(shape ...int) *G.Node {
	b.g.X = b.input("input", shape...)
	return b.g.X
}

func (b *builder) input(name string, shape ...int) *G.Node {
	return G.NewTensor(b.g.G, tensor.Float32, len(shape), G.WithShape(shape...), G.WithName(b.prefix+name))
}

// constant is an input that holds v everywhere.
func (b *builder) constant(name string, v float32, shape ...int) *G.Node {
	n := b.input(name, shape...)
	b.g.Constants = append(b.g.Constants, Constant{Node: n, Value: v})
	return n
}

// param is a parameter; asked for again by its name, the same one.
func (b *builder) param(name string, st start, value float64, shape ...int) *G.Node {
	return b.scaledParam(name, st, value, 1, shape...)
}

func (b *builder) scaledParam(name string, st start, value, shrink float64, shape ...int) *G.Node {
	if n, ok := b.byName[b.prefix+name]; ok {
		if !slices.Equal(n.Shape(), shape) {
			return b.fail("%s has shape %v here and %v there", name, shape, n.Shape())
		}
		return n
	}
	p := Param{Name: b.prefix + name, Shape: shape, Offset: b.size, start: st, value: value, shrink: shrink, act: b.spec.Act}
	b.size += p.Size()
	n := b.input(name, shape...)
	b.byName[p.Name] = n
	b.g.Params = append(b.g.Params, p)
	b.g.Nodes = append(b.g.Nodes, n)
	return n
}

// mask is an input of chance.
func (b *builder) mask(name string, keep float64, shape ...int) *G.Node {
	n := b.input("mask "+name, shape...)
	b.g.Masks = append(b.g.Masks, Mask{Name: b.prefix + name, Keep: keep, Node: n})
	return n
}

// drop takes chance at x, by a mask of as many numbers as shape says; without chance it is x.
func (b *builder) drop(name string, x *G.Node, rate float64, shape ...int) *G.Node {
	if b.err != nil || b.mode != Train || rate == 0 {
		return x
	}
	return b.try(ops.Drop(name, x, b.mask(name, 1-rate, shape...)))
}

// tap gives a value its name.
func (b *builder) tap(name string, n *G.Node) {
	if b.err != nil || n == nil {
		return
	}
	name = b.prefix + name
	b.known = append(b.known, name)
	wanted := slices.Contains(b.g.IO.Taps, name) || strings.HasPrefix(name, "state ") && slices.Contains(b.g.IO.Taps, "states")
	if wanted {
		b.g.Taps = append(b.g.Taps, Tap{Name: name, Node: n})
	}
}

func (b *builder) checkTaps() error {
	for _, name := range b.g.IO.Taps {
		if name != "states" && !slices.Contains(b.known, name) {
			return fmt.Errorf("no value is called %q; there are states, %s", name, strings.Join(b.known, ", "))
		}
	}
	return nil
}

func (b *builder) lesioned(block int) bool { return slices.Contains(b.lesion, block) }
