package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns writes what runs down the columns of a matrix, lanes being columns.
func columns(i isa) {
	i.sumRows()
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
	i.LEAQ(index(reg.Register(zeroBase(i)), lds, 8), down)
	i.ADDQ(down, i.mem("src"))
	i.ADDQ(operand.U8(32), i.mem("dst"))
	i.SUBQ(operand.U8(8), i.mem("m"))
	i.JNE(to("down"))
	i.end()
}

func zeroBase(i isa) reg.GPVirtual {
	z := i.GP64()
	i.XORQ(z, z)
	return z
}
