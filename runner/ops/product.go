package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/kernel"
)

// MatMul is the product of matrices a (m × k) and b (k × n).
func MatMul(place string, a, b *G.Node) (*G.Node, error) {
	if err := matrix(place, "a", a); err != nil {
		return nil, err
	}
	if err := matrix(place, "b", b); err != nil {
		return nil, err
	}
	return multiply(place, a, b, false)
}

// BatchMul multiplies matrix with matrix along the first of three axes, b's turned over first if turned.
func BatchMul(place string, a, b *G.Node, turned bool) (*G.Node, error) {
	if a.Shape().Dims() != 3 || b.Shape().Dims() != 3 || a.Shape()[0] != b.Shape()[0] {
		return nil, shapeError(place, "a has shape %v, b has %v, want as many matrices in each", a.Shape(), b.Shape())
	}
	return multiply(place, a, b, turned)
}

// multiply is a b, or a bᵀ if turned. Gradients are products of the same kind: of a bᵀ they are g b and gᵀ a.
func multiply(place string, a, b *G.Node, turned bool) (*G.Node, error) {
	as, bs := a.Shape(), b.Shape()
	d := as.Dims()
	m, k, inner, n := as[d-2], as[d-1], bs[d-2], bs[d-1]
	if turned {
		inner, n = n, inner
	}
	if inner != k {
		return nil, shapeError(place, "a has shape %v, b has %v", as, bs)
	}
	count := as.TotalSize() / (m * k)
	out := append(as[:d-1].Clone(), n)
	op := &fused{name: fmt.Sprintf("matmul %v %s", turned, place), out: out, scratch: max(m*k, k*n, m*n)}
	op.work = func(dst []float32, src [][]float32, scratch []float32) {
		for i := range count {
			x, y := src[0][i*m*k:][:m*k], src[1][i*k*n:][:k*n]
			if turned {
				kernel.Transpose(scratch[:k*n], y, n, k)
				y = scratch[:k*n]
			}
			kernel.MulNN(dst[i*m*n:][:m*n], x, y, m, n, k, kernel.Finish{})
		}
	}
	op.grad = func(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
		da := &fused{name: op.name + " da", out: as, scratch: op.scratch}
		da.work = func(dst []float32, src [][]float32, scratch []float32) { // g bᵀ, or g b
			for i := range count {
				g, y := src[0][i*m*n:][:m*n], src[1][i*k*n:][:k*n]
				if !turned {
					kernel.Transpose(scratch[:k*n], y, k, n)
					y = scratch[:k*n]
				}
				kernel.MulNN(dst[i*m*k:][:m*k], g, y, m, k, n, kernel.Finish{})
			}
		}
		db := &fused{name: op.name + " db", out: bs}
		db.run = func(dst []float32, src [][]float32) { // aᵀ g, or gᵀ a
			for i := range count {
				g, x, out := src[0][i*m*n:][:m*n], src[1][i*m*k:][:m*k], dst[i*k*n:][:k*n]
				if turned {
					kernel.MulTN(out, g, x, n, k, m, kernel.Finish{})
				} else {
					kernel.MulTN(out, x, g, k, n, m, kernel.Finish{})
				}
			}
		}
		return collect(
			func() (*G.Node, error) { return da.apply(grad, in[1]) },
			func() (*G.Node, error) { return db.apply(grad, in[0]) })
	}
	return op.apply(a, b)
}
