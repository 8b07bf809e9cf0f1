package bench

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
	"tenet/runner/ops"
)

// noisedRows is the denoiser of digits by linear layers; its input is as that of [noised].
func noisedRows(width, batch int) (*net.Graph, error) {
	io := net.IO{In: pixels + tells, Out: pixels, Batch: batch, Loss: net.MSE}
	return net.Assemble(io, []int{batch, pixels + tells}, func(a *net.Assembly, x *G.Node) (*G.Node, error) {
		l := &layers{Assembly: a}
		for k := range 3 {
			name := fmt.Sprintf("l%d", k+1)
			h := l.linear(name, x, width)
			x = l.make(func() (*G.Node, error) { return ops.SiLU(name+".silu", h) })
		}
		return l.linear("l4", x, pixels), l.err
	})
}
