package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// attentions writes what runs down the keys of sixteen queries, a query a lane: softmax and its derivative.
func attentions(i isa) {
	i.strip()
	i.softmaxDown()
	i.softmaxSlope()
}

// strip writes a product as [products] does, for short sums into blocks of sixteen columns.
func (i isa) strip() {
	i.begin("strip", "c, a, b *float32, m, n, k, ars, acs, ldb, ldc int",
		"sets c = a b; strides are bytes, m, n, k ≥ 1.")
	p := product{isa: i, ars: i.load("ars"), ars3: i.GP64(), a: i.GP64(), c: i.GP64(), iLeft: i.GP64(), bare: true}
	i.LEAQ(index(p.ars, p.ars, 2), p.ars3)
	left := i.GP64()
	i.Label("columns")
	i.MOVQ(i.mem("n"), left)
	i.CMPQ(left, operand.U8(16))
	i.JL(to("some"))
	p.rows(16/i.lanes, nil)
	for _, s := range []string{"b", "c"} {
		i.ADDQ(operand.U8(64), i.mem(s))
	}
	i.SUBQ(operand.U8(16), i.mem("n"))
	i.JNE(to("columns"))
	i.JMP(to("done"))
	i.Label("some")
	if !i.wide {
		i.CMPQ(left, operand.U8(8))
		i.JLE(to("few"))
		i.SUBQ(operand.U8(8), left)
		m := i.first(left)
		p.rows(2, &m)
		i.JMP(to("done"))
		i.Label("few")
	}
	m := i.first(left)
	p.rows(1, &m)
	i.Label("done")
	i.end()
}

// triangle is sixteen rows of sixteen words; row r hides the lanes before r.
func (i isa) triangle() operand.Mem {
	m := i.StaticGlobal("attention" + i.suffix() + "Triangle")
	i.DataAttributes(attr.RODATA | attr.NOPTR)
	for r := range 16 {
		for l := range 16 {
			w := operand.U32(0)
			if l >= r {
				w = operand.U32(0xffffffff)
			}
			i.AppendDatum(w)
		}
	}
	return m
}

// keys runs body on the rows of scores from s on, first those that every lane sees and then those of the
// triangle; body is given the masks of its registers, nil where all see.
func (i isa) keys(s string, body func(row reg.GPVirtual, masks []mask)) {
	row, count, ld := i.GP64(), i.GP64(), i.load("ld")
	i.MOVQ(i.mem(s), row)
	i.MOVQ(i.mem("open"), count)
	again, hidden, end := i.label("key"), i.label("hidden"), i.label("end")
	i.TESTQ(count, count)
	i.JE(to(hidden))
	i.Label(again)
	body(row, nil)
	i.ADDQ(ld, row)
	i.DECQ(count)
	i.JNE(to(again))
	i.Label(hidden)
	i.MOVQ(i.mem("rest"), count)
	i.TESTQ(count, count)
	i.JE(to(end))
	t := i.GP64()
	i.LEAQ(i.seen.triangle, t)
	next := i.label("key")
	i.Label(next)
	masks := make([]mask, 16/i.lanes)
	for h := range masks {
		v := i.vec()
		i.VMOVUPS(at(t, 32*h), v)
		masks[h] = mask{v: v}
		if i.wide {
			masks[h].k = i.K()
			i.VPMOVD2M(v, masks[h].k)
		}
	}
	body(row, masks)
	i.ADDQ(ld, row)
	i.ADDQ(operand.U8(64), t)
	i.DECQ(count)
	i.JNE(to(next))
	i.Label(end)
}

func pick(masks []mask, h int) *mask {
	if masks == nil {
		return nil
	}
	return &masks[h]
}

func (i isa) softmaxDown() {
	i.seen.triangle = i.triangle()
	i.begin("softmaxDown", "s *float32, open, rest, ld int, scale float32",
		"makes probabilities of sixteen columns of scores, rows ld bytes apart: open rows that all lanes see, then rest of which row r is hidden from the lanes before r. open + rest ≥ 1, rest ≤ 16.")
	halves := 16 / i.lanes
	most, sum := make([]reg.VecVirtual, halves), make([]reg.VecVirtual, halves)
	for h := range halves {
		most[h], sum[h] = i.bits(0xff800000), i.zeroed() // -∞
	}
	i.keys("s", func(row reg.GPVirtual, masks []mask) {
		for h := range halves {
			v := i.vec()
			i.VMOVUPS(at(row, 4*i.lanes*h), v)
			i.merge(most[h], i.atLeast(most[h], v), pick(masks, h))
		}
	})
	scale := i.spread("scale")
	i.pin(func(i isa) { i.exp(i.vec()) })
	i.keys("s", func(row reg.GPVirtual, masks []mask) {
		for h := range halves {
			v := i.vec()
			i.VMOVUPS(at(row, 4*i.lanes*h), v)
			e := i.exp(i.mul(i.sub(v, most[h]), scale))
			i.only(e, pick(masks, h))
			i.VADDPS(e, sum[h], sum[h])
			i.VMOVUPS(e, at(row, 4*i.lanes*h))
		}
	})
	for h := range halves {
		i.VDIVPS(sum[h], i.number(1), sum[h])
	}
	row, count, ld := i.load("s"), i.load("open"), i.load("ld")
	i.ADDQ(i.mem("rest"), count)
	i.Label("share")
	for h := range halves {
		i.VMOVUPS(i.mul(sum[h], at(row, 4*i.lanes*h)), at(row, 4*i.lanes*h))
	}
	i.ADDQ(ld, row)
	i.DECQ(count)
	i.JNE(to("share"))
	i.end()
}

func (i isa) softmaxSlope() {
	i.begin("softmaxSlope", "d, prob *float32, m, ld int, scale float32",
		"sets d = (scale prob)(d - Σ d prob), the sum down m ≥ 1 rows of sixteen columns, rows ld bytes apart.")
	d, p, m, ld := i.load("d"), i.load("prob"), i.load("m"), i.load("ld")
	halves := 16 / i.lanes
	sum := make([]reg.VecVirtual, halves)
	for h := range sum {
		sum[h] = i.zeroed()
	}
	off, count := i.GP64(), i.GP64()
	i.XORQ(off, off)
	i.MOVQ(m, count)
	i.Label("sum")
	for h := range halves {
		v := i.vec()
		i.VMOVUPS(along(d, off, 4*i.lanes*h), v)
		i.VADDPS(i.mul(v, along(p, off, 4*i.lanes*h)), sum[h], sum[h])
	}
	i.ADDQ(ld, off)
	i.DECQ(count)
	i.JNE(to("sum"))
	scale := i.spread("scale")
	i.XORQ(off, off)
	i.Label("slope")
	for h := range halves {
		v := i.vec()
		i.VMOVUPS(along(d, off, 4*i.lanes*h), v)
		v = i.mul(i.mul(scale, along(p, off, 4*i.lanes*h)), i.sub(v, sum[h]))
		i.VMOVUPS(v, along(d, off, 4*i.lanes*h))
	}
	i.ADDQ(ld, off)
	i.DECQ(m)
	i.JNE(to("slope"))
	i.end()
}
