package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// channelTotals sums rows in sixty-four lanes, so that several additions are under way at a time.
func (i isa) channelTotals() {
	i.begin("channelTotals", "dst, x *float32, m, n int", "sets dst to the sum of every row. m, n ≥ 1.")
	dst, x, bytes := i.load("dst"), i.load("x"), i.load("n")
	i.SHLQ(operand.U8(2), bytes)
	i.Label("row")
	s := make([]reg.VecVirtual, 64/i.lanes)
	for k := range s {
		s[k] = i.zeroed()
	}
	off, count := i.GP64(), i.load("n")
	i.XORQ(off, off)
	i.SHRQ(operand.U8(6), count)
	i.JE(to("rest"))
	i.Label("block")
	for k := range s {
		i.VADDPS(along(x, off, 4*i.lanes*k), s[k], s[k])
	}
	i.ADDQ(operand.U32(256), off)
	i.DECQ(count)
	i.JNE(to("block"))
	i.Label("rest")
	i.MOVQ(i.mem("n"), count)
	i.ANDQ(operand.U8(63), count)
	most := i.GP64()
	for k := range s {
		i.TESTQ(count, count)
		i.JE(to("fold"))
		some := i.GP64()
		i.MOVQ(operand.U32(i.lanes), most)
		i.MOVQ(count, some)
		i.CMPQ(some, most)
		i.CMOVQGT(most, some)
		m := i.first(some)
		i.VADDPS(i.loadMasked(along(x, off, 4*i.lanes*k), &m), s[k], s[k])
		i.SUBQ(some, count)
	}
	i.Label("fold")
	h := 16 / i.lanes
	r := row{isa: i}
	for k := range h { // four chains of sixteen lanes, crosswise
		s[k] = i.add(i.add(s[k], s[2*h+k]), i.add(s[h+k], s[3*h+k]))
	}
	total := r.fold(s[:h], i.VADDPS)
	i.VMOVSS(total.AsX(), at(dst, 0))
	i.ADDQ(operand.U8(4), dst)
	i.ADDQ(bytes, x)
	i.DECQ(i.mem("m"))
	i.JNE(to("row"))
	i.end()
}
