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

// logistic is 1 + e^u, which divides.
func (i isa) logistic(u reg.VecVirtual) reg.VecVirtual { return i.add(i.number(1), i.exp(u)) }

// slope is s + u s (1 - s), s = 1/d: the derivative of x/(1 + e^-u), where d is 1 + e^-u, and u stands for x du/dx.
func (i isa) slope(d, u reg.VecVirtual) reg.VecVirtual {
	s := i.div(i.number(1), d)
	t := i.vec()
	i.VMOVAPS(s, t)
	i.VFNMADD231PS(s, s, t)
	return i.fma(u, t, s)
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
				return i.div(v, i.logistic(i.mul(v, i.fma(i.mul(v, v), i.number(-geluB), i.number(-geluA)))))
			}),
		},
		{
			"geluGrad", "sets dst = g times the derivative of x/(1 + e^-u), u = x (a + b x²).",
			[]string{"dst", "x", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				v := x["x"]
				q := i.mul(v, v)
				d := i.logistic(i.mul(v, i.fma(q, i.number(-geluB), i.number(-geluA))))
				u := i.mul(v, i.fma(q, i.number(3*geluB), i.number(geluA)))
				return i.mul(x["grad"], i.slope(d, u))
			}),
		},
		{
			"silu", "sets dst = x/(1 + e^-x).",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.div(x["x"], i.logistic(i.sub(i.zeroed(), x["x"]))) }),
		},
		{
			"siluGrad", "sets dst = g times the derivative of x/(1 + e^-x).",
			[]string{"dst", "x", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.mul(x["grad"], i.slope(i.logistic(i.sub(i.zeroed(), x["x"])), x["x"]))
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
				return i.add(i.atLeast(i.zeroed(), x["x"]), i.fma(p, q, i.sub(q, i.number(1))))
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
