package ops

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Kernel is an op that runs on bare slices: dst and src hold the values of the output and the inputs in
// row-major order, a scalar being one number. Scratch is how many numbers of memory Work wants beside them;
// they hold nothing before and are worth nothing after.
type Kernel interface {
	G.Op
	Scratch() int
	Work(dst []float32, src [][]float32, scratch []float32)
}

// Run executes k without keeping scratch.
func Run(k Kernel, dst []float32, src [][]float32) { k.Work(dst, src, make([]float32, k.Scratch())) }

type work = func(dst []float32, src [][]float32, scratch []float32)

// follower is what may come after an op in one kernel with it.
type follower struct {
	role string
	at   int
}

const (
	roleRelu     = "relu"
	roleReluGrad = "relu dx"
	roleAdd      = "add"
)

// fused is every op of this package: a name that tells it from others, shapes fixed at construction, the
// arithmetic and the symbolic gradient.
type fused struct {
	name string
	in   []tensor.Shape
	out  tensor.Shape
	run  func(dst []float32, src [][]float32)
	// work is run for an op that wants scratch memory.
	work    work
	scratch int
	role    string
	follow  map[follower]work
	then    map[[2]follower]work // two that follow each other
	// What [View], [Joins] and [Over] say.
	view       bool
	from       int
	joins      bool
	over       []int
	followOver map[follower][]int
	moments    bool // of the input's channels, see [ChannelMoments]
	// grad returns one node per input, nil where the input has no gradient; nil grad: not differentiable.
	grad func(in G.Nodes, out, grad *G.Node) (G.Nodes, error)
	wrt  []bool
}

var (
	_ Kernel            = (*fused)(nil)
	_ G.SDOp            = (*fused)(nil)
	_ G.UsePreallocDoer = (*fused)(nil)
)

func (o *fused) apply(in ...*G.Node) (*G.Node, error) {
	o.in = make([]tensor.Shape, len(in))
	for i, n := range in {
		o.in[i] = n.Shape()
	}
	n, err := G.ApplyOp(o, in...)
	if err != nil {
		return nil, fmt.Errorf("ops: %s: %w", o.name, err)
	}
	return n, nil
}

func (o *fused) Arity() int { return len(o.in) }

func (o *fused) Type() hm.Type {
	a := hm.TypeVariable('a')
	ts := make([]hm.Type, 0, len(o.in)+1)
	for _, s := range append(o.in[:len(o.in):len(o.in)], o.out) {
		if s.IsScalar() {
			ts = append(ts, a)
		} else {
			ts = append(ts, G.TensorType{Dims: s.Dims(), Of: a})
		}
	}
	return hm.NewFnType(ts...)
}

func (o *fused) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.out.Clone(), nil }

func (o *fused) Scratch() int { return o.scratch }

func (o *fused) Work(dst []float32, src [][]float32, scratch []float32) {
	if o.work != nil {
		o.work(dst, src, scratch)
		return
	}
	o.run(dst, src)
}

func (o *fused) Do(in ...G.Value) (G.Value, error) {
	if o.out.IsScalar() {
		return o.UsePreallocDo(G.NewF32(0), in...)
	}
	return o.UsePreallocDo(tensor.New(tensor.WithShape(o.out...), tensor.Of(tensor.Float32)), in...)
}

func (o *fused) UsePreallocDo(prealloc G.Value, in ...G.Value) (G.Value, error) {
	src := make([][]float32, len(in))
	for i, v := range in {
		s, err := numbers(v)
		if err != nil {
			return nil, fmt.Errorf("ops: %s: input %d: %w", o.name, i, err)
		}
		if len(s) != o.in[i].TotalSize() {
			return nil, fmt.Errorf("ops: %s: input %d has %d numbers, want %d", o.name, i, len(s), o.in[i].TotalSize())
		}
		src[i] = s
	}
	if f, ok := prealloc.(*G.F32); ok {
		var one [1]float32
		Run(o, one[:], src)
		*f = G.F32(one[0])
		return f, nil
	}
	dst, err := numbers(prealloc)
	if err != nil {
		return nil, fmt.Errorf("ops: %s: output: %w", o.name, err)
	}
	Run(o, dst, src)
	return prealloc, nil
}

func numbers(v G.Value) ([]float32, error) {
	switch d := v.Data().(type) {
	case []float32:
		return d, nil
	case float32:
		return []float32{d}, nil
	}
	return nil, fmt.Errorf("%T holds no float32", v)
}

func (o *fused) ReturnsPtr() bool     { return true }
func (o *fused) CallsExtern() bool    { return false }
func (o *fused) OverwritesInput() int { return -1 }

func (o *fused) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%s%v%v", o.name, o.in, o.out) }
func (o *fused) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}
func (o *fused) String() string { return o.name }

func (o *fused) DiffWRT(inputs int) []bool {
	if o.grad == nil {
		return make([]bool, inputs)
	}
	if o.wrt != nil {
		return o.wrt
	}
	all := make([]bool, inputs)
	for i := range all {
		all[i] = true
	}
	return all
}

func (o *fused) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	if o.grad == nil {
		return nil, fmt.Errorf("ops: %s has no gradient", o.name)
	}
	return o.grad(in, out, grad)
}

// collect turns several (node, error) results into SymDiff's.
func collect(made ...func() (*G.Node, error)) (G.Nodes, error) {
	ns := make(G.Nodes, len(made))
	for i, make := range made {
		if make == nil {
			continue
		}
		var err error
		if ns[i], err = make(); err != nil {
			return nil, err
		}
	}
	return ns, nil
}
