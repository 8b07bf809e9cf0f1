package bench

import (
	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

// layers assembles a net of pictures and carries the first error; after one, nodes are nil.
type layers struct {
	*net.Assembly
	err error
}

// make runs f unless something went wrong before.
func (l *layers) make(f func() (*G.Node, error)) *G.Node {
	if l.err != nil {
		return nil
	}
	n, err := f()
	if err != nil {
		l.err = err
		return nil
	}
	return n
}

// conv is a convolution without bias, padded so that stride 1 keeps the size.
func (l *layers) conv(name string, x *G.Node, out, size, stride int) *G.Node {
	return l.make(func() (*G.Node, error) {
		w := l.Param(name+".weight", out, x.Shape()[0], size, size)
		return ops.Conv(name, x, w, nil, stride, (size-1)/2)
	})
}

// biased is [layers.conv] with bias.
func (l *layers) biased(name string, x *G.Node, out, size, stride int) *G.Node {
	return l.make(func() (*G.Node, error) {
		w := l.Param(name+".weight", out, x.Shape()[0], size, size)
		return ops.Conv(name, x, w, l.Param(name+".bias", out), stride, (size-1)/2)
	})
}

func (l *layers) linear(name string, x *G.Node, out int) *G.Node {
	return l.make(func() (*G.Node, error) {
		w := l.Param(name+".weight", out, x.Shape()[1])
		return ops.Linear(name, x, w, l.Param(name+".bias", out))
	})
}

func (l *layers) norm(name string, x *G.Node) *G.Node {
	return l.make(func() (*G.Node, error) {
		m := x.Shape()[0]
		y, moments, err := ops.ChannelNorm(name, x, l.Param(name+".weight", m), l.Param(name+".bias", m))
		if err == nil {
			l.Observe(name, moments, x.Shape().TotalSize()/m)
		}
		return y, err
	})
}

func (l *layers) relu(name string, x *G.Node) *G.Node {
	return l.make(func() (*G.Node, error) { return ops.Relu(name, x) })
}

func (l *layers) concat(name string, parts ...*G.Node) *G.Node {
	return l.make(func() (*G.Node, error) { return ops.ConcatChannels(name, parts...) })
}

// answer ends a net with the means of its channels and a linear layer.
func (l *layers) answer(x *G.Node, out int) (*G.Node, error) {
	mean := l.make(func() (*G.Node, error) { return ops.ChannelMean("mean", x) })
	return l.linear("head", mean, out), l.err
}
