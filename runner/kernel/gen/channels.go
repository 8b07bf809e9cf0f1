package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The norms of pictures: a row is all numbers of one channel, and every row has its own few numbers.

// own is a row's number of a list in all lanes; the list's pointer moves with the rows.
func (r row) own(list string) reg.VecVirtual {
	p, v := r.GP64(), r.vec()
	r.MOVQ(r.mem(list), p)
	r.VBROADCASTSS(at(p, 0), v)
	r.ADDQ(operand.U8(4), r.mem(list))
	return v
}

func (r row) keep(v reg.VecVirtual, list string) {
	p := r.GP64()
	r.MOVQ(r.mem(list), p)
	r.VMOVSS(v.AsX(), at(p, 0))
	r.ADDQ(operand.U8(4), r.mem(list))
}

func (i isa) channelMoments() {
	i.begin("channelMoments", "mean, rate, x *float32, m, n int, count, epsilon float32", "sets mean and 1/√(variance + epsilon) of every row; count is n. m, n ≥ 1.")
	r := i.row()
	x := i.load("x")
	r.each([]reg.GPVirtual{x}, func() {
		mean, rate := r.moments(x)
		r.keep(mean, "mean")
		r.keep(rate, "rate")
	})
	i.end()
}

// channelNorm is written twice, the second time with an addend.
func (i isa) channelNorm() {
	for _, add := range []bool{false, true} {
		name, more, what := "channelNorm", "", ""
		if add {
			name, more, what = "channelNormAdd", ", add", " + add"
		}
		i.begin(name, "dst, x, mean, rate, scale, shift"+more+" *float32, m, n, relu int",
			"sets dst = (x - mean)(rate scale) + shift"+what+", then max(., 0) if relu, each row with its own numbers. m, n ≥ 1.")
		r := i.row()
		x, dst := i.load("x"), i.load("dst")
		moving := []reg.GPVirtual{x, dst}
		var addend reg.GPVirtual
		if add {
			addend = i.load("add")
			moving = append(moving, addend)
		}
		r.each(moving, func() {
			mean, a := r.own("mean"), r.mul(r.own("rate"), r.own("scale"))
			shift := r.own("shift")
			plain, end := r.label("plain"), r.label("end")
			y := func(off reg.Register, disp int, m *mask) reg.VecVirtual {
				v := r.add(r.mul(r.sub(r.loadMasked(along(x, off, disp), m), mean), a), shift)
				if add {
					v = r.add(v, r.loadMasked(along(addend, off, disp), m))
				}
				return v
			}
			r.CMPQ(r.mem("relu"), operand.U8(0))
			r.JE(to(plain))
			zero := r.zeroed()
			r.pieces(func(h, disp int, off reg.Register, m *mask) {
				r.storeMasked(r.atLeast(zero, y(off, disp, m)), along(dst, off, disp), m)
			})
			r.JMP(to(end))
			r.Label(plain)
			r.pieces(func(h, disp int, off reg.Register, m *mask) {
				r.storeMasked(y(off, disp, m), along(dst, off, disp), m)
			})
			r.Label(end)
		})
		i.end()
	}
}

func (i isa) channelSums() {
	i.begin("channelSums", "sgy, sg, x, mean, rate, grad *float32, m, n int", "sets sgy = rate Σ grad (x - mean) and sg = Σ grad of every row. m, n ≥ 1.")
	r := i.row()
	x, grad := i.load("x"), i.load("grad")
	r.each([]reg.GPVirtual{x, grad}, func() {
		mean, rate := r.own("mean"), r.own("rate")
		sg, sgy := r.sums(), r.sums()
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			g := r.loadMasked(along(grad, off, disp), m)
			r.VADDPS(g, sg[h], sg[h])
			gy := r.mul(g, r.sub(r.loadMasked(along(x, off, disp), m), mean))
			r.only(gy, m)
			r.VADDPS(gy, sgy[h], sgy[h])
		})
		r.keep(r.fold(sg, r.VADDPS), "sg")
		r.keep(r.mul(rate, r.fold(sgy, r.VADDPS)), "sgy")
	})
	i.end()
}

func (i isa) channelGrad() {
	i.begin("channelGrad", "dst, x, mean, rate, scale, grad, sgy, sg *float32, m, n int, count float32",
		"sets dst = (rate scale)(grad - sg/count - (x - mean)(rate (sgy/count))), each row with its own numbers. m, n ≥ 1.")
	r := i.row()
	x, dst, grad := i.load("x"), i.load("dst"), i.load("grad")
	r.each([]reg.GPVirtual{x, dst, grad}, func() {
		mean, rate := r.own("mean"), r.own("rate")
		a := r.mul(rate, r.own("scale"))
		mg, mgy := r.div(r.own("sg"), r.spread("count")), r.mul(rate, r.div(r.own("sgy"), r.spread("count")))
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			d := r.sub(r.loadMasked(along(x, off, disp), m), mean)
			g := r.sub(r.loadMasked(along(grad, off, disp), m), mg)
			r.storeMasked(r.mul(a, r.sub(g, r.mul(d, mgy))), along(dst, off, disp), m)
		})
	})
	i.end()
}
