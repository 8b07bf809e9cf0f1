package main

import (
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mapping is a kernel that maps lanes to lanes: slices in, slices out, and numbers that hold for all lanes.
type mapping struct {
	name, doc string
	slices    []string // those in out are written
	out       []string
	scalars   []string
	body      func(i isa, x map[string]reg.VecVirtual, s map[string]reg.VecVirtual) map[string]reg.VecVirtual
}

type lanes = map[string]reg.VecVirtual

func elementwise(i isa) {
	for _, p := range mappings() {
		i.mapping(p)
	}
}

// mapping writes the loop over n numbers, a multiple of 16.
func (i isa) mapping(p mapping) {
	params := strings.Join(p.slices, ", ") + " *float32, n int"
	if len(p.scalars) > 0 {
		params += ", " + strings.Join(p.scalars, ", ") + " float32"
	}
	i.begin(p.name, params, p.doc+" n is a multiple of 16.")
	base := map[string]reg.GPVirtual{}
	for _, s := range p.slices {
		base[s] = i.load(s)
	}
	n := i.load("n")
	s := lanes{}
	for _, name := range p.scalars {
		s[name] = i.spread(name)
	}
	i.pin(func(i isa) {
		x, s := lanes{}, lanes{}
		for _, name := range p.slices {
			x[name] = i.vec()
		}
		for _, name := range p.scalars {
			s[name] = i.vec()
		}
		p.body(i, x, s)
	})
	off := i.GP64()
	i.XORQ(off, off)
	i.SHLQ(operand.U8(2), n)
	i.JE(to("done"))
	i.Label("loop")
	x := lanes{}
	for _, name := range p.slices {
		if name == "dst" {
			continue
		}
		x[name] = i.vec()
		i.VMOVUPS(index(base[name], off, 1), x[name])
	}
	y := p.body(i, x, s)
	for _, name := range p.out {
		i.VMOVUPS(y[name], index(base[name], off, 1))
	}
	i.ADDQ(operand.U8(4*i.lanes), off)
	i.CMPQ(off, n)
	i.JNE(to("loop"))
	i.Label("done")
	i.end()
}

func (i isa) add(a, b operand.Op) reg.VecVirtual { v := i.vec(); i.VADDPS(b, a, v); return v }
func (i isa) sub(a, b operand.Op) reg.VecVirtual { v := i.vec(); i.VSUBPS(b, a, v); return v }
func (i isa) mul(a, b operand.Op) reg.VecVirtual { v := i.vec(); i.VMULPS(b, a, v); return v }
func (i isa) div(a, b operand.Op) reg.VecVirtual { v := i.vec(); i.VDIVPS(b, a, v); return v }
func (i isa) sqrt(a operand.Op) reg.VecVirtual   { v := i.vec(); i.VSQRTPS(a, v); return v }

// atLeast is a where a > bound or a is no number, else bound.
func (i isa) atLeast(bound, a operand.Op) reg.VecVirtual {
	v := i.vec()
	i.VMAXPS(a, bound, v)
	return v
}

// atMost is a where a < bound or a is no number, else bound.
func (i isa) atMost(bound, a operand.Op) reg.VecVirtual {
	v := i.vec()
	i.VMINPS(a, bound, v)
	return v
}

// fma is x y + z, rounded once.
func (i isa) fma(x, y, z reg.VecVirtual) reg.VecVirtual {
	v := i.vec()
	i.VMOVAPS(z, v)
	i.VFMADD231PS(y, x, v)
	return v
}

// expParts cuts x = n ln 2 + r and gives p = e^r - 1 and q = 2^n; x must be within ±87.
func (i isa) expParts(x reg.VecVirtual) (p, q reg.VecVirtual) {
	magic := i.number(expMagic)
	t := i.fma(x, i.number(expLog2e), magic)
	n, r := i.sub(t, magic), i.vec()
	i.VMOVAPS(x, r)
	i.VFNMADD231PS(i.number(expLn2Hi), n, r)
	i.VFNMADD231PS(i.number(expLn2Lo), n, r)
	y := i.vec()
	i.VMOVAPS(i.number(expCoefficients[0]), y)
	for _, c := range expCoefficients[1:] {
		i.VFMADD213PS(i.number(c), r, y)
	}
	p = i.fma(i.mul(y, r), r, r)
	q = i.vec()
	i.VPSLLD(operand.U8(23), t, q)
	i.VPADDD(i.bits(127<<23), q, q)
	return p, q
}

// exp is e^x with x kept within the range of normal numbers.
func (i isa) exp(x reg.VecVirtual) reg.VecVirtual {
	x = i.atLeast(i.number(-expLimit), i.atMost(i.number(expLimit), x))
	p, q := i.expParts(x)
	return i.fma(p, q, q)
}

// The constants stand in runner/kernel/exp.go too; TestPathsGiveTheSameBits holds them equal.
const (
	expLimit = 87
	expLog2e = 1.44269504088896341
	expLn2Hi = 0.693147182464599609375
	expLn2Lo = -1.90465429995776804525e-9
	expMagic = 3 << 22
)

// expCoefficients are of (e^r - 1 - r)/r², highest power first: its Taylor sum.
var expCoefficients = []float32{1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2}

func mappings() []mapping {
	one := func(f func(i isa, x, s lanes) reg.VecVirtual) func(isa, lanes, lanes) lanes {
		return func(i isa, x, s lanes) lanes { return lanes{"dst": f(i, x, s)} }
	}
	dst := []string{"dst"}
	return []mapping{
		{
			"relu", "sets dst = x, or 0 where x < 0.",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.atLeast(i.zeroed(), x["x"]) }),
		},
		{
			"reluGrad", "sets dst = g where x > 0, else 0.",
			[]string{"dst", "x", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { i.keepPositive(x["grad"], x["x"]); return x["grad"] }),
		},
		{
			"add", "sets dst = a + b.",
			[]string{"dst", "a", "b"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.add(x["a"], x["b"]) }),
		},
		{
			"mul", "sets dst = a b.",
			[]string{"dst", "a", "b"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.mul(x["a"], x["b"]) }),
		},
		{
			"addScaled", "sets dst = x + s h.",
			[]string{"dst", "x", "h"},
			dst,
			[]string{"s"},
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.add(x["x"], i.mul(s["s"], x["h"])) }),
		},
		{
			"scale", "sets dst = s x.",
			[]string{"dst", "x"},
			dst,
			[]string{"s"},
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.mul(s["s"], x["x"]) }),
		},
		{
			"gate", "sets dst = x + t (h - x).",
			[]string{"dst", "x", "h", "t"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.add(x["x"], i.mul(x["t"], i.sub(x["h"], x["x"])))
			}),
		},
		{
			"gateGradX", "sets dst = g (1 - t).",
			[]string{"dst", "t", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.mul(x["grad"], i.sub(i.number(1), x["t"])) }),
		},
		{
			"gateGradT", "sets dst = g (h - x).",
			[]string{"dst", "x", "h", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.mul(x["grad"], i.sub(x["h"], x["x"])) }),
		},
		{
			"exp", "sets dst = e^x, x kept within ±87.",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual { return i.exp(x["x"]) }),
		},
		{
			"sigmoid", "sets dst = 1/(1 + e^-x).",
			[]string{"dst", "x"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.div(i.number(1), i.add(i.number(1), i.exp(i.sub(i.zeroed(), x["x"]))))
			}),
		},
		{
			"sigmoidGrad", "sets dst = g (y (1 - y)).",
			[]string{"dst", "y", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.mul(x["grad"], i.mul(x["y"], i.sub(i.number(1), x["y"])))
			}),
		},
		{"tanh", "sets dst = m/(m + 2) with m = e^2x - 1.", []string{"dst", "x"}, dst, nil, one(tanh)},
		{
			"tanhGrad", "sets dst = g (1 - y²).",
			[]string{"dst", "y", "grad"},
			dst, nil,
			one(func(i isa, x, s lanes) reg.VecVirtual {
				return i.mul(x["grad"], i.sub(i.number(1), i.mul(x["y"], x["y"])))
			}),
		},
		{
			"momentum", "sets v = mu v + (g + decay w), w -= rate v.",
			[]string{"w", "v", "grad"},
			[]string{"w", "v"},
			[]string{"rate", "mu", "decay"},
			func(i isa, x, s lanes) lanes {
				v := i.add(i.mul(s["mu"], x["v"]), i.add(x["grad"], i.mul(s["decay"], x["w"])))
				return lanes{"v": v, "w": i.sub(x["w"], i.mul(s["rate"], v))}
			},
		},
		{
			"unitMomentum", "sets v = mu v + unit g, w -= rate v.",
			[]string{"w", "v", "grad"},
			[]string{"w", "v"},
			[]string{"rate", "mu", "unit"},
			func(i isa, x, s lanes) lanes {
				v := i.add(i.mul(s["mu"], x["v"]), i.mul(s["unit"], x["grad"]))
				return lanes{"v": v, "w": i.sub(x["w"], i.mul(s["rate"], v))}
			},
		},
		{
			"adam", "is a step of Adam, bias corrections folded into rate and eps, after w = keep w.",
			[]string{"w", "m", "v", "grad"},
			[]string{"w", "m", "v"},
			[]string{"rate", "eps", "b1", "b2", "d1", "d2", "keep"},
			adam,
		},
	}
}

func tanh(i isa, x, _ lanes) reg.VecVirtual {
	t := i.add(x["x"], x["x"])
	t = i.atLeast(i.number(-20), i.atMost(i.number(20), t))
	p, q := i.expParts(t)
	m := i.fma(p, q, i.sub(q, i.number(1)))
	return i.div(m, i.add(m, i.number(2)))
}

func adam(i isa, x, s lanes) lanes {
	m := i.add(i.mul(s["b1"], x["m"]), i.mul(s["d1"], x["grad"]))
	v := i.add(i.mul(s["b2"], x["v"]), i.mul(s["d2"], i.mul(x["grad"], x["grad"])))
	step := i.div(i.mul(s["rate"], m), i.add(i.sqrt(v), s["eps"]))
	return lanes{"m": m, "v": v, "w": i.sub(i.mul(s["keep"], x["w"]), step)}
}
