package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

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
				x = l.residual(fmt.Sprintf("blocks.%d", k), x, width, stride)
				k++
			}
		}
		return l.answer(x, 10)
	})
}

func (l *layers) residual(name string, x *G.Node, width, stride int) *G.Node {
	h := l.relu(name+".r1", l.norm(name+".n1", l.conv(name+".c1", x, width, 3, stride)))
	h = l.norm(name+".n2", l.conv(name+".c2", h, width, 3, 1))
	if stride != 1 || l.err == nil && x.Shape()[0] != width {
		x = l.norm(name+".ns", l.conv(name+".cs", x, width, 1, stride))
	}
	return l.relu(name+".out", l.make(func() (*G.Node, error) { return ops.AddScaled(name, x, h, 1) }))
}
