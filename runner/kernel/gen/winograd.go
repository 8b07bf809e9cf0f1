package main

import (
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winograds writes the transforms of F(2×2, 3×3) (Lavin & Gray 2016): one tile of all channels, lanes by the
// batch, which is a multiple of 16. They are sums and differences only.
func winograds(i isa) {
	i.tileIn()
	i.tileOut()
}

// tileIn makes Bᵀ d B of a patch of 4 × 4 pixels. edges says which sides of it lie outside the picture and
// are zero: 1 above, 2 below, 4 left, 8 right.
func (i isa) tileIn() {
	i.begin("tileIn", "v, x *float32, edges, channels, n, xFrom, xChannel, xRow, xPixel, vPlane, vChannel int",
		"sets the sixteen planes of v from the patch that begins xFrom after x; n is a multiple of 16, distances in bytes.")
	x, v := i.load("x"), i.load("v")
	i.ADDQ(i.mem("xFrom"), x)
	edges := i.load("edges")
	for e := range 16 {
		next := i.label("edges")
		i.CMPQ(edges, operand.U8(e))
		i.JNE(to(next))
		i.tileChannels(x, v, e)
		i.JMP(to("done"))
		i.Label(next)
	}
	i.Label("done")
	i.end()
}

func (i isa) tileChannels(x, v reg.GPVirtual, edges int) {
	channel, lane := i.label("channel"), i.label("lane")
	left, off, pixel, row, pixel3, plane := i.GP64(), i.GP64(), i.load("xPixel"), i.load("xRow"), i.GP64(), i.load("vPlane")
	i.LEAQ(index(pixel, pixel, 2), pixel3)
	i.Label(channel)
	i.MOVQ(i.mem("n"), left)
	i.SHLQ(operand.U8(2), left)
	i.XORQ(off, off)
	i.Label(lane)
	rows := make([]reg.GPVirtual, 4)
	for r := range rows {
		rows[r] = i.GP64()
		if r == 0 {
			i.LEAQ(index(x, off, 1), rows[0])
		} else {
			i.LEAQ(index(rows[r-1], row, 1), rows[r])
		}
	}
	outside := func(r, c int) bool {
		return r == 0 && edges&1 != 0 || r == 3 && edges&2 != 0 || c == 0 && edges&4 != 0 || c == 3 && edges&8 != 0
	}
	get := func(r, c int) reg.VecVirtual {
		if outside(r, c) {
			return i.zeroed()
		}
		d := i.vec()
		i.VMOVUPS([]operand.Mem{at(rows[r], 0), index(rows[r], pixel, 1), index(rows[r], pixel, 2), index(rows[r], pixel3, 1)}[c], d)
		return d
	}
	q := i.GP64()
	i.LEAQ(index(v, off, 1), q)
	for r := range 4 {
		t := make([]reg.VecVirtual, 4)
		for c := range t {
			t[c] = i.differ(r, func(k int) reg.VecVirtual { return get(k, c) })
		}
		for c := range 4 {
			i.VMOVUPS(i.differ(c, func(k int) reg.VecVirtual { return t[k] }), at(q, 0))
			i.ADDQ(plane, q)
		}
	}
	i.ADDQ(operand.U8(4*i.lanes), off)
	i.CMPQ(off, left)
	i.JNE(to(lane))
	i.ADDQ(i.mem("xChannel"), x)
	i.ADDQ(i.mem("vChannel"), v)
	i.DECQ(i.mem("channels"))
	i.JNE(to(channel))
}

// differ is row r of Bᵀ.
func (i isa) differ(r int, d func(k int) reg.VecVirtual) reg.VecVirtual {
	switch r {
	case 0:
		return i.sub(d(0), d(2))
	case 1:
		return i.add(d(1), d(2))
	case 2:
		return i.sub(d(2), d(1))
	}
	return i.sub(d(1), d(3))
}

// tileOut makes Aᵀ m A, four pixels, and finishes them as a product is finished.
func (i isa) tileOut() {
	i.begin("tileOut", "y, m, bias, addend, gate *float32, channels, n, mPlane, mChannel, yChannel, yRow, yPixel, hasBias, hasAddend, relu, hasGate int",
		"sets four pixels of every channel from the sixteen planes of m; n is a multiple of 16, distances in bytes.")
	m, plane, pixel, rowStep := i.load("m"), i.load("mPlane"), i.load("yPixel"), i.load("yRow")
	bias := i.vec()
	i.Label("channel")
	noBias := "nobias"
	i.CMPQ(i.mem("hasBias"), operand.U8(0))
	i.JEQ(to(noBias))
	b := i.GP64()
	i.MOVQ(i.mem("bias"), b)
	i.VBROADCASTSS(at(b, 0), bias)
	i.ADDQ(operand.U8(4), i.mem("bias"))
	i.Label(noBias)
	off := i.GP64()
	i.XORQ(off, off)
	i.Label("lane")
	q := i.GP64()
	i.LEAQ(index(m, off, 1), q)
	s := [2][4]reg.VecVirtual{}
	planes := make([][4]reg.VecVirtual, 4)
	for r := range 4 {
		for c := range 4 {
			d := i.vec()
			i.VMOVUPS(at(q, 0), d)
			i.ADDQ(plane, q)
			planes[r][c] = d
			switch r {
			case 1:
				s[0][c] = i.add(planes[0][c], d)
			case 2:
				s[0][c] = i.add(s[0][c], d)
				s[1][c] = i.sub(planes[1][c], d)
			case 3:
				s[1][c] = i.sub(s[1][c], d)
			}
		}
	}
	out := make([]reg.VecVirtual, 0, 4)
	for r := range 2 {
		out = append(out, i.add(i.add(s[r][0], s[r][1]), s[r][2]), i.sub(i.sub(s[r][1], s[r][2]), s[r][3]))
	}
	i.CMPQ(i.mem("hasBias"), operand.U8(0))
	i.JEQ(to("plain"))
	for k := range out {
		i.VADDPS(bias, out[k], out[k])
	}
	i.Label("plain")
	i.four("addend", out, off, pixel, rowStep, func(v, x reg.VecVirtual) { i.VADDPS(x, v, v) })
	i.CMPQ(i.mem("relu"), operand.U8(0))
	i.JEQ(to("norelu"))
	zero := i.zeroed()
	for k := range out {
		i.VMAXPS(out[k], zero, out[k])
	}
	i.Label("norelu")
	i.four("gate", out, off, pixel, rowStep, i.keepPositive)
	i.places("y", off, pixel, rowStep, func(k int, where operand.Mem) { i.VMOVUPS(out[k], where) })
	i.ADDQ(operand.U8(4*i.lanes), off)
	n := i.GP64()
	i.MOVQ(i.mem("n"), n)
	i.SHLQ(operand.U8(2), n)
	i.CMPQ(off, n)
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

// places visits the four pixels of a tile in memory.
func (i isa) places(base string, off, pixel, row reg.Register, visit func(k int, where operand.Mem)) {
	q := i.GP64()
	i.MOVQ(i.mem(base), q)
	i.ADDQ(off, q)
	visit(0, at(q, 0))
	visit(1, index(q, pixel, 1))
	i.ADDQ(row, q)
	visit(2, at(q, 0))
	visit(3, index(q, pixel, 1))
}

func (i isa) four(what string, out []reg.VecVirtual, off, pixel, row reg.Register, join func(v, x reg.VecVirtual)) {
	none := i.label(what)
	i.CMPQ(i.mem("has"+strings.ToUpper(what[:1])+what[1:]), operand.U8(0))
	i.JEQ(to(none))
	i.places(what, off, pixel, row, func(k int, where operand.Mem) {
		x := i.vec()
		i.VMOVUPS(where, x)
		join(out[k], x)
	})
	i.Label(none)
}
