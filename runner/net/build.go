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
	Train Mode = iota // batch statistics, loss and gradients
	Score             // kept statistics, outputs only
)

// Build makes the graph of spec. lesion lists blocks whose branch is taken away (counted from 1).
func Build(spec Spec, io IO, mode Mode, lesion []int) (*Graph, error) {
	building.Lock()
	defer building.Unlock()
	if err := io.check(); err != nil {
		return nil, err
	}
	for _, k := range lesion {
		if k < 1 || k > spec.Depth {
			return nil, fmt.Errorf("runner/net: lesion of block %d: the net has blocks 1 to %d", k, spec.Depth)
		}
	}
	edges, err := spec.Edges()
	if err != nil {
		return nil, err
	}
	b := &builder{spec: spec, mode: mode, lesion: lesion, edges: edges, g: &Graph{IO: io, G: G.NewGraph()}}
	b.g.X = b.input("input", io.Batch, io.In)
	logits := b.stack(b.g.X)
	if b.err != nil {
		return nil, fmt.Errorf("runner/net: %w", b.err)
	}
	b.g.Logits = logits
	if mode == Train {
		b.g.Label = b.input("label", io.Batch)
		if b.g.Loss, err = ops.SoftmaxCrossEntropy(logits, b.g.Label); err != nil {
			return nil, fmt.Errorf("runner/net: %w", err)
		}
		grads, err := G.Grad(b.g.Loss, b.g.Nodes...)
		if err != nil {
			return nil, fmt.Errorf("runner/net: gradient: %w", err)
		}
		b.g.Grads = grads
	}
	return b.g, nil
}

// builder carries the first error, so that the net reads as a net.
type builder struct {
	spec   Spec
	mode   Mode
	lesion []int
	edges  []Edge
	g      *Graph
	size   int
	err    error
}

func (b *builder) input(name string, shape ...int) *G.Node {
	return G.NewTensor(b.g.G, tensor.Float32, len(shape), G.WithShape(shape...), G.WithName(name))
}

func (b *builder) param(name string, st start, value float64, shape ...int) *G.Node {
	p := Param{Name: name, Shape: shape, Offset: b.size, start: st, value: value}
	b.size += p.Size()
	n := b.input(name, shape...)
	b.g.Params = append(b.g.Params, p)
	b.g.Nodes = append(b.g.Nodes, n)
	return n
}

func (b *builder) try(n *G.Node, err error) *G.Node {
	if err != nil && b.err == nil {
		b.err = err
	}
	return n
}

func (b *builder) linear(name string, x *G.Node, out int, st start) *G.Node {
	if b.err != nil {
		return nil
	}
	w := b.param(name+".weight", st, 0, out, x.Shape()[1])
	c := b.param(name+".bias", startConstant, 0, out)
	return b.try(ops.Linear(name, x, w, c))
}

func (b *builder) act(name string, x *G.Node) *G.Node {
	switch {
	case b.err != nil:
		return nil
	case b.spec.Act == "tanh":
		return b.try(ops.Tanh(name, x))
	}
	return b.try(ops.Relu(name, x))
}

func (b *builder) norm(name string, x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	n := x.Shape()[1]
	var scale, shift *G.Node
	if b.spec.Affine != nil && *b.spec.Affine {
		scale = b.param(name+".scale", startConstant, 1, n)
		shift = b.param(name+".shift", startConstant, 0, n)
	}
	if strings.HasPrefix(b.spec.Norm, "layernorm") {
		return b.try(ops.LayerNorm(name, x, scale, shift))
	}
	site := NormSite{Name: name, Width: n, Input: x}
	if b.mode == Train {
		b.g.Norms = append(b.g.Norms, site)
		return b.try(ops.BatchNorm(name, x, scale, shift))
	}
	site.Mean, site.Variance = b.input(name+".mean", n), b.input(name+".variance", n)
	b.g.Norms = append(b.g.Norms, site)
	return b.try(ops.BatchNormEval(name, x, site.Mean, site.Variance, scale, shift))
}

func (b *builder) lesioned(block int) bool { return slices.Contains(b.lesion, block) }
