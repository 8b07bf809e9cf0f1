package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

// densenet is three blocks of per layers that each add growth channels, halved between blocks.
func densenet(size, growth, per, batch int) (*net.Graph, error) {
	io := net.IO{In: 3 * size * size, Out: 10, Batch: batch}
	return net.Assemble(io, []int{3, size, size, batch}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		x = l.conv("c0", x, 16, 3, 1)
		k := 0
		for block := range 3 {
			for range per {
				name := fmt.Sprintf("body.%d", k)
				h := l.relu(name+".r", l.norm(name+".n", x))
				x = l.concat(name, x, l.conv(name+".c", h, growth, 3, 1))
				k++
			}
			if block < 2 {
				name := fmt.Sprintf("body.%d", k)
				h := l.relu(name+".r", l.norm(name+".n", x))
				if l.err == nil {
					h = l.conv(name+".c", h, h.Shape()[0]/2, 1, 1)
				}
				x = l.make(func() (*G.Node, error) { return ops.AvgPool(name+".pool", h, 2, 2) })
				k++
			}
		}
		return l.answer(l.relu("r", l.norm("n", x)), 10)
	})
}

// unet goes down two levels from base channels and up again, with what it had on the way down beside.
func unet(size, base, batch int) (*net.Graph, error) {
	io := net.IO{In: size * size, Out: size * size, Batch: batch, Loss: net.BCE}
	return net.Assemble(io, []int{1, size, size, batch}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		pair := func(name string, x *G.Node, out int) *G.Node {
			x = l.relu(name+".r1", l.biased(name+".c1", x, out, 3, 1))
			return l.relu(name+".r2", l.biased(name+".c2", x, out, 3, 1))
		}
		pool := func(name string, x *G.Node) *G.Node {
			return l.make(func() (*G.Node, error) { return ops.MaxPool(name, x, 2, 2) })
		}
		up := func(name string, x *G.Node, out int) *G.Node {
			return l.make(func() (*G.Node, error) {
				w := l.Param(name+".weight", x.Shape()[0], out, 2, 2)
				return ops.Deconv(name, x, w, l.Param(name+".bias", out))
			})
		}
		s1 := pair("d1", x, base)
		s2 := pair("d2", pool("p1", s1), 2*base)
		h := pair("mid", pool("p2", s2), 4*base)
		h = pair("e2", l.concat("j2", up("u2", h, 2*base), s2), 2*base)
		h = pair("e1", l.concat("j1", up("u1", h, base), s1), base)
		return l.biased("head", h, 1, 1, 1), l.err
	})
}

// alexnet is three convolutions with pools and two linear layers, the first with dropout.
func alexnet(batch int) (*net.Graph, error) {
	io := net.IO{In: 3 * 32 * 32, Out: 10, Batch: batch}
	return net.Assemble(io, []int{3, 32, 32, batch}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		for i, c := range []struct{ out, size int }{{32, 5}, {64, 5}, {128, 3}} {
			name := fmt.Sprintf("c%d", i+1)
			h := l.relu(name+".r", l.biased(name, x, c.out, c.size, 1))
			x = l.make(func() (*G.Node, error) { return ops.MaxPool(name+".pool", h, 3, 2) })
		}
		h := l.relu("f1.r", l.linear("f1", l.make(func() (*G.Node, error) { return ops.Flatten("flat", x) }), 256))
		h = l.make(func() (*G.Node, error) { return ops.Drop("drop", h, l.Mask("drop", 0.5, batch, 256)) })
		return l.linear("head", h, 10), l.err
	})
}

// noised is the denoiser of digits by pictures: base channels, one level down. A row of its input is a noised
// picture of 64 numbers and 32 that tell the time.
func noised(base, batch int) (*net.Graph, error) {
	io := net.IO{In: 64 + 32, Out: 64, Batch: batch, Loss: net.MSE}
	return net.Assemble(io, []int{batch, 64 + 32}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		silu := func(name string, x *G.Node) *G.Node {
			return l.make(func() (*G.Node, error) { return ops.SiLU(name, x) })
		}
		columns := func(from, to int) *G.Node {
			return l.make(func() (*G.Node, error) { return ops.Columns(fmt.Sprint("input ", from), x, from, to) })
		}
		e := silu("s1", l.linear("t1", columns(64, 96), 64))
		e = silu("s2", l.linear("t2", e, 64))
		at := columns(0, 64)
		h := l.biased("c0", l.make(func() (*G.Node, error) { return ops.Picture("xt", at, 1, 8, 8) }), base, 3, 1)
		s := l.timed("r1", h, e, base)
		h = l.timed("r2", l.biased("down", s, 2*base, 3, 2), e, 2*base)
		h = l.timed("r3", h, e, 2*base)
		h = l.biased("up", l.make(func() (*G.Node, error) { return ops.Upsample("wide", h, 2) }), base, 3, 1)
		h = l.timed("r4", l.concat("j", h, s), e, base)
		h = l.biased("head", l.grouped("n", h), 1, 3, 1)
		return l.make(func() (*G.Node, error) { return ops.Flatten("eps", h) }), l.err
	})
}

// grouped is group norm and SiLU.
func (l *layers) grouped(name string, x *G.Node) *G.Node {
	return l.make(func() (*G.Node, error) {
		m := x.Shape()[0]
		return ops.GroupNormSiLU(name, x, 4, l.Param(name+".weight", m), l.Param(name+".bias", m))
	})
}

// timed is a residual block that is told the time.
func (l *layers) timed(name string, x, e *G.Node, out int) *G.Node {
	h := l.biased(name+".c1", l.grouped(name+".n1", x), out, 3, 1)
	t := l.linear(name+".t", e, out)
	h = l.make(func() (*G.Node, error) { return ops.AddChannel(name+".time", h, t) })
	h = l.biased(name+".c2", l.grouped(name+".n2", h), out, 3, 1)
	if l.err == nil && x.Shape()[0] != out {
		x = l.biased(name+".cs", x, out, 1, 1)
	}
	return l.make(func() (*G.Node, error) { return ops.AddScaled(name, x, h, 1) })
}
