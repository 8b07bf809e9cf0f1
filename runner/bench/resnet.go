package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

// layers assembles a convolutional net and carries the first error.
type layers struct {
	*net.Assembly
	err error
}

func (l *layers) try(n *G.Node, err error) *G.Node {
	if err != nil && l.err == nil {
		l.err = err
	}
	return n
}

func (l *layers) conv(name string, x *G.Node, out, size, stride int) *G.Node {
	if l.err != nil {
		return nil
	}
	w := l.Param(name+".weight", out, x.Shape()[0], size, size)
	return l.try(ops.Conv(name, x, w, nil, stride, (size-1)/2))
}

func (l *layers) norm(name string, x *G.Node) *G.Node {
	if l.err != nil {
		return nil
	}
	m := x.Shape()[0]
	y, moments, err := ops.ChannelNorm(name, x, l.Param(name+".weight", m), l.Param(name+".bias", m))
	if err == nil {
		l.Observe(name, moments, x.Shape().TotalSize()/m)
	}
	return l.try(y, err)
}

func (l *layers) relu(name string, x *G.Node) *G.Node {
	if l.err != nil {
		return nil
	}
	return l.try(ops.Relu(name, x))
}

// resnet is the residual net of the comparison: n blocks at each of widths, on square pictures.
func resnet(channels, size int, widths []int, n, batch int) (*net.Graph, error) {
	io := net.IO{In: channels * size * size, Out: 10, Batch: batch}
	return net.Assemble(io, []int{channels, size, size, batch}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		x = l.relu("r0", l.norm("n0", l.conv("c0", x, widths[0], 3, 1)))
		k := 0
		for level, width := range widths {
			for i := range n {
				stride := 1
				if level > 0 && i == 0 {
					stride = 2
				}
				x = l.block(fmt.Sprintf("blocks.%d", k), x, width, stride)
				k++
			}
		}
		if l.err != nil {
			return nil, l.err
		}
		mean := l.try(ops.ChannelMean("mean", x))
		w := l.Param("head.weight", 10, widths[len(widths)-1])
		b := l.Param("head.bias", 10)
		if l.err != nil {
			return nil, l.err
		}
		return ops.Linear("head", mean, w, b)
	})
}

func (l *layers) block(name string, x *G.Node, width, stride int) *G.Node {
	if l.err != nil {
		return nil
	}
	h := l.relu(name+".r1", l.norm(name+".n1", l.conv(name+".c1", x, width, 3, stride)))
	h = l.norm(name+".n2", l.conv(name+".c2", h, width, 3, 1))
	if stride != 1 || l.err == nil && x.Shape()[0] != width {
		x = l.norm(name+".ns", l.conv(name+".cs", x, width, 1, stride))
	}
	if l.err != nil {
		return nil
	}
	return l.relu(name+".out", l.try(ops.AddScaled(name, x, h, 1)))
}

// flops counts a step as the definition does: products and convolutions, forward and weight gradient, and
// input gradient but for what reads the data.
func flops(g *net.Graph) float64 {
	if len(g.X.Shape()) == 2 {
		return net.StepFLOPs(g)
	}
	total := 0.0
	for i, p := range g.Params {
		if len(p.Shape) == 1 {
			continue
		}
		times := 3.0
		if i == 0 {
			times = 2
		}
		places := g.IO.Batch
		if len(p.Shape) == 4 {
			places = outputs(g, g.Nodes[i]) / p.Shape[0]
		}
		total += times * 2 * float64(places) * float64(p.Size())
	}
	return total
}

// outputs is how many numbers the convolution with weight w gives.
func outputs(g *net.Graph, w *G.Node) int {
	for it := g.G.To(w.ID()); it.Next(); {
		n := it.Node().(*G.Node)
		if s := n.Shape(); s.Dims() == 4 && s[0] == w.Shape()[0] && n.Op() != nil && len(n.Op().String()) > 5 && n.Op().String()[:5] == "conv " && n.Op().String()[5] != 'd' {
			return s.TotalSize()
		}
	}
	return 0
}
