package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pictures writes group norm, where lanes are samples and a matrix is a channel's pixels by its samples, and
// the windows that slide over pictures.
func pictures(i isa) {
	i.groupMoments()
	i.groupNorm()
	i.groupSums()
	i.groupGrad()
	i.addRow()
	i.channelGradAdd()
	i.channelTotals()
	if !i.wide { // one body for both sets: batches of eight have no wider lanes
		i.windowMax()
		i.windowMaxGrad("windowMaxGrad", false)
		i.windowMaxGrad("windowMaxGradGated", true)
		i.windowMean()
		i.windowSpread()
	}
}

// chains is [column.down] for sums: row number r belongs to chain r mod 4.
func (c column) chains(body func(k int, off reg.Register)) {
	off, m, quads := c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(c.off, off)
	c.MOVQ(c.mem("m"), m)
	c.MOVQ(m, quads)
	again, rest, end := c.label("quad"), c.label("rest"), c.label("end")
	c.SHRQ(operand.U8(2), quads)
	c.JE(to(rest))
	c.Label(again)
	for k := range 4 {
		body(k, off)
		c.ADDQ(c.ld, off)
	}
	c.DECQ(quads)
	c.JNE(to(again))
	c.Label(rest)
	c.ANDQ(operand.U8(3), m)
	for k := range 3 {
		c.TESTQ(m, m)
		c.JE(to(end))
		body(k, off)
		c.ADDQ(c.ld, off)
		c.DECQ(m)
	}
	c.Label(end)
}

func (c column) fours() [4]reg.VecVirtual {
	return [4]reg.VecVirtual{c.zeroed(), c.zeroed(), c.zeroed(), c.zeroed()}
}

// crossed adds the four chains.
func (c column) crossed(s [4]reg.VecVirtual) reg.VecVirtual {
	return c.add(c.add(s[0], s[2]), c.add(s[1], s[3]))
}

func (i isa) groupMoments() {
	i.begin("groupMoments", "mean, rate, x *float32, m, w, ld int, count, epsilon float32",
		"sets mean and 1/√(variance + epsilon) of w columns, a multiple of 16, in four chains; count is m ≥ 1.")
	x, mean, rate := i.load("x"), i.load("mean"), i.load("rate")
	i.each(func(c column) {
		s := c.fours()
		c.chains(func(k int, off reg.Register) { c.VADDPS(index(x, off, 1), s[k], s[k]) })
		mu := c.div(c.crossed(s), c.spread("count"))
		q := c.fours()
		c.chains(func(k int, off reg.Register) {
			d := c.sub(c.at(x, off), mu)
			c.VADDPS(c.mul(d, d), q[k], q[k])
		})
		variance := c.div(c.crossed(q), c.spread("count"))
		c.VMOVUPS(mu, index(mean, c.off, 1))
		c.VMOVUPS(c.div(c.number(1), c.sqrt(c.add(variance, c.spread("epsilon")))), index(rate, c.off, 1))
	})
}

// either writes body twice, without and with the activation, and picks by the parameter silu.
func (i isa) either(body func(silu bool)) {
	plain, end := i.label("plain"), i.label("end")
	i.CMPQ(i.mem("silu"), operand.U8(0))
	i.JE(to(plain))
	body(true)
	i.JMP(to(end))
	i.Label(plain)
	body(false)
	i.Label(end)
}

func (i isa) groupNorm() {
	i.begin("groupNorm", "dst, x, mean, rate *float32, m, w, ld int, scale, shift float32, silu int",
		"sets dst = (x - mean) rate scale + shift, each of w columns, a multiple of 16, with its own mean and rate; if silu, then u/(1 + e^-u). m ≥ 1.")
	x, dst, means, rates := i.load("x"), i.load("dst"), i.load("mean"), i.load("rate")
	a, b := i.spread("scale"), i.spread("shift")
	i.each(func(c column) {
		mean, rate := c.at(means, c.off), c.at(rates, c.off)
		c.either(func(silu bool) {
			c.down(func(off reg.Register) {
				u := c.add(c.mul(c.mul(c.sub(c.at(x, off), mean), rate), a), b)
				if silu {
					u = c.div(u, c.logistic(c.sub(c.zeroed(), u)))
				}
				c.VMOVUPS(u, index(dst, off, 1))
			})
		})
	})
}

func (i isa) groupSums() {
	i.begin("groupSums", "sgy, sg, back, x, mean, rate, grad *float32, m, w, ld int, scale, shift float32, silu int",
		"sets sgy = Σ g y and sg = Σ g down w columns, a multiple of 16, in four chains, y = (x - mean) rate; g is grad, or if silu, back = grad times the slope of u/(1 + e^-u) at u = y scale + shift. m ≥ 1.")
	x, from, means, rates := i.load("x"), i.GP64(), i.load("mean"), i.load("rate")
	i.each(func(c column) {
		mean, rate := c.at(means, c.off), c.at(rates, c.off)
		normal := func(off reg.Register) reg.VecVirtual { return c.mul(c.sub(c.at(x, off), mean), rate) }
		c.MOVQ(c.mem("grad"), from)
		c.either(func(silu bool) {
			if !silu {
				return
			}
			a, b, back := c.spread("scale"), c.spread("shift"), c.load("back")
			c.down(func(off reg.Register) {
				u := c.add(c.mul(normal(off), a), b)
				c.VMOVUPS(c.mul(c.at(from, off), c.slope(c.logistic(c.sub(c.zeroed(), u)), u)), index(back, off, 1))
			})
			c.MOVQ(back, from)
		})
		sg, sgy := c.fours(), c.fours()
		c.chains(func(k int, off reg.Register) {
			g := c.at(from, off)
			c.VADDPS(g, sg[k], sg[k])
			c.VADDPS(c.mul(g, normal(off)), sgy[k], sgy[k])
		})
		p := c.GP64()
		c.MOVQ(c.mem("sg"), p)
		c.VMOVUPS(c.crossed(sg), index(p, c.off, 1))
		c.MOVQ(c.mem("sgy"), p)
		c.VMOVUPS(c.crossed(sgy), index(p, c.off, 1))
	})
}

func (i isa) groupGrad() {
	i.begin("groupGrad", "dst, x, mean, rate, grad, mg, mgy *float32, m, w, ld int, scale float32",
		"sets dst = rate (grad scale - mg - y mgy), y = (x - mean) rate, each of w columns, a multiple of 16, with its own numbers. m ≥ 1.")
	x, dst, grad := i.load("x"), i.load("dst"), i.load("grad")
	a := i.spread("scale")
	i.each(func(c column) {
		var own [4]reg.VecVirtual
		for k, name := range []string{"mean", "rate", "mg", "mgy"} {
			p := c.GP64()
			c.MOVQ(c.mem(name), p)
			own[k] = c.at(p, c.off)
		}
		c.down(func(off reg.Register) {
			y := c.mul(c.sub(c.at(x, off), own[0]), own[1])
			g := c.sub(c.mul(c.at(grad, off), a), own[2])
			c.VMOVUPS(c.mul(own[1], c.sub(g, c.mul(y, own[3]))), index(dst, off, 1))
		})
	})
}

func (i isa) addRow() {
	i.begin("addRow", "dst, x, v *float32, m, w, ld int", "sets dst = x + v, v being one row for all; w is a multiple of 16 and m ≥ 1.")
	x, dst, v := i.load("x"), i.load("dst"), i.load("v")
	i.each(func(c column) {
		a := c.at(v, c.off)
		c.down(func(off reg.Register) { c.VMOVUPS(c.add(c.at(x, off), a), index(dst, off, 1)) })
	})
}

// channelGradAdd is channelGrad with a further gradient on top.
func (i isa) channelGradAdd() {
	i.begin("channelGradAdd", "dst, x, mean, rate, scale, grad, sgy, sg, add *float32, m, n int, count float32",
		"sets dst = (rate scale)(grad - sg/count - (x - mean)(rate (sgy/count))) + add, each row with its own numbers. m, n ≥ 1.")
	r := i.row()
	x, dst, grad, more := i.load("x"), i.load("dst"), i.load("grad"), i.load("add")
	r.each([]reg.GPVirtual{x, dst, grad, more}, func() {
		mean, rate := r.own("mean"), r.own("rate")
		a := r.mul(rate, r.own("scale"))
		mg, mgy := r.div(r.own("sg"), r.spread("count")), r.mul(rate, r.div(r.own("sgy"), r.spread("count")))
		r.pieces(func(h, disp int, off reg.Register, m *mask) {
			d := r.sub(r.loadMasked(along(x, off, disp), m), mean)
			g := r.sub(r.loadMasked(along(grad, off, disp), m), mg)
			dx := r.mul(a, r.sub(g, r.mul(d, mgy)))
			r.storeMasked(r.add(dx, r.loadMasked(along(more, off, disp), m)), along(dst, off, disp), m)
		})
	})
	i.end()
}
