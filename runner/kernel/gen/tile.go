package main

import (
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transform is a linear map along one axis, as far as rows are asked for.
type transform = func(c coefficients, rows []int, d func(int) reg.VecVirtual) []reg.VecVirtual

// some splits the rows of a transform into groups whose results fit in the registers together: those that
// share sums stay together.
func (i isa) some(n int) [][]int {
	switch {
	case n <= 4:
		return [][]int{{0}, {1}, {2}, {3}}[:n]
	case i.wide:
		return [][]int{{0, 1, 2}, {3, 4, 5}}
	}
	return [][]int{{0}, {1, 2}, {3, 4}, {5}}
}

func through(n int) []int {
	var rows []int
	for k := range n {
		rows = append(rows, k)
	}
	return rows
}

// expand makes side² numbers of from² pixels in every channel. Bit r of rowsOut or colsOut says that row or
// column r of the tile lies outside the picture and is zero: a row is then read from zero, a column not at
// all.
func (i isa) expand(name, doc string, from, side int, line transform) {
	i.begin(name, "v, x, zero *float32, rowsOut, colsOut, channels, n, xFrom, xChannel, xRow, xPixel, vPlane, vChannel int",
		doc+" + xFrom; zero has a line of the tile; n is a multiple of the lanes, distances in bytes.")
	rows, steps := i.tileRows(from)
	off := i.columnsIn(from)
	pixel, plane := i.load("xPixel"), i.load("vPlane")
	var pixel3, pixel5 reg.GPVirtual
	if from > 3 {
		pixel3 = i.GP64()
		i.LEAQ(index(pixel, pixel, 2), pixel3)
	}
	if from > 5 {
		pixel5 = i.GP64()
		i.LEAQ(index(pixel, pixel, 4), pixel5)
	}
	get := func(r, k int) reg.VecVirtual {
		return i.loadMasked([]operand.Mem{at(rows[r], 0), index(rows[r], pixel, 1), index(rows[r], pixel, 2), index(rows[r], pixel3, 1), index(rows[r], pixel, 4), index(rows[r], pixel5, 1)}[k], off(k))
	}
	var c coefficients
	if side == 6 {
		c = i.coefficients(2, 4, 5)
	} else {
		c = i.coefficients()
	}
	left, q := i.AllocLocal(8), i.GP64()
	i.Label("channel")
	i.MOVQ(i.mem("n"), q)
	i.MOVQ(q, left)
	i.Label("lane")
	i.MOVQ(i.mem("v"), q)
	for _, group := range i.some(side) {
		t := make([][]reg.VecVirtual, from)
		for k := range t {
			t[k] = line(c, group, once(func(r int) reg.VecVirtual { return get(r, k) }))
		}
		for r := range group {
			for _, some := range i.some(side) {
				for _, v := range line(c, some, func(k int) reg.VecVirtual { return t[k][r] }) {
					i.VMOVUPS(v, at(q, 0))
					i.ADDQ(plane, q)
				}
			}
		}
	}
	for _, r := range rows {
		i.ADDQ(operand.U8(4*i.lanes), r)
	}
	i.ADDQ(operand.U8(4*i.lanes), i.mem("v"))
	i.SUBQ(operand.U8(i.lanes), left)
	i.JNE(to("lane"))
	for r := range rows {
		i.ADDQ(steps.Offset(8*r), rows[r])
	}
	i.MOVQ(i.mem("n"), q)
	i.SHLQ(operand.U8(2), q)
	i.NEGQ(q)
	i.ADDQ(i.mem("vChannel"), q)
	i.ADDQ(q, i.mem("v"))
	i.DECQ(i.mem("channels"))
	i.JNE(to("channel"))
	i.end()
}

// tileRows gives where the rows of a tile begin and, in memory, how far each moves from the end of a
// channel's lanes to the next channel.
func (i isa) tileRows(n int) ([]reg.GPVirtual, operand.Mem) {
	steps := i.AllocLocal(8 * n)
	x, bits, zero, none, rewind := i.load("x"), i.load("rowsOut"), i.load("zero"), i.GP64(), i.load("n")
	i.ADDQ(i.mem("xFrom"), x)
	i.XORQ(none, none)
	i.SHLQ(operand.U8(2), rewind)
	rows := make([]reg.GPVirtual, n)
	for r := range rows {
		rows[r] = i.GP64()
		step := i.GP64()
		i.MOVQ(x, rows[r])
		i.MOVQ(i.mem("xChannel"), step)
		i.BTQ(operand.U8(r), bits)
		i.CMOVQCS(zero, rows[r])
		i.CMOVQCS(none, step)
		i.SUBQ(rewind, step)
		i.MOVQ(step, steps.Offset(8*r))
		i.ADDQ(i.mem("xRow"), x)
	}
	return rows, steps
}

// columnsIn gives masks of all lanes or none for the columns of a tile.
func (i isa) columnsIn(n int) func(k int) *mask {
	bits, t := i.load("colsOut"), i.GP64()
	if i.wide {
		masks := make([]mask, n)
		for k := range masks {
			masks[k].k = i.K()
			i.MOVQ(bits, t)
			i.SHRQ(operand.U8(k), t)
			i.ANDQ(operand.U8(1), t)
			i.DECQ(t)
			i.KMOVW(t.As32(), masks[k].k)
		}
		return func(k int) *mask { return &masks[k] }
	}
	room := i.AllocLocal(32 * n)
	for k := range n {
		i.MOVQ(bits, t)
		i.SHRQ(operand.U8(k), t)
		i.ANDQ(operand.U8(1), t)
		i.DECQ(t)
		for part := range 4 {
			i.MOVQ(t, room.Offset(32*k+8*part))
		}
	}
	return func(k int) *mask {
		v := i.YMM()
		i.VMOVUPS(room.Offset(32*k), v)
		return &mask{v: v}
	}
}

// collapse makes the outputs of a tile from its planes, of them rows × cols lie within the picture, and
// finishes them as a product is finished.
func (i isa) collapse(f form) {
	i.begin(f.name+"Out", "y, m, bias, addend, gate *float32, rows, cols, channels, n, mPlane, mChannel, yChannel, yRow, yPixel, hasBias, hasAddend, relu, hasGate int",
		"sets rows × cols pixels of every channel from the planes of m, + bias, + addend, then relu and gate; n is a multiple of the lanes, distances in bytes.")
	o := outputs{isa: i, f: f, pixel: i.load("yPixel"), row: i.load("yRow"), off: i.GP64(), bias: i.vec()}
	if f.out > 2 {
		o.row3 = i.GP64()
		i.LEAQ(index(o.row, o.row, 2), o.row3)
	}
	m, q := i.load("m"), i.GP64()
	p := i.planes("mPlane", f.side)
	var c coefficients
	if f.side == 6 {
		c = i.coefficients([]float32{2, 4, 8}[:f.out-1]...)
	} else {
		c = i.coefficients()
	}
	i.Label("channel")
	i.CMPQ(i.mem("hasBias"), operand.U8(0))
	i.JEQ(to("nobias"))
	i.MOVQ(i.mem("bias"), q)
	i.VBROADCASTSS(at(q, 0), o.bias)
	i.ADDQ(operand.U8(4), i.mem("bias"))
	i.Label("nobias")
	i.XORQ(o.off, o.off)
	i.Label("lane")
	groups := [][]int{through(f.out)}
	if !i.wide && f.out == 4 {
		groups = [][]int{{0, 2}, {1, 3}}
	}
	for _, group := range groups {
		i.LEAQ(index(m, o.off, 1), q)
		s := make([][]reg.VecVirtual, f.side)
		for r := range s {
			s[r] = f.outLine(c, group, once(func(k int) reg.VecVirtual { return i.loadMasked(p.at(q, k), nil) }))
			i.LEAQ(p.next(q), q)
		}
		for k, col := range group {
			none := i.label("column")
			i.CMPQ(i.mem("cols"), operand.U8(col))
			i.JLE(to(none))
			o.finish(col, f.outLine(c, through(f.out), func(r int) reg.VecVirtual { return s[r][k] }))
			i.Label(none)
		}
	}
	i.ADDQ(operand.U8(4*i.lanes), o.off)
	n := i.GP64()
	i.MOVQ(i.mem("n"), n)
	i.SHLQ(operand.U8(2), n)
	i.CMPQ(o.off, n)
	i.JNE(to("lane"))
	i.ADDQ(i.mem("mChannel"), m)
	i.MOVQ(i.mem("yChannel"), n)
	for _, p := range []string{"y", "addend", "gate"} {
		i.ADDQ(n, i.mem(p))
	}
	i.DECQ(i.mem("channels"))
	i.JNE(to("channel"))
	i.end()
}

// planes are the distances between a side of planes.
type planes struct {
	side             int
	one, three, five reg.GPVirtual
}

func (i isa) planes(param string, side int) planes {
	p := planes{side: side, one: i.load(param), three: i.GP64()}
	i.LEAQ(index(p.one, p.one, 2), p.three)
	if side == 6 {
		p.five = i.GP64()
		i.LEAQ(index(p.one, p.one, 4), p.five)
	}
	return p
}

func (p planes) at(q reg.Register, k int) operand.Mem {
	return []operand.Mem{at(q, 0), index(q, p.one, 1), index(q, p.one, 2), index(q, p.three, 1), index(q, p.one, 4), index(q, p.five, 1)}[k]
}

// next is a side of planes after q.
func (p planes) next(q reg.Register) operand.Mem {
	if p.side == 4 {
		return index(q, p.one, 4)
	}
	return index(q, p.three, 2)
}

type outputs struct {
	isa
	f                     form
	pixel, row, row3, off reg.GPVirtual
	bias                  reg.VecVirtual
}

// finish stores one column of a tile.
func (o outputs) finish(col int, out []reg.VecVirtual) {
	noBias, noRelu := o.label("bias"), o.label("relu")
	o.CMPQ(o.mem("hasBias"), operand.U8(0))
	o.JEQ(to(noBias))
	for k := range out {
		o.VADDPS(o.bias, out[k], out[k])
	}
	o.Label(noBias)
	beside := func(what string, join func(v, x reg.VecVirtual)) {
		none := o.label(what)
		o.CMPQ(o.mem("has"+strings.ToUpper(what[:1])+what[1:]), operand.U8(0))
		o.JEQ(to(none))
		o.places(what, col, func(k int, where operand.Mem) {
			x := o.vec()
			o.VMOVUPS(where, x)
			join(out[k], x)
		})
		o.Label(none)
	}
	beside("addend", func(v, x reg.VecVirtual) { o.VADDPS(x, v, v) })
	o.CMPQ(o.mem("relu"), operand.U8(0))
	o.JEQ(to(noRelu))
	zero := o.zeroed()
	for k := range out {
		o.VMAXPS(out[k], zero, out[k])
	}
	o.Label(noRelu)
	beside("gate", o.keepPositive)
	o.places("y", col, func(k int, where operand.Mem) { o.VMOVUPS(out[k], where) })
}

// places visits the pixels of a column that lie within the picture.
func (o outputs) places(base string, col int, visit func(k int, where operand.Mem)) {
	q, end := o.GP64(), o.label("end")
	o.MOVQ(o.mem(base), q)
	o.ADDQ(o.off, q)
	for range col {
		o.ADDQ(o.pixel, q)
	}
	for k := range o.f.out {
		if k > 0 {
			o.CMPQ(o.mem("rows"), operand.U8(k))
			o.JLE(to(end))
		}
		visit(k, []operand.Mem{at(q, 0), index(q, o.row, 1), index(q, o.row, 2), index(q, o.row3, 1)}[k])
	}
	o.Label(end)
}
