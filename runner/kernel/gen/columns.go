package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns writes what runs down the columns of a matrix, lanes being columns.
func columns(i isa) {
	i.sumRows()
	i.batchNorm()
	i.batchNormGrad()
	i.batchNormScaleGrad()
	if !i.wide { // one body for both sets: it needs eight lanes only
		i.transpose()
	}
}

// sumRows adds rows in order; w columns, a multiple of 16, of a matrix whose rows are ld bytes apart.
func (i isa) sumRows() {
	i.begin("sumRows", "dst, src *float32, m, w, ld int", "sets dst = Σ rows of src, in order; w is a multiple of 16 and m ≥ 1.")
	dst, src, w, ld := i.load("dst"), i.load("src"), i.load("w"), i.load("ld")
	i.Label("columns")
	q, m := i.GP64(), i.GP64()
	i.MOVQ(src, q)
	i.MOVQ(i.mem("m"), m)
	vecs := 16 / i.lanes
	acc := make([]reg.VecVirtual, vecs)
	for v := range acc {
		acc[v] = i.vec()
		i.VMOVUPS(at(q, 4*i.lanes*v), acc[v])
	}
	i.DECQ(m)
	i.JE(to("store"))
	i.Label("rows")
	i.ADDQ(ld, q)
	for v := range acc {
		i.VADDPS(at(q, 4*i.lanes*v), acc[v], acc[v])
	}
	i.DECQ(m)
	i.JNE(to("rows"))
	i.Label("store")
	for v := range acc {
		i.VMOVUPS(acc[v], at(dst, 4*i.lanes*v))
	}
	i.ADDQ(operand.U8(64), src)
	i.ADDQ(operand.U8(64), dst)
	i.SUBQ(operand.U8(16), w)
	i.JNE(to("columns"))
	i.end()
}

// column is the loop down one group of columns: w columns, a multiple of 16, rows ld bytes apart.
type column struct {
	isa
	ld, off reg.GPVirtual // off: of the group's first column
}

func (i isa) each(body func(c column)) {
	c := column{i, i.load("ld"), i.GP64()}
	w := i.load("w")
	i.XORQ(c.off, c.off)
	again := i.label("group")
	i.Label(again)
	body(c)
	i.ADDQ(operand.U8(4*i.lanes), c.off)
	i.SUBQ(operand.U8(i.lanes), w)
	i.JNE(to(again))
	i.end()
}

// down runs body on every row; off counts bytes from the matrix's start.
func (c column) down(body func(off reg.Register)) {
	off, m := c.GP64(), c.GP64()
	c.MOVQ(c.off, off)
	c.MOVQ(c.mem("m"), m)
	again := c.label("down")
	c.Label(again)
	body(off)
	c.ADDQ(c.ld, off)
	c.DECQ(m)
	c.JNE(to(again))
}

func (c column) at(base, off reg.Register) reg.VecVirtual {
	v := c.vec()
	c.VMOVUPS(index(base, off, 1), v)
	return v
}

func (c column) moments(x reg.Register) (mean, rate reg.VecVirtual) {
	s := c.zeroed()
	c.down(func(off reg.Register) { c.VADDPS(index(x, off, 1), s, s) })
	mean = c.div(s, c.spread("count"))
	q := c.zeroed()
	c.down(func(off reg.Register) {
		d := c.sub(c.at(x, off), mean)
		c.VADDPS(c.mul(d, d), q, q)
	})
	variance := c.div(q, c.spread("count"))
	return mean, c.div(c.number(1), c.sqrt(c.add(variance, c.spread("epsilon"))))
}

func (i isa) batchNorm() {
	i.begin("batchNorm", "dst, x, scale, shift *float32, m, w, ld int, count, epsilon float32",
		"normalises w columns, a multiple of 16, then y·scale + shift; count is m ≥ 1.")
	x, dst, scale, shift := i.load("x"), i.load("dst"), i.load("scale"), i.load("shift")
	i.each(func(c column) {
		mean, rate := c.moments(x)
		a, b := c.at(scale, c.off), c.at(shift, c.off)
		c.down(func(off reg.Register) {
			y := c.mul(c.sub(c.at(x, off), mean), rate)
			c.VMOVUPS(c.add(c.mul(y, a), b), index(dst, off, 1))
		})
	})
}

func (i isa) batchNormGrad() {
	i.begin("batchNormGrad", "dst, x, scale, grad *float32, m, w, ld int, count, epsilon float32",
		"sets dst = rate (g - mean(g) - y mean(g y)), g = grad·scale, for w columns, a multiple of 16; count is m ≥ 1.")
	x, dst, scale, grad := i.load("x"), i.load("dst"), i.load("scale"), i.load("grad")
	i.each(func(c column) {
		mean, rate := c.moments(x)
		a := c.at(scale, c.off)
		sg, sgy := c.zeroed(), c.zeroed()
		load := func(off reg.Register) (g, y reg.VecVirtual) {
			return c.mul(c.at(grad, off), a), c.mul(c.sub(c.at(x, off), mean), rate)
		}
		c.down(func(off reg.Register) {
			g, y := load(off)
			c.VADDPS(g, sg, sg)
			c.VADDPS(c.mul(g, y), sgy, sgy)
		})
		mg, mgy := c.div(sg, c.spread("count")), c.div(sgy, c.spread("count"))
		c.down(func(off reg.Register) {
			g, y := load(off)
			c.VMOVUPS(c.mul(rate, c.sub(c.sub(g, mg), c.mul(y, mgy))), index(dst, off, 1))
		})
	})
}

func (i isa) batchNormScaleGrad() {
	i.begin("batchNormScaleGrad", "dst, x, grad *float32, m, w, ld int, count, epsilon float32",
		"sets dst = Σ grad·y over the rows, for w columns, a multiple of 16; count is m ≥ 1.")
	x, dst, grad := i.load("x"), i.load("dst"), i.load("grad")
	i.each(func(c column) {
		mean, rate := c.moments(x)
		s := c.zeroed()
		c.down(func(off reg.Register) {
			c.VADDPS(c.mul(c.at(grad, off), c.mul(c.sub(c.at(x, off), mean), rate)), s, s)
		})
		c.VMOVUPS(s, index(dst, c.off, 1))
	})
}

// transpose turns blocks of 8 × 8.
func (i isa) transpose() {
	i.begin("transpose", "dst, src *float32, m, n, ldd, lds int", "sets dst = srcᵀ for m × n numbers, both multiples of 8; row distances in bytes.")
	ldd, lds := i.load("ldd"), i.load("lds")
	i.Label("down")
	s, d, n := i.GP64(), i.GP64(), i.GP64()
	i.MOVQ(i.mem("src"), s)
	i.MOVQ(i.mem("dst"), d)
	i.MOVQ(i.mem("n"), n)
	i.Label("across")
	q := i.GP64()
	i.MOVQ(s, q)
	r := make([]reg.VecVirtual, 8)
	for k := range r {
		r[k] = i.vec()
		i.VMOVUPS(at(q, 0), r[k])
		i.ADDQ(lds, q)
	}
	t := make([]reg.VecVirtual, 8)
	for k := 0; k < 8; k += 2 {
		t[k], t[k+1] = i.vec(), i.vec()
		i.VUNPCKLPS(r[k+1], r[k], t[k])
		i.VUNPCKHPS(r[k+1], r[k], t[k+1])
	}
	for k := 0; k < 8; k += 4 {
		for h := range 2 {
			r[k+2*h], r[k+2*h+1] = i.vec(), i.vec()
			i.VSHUFPS(operand.U8(0x44), t[k+2+h], t[k+h], r[k+2*h])
			i.VSHUFPS(operand.U8(0xee), t[k+2+h], t[k+h], r[k+2*h+1])
		}
	}
	i.MOVQ(d, q)
	for half := range 2 {
		for k := range 4 {
			v := i.vec()
			i.VPERM2F128(operand.U8(0x20+0x11*half), r[k+4], r[k], v)
			i.VMOVUPS(v, at(q, 0))
			i.ADDQ(ldd, q)
		}
	}
	i.ADDQ(operand.U8(32), s)
	i.LEAQ(index(d, ldd, 8), d)
	i.SUBQ(operand.U8(8), n)
	i.JNE(to("across"))
	down := i.GP64()
	i.MOVQ(lds, down)
	i.SHLQ(operand.U8(3), down)
	i.ADDQ(down, i.mem("src"))
	i.ADDQ(operand.U8(32), i.mem("dst"))
	i.SUBQ(operand.U8(8), i.mem("m"))
	i.JNE(to("down"))
	i.end()
}
