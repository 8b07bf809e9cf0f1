package main

import (
	"github.com/mmcloughlin/avo/reg"
)

// form is one of Winograd's: a tile of side² numbers gives out² outputs of a convolution with taps² weights.
// Its points are 0, 1, -1 and infinity, with a side of six also 2 and -2.
type form struct {
	name            string
	out, taps, side int
}

func forms() []form { return []form{{"f23", 2, 3, 4}, {"f43", 4, 3, 6}, {"f25", 2, 5, 6}} }

// winograds writes the transforms around Winograd's products (Lavin & Gray 2016); lanes are the batch, or
// weights beside each other. Everything two-dimensional is done along one axis and then along the other.
func winograds(i isa) {
	for _, side := range []int{4, 6} {
		i.expand(map[int]string{4: "tile4", 6: "tile6"}[side], "sets the planes of v to the transformed tile at x", side, side,
			func(c coefficients, rows []int, d func(int) reg.VecVirtual) []reg.VecVirtual {
				return form{side: side}.tileLine(c, rows, d)
			})
	}
	for _, f := range forms() {
		i.collapse(f)
		i.weightsIn(f)
		if f.side == 6 {
			i.expand(f.name+"Grad", "sets the planes of v to the transformed tile of output gradients at x", f.out, f.side, f.gradLine)
			i.weightsOut(f)
		}
	}
	i.dots()
}

// coefficients are constants in all lanes; AVX-512 has registers to keep them in.
type coefficients struct {
	isa
	kept map[float32]reg.VecVirtual
}

func (i isa) coefficients(x ...float32) coefficients {
	c := coefficients{i, map[float32]reg.VecVirtual{}}
	if i.wide {
		for _, v := range x {
			c.kept[v] = i.number(v)
		}
	}
	return c
}

func (c coefficients) of(x float32) reg.VecVirtual {
	if v, ok := c.kept[x]; ok {
		return v
	}
	return c.number(x)
}

// times is z + k x, in a register of its own.
func (c coefficients) times(k float32, x, z reg.VecVirtual) reg.VecVirtual {
	v := c.vec()
	c.VMOVAPS(z, v)
	if k < 0 {
		c.VFNMADD231PS(c.of(-k), x, v)
	} else {
		c.VFMADD231PS(c.of(k), x, v)
	}
	return v
}

// once loads each number of a line at most once.
func once(d func(int) reg.VecVirtual) func(int) reg.VecVirtual {
	have := map[int]reg.VecVirtual{}
	return func(k int) reg.VecVirtual {
		if _, ok := have[k]; !ok {
			have[k] = d(k)
		}
		return have[k]
	}
}

// lines gives the rows asked for; each of make may give several of them.
func lines(rows []int, make func(r int, set func(r int, v reg.VecVirtual))) []reg.VecVirtual {
	made := map[int]reg.VecVirtual{}
	var out []reg.VecVirtual
	for _, r := range rows {
		if _, ok := made[r]; !ok {
			make(r, func(r int, v reg.VecVirtual) { made[r] = v })
		}
		out = append(out, made[r])
	}
	return out
}

// tileLine is Bᵀ d.
func (f form) tileLine(c coefficients, rows []int, d func(int) reg.VecVirtual) []reg.VecVirtual {
	return lines(rows, func(r int, set func(int, reg.VecVirtual)) {
		switch {
		case f.side == 4 && r == 0:
			set(0, c.sub(d(0), d(2)))
		case f.side == 4 && r == 1:
			set(1, c.add(d(1), d(2)))
		case f.side == 4 && r == 2:
			set(2, c.sub(d(2), d(1)))
		case f.side == 4:
			set(3, c.sub(d(1), d(3)))
		case r == 0:
			v := c.times(4, d(0), d(4))
			c.VFNMADD231PS(c.of(5), d(2), v)
			set(0, v)
		case r == 1 || r == 2:
			a, b := c.times(-4, d(2), d(4)), c.times(-4, d(1), d(3))
			set(1, c.add(a, b))
			set(2, c.sub(a, b))
		case r == 3 || r == 4:
			a, b := c.sub(d(4), d(2)), c.sub(d(3), d(1))
			set(3, c.times(2, b, a))
			set(4, c.times(-2, b, a))
		default:
			v := c.times(4, d(1), d(5))
			c.VFNMADD231PS(c.of(5), d(3), v)
			set(5, v)
		}
	})
}

// outLine is Aᵀ m.
func (f form) outLine(c coefficients, rows []int, m func(int) reg.VecVirtual) []reg.VecVirtual {
	if f.side == 4 {
		return lines(rows, func(r int, set func(int, reg.VecVirtual)) {
			if r == 0 {
				set(0, c.add(c.add(m(0), m(1)), m(2)))
			} else {
				set(1, c.sub(c.sub(m(1), m(2)), m(3)))
			}
		})
	}
	return c.powers(rows, f.out, [4]func() reg.VecVirtual{
		func() reg.VecVirtual { return c.add(m(1), m(2)) },
		func() reg.VecVirtual { return c.sub(m(1), m(2)) },
		func() reg.VecVirtual { return c.add(m(3), m(4)) },
		func() reg.VecVirtual { return c.sub(m(3), m(4)) },
	}, func(v reg.VecVirtual) reg.VecVirtual { return c.add(m(0), v) }, m)
}

// tapLine is Gᵀ m.
func (f form) tapLine(c coefficients, rows []int, m func(int) reg.VecVirtual) []reg.VecVirtual {
	return c.powers(rows, f.taps, [4]func() reg.VecVirtual{
		func() reg.VecVirtual { return c.mul(c.add(m(1), m(2)), c.of(-1.0/6)) },
		func() reg.VecVirtual { return c.mul(c.sub(m(1), m(2)), c.of(-1.0/6)) },
		func() reg.VecVirtual { return c.mul(c.add(m(3), m(4)), c.of(1.0/24)) },
		func() reg.VecVirtual { return c.mul(c.sub(m(3), m(4)), c.of(1.0/24)) },
	}, func(v reg.VecVirtual) reg.VecVirtual { return c.times(0.25, m(0), v) }, m)
}

// powers gives rows r of n: p[0] + 2^r p[2] of the even, p[1] + 2^r p[3] of the odd ones, the first with its
// own summand, the last with m(5).
func (c coefficients) powers(rows []int, n int, p [4]func() reg.VecVirtual, first func(reg.VecVirtual) reg.VecVirtual, m func(int) reg.VecVirtual) []reg.VecVirtual {
	var have [4]reg.VecVirtual
	get := func(k int) reg.VecVirtual {
		if have[k] == nil {
			have[k] = p[k]()
		}
		return have[k]
	}
	return lines(rows, func(r int, set func(int, reg.VecVirtual)) {
		var v reg.VecVirtual
		if r == 0 {
			v = c.add(first(get(0)), get(2))
		} else {
			v = c.times(float32(int(1)<<r), get(2+r%2), get(r%2))
		}
		if r == n-1 {
			c.VADDPS(m(5), v, v)
		}
		set(r, v)
	})
}

// gradLine is A y.
func (f form) gradLine(c coefficients, rows []int, y func(int) reg.VecVirtual) []reg.VecVirtual {
	// even and odd are the halves of the polynomial at 1 and at 2.
	even := func(k float32) reg.VecVirtual {
		switch {
		case f.out == 2:
			return y(0)
		case k == 1:
			return c.add(y(0), y(2))
		}
		return c.times(4, y(2), y(0))
	}
	odd := func(k float32) reg.VecVirtual {
		switch {
		case f.out == 2:
			return y(1)
		case k == 1:
			return c.add(y(1), y(3))
		}
		return c.times(4, y(3), y(1))
	}
	return lines(rows, func(r int, set func(int, reg.VecVirtual)) {
		switch r {
		case 0:
			set(0, y(0))
		case 1, 2:
			a, b := even(1), odd(1)
			set(1, c.add(a, b))
			set(2, c.sub(a, b))
		case 3, 4:
			a, b := even(2), odd(2)
			set(3, c.times(2, b, a))
			set(4, c.times(-2, b, a))
		default:
			set(5, y(f.out-1))
		}
	})
}

// weightLine is G g.
func (f form) weightLine(c coefficients, rows []int, g func(int) reg.VecVirtual) []reg.VecVirtual {
	n := f.taps
	// even and odd are the halves of the polynomial at 1 and, the odd one but for its factor, at 2.
	even := func(k float32) reg.VecVirtual {
		switch {
		case k == 1 && n == 3:
			return c.add(g(0), g(2))
		case k == 1:
			return c.add(c.add(g(0), g(2)), g(4))
		case n == 3:
			return c.times(4, g(2), g(0))
		}
		v := c.times(4, g(2), g(0))
		c.VFMADD231PS(c.of(16), g(4), v)
		return v
	}
	odd := func(k float32) reg.VecVirtual {
		switch {
		case n == 3:
			return g(1)
		case k == 1:
			return c.add(g(1), g(3))
		}
		return c.times(4, g(3), g(1))
	}
	return lines(rows, func(r int, set func(int, reg.VecVirtual)) {
		switch {
		case r == f.side-1:
			set(r, g(n-1))
		case r == 0 && f.side == 4:
			set(0, g(0))
		case r == 0:
			set(0, c.mul(g(0), c.of(0.25)))
		case r < 3:
			k := float32(-1.0 / 6)
			if f.side == 4 {
				k = 0.5
			}
			a, b := even(1), odd(1)
			set(1, c.mul(c.add(a, b), c.of(k)))
			set(2, c.mul(c.sub(a, b), c.of(k)))
		default:
			a, b := even(2), odd(2)
			set(3, c.mul(c.times(2, b, a), c.of(1.0/24)))
			set(4, c.mul(c.times(-2, b, a), c.of(1.0/24)))
		}
	})
}
