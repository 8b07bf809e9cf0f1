package main

import (
	"github.com/mmcloughlin/avo/reg"
)

// smooth writes the activations that are more than a maximum, and their derivatives.
func smooth(i isa) {
	for _, p := range smoothMappings() {
		i.mapping(p)
	}
}

// The constants of GELU stand in runner/kernel/smooth.go too.
const (
	geluA = 1.5957691216057308
	geluB = geluA * 0.044715
)

// logistic is 1 + e^-u, which divides.
func (i isa) logistic(u reg.VecVirtual) reg.VecVirtual {
	return i.add(i.number(1), i.exp(i.sub(i.zeroed(), u)))
}

// slope is 1/d + u (1/d)(1 - 1/d): of x/(1 + e^-u(x)), with u for x du/dx.
func (i isa) slope(d, u reg.VecVirtual) reg.VecVirtual {
	s := i.div(i.number(1), d)
	return i.add(s, i.mul(u, i.mul(s, i.sub(i.number(1), s))))
}

// unlessPositive is a where the bits of sign, as an integer, are above zero, else b.
func (i isa) unlessPositive(sign, a, b reg.VecVirtual) reg.VecVirtual {
	zero := i.zeroed()
	if i.wide {
		k := i.K()
		i.VPCMPGTD(zero, sign, k)
		i.VMOVAPS(a, k, b)
		return b
	}
	t, v := i.vec(), i.vec()
	i.VPCMPGTD(zero, sign, t)
	i.VBLENDVPS(t, a, b, v)
	return v
}

func smoothMappings() []mapping {
	one := func(f func(i isa, x, s lanes) reg.VecVirtual) func(isa, lanes, lanes) lanes {
		return func(i isa, x, s lanes) lanes { return lanes{"dst": f(i, x, s)} }
	}
	dst := []string{"dst"}
	below := func(i isa, x reg.VecVirtual) reg.VecVirtual { return i.atMost(i.zeroed(), x) }
	return []mapping{
		{
			"gelu", "sets dst = x/(1 + e^-u), u = x (a + b x²).",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				v := x["x"]
				b := i.mul(i.number(geluB), i.mul(v, v))
				return i.div(v, i.logistic(i.mul(v, i.add(b, i.number(geluA)))))
			}),
		},
		{
			"geluGrad", "sets dst = g times the derivative of x/(1 + e^-u), u = x (a + b x²).",
			[]string{"dst", "x", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				v := x["x"]
				b := i.mul(i.number(geluB), i.mul(v, v))
				d := i.logistic(i.mul(v, i.add(b, i.number(geluA))))
				u := i.mul(v, i.add(i.mul(i.number(3), b), i.number(geluA)))
				return i.mul(x["grad"], i.slope(d, u))
			}),
		},
		{
			"silu", "sets dst = x/(1 + e^-x).",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.div(x["x"], i.logistic(x["x"])) }),
		},
		{
			"siluGrad", "sets dst = g times the derivative of x/(1 + e^-x).",
			[]string{"dst", "x", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.mul(x["grad"], i.slope(i.logistic(x["x"]), x["x"]))
			}),
		},
		{
			"leakyRelu", "sets dst = x, or slope x where x is not above zero.",
			[]string{"dst", "x"},
			dst,
			[]string{"slope"},
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.unlessPositive(x["x"], x["x"], i.mul(x["x"], s["slope"]))
			}),
		},
		{
			"leakyReluGrad", "sets dst = g, or slope g where x is not above zero.",
			[]string{"dst", "x", "grad"},
			dst,
			[]string{"slope"},
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.unlessPositive(x["x"], x["grad"], i.mul(x["grad"], s["slope"]))
			}),
		},
		{
			"elu", "sets dst = x, or e^x - 1 where x < 0.",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				p, q := i.expParts(i.atLeast(i.number(-expLimit), below(i, x["x"])))
				m := i.add(i.mul(p, q), i.sub(q, i.number(1)))
				return i.add(i.atLeast(i.zeroed(), x["x"]), m)
			}),
		},
		{
			"eluGrad", "sets dst = g (1 + min(y, 0)).",
			[]string{"dst", "y", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.mul(x["grad"], i.add(i.number(1), below(i, x["y"])))
			}),
		},
	}
}
