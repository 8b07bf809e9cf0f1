package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// convolutions writes the kernels for pictures that lie channel × row × column × batch, the batch being the
// lanes: a product whose summands are found by a table, and the weight gradient.
func convolutions(i isa) {
	i.gather()
	i.weightGrad()
	if !i.wide { // one body for both sets: a batch of eight has no wider lanes
		i.spaced()
	}
}

// gather is a product with the summands' places in a table of pairs of byte offsets, into w and into x. It
// makes outs × pixels × n outputs; a pixel moves x by xStep and c by cStep.
func (i isa) gather() {
	i.begin("gather", "c, w, x, bias, addend, gate *float32, table *int32, entries, outs, pixels, n, xFrom, xStep, cStep, wRow, cRow, hasBias, hasAddend, relu, hasGate int",
		"sets c = Σ over the table of w·x, + bias per output channel, + addend, then relu and gate as the product; all sizes ≥ 1 but entries, which may be 0, steps in bytes.")
	g := gathered{product: product{isa: i, ars: i.load("wRow"), ars3: i.GP64(), a: i.GP64(), c: i.GP64(), iLeft: i.GP64()}}
	i.LEAQ(index(g.ars, g.ars, 2), g.ars3)
	from := i.GP64()
	i.MOVQ(i.mem("xFrom"), from)
	i.ADDQ(from, i.mem("x"))
	i.Label("columns")
	left := i.GP64()
	i.MOVQ(i.mem("n"), left)
	i.CMPQ(left, operand.U8(i.lanes))
	i.JLE(to("one"))
	i.CMPQ(left, operand.U8(2*i.lanes))
	i.JL(to("two"))
	g.blocks(2, nil)
	for _, s := range []string{"x", "c", "addend", "gate"} {
		i.ADDQ(operand.U32(8*i.lanes), i.mem(s))
	}
	i.SUBQ(operand.U8(2*i.lanes), i.mem("n"))
	i.JNE(to("columns"))
	i.JMP(to("done"))
	i.Label("two")
	rest := i.GP64()
	i.LEAQ(at(left, -i.lanes), rest)
	m := i.first(rest)
	g.blocks(2, &m)
	i.JMP(to("done"))
	i.Label("one")
	m1 := i.first(left)
	g.blocks(1, &m1)
	i.Label("done")
	i.end()
}

type gathered struct {
	product
}

// blocks runs over the output channels in tiles, and in each over the pixels. The first output of a tile is
// kept in the memory of the parameters bias and c, which have served.
func (g gathered) blocks(vecs int, m *mask) {
	done := g.GP64() // output channels done
	g.XORQ(done, done)
	tiles := []int{8, 4, 2, 1}
	if !g.wide {
		tiles = []int{6, 4, 2, 1}
	}
	for t, rows := range tiles {
		again, next := g.label("rows"), g.label("rows")
		g.Label(again)
		g.MOVQ(g.mem("outs"), g.iLeft)
		g.SUBQ(done, g.iLeft)
		g.CMPQ(g.iLeft, operand.U8(rows))
		g.JL(to(next))
		g.pixels(rows, vecs, m, done)
		g.ADDQ(operand.U8(rows), done)
		if t == 0 {
			g.JMP(to(again))
		}
		g.Label(next)
	}
}

func (g gathered) pixels(rows, vecs int, m *mask, done reg.Register) {
	x, pixel := g.GP64(), g.label("pixel")
	g.MOVQ(done, g.a)
	g.IMULQ(g.ars, g.a)
	g.ADDQ(g.mem("w"), g.a)
	g.MOVQ(done, g.c)
	g.IMULQ(g.mem("cRow"), g.c)
	g.ADDQ(g.mem("c"), g.c)
	g.MOVQ(g.mem("x"), x)
	g.MOVQ(g.mem("pixels"), g.iLeft)
	g.Label(pixel)
	acc := g.sum(rows, vecs, m, x)
	g.finish(acc, m, done)
	g.ADDQ(g.mem("cStep"), g.c)
	g.ADDQ(g.mem("xStep"), x)
	g.DECQ(g.iLeft)
	g.JNE(to(pixel))
}

func (g gathered) sum(rows, vecs int, m *mask, x reg.Register) [][]reg.VecVirtual {
	acc := make([][]reg.VecVirtual, rows)
	for r := range acc {
		for range vecs {
			acc[r] = append(acc[r], g.zeroed())
		}
	}
	table, count, q, q3, b := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(g.mem("table"), table)
	g.MOVQ(g.mem("entries"), count)
	again, none := g.label("sum"), g.label("none")
	g.TESTQ(count, count)
	g.JE(to(none))
	g.Label(again)
	g.MOVLQSX(at(table, 0), q)
	g.MOVLQSX(at(table, 4), b)
	g.ADDQ(g.a, q)
	g.ADDQ(x, b)
	if rows > 3 {
		g.LEAQ(index(q, g.ars3, 1), q3)
	}
	bs := make([]reg.VecVirtual, vecs)
	for v := range bs {
		bs[v] = g.loadMasked(at(b, v*4*g.lanes), last(m, v, vecs))
	}
	where := []operand.Mem{at(q, 0), index(q, g.ars, 1), index(q, g.ars, 2), at(q3, 0), index(q, g.ars, 4), index(q3, g.ars, 2), index(q3, g.ars3, 1), index(q3, g.ars, 4)}
	for r := range acc {
		w := g.vec()
		g.VBROADCASTSS(where[r], w)
		for v := range bs {
			g.VFMADD231PS(bs[v], w, acc[r][v])
		}
	}
	g.ADDQ(operand.U8(8), table)
	g.DECQ(count)
	g.JNE(to(again))
	g.Label(none)
	return acc
}

// finish is the product's, with one bias per row; c is left where it was.
func (g gathered) finish(acc [][]reg.VecVirtual, m *mask, done reg.Register) {
	vecs := len(acc[0])
	noBias, noRelu := g.label("bias"), g.label("relu")
	g.CMPQ(g.mem("hasBias"), operand.U8(0))
	g.JEQ(to(noBias))
	bias := g.GP64()
	g.MOVQ(g.mem("bias"), bias)
	g.LEAQ(index(bias, done, 4), bias)
	for r := range acc {
		x := g.vec()
		g.VBROADCASTSS(at(bias, 4*r), x)
		for v := range vecs {
			g.VADDPS(x, acc[r][v], acc[r][v])
		}
	}
	g.Label(noBias)
	cRow := g.GP64()
	g.MOVQ(g.mem("cRow"), cRow)
	g.beside("addend", cRow, acc, m, func(v, x reg.VecVirtual) { g.VADDPS(x, v, v) })
	g.CMPQ(g.mem("relu"), operand.U8(0))
	g.JEQ(to(noRelu))
	zero := g.zeroed()
	for r := range acc {
		for v := range vecs {
			g.VMAXPS(acc[r][v], zero, acc[r][v])
		}
	}
	g.Label(noRelu)
	g.beside("gate", cRow, acc, m, g.keepPositive)
	c := g.GP64()
	g.MOVQ(g.c, c)
	for r := range acc {
		for v := range vecs {
			g.storeMasked(acc[r][v], at(c, v*4*g.lanes), last(m, v, vecs))
		}
		g.ADDQ(cRow, c)
	}
}

// weightGrad sums dy·x over pixels and batch for one row of three taps of a 3×3 convolution of stride 1 and
// padding 1. Lanes hold sums over places that are equal modulo sixteen in each run of a row: the first
// pixel, where the left tap is outside, those between, and the last one. They are folded at the end.
func (i isa) weightGrad() {
	i.begin("weightGrad", "dw, dy, x *float32, outs, ins, rows, pixels, n, dwOut, dwIn, dyOut, xIn int",
		"sets dw for outs × ins × 3 taps; x and dy begin at the rows that the middle tap brings together. pixels ≥ 2, other sizes ≥ 1, distances in bytes.")
	w := weights{isa: i, dyOut: i.load("dyOut"), dyOut3: i.GP64(), pixel: i.load("n"), dy: i.GP64(), x: i.GP64(), x2: i.GP64()}
	i.LEAQ(index(w.dyOut, w.dyOut, 2), w.dyOut3)
	i.SHLQ(operand.U8(2), w.pixel)
	outs, ins := []int{4, 1}, []int{2, 1}
	if !i.wide {
		outs, ins = []int{2, 1}, []int{1}
	}
	w.blocks(outs, ins, func(o, n int, in, dw reg.Register) {
		w.tile(o, n, 3, in, dw, func(acc sums) {
			rows, line := w.GP64(), w.label("row")
			w.MOVQ(w.mem("rows"), rows)
			w.Label(line)
			w.run(acc, []int{1, 2}, false)
			w.run(acc, []int{0, 1, 2}, true)
			w.run(acc, []int{0, 1}, false)
			w.DECQ(rows)
			w.JNE(to(line))
		})
	})
	i.end()
}

// spaced copies runs of n numbers that lie step apart.
func (i isa) spaced() {
	i.begin("spaced", "dst, src *float32, runs, n, step int", "sets dst to runs of n numbers that lie step bytes apart; n is a multiple of 8, none 0.")
	dst, src, step, n, off, v := i.load("dst"), i.load("src"), i.load("step"), i.load("n"), i.GP64(), i.vec()
	i.SHLQ(operand.U8(2), n)
	i.Label("run")
	i.XORQ(off, off)
	i.Label("piece")
	i.VMOVUPS(index(src, off, 1), v)
	i.VMOVUPS(v, index(dst, off, 1))
	i.ADDQ(operand.U8(32), off)
	i.CMPQ(off, n)
	i.JNE(to("piece"))
	i.ADDQ(n, dst)
	i.ADDQ(step, src)
	i.DECQ(i.mem("runs"))
	i.JNE(to("run"))
	i.end()
}

// blocks runs over outs × ins in tiles.
func (w weights) blocks(outs, ins []int, tile func(o, n int, in, dw reg.Register)) {
	for _, o := range outs {
		againO, nextO := w.label("outs"), w.label("outs")
		w.Label(againO)
		w.CMPQ(w.mem("outs"), operand.U8(o))
		w.JL(to(nextO))
		left, in, dw := w.GP64(), w.GP64(), w.GP64()
		w.MOVQ(w.mem("ins"), left)
		w.MOVQ(w.mem("x"), in)
		w.MOVQ(w.mem("dw"), dw)
		for _, n := range ins {
			again, next := w.label("ins"), w.label("ins")
			w.Label(again)
			w.CMPQ(left, operand.U8(n))
			w.JL(to(next))
			tile(o, n, in, dw)
			for range n {
				w.ADDQ(w.mem("xIn"), in)
				w.ADDQ(w.mem("dwIn"), dw)
			}
			w.SUBQ(operand.U8(n), left)
			w.JMP(to(again))
			w.Label(next)
		}
		step := w.GP64()
		for range o {
			w.ADDQ(w.dyOut, w.mem("dy"))
			w.MOVQ(w.mem("dwOut"), step)
			w.ADDQ(step, w.mem("dw"))
		}
		w.SUBQ(operand.U8(o), w.mem("outs"))
		w.JMP(to(againO))
		w.Label(nextO)
	}
}

// sums are the accumulators of a tile by output, input, tap and half.
type sums [][][][]reg.VecVirtual

type weights struct {
	isa
	dyOut, dyOut3, pixel reg.GPVirtual
	dy, x, x2            reg.GPVirtual // running
}

func (w weights) tile(outs, ins, taps int, in, dw reg.Register, body func(acc sums)) {
	halves := 16 / w.lanes
	acc := make(sums, outs)
	for o := range acc {
		acc[o] = make([][][]reg.VecVirtual, ins)
		for n := range acc[o] {
			acc[o][n] = make([][]reg.VecVirtual, taps)
			for t := range taps {
				for range halves {
					acc[o][n][t] = append(acc[o][n][t], w.zeroed())
				}
			}
		}
	}
	w.MOVQ(w.mem("dy"), w.dy)
	w.MOVQ(in, w.x)
	w.SUBQ(w.pixel, w.x) // where the left tap reads; before the first pixel it does not
	w.MOVQ(w.x, w.x2)
	if ins == 2 {
		w.ADDQ(w.mem("xIn"), w.x2)
	}
	body(acc)
	q, q2, step := w.GP64(), w.GP64(), w.GP64()
	w.MOVQ(dw, q)
	for o := range acc {
		w.MOVQ(q, q2)
		for n := range acc[o] {
			for t := range taps {
				v := row{isa: w.isa, halves: halves}.fold(acc[o][n][t], w.VADDPS)
				w.VMOVSS(v.AsX(), at(q2, 4*t))
			}
			w.ADDQ(w.mem("dwIn"), q2)
		}
		w.MOVQ(w.mem("dwOut"), step)
		w.ADDQ(step, q)
	}
}

// run sums over one pixel, or over all but two, and moves on behind them.
func (w weights) run(acc sums, taps []int, inner bool) {
	count, rest := w.GP64(), w.GP64()
	w.MOVQ(w.mem("n"), rest)
	if inner {
		w.MOVQ(w.mem("pixels"), count)
		w.SUBQ(operand.U8(2), count)
		w.IMULQ(count, rest)
	}
	w.MOVQ(rest, count)
	w.SHRQ(operand.U8(4), count)
	w.ANDQ(operand.U8(15), rest)
	again, tail, end := w.label("run"), w.label("run"), w.label("run")
	w.TESTQ(count, count)
	w.JE(to(tail))
	w.Label(again)
	for h := range 16 / w.lanes {
		w.products(acc, taps, h, nil)
	}
	w.move(operand.U8(64))
	w.DECQ(count)
	w.JNE(to(again))
	w.Label(tail)
	w.TESTQ(rest, rest)
	w.JE(to(end))
	if w.wide {
		m := w.first(rest)
		w.products(acc, taps, 0, &m)
	} else {
		part, eight := w.GP64(), w.GP64()
		w.MOVQ(operand.U32(8), eight)
		w.MOVQ(rest, part)
		w.CMPQ(part, eight)
		w.CMOVQGT(eight, part)
		low := w.first(part)
		w.products(acc, taps, 0, &low)
		w.MOVQ(rest, count)
		w.SUBQ(part, count)
		high := w.first(count)
		w.products(acc, taps, 1, &high)
	}
	w.SHLQ(operand.U8(2), rest)
	w.move(rest)
	w.Label(end)
}

func (w weights) move(by operand.Op) {
	w.ADDQ(by, w.dy)
	w.ADDQ(by, w.x)
	w.ADDQ(by, w.x2)
}

func (w weights) products(acc sums, taps []int, half int, m *mask) {
	disp := 4 * w.lanes * half
	places := []operand.Mem{at(w.dy, disp), {Base: w.dy, Index: w.dyOut, Scale: 1, Disp: disp}, {Base: w.dy, Index: w.dyOut, Scale: 2, Disp: disp}, {Base: w.dy, Index: w.dyOut3, Scale: 1, Disp: disp}}
	dys := make([]reg.VecVirtual, len(acc))
	for o := range dys {
		dys[o] = w.loadMasked(places[o], m)
	}
	for n, base := range []reg.GPVirtual{w.x, w.x2}[:len(acc[0])] {
		for _, t := range taps {
			where := at(base, disp)
			if t > 0 {
				where = operand.Mem{Base: base, Index: w.pixel, Scale: uint8(t), Disp: disp}
			}
			x := w.loadMasked(where, m)
			for o := range dys {
				w.VFMADD231PS(x, dys[o], acc[o][n][t][half])
			}
		}
	}
}
