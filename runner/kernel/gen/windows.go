package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// slide is a run of a window's outputs that read the same number of rows and columns of pixels. A pixel is n
// numbers; distances are in bytes.
const slide = "pixels, rows, cols, n, xStep, xRow, xPixel int"

// window is the loop over outputs and lanes: out counts bytes along the outputs, in along the inputs, both
// from the first; m covers the lanes at hand, nil for all.
type window struct {
	isa
	in, out reg.GPVirtual
	m       *mask
}

// slides runs body for eight lanes of every output.
func (i isa) slides(body func(w window)) {
	inAt, outAt, in, left := i.GP64(), i.GP64(), i.GP64(), i.load("n")
	i.ANDQ(operand.U8(7), left)
	last := i.first(left)
	i.XORQ(inAt, inAt)
	i.XORQ(outAt, outAt)
	i.Label("pixel")
	i.MOVQ(inAt, in)
	i.MOVQ(i.mem("n"), left)
	i.SHRQ(operand.U8(3), left)
	i.JE(to("rest"))
	i.Label("lanes")
	body(window{i, in, outAt, nil})
	i.ADDQ(operand.U8(32), in)
	i.ADDQ(operand.U8(32), outAt)
	i.DECQ(left)
	i.JNE(to("lanes"))
	i.Label("rest")
	i.MOVQ(i.mem("n"), left)
	i.ANDQ(operand.U8(7), left)
	i.JE(to("next"))
	body(window{i, in, outAt, &last})
	i.LEAQ(index(outAt, left, 4), outAt)
	i.Label("next")
	i.ADDQ(i.mem("xStep"), inAt)
	i.DECQ(i.mem("pixels"))
	i.JNE(to("pixel"))
	i.end()
}

// taps runs body for every pixel of an output; off is where its lanes lie.
func (w window) taps(body func(off reg.Register)) {
	from, off, rows, cols := w.GP64(), w.GP64(), w.GP64(), w.GP64()
	row, column := w.label("row"), w.label("column")
	w.MOVQ(w.in, from)
	w.MOVQ(w.mem("rows"), rows)
	w.Label(row)
	w.MOVQ(from, off)
	w.MOVQ(w.mem("cols"), cols)
	w.Label(column)
	body(off)
	w.ADDQ(w.mem("xPixel"), off)
	w.DECQ(cols)
	w.JNE(to(column))
	w.ADDQ(w.mem("xRow"), from)
	w.DECQ(rows)
	w.JNE(to(row))
}

func (w window) get(base, off reg.Register) reg.VecVirtual {
	return w.loadMasked(index(base, off, 1), w.m)
}

func (w window) put(v reg.VecVirtual, base, off reg.Register) {
	w.storeMasked(v, index(base, off, 1), w.m)
}

func (i isa) windowMax() {
	i.begin("windowMax", "y, x *float32, "+slide, "sets every output to its largest number, the first of equals; a NaN is the largest. Every count ≥ 1.")
	x, y := i.load("x"), i.load("y")
	i.slides(func(w window) {
		most := w.get(x, w.in)
		w.taps(func(off reg.Register) {
			v, t, nan := w.get(x, off), w.vec(), w.vec()
			w.VMAXPS(most, v, t) // v > most ? v : most
			w.VCMPPS(operand.U8(3), v, v, nan)
			w.VBLENDVPS(nan, v, t, most)
		})
		w.put(most, y, w.out)
	})
}

func (i isa) windowMaxGrad(name string, gated bool) {
	params, doc := "dx, x, y, dy *float32, ", "adds every output's gradient to the first of its numbers that is not below it. Every count ≥ 1."
	if gated {
		params, doc = "dx, x, y, dy, gate *float32, ", "is windowMaxGrad where gate is above zero; elsewhere it adds nothing."
	}
	i.begin(name, params+slide, doc)
	x, y, dx, dy := i.load("x"), i.load("y"), i.load("dx"), i.load("dy")
	var gate reg.GPVirtual
	if gated {
		gate = i.load("gate")
	}
	i.slides(func(w window) {
		zero := w.zeroed()
		top, g, taken := w.get(y, w.out), w.add(zero, w.get(dy, w.out)), w.zeroed() // a zero's sign goes: see MaxGrad
		w.taps(func(off reg.Register) {
			hit := w.vec()
			w.VCMPPS(operand.U8(5), top, w.get(x, off), hit) // not x < top
			w.VANDNPS(hit, taken, hit)
			w.VORPS(hit, taken, taken)
			w.VANDPS(g, hit, hit)
			if gated {
				w.keepPositive(hit, w.get(gate, off))
			}
			w.put(w.add(w.get(dx, off), hit), dx, off)
		})
	})
}

func (i isa) windowMean() {
	i.begin("windowMean", "y, x *float32, "+slide+", share float32", "sets every output to share times the sum of its numbers. Every count ≥ 1.")
	x, y := i.load("x"), i.load("y")
	share := i.spread("share")
	i.slides(func(w window) {
		s := w.zeroed()
		w.taps(func(off reg.Register) { w.VADDPS(w.get(x, off), s, s) })
		w.put(w.mul(s, share), y, w.out)
	})
}

func (i isa) windowSpread() {
	i.begin("windowSpread", "dx, dy *float32, "+slide+", add int, share float32", "sets every number that an output reads to share times the output's, or adds that if add. Every count ≥ 1.")
	dx, dy := i.load("dx"), i.load("dy")
	share := i.spread("share")
	i.slides(func(w window) {
		g := w.mul(share, w.get(dy, w.out))
		plain, end := w.label("plain"), w.label("end")
		w.CMPQ(w.mem("add"), operand.U8(0))
		w.JE(to(plain))
		w.taps(func(off reg.Register) { w.put(w.add(g, w.get(dx, off)), dx, off) })
		w.JMP(to(end))
		w.Label(plain)
		w.taps(func(off reg.Register) { w.put(g, dx, off) })
		w.Label(end)
	})
}
