package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// products writes the one product that forward, data gradient and weight gradient need: a is read by two
// strides, so it may lie either way round, and b lies in rows of lanes.
func products(i isa) {
	i.spin()
	i.begin("product", "c, a, b, bias, addend, gate *float32, m, n, k, ars, acs, ldb, ldc, hasBias, hasAddend, relu, hasGate int",
		"sets c = a b (+ bias per column) (+ addend), then max(., 0) if relu, then zero where gate is not above zero; strides are bytes, m, n, k ≥ 1.")
	p := product{isa: i, ars: i.load("ars"), ars3: i.GP64(), a: i.GP64(), c: i.GP64(), iLeft: i.GP64()}
	i.LEAQ(index(p.ars, p.ars, 2), p.ars3)
	done := fmt.Sprintf("product%s_done", i.suffix())
	i.Label("columns")
	left := i.GP64()
	i.MOVQ(i.mem("n"), left)
	i.CMPQ(left, operand.U8(i.lanes))
	i.JLE(to("one"))
	i.CMPQ(left, operand.U8(2*i.lanes))
	i.JL(to("two"))
	p.rows(2, nil)
	for _, s := range []string{"b", "c", "bias", "addend", "gate"} {
		i.ADDQ(operand.U32(8*i.lanes), i.mem(s))
	}
	i.SUBQ(operand.U8(2*i.lanes), i.mem("n"))
	i.JNE(to("columns"))
	i.JMP(to(done))
	i.Label("two")
	rest := i.GP64()
	i.LEAQ(at(left, -i.lanes), rest)
	m := i.first(rest)
	p.rows(2, &m)
	i.JMP(to(done))
	i.Label("one")
	m1 := i.first(left)
	p.rows(1, &m1)
	i.Label(done)
	i.end()
}

type product struct {
	isa
	ars, ars3   reg.GPVirtual
	a, c, iLeft reg.GPVirtual
	bare        bool // nothing is done to the outputs before they are stored
}

// rows runs over all rows of one column block of vecs registers, the last of them masked.
func (p product) rows(vecs int, m *mask) {
	p.MOVQ(p.mem("a"), p.a)
	p.MOVQ(p.mem("c"), p.c)
	p.MOVQ(p.mem("m"), p.iLeft)
	tiles := []int{8, 4, 2, 1}
	if !p.wide {
		tiles = []int{6, 4, 2, 1}
	}
	for t, rows := range tiles {
		again, next := p.label("rows"), p.label("rows")
		p.Label(again)
		p.CMPQ(p.iLeft, operand.U8(rows))
		p.JL(to(next))
		p.tile(rows, vecs, m)
		p.SUBQ(operand.U8(rows), p.iLeft)
		if t == 0 {
			p.JMP(to(again))
		}
		p.Label(next)
	}
}

// tile sums rows × vecs outputs over k, each one chain of FMA, and moves on to the next rows.
func (p product) tile(rows, vecs int, m *mask) {
	acc := make([][]reg.VecVirtual, rows)
	for r := range acc {
		for range vecs {
			acc[r] = append(acc[r], p.zeroed())
		}
	}
	q, q3, b, ldb, acs, count := p.GP64(), p.GP64(), p.GP64(), p.GP64(), p.GP64(), p.GP64()
	p.MOVQ(p.a, q)
	p.LEAQ(index(q, p.ars3, 1), q3)
	p.MOVQ(p.mem("b"), b)
	p.MOVQ(p.mem("ldb"), ldb)
	p.MOVQ(p.mem("acs"), acs)
	p.MOVQ(p.mem("k"), count)
	again := p.label("sum")
	p.Label(again)
	bs := make([]reg.VecVirtual, vecs)
	for v := range bs {
		bs[v] = p.loadMasked(at(b, v*4*p.lanes), last(m, v, vecs))
	}
	where := []operand.Mem{at(q, 0), index(q, p.ars, 1), index(q, p.ars, 2), at(q3, 0), index(q, p.ars, 4), index(q3, p.ars, 2), index(q3, p.ars3, 1), index(q3, p.ars, 4)}
	for r := range acc {
		if p.wide && vecs == 1 { // as many loads as sums: those of the sums themselves are cheaper
			p.VFMADD231PS_BCST(where[r], bs[0], acc[r][0])
			continue
		}
		x := p.vec()
		p.VBROADCASTSS(where[r], x)
		for v := range bs {
			p.VFMADD231PS(bs[v], x, acc[r][v])
		}
	}
	p.ADDQ(acs, q)
	p.ADDQ(acs, q3)
	p.ADDQ(ldb, b)
	p.DECQ(count)
	p.JNE(to(again))
	if p.bare {
		p.store(acc, m)
	} else {
		p.finish(acc, m)
	}
	p.next(rows)
}

func last(m *mask, v, vecs int) *mask {
	if v == vecs-1 {
		return m
	}
	return nil
}

// finish applies bias, relu and gate in the registers and stores them.
func (p product) finish(acc [][]reg.VecVirtual, m *mask) {
	vecs := len(acc[0])
	bias := p.GP64()
	noBias, noRelu := p.label("bias"), p.label("relu")
	p.CMPQ(p.mem("hasBias"), operand.U8(0))
	p.JEQ(to(noBias))
	p.MOVQ(p.mem("bias"), bias)
	for v := range vecs {
		x := p.loadMasked(at(bias, v*4*p.lanes), last(m, v, vecs))
		for r := range acc {
			p.VADDPS(x, acc[r][v], acc[r][v])
		}
	}
	p.Label(noBias)
	ldc := p.GP64()
	p.MOVQ(p.mem("ldc"), ldc)
	p.beside("addend", ldc, acc, m, func(v, x reg.VecVirtual) { p.VADDPS(x, v, v) })
	p.CMPQ(p.mem("relu"), operand.U8(0))
	p.JEQ(to(noRelu))
	zero := p.zeroed()
	for r := range acc {
		for v := range vecs {
			p.VMAXPS(acc[r][v], zero, acc[r][v])
		}
	}
	p.Label(noRelu)
	p.beside("gate", ldc, acc, m, p.keepPositive)
	p.store(acc, m)
}

func (p product) store(acc [][]reg.VecVirtual, m *mask) {
	ldc := p.GP64()
	p.MOVQ(p.mem("ldc"), ldc)
	for r := range acc {
		for v := range acc[r] {
			p.storeMasked(acc[r][v], at(p.c, v*4*p.lanes), last(m, v, len(acc[r])))
		}
		p.ADDQ(ldc, p.c)
	}
}

// beside brings each output together with the number at its place in another matrix, if that is given.
func (p product) beside(what string, ldc reg.Register, acc [][]reg.VecVirtual, m *mask, join func(v, x reg.VecVirtual)) {
	none, q := p.label(what), p.GP64()
	p.CMPQ(p.mem("has"+strings.ToUpper(what[:1])+what[1:]), operand.U8(0))
	p.JEQ(to(none))
	p.MOVQ(p.c, q)
	p.SUBQ(p.mem("c"), q)
	p.ADDQ(p.mem(what), q)
	for r := range acc {
		for v := range acc[r] {
			join(acc[r][v], p.loadMasked(at(q, v*4*p.lanes), last(m, v, len(acc[r]))))
		}
		p.ADDQ(ldc, q)
	}
	p.Label(none)
}

// next moves a past the rows of a tile.
func (p product) next(rows int) {
	for ; rows >= 2; rows -= 2 {
		p.LEAQ(index(p.a, p.ars, 2), p.a)
	}
	if rows == 1 {
		p.ADDQ(p.ars, p.a)
	}
}

// spin does n rounds of sums in as many independent chains as keep the units busy and still fit.
func (i isa) spin() {
	i.begin("spin", "x *float32, n int", "does n rounds of twelve independent FMA on whole registers.")
	x, n := i.load("x"), i.load("n")
	a := i.vec()
	i.VBROADCASTSS(at(x, 0), a)
	acc := make([]reg.VecVirtual, 12)
	for k := range acc {
		acc[k] = i.zeroed()
	}
	i.Label("round")
	for k := range acc {
		i.VFMADD231PS(a, a, acc[k])
	}
	i.DECQ(n)
	i.JNE(to("round"))
	for k := range acc[1:] {
		i.VADDPS(acc[k+1], acc[0], acc[0])
	}
	i.VMOVSS(acc[0].AsX(), at(x, 0))
	i.end()
}
