package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// weightsIn makes side² numbers of each of count filters that lie one after the other.
func (i isa) weightsIn(f form) {
	i.begin(f.name+"Weights", "u, w *float32, count, uPlane, back int",
		"sets the planes of u to count transformed filters; back reads each from its end. count is a multiple of the lanes and not 0, distances in bytes.")
	taps := f.taps * f.taps
	step, u, w, plane, q := i.GP64(), i.load("u"), i.load("w"), i.load("uPlane"), i.GP64()
	i.MOVQ(operand.U32(4), step)
	i.CMPQ(i.mem("back"), operand.U8(0))
	i.JEQ(to("forward"))
	i.NEGQ(step)
	i.ADDQ(operand.U32(4*(taps-1)), w)
	i.Label("forward")
	places := i.steps(taps)
	i.Label("filters")
	i.MOVQ(u, q)
	for _, group := range i.some(f.side) {
		t := make([][]reg.VecVirtual, f.taps)
		for k := range t {
			t[k] = f.weightLine(i.coefficients(), group, once(func(r int) reg.VecVirtual { return i.gathered(w, step, places, r*f.taps+k) }))
		}
		for r := range group {
			for _, some := range i.some(f.side) {
				for _, v := range f.weightLine(i.coefficients(), some, func(k int) reg.VecVirtual { return t[k][r] }) {
					i.VMOVUPS(v, at(q, 0))
					i.ADDQ(plane, q)
				}
			}
		}
	}
	i.ADDQ(operand.U32(4*i.lanes), u)
	i.ADDQ(operand.U32(4*i.lanes*taps), w)
	i.SUBQ(operand.U8(i.lanes), i.mem("count"))
	i.JNE(to("filters"))
	i.end()
}

// steps are 0, taps, 2 taps, …: where the lanes' filters begin.
func (i isa) steps(taps int) operand.Mem {
	m := i.StaticGlobal(i.label(i.family + i.suffix() + "Steps"))
	i.DataAttributes(attr.RODATA | attr.NOPTR)
	for l := range i.lanes {
		i.AppendDatum(operand.U32(l * taps))
	}
	return m
}

func (i isa) gathered(base, step reg.Register, places operand.Mem, tap int) reg.VecVirtual {
	q, p, idx, v := i.GP64(), i.GP64(), i.vec(), i.vec()
	i.IMUL3Q(operand.U8(tap), step, q)
	i.ADDQ(base, q)
	i.LEAQ(places, p)
	from := operand.Mem{Base: q, Index: idx, Scale: 4}
	if i.wide {
		i.VMOVDQU32(at(p, 0), idx)
		k, all := i.K(), i.GP32()
		i.MOVL(operand.U32(0xffff), all)
		i.KMOVW(all, k)
		i.clear(v)
		i.VGATHERDPS(from, k, v)
		return v
	}
	all := i.vec()
	i.VMOVDQU(at(p, 0), idx)
	i.VPCMPEQD(all, all, all)
	i.VXORPS(v, v, v)
	i.VGATHERDPS(all, from, v)
	return v
}

// weightsOut makes the gradients of count filters from sums of products, plane by plane.
func (i isa) weightsOut(f form) {
	i.begin(f.name+"WeightGrad", "dw, m *float32, count, mPlane int",
		"sets count filters at dw from the planes of m. count is a multiple of the lanes and not 0, distances in bytes.")
	taps := f.taps * f.taps
	dw, m, q := i.load("dw"), i.load("m"), i.GP64()
	p := i.planes("mPlane", f.side)
	groups := [][]int{{0, 2}, {1}}
	if f.taps == 5 {
		groups = [][]int{{0, 4}, {2}, {1, 3}}
	}
	if !i.wide && f.taps == 5 {
		groups = [][]int{{0}, {1}, {2}, {3}, {4}}
	}
	i.Label("filters")
	for _, group := range groups {
		i.MOVQ(m, q)
		s := make([][]reg.VecVirtual, f.side)
		for r := range s {
			s[r] = f.tapLine(i.coefficients(), group, once(func(k int) reg.VecVirtual { return i.loadMasked(p.at(q, k), nil) }))
			i.LEAQ(p.next(q), q)
		}
		for n, col := range group {
			for k := range f.taps {
				v := f.tapLine(i.coefficients(), []int{k}, func(r int) reg.VecVirtual { return s[r][n] })
				i.scatter(v[0], dw, 4*(k*f.taps+col), 4*taps)
			}
		}
	}
	i.ADDQ(operand.U32(4*i.lanes), m)
	i.ADDQ(operand.U32(4*i.lanes*taps), dw)
	i.SUBQ(operand.U8(i.lanes), i.mem("count"))
	i.JNE(to("filters"))
	i.end()
}

// scatter stores the lanes of v apart.
func (i isa) scatter(v reg.VecVirtual, base reg.Register, disp, apart int) {
	for l := 0; l < i.lanes; l += 4 {
		x := i.XMM()
		switch {
		case i.wide:
			i.VEXTRACTF32X4(operand.U8(l/4), v, x)
		default:
			i.VEXTRACTF128(operand.U8(l/4), v, x)
		}
		for k := range 4 {
			i.VEXTRACTPS(operand.U8(k), x, at(base, disp+(l+k)*apart))
		}
	}
}

// dots multiplies rows with rows: sums over l numbers go to sixteen lanes that are folded by halves, in every
// plane and for every pair of an a and a b; both counts are multiples of four.
func (i isa) dots() {
	i.begin("dots", "m, a, b *float32, as, bs, l, planes, mRow, mPlane, aRow, aPlane, bRow, bPlane, more int",
		"sets m = a bᵀ in every plane, or adds to it if more; as and bs are multiples of 4, l of 16, none 0, distances in bytes.")
	rows := 4
	if !i.wide {
		rows = 2
	}
	d := dotted{isa: i, rows: rows, aRow: i.load("aRow"), bRow: i.load("bRow")}
	if i.wide {
		d.aRow3, d.bRow3 = i.GP64(), i.GP64()
		i.LEAQ(index(d.aRow, d.aRow, 2), d.aRow3)
		i.LEAQ(index(d.bRow, d.bRow, 2), d.bRow3)
	}
	i.Label("plane")
	aLeft, bLeft, a, b, m := i.AllocLocal(8), i.AllocLocal(8), i.GP64(), i.GP64(), i.GP64()
	aNow, bNow, mNow, t := i.AllocLocal(8), i.AllocLocal(8), i.AllocLocal(8), i.GP64()
	copied := func(from, to operand.Op) {
		i.MOVQ(from, t)
		i.MOVQ(t, to)
	}
	copied(i.mem("a"), aNow)
	copied(i.mem("m"), mNow)
	copied(i.mem("as"), aLeft)
	i.Label("a")
	copied(i.mem("b"), bNow)
	copied(i.mem("bs"), bLeft)
	i.MOVQ(mNow, m)
	i.Label("b")
	i.MOVQ(aNow, a)
	i.MOVQ(bNow, b)
	d.tile(a, b, m)
	i.LEAQ(index(d.bRow, d.bRow, 1), t)
	for range rows / 2 {
		i.ADDQ(t, bNow)
	}
	i.ADDQ(operand.U8(4*rows), m)
	i.SUBQ(operand.U8(rows), bLeft)
	i.JNE(to("b"))
	i.LEAQ(index(d.aRow, d.aRow, 1), t)
	for range rows / 2 {
		i.ADDQ(t, aNow)
	}
	i.MOVQ(i.mem("mRow"), t)
	for range rows {
		i.ADDQ(t, mNow)
	}
	i.SUBQ(operand.U8(rows), aLeft)
	i.JNE(to("a"))
	for _, s := range []string{"a", "b", "m"} {
		i.MOVQ(i.mem(s+"Plane"), t)
		i.ADDQ(t, i.mem(s))
	}
	i.DECQ(i.mem("planes"))
	i.JNE(to("plane"))
	i.end()
}

type dotted struct {
	isa
	rows        int
	aRow, aRow3 reg.GPVirtual
	bRow, bRow3 reg.GPVirtual
}

// tile makes rows × rows sums.
func (d dotted) tile(a, b, m reg.GPVirtual) {
	halves := 16 / d.lanes
	acc := make([][][]reg.VecVirtual, d.rows)
	for r := range acc {
		acc[r] = make([][]reg.VecVirtual, d.rows)
		for c := range acc[r] {
			for range halves {
				acc[r][c] = append(acc[r][c], d.zeroed())
			}
		}
	}
	count, again := d.GP64(), d.label("sum")
	d.MOVQ(d.mem("l"), count)
	d.Label(again)
	for h := range halves {
		places := func(q, row, row3 reg.GPVirtual) []operand.Mem {
			ps := []operand.Mem{at(q, 0), index(q, row, 1), index(q, row, 2), index(q, row3, 1)}[:d.rows]
			for k := range ps {
				ps[k].Disp = 32 * h
			}
			return ps
		}
		bs := make([]reg.VecVirtual, d.rows)
		for c, where := range places(b, d.bRow, d.bRow3) {
			bs[c] = d.loadMasked(where, nil)
		}
		for r, where := range places(a, d.aRow, d.aRow3) {
			v := d.loadMasked(where, nil)
			for c := range bs {
				d.VFMADD231PS(bs[c], v, acc[r][c][h])
			}
		}
	}
	d.ADDQ(operand.U8(64), a)
	d.ADDQ(operand.U8(64), b)
	d.SUBQ(operand.U8(16), count)
	d.JNE(to(again))
	v := d.folded(acc)
	mRow, q, fresh := d.GP64(), d.GP64(), d.label("fresh")
	d.MOVQ(d.mem("mRow"), mRow)
	parts := make([]reg.VecVirtual, d.rows)
	for r := range parts {
		parts[r] = d.XMM()
		switch {
		case d.wide:
			d.VEXTRACTF32X4(operand.U8(r), v, parts[r])
		default:
			d.VEXTRACTF128(operand.U8(r), v, parts[r])
		}
	}
	d.CMPQ(d.mem("more"), operand.U8(0))
	d.JEQ(to(fresh))
	d.MOVQ(m, q)
	for _, p := range parts {
		if d.wide {
			d.VADDPS(at(q, 0), p, p)
		} else {
			have := d.XMM()
			d.VMOVSD(at(q, 0), have)
			d.VADDPS(have, p, p)
		}
		d.ADDQ(mRow, q)
	}
	d.Label(fresh)
	d.MOVQ(m, q)
	for _, p := range parts {
		if d.wide {
			d.VMOVUPS(p, at(q, 0))
		} else {
			d.VMOVLPS(p, at(q, 0))
		}
		d.ADDQ(mRow, q)
	}
}

// folded brings the lanes of every sum together by halves; row r of the sums comes to part r of the result.
func (d dotted) folded(acc [][][]reg.VecVirtual) reg.VecVirtual {
	// both adds one half of x and y to the other: what of x stays before what of y.
	both := func(x, y reg.VecVirtual, pick func(low bool, x, y, v reg.VecVirtual)) reg.VecVirtual {
		p, q := d.vec(), d.vec()
		pick(true, x, y, p)
		pick(false, x, y, q)
		return d.add(p, q)
	}
	choose := func(op func(...operand.Op), low, high uint8) func(bool, reg.VecVirtual, reg.VecVirtual, reg.VecVirtual) {
		return func(first bool, x, y, v reg.VecVirtual) {
			imm := high
			if first {
				imm = low
			}
			op(operand.U8(imm), y, x, v)
		}
	}
	half := choose(d.VSHUFPS, 0x44, 0xee)
	pair := choose(d.VSHUFPS, 0x88, 0xdd)
	cols := make([]reg.VecVirtual, d.rows) // column c with one sum of each row in each part of four lanes
	for c := range cols {
		if d.wide {
			big, quarter := choose(d.VSHUFF32X4, 0x44, 0xee), choose(d.VSHUFF32X4, 0x88, 0xdd)
			cols[c] = both(both(acc[0][c][0], acc[1][c][0], big), both(acc[2][c][0], acc[3][c][0], big), quarter)
			continue
		}
		low, high := d.add(acc[0][c][0], acc[0][c][1]), d.add(acc[1][c][0], acc[1][c][1])
		cols[c] = both(low, high, choose(func(o ...operand.Op) { d.VPERM2F128(o[0], o[1], o[2], o[3]) }, 0x20, 0x31))
	}
	if d.wide {
		return both(both(cols[0], cols[1], half), both(cols[2], cols[3], half), pair)
	}
	x := both(cols[0], cols[1], half)
	return both(x, x, pair)
}
