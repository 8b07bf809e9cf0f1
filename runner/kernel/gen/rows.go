package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows writes what runs along the rows of a matrix. Sums along a row go to sixteen lanes, number j to lane
// j mod 16, which are then folded by halves; an AVX2 register holds half of the lanes.
func rows(i isa) {
	i.softmax("softmaxRows", "top, sum, x *float32, m, n int", "sets top and sum of each row: its largest number and Σ e^(x - top).", false)
	i.softmax("softmaxGradRows", "dst, x *float32, m, n int, share float32", "sets dst = e^(x - top) (share/sum) row by row.", true)
	i.layerNorm()
	i.layerNormGrad()
	i.layerNormScaleGrad()
	i.channelMoments()
	i.channelNorm()
	i.channelSums()
	i.channelGrad()
}

// row is the loop over one row in pieces of sixteen.
type row struct {
	isa
	full, rest reg.GPVirtual // whole pieces, and numbers beside them
	masks      []mask
	halves     int
}

func (i isa) row() row {
	r := row{isa: i, full: i.GP64(), rest: i.load("n"), halves: 16 / i.lanes}
	i.MOVQ(r.rest, r.full)
	i.SHRQ(operand.U8(4), r.full)
	i.ANDQ(operand.U8(15), r.rest)
	if i.wide {
		r.masks = []mask{i.first(r.rest)}
		return r
	}
	low, high, eight := i.GP64(), i.GP64(), i.GP64()
	i.MOVQ(operand.U32(8), eight)
	i.MOVQ(r.rest, low)
	i.CMPQ(low, operand.U8(8))
	i.CMOVQGT(eight, low)
	i.MOVQ(r.rest, high)
	i.SUBQ(low, high)
	r.masks = []mask{i.first(low), i.first(high)}
	return r
}

// pieces runs body on every piece of the row; off counts bytes. body is given the half's number, where the
// half lies relative to off, and the mask of the last piece.
func (r row) pieces(body func(half, disp int, off reg.Register, m *mask)) {
	off, count := r.GP64(), r.GP64()
	last, end, again := r.label("last"), r.label("end"), r.label("piece")
	r.XORQ(off, off)
	r.MOVQ(r.full, count)
	r.TESTQ(count, count)
	r.JE(to(last))
	r.Label(again)
	for h := range r.halves {
		body(h, 4*r.lanes*h, off, nil)
	}
	r.ADDQ(operand.U8(64), off)
	r.DECQ(count)
	r.JNE(to(again))
	r.Label(last)
	r.TESTQ(r.rest, r.rest)
	r.JE(to(end))
	for h := range r.halves {
		body(h, 4*r.lanes*h, off, &r.masks[h])
	}
	r.Label(end)
}

func (r row) sums() []reg.VecVirtual {
	s := make([]reg.VecVirtual, r.halves)
	for h := range s {
		s[h] = r.zeroed()
	}
	return s
}

// only zeroes v outside m.
func (i isa) only(v reg.VecVirtual, m *mask) {
	switch {
	case m == nil:
	case i.wide:
		i.VMOVAPS_Z(v, m.k, v)
	default:
		i.VANDPS(m.v, v, v)
	}
}

// merge sets acc = v within m.
func (i isa) merge(acc, v reg.VecVirtual, m *mask) {
	switch {
	case m == nil:
		i.VMOVAPS(v, acc)
	case i.wide:
		i.VMOVAPS(v, m.k, acc)
	default:
		i.VBLENDVPS(m.v, v, acc, acc)
	}
}

// fold brings sixteen lanes to one, halves against halves, and gives it in all lanes.
func (r row) fold(s []reg.VecVirtual, op func(...operand.Op)) reg.VecVirtual {
	y := r.YMM()
	if r.wide {
		r.VEXTRACTF64X4(operand.U8(1), s[0], y)
		op(y, s[0].AsY(), y)
	} else {
		op(s[1], s[0], y)
	}
	x, t := r.XMM(), r.XMM()
	if r.wide { // can name all of the thirty-two registers
		r.VEXTRACTF32X4(operand.U8(1), y, x)
	} else {
		r.VEXTRACTF128(operand.U8(1), y, x)
	}
	op(x, y.AsX(), x)
	r.VPERMILPS(operand.U8(0x0e), x, t)
	op(t, x, x)
	r.VPERMILPS(operand.U8(0x01), x, t)
	op(t, x, x)
	v := r.vec()
	r.VBROADCASTSS(x, v)
	return v
}

func along(base, off reg.Register, disp int) operand.Mem {
	return operand.Mem{Base: base, Index: off, Scale: 1, Disp: disp}
}

// each runs body on every row; step moves the row pointers by a row of n numbers.
func (r row) each(pointers []reg.GPVirtual, body func()) {
	again := r.label("row")
	r.Label(again)
	body()
	bytes := r.GP64()
	r.MOVQ(r.mem("n"), bytes)
	for _, p := range pointers {
		r.LEAQ(index(p, bytes, 4), p)
	}
	r.DECQ(r.mem("m"))
	r.JNE(to(again))
}

func (i isa) softmax(name, params, doc string, grad bool) {
	i.begin(name, params, doc+" m, n ≥ 1.")
	r := i.row()
	x := i.load("x")
	pointers := []reg.GPVirtual{x}
	var dst, tops, sums reg.GPVirtual
	var g reg.VecVirtual
	if grad {
		dst, g = i.load("dst"), i.spread("share")
		pointers = append(pointers, dst)
	} else {
		tops, sums = i.load("top"), i.load("sum")
	}
	r.each(pointers, func() {
		most := r.sums()
		for h := range most {
			r.VMOVAPS(r.bits(0xff800000), most[h]) // -∞
		}
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			v := r.loadMasked(along(x, off, disp), m)
			r.merge(most[h], r.atLeast(most[h], v), m)
		})
		top := r.fold(most, r.VMAXPS)
		s := r.sums()
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			e := r.exp(r.sub(r.loadMasked(along(x, off, disp), m), top))
			r.only(e, m)
			r.VADDPS(e, s[h], s[h])
			if grad {
				r.storeMasked(e, along(dst, off, disp), m)
			}
		})
		sum := r.fold(s, r.VADDPS)
		if !grad {
			r.VMOVSS(top.AsX(), at(tops, 0))
			r.VMOVSS(sum.AsX(), at(sums, 0))
			r.ADDQ(operand.U8(4), tops)
			r.ADDQ(operand.U8(4), sums)
			return
		}
		rate := r.div(g, sum)
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			r.storeMasked(r.mul(r.loadMasked(along(dst, off, disp), m), rate), along(dst, off, disp), m)
		})
	})
	i.end()
}

// moments gives mean and 1/√(variance + epsilon) of the row at x.
func (r row) moments(x reg.GPVirtual) (mean, rate reg.VecVirtual) {
	s := r.sums()
	r.pieces(func(h, disp int, off reg.Register, m *mask) {
		r.VADDPS(r.loadMasked(along(x, off, disp), m), s[h], s[h])
	})
	mean = r.div(r.fold(s, r.VADDPS), r.spread("count"))
	q := r.sums()
	r.pieces(func(h, disp int, off reg.Register, m *mask) {
		d := r.sub(r.loadMasked(along(x, off, disp), m), mean)
		r.only(d, m)
		r.VADDPS(r.mul(d, d), q[h], q[h])
	})
	variance := r.div(r.fold(q, r.VADDPS), r.spread("count"))
	return mean, r.div(r.number(1), r.sqrt(r.add(variance, r.spread("epsilon"))))
}

func (i isa) layerNorm() {
	i.begin("layerNorm", "dst, x, scale, shift *float32, m, n int, count, epsilon float32",
		"normalises rows, then y·scale + shift; count is n. m, n ≥ 1.")
	r := i.row()
	x, dst, scale, shift := i.load("x"), i.load("dst"), i.load("scale"), i.load("shift")
	r.each([]reg.GPVirtual{x, dst}, func() {
		mean, rate := r.moments(x)
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			y := r.mul(r.sub(r.loadMasked(along(x, off, disp), m), mean), rate)
			y = r.mul(y, r.loadMasked(along(scale, off, disp), m))
			r.storeMasked(r.add(y, r.loadMasked(along(shift, off, disp), m)), along(dst, off, disp), m)
		})
	})
	i.end()
}

func (i isa) layerNormGrad() {
	i.begin("layerNormGrad", "dst, x, scale, grad *float32, m, n int, count, epsilon float32",
		"sets dst = rate (g - mean(g) - y mean(g y)), g = grad·scale, row by row; count is n. m, n ≥ 1.")
	r := i.row()
	x, dst, scale, grad := i.load("x"), i.load("dst"), i.load("scale"), i.load("grad")
	r.each([]reg.GPVirtual{x, dst, grad}, func() {
		mean, rate := r.moments(x)
		load := func(off reg.Register, disp int, m *mask) (g, y reg.VecVirtual) {
			g = r.mul(r.loadMasked(along(grad, off, disp), m), r.loadMasked(along(scale, off, disp), m))
			return g, r.mul(r.sub(r.loadMasked(along(x, off, disp), m), mean), rate)
		}
		sg, sgy := r.sums(), r.sums()
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			g, y := load(off, disp, m)
			r.VADDPS(g, sg[h], sg[h])
			gy := r.mul(g, y)
			r.only(gy, m)
			r.VADDPS(gy, sgy[h], sgy[h])
		})
		mg, mgy := r.div(r.fold(sg, r.VADDPS), r.spread("count")), r.div(r.fold(sgy, r.VADDPS), r.spread("count"))
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			g, y := load(off, disp, m)
			r.storeMasked(r.mul(rate, r.sub(r.sub(g, mg), r.mul(y, mgy))), along(dst, off, disp), m)
		})
	})
	i.end()
}

func (i isa) layerNormScaleGrad() {
	i.begin("layerNormScaleGrad", "dst, x, grad *float32, m, n int, count, epsilon float32",
		"adds grad·y of every row to dst, y the normalised row; count is n. m, n ≥ 1.")
	r := i.row()
	x, dst, grad := i.load("x"), i.load("dst"), i.load("grad")
	r.each([]reg.GPVirtual{x, grad}, func() {
		mean, rate := r.moments(x)
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			y := r.mul(r.sub(r.loadMasked(along(x, off, disp), m), mean), rate)
			gy := r.mul(r.loadMasked(along(grad, off, disp), m), y)
			r.storeMasked(r.add(r.loadMasked(along(dst, off, disp), m), gy), along(dst, off, disp), m)
		})
	})
	i.end()
}
