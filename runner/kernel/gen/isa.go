package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// isa is one instruction set with the file being written. Most vector instructions have one name for both
// widths, so that kernels are written once.
type isa struct {
	*build.Context
	family string
	wide   bool // AVX-512
	lanes  int
	seen   *scope
	calls  *calls
}

// scope numbers labels and remembers constants, which are per file and set.
type scope struct {
	labels    int
	constants map[uint32]operand.Mem
	asked     []uint32                  // constants in the order they were asked for first
	pinned    map[uint32]reg.VecVirtual // those that stay in a register for the whole function
	window    operand.Mem
	windowed  bool
	triangle  operand.Mem
}

func newISA(c *build.Context, family string, wide bool, calls *calls) isa {
	i := isa{Context: c, family: family, wide: wide, lanes: 8, seen: &scope{constants: map[uint32]operand.Mem{}}, calls: calls}
	if wide {
		i.lanes = 16
	}
	return i
}

func (i isa) suffix() string {
	if i.wide {
		return "AVX512"
	}
	return "AVX2"
}

// begin opens a function; params is a Go parameter list.
func (i isa) begin(name, params, doc string) {
	i.seen.pinned = nil
	i.calls.note(name, params, i.wide)
	i.Function(name + i.suffix())
	i.Attributes(attr.NOSPLIT)
	i.Pragma("noescape")
	i.SignatureExpr("func(" + params + ")")
	i.Doc(name + i.suffix() + " " + doc)
}

// end closes a function: mixing wide registers with the scalar code of Go costs without VZEROUPPER.
func (i isa) end() {
	i.VZEROUPPER()
	i.RET()
}

func (i isa) vec() reg.VecVirtual {
	if i.wide {
		return i.ZMM()
	}
	return i.YMM()
}

func (i isa) zeroed() reg.VecVirtual {
	v := i.vec()
	i.clear(v)
	return v
}

func (i isa) clear(v reg.VecVirtual) {
	if !i.wide {
		i.VXORPS(v, v, v)
		return
	}
	in, err := x86.VPXORD(v, v, v)
	if err != nil {
		panic(err)
	}
	in.CancellingInputs = true // or v would count as read, and so as taken, from the function's start
	i.Instruction(in)
}

func (i isa) mem(param string) operand.Mem {
	b, err := i.Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

func (i isa) load(param string) reg.GPVirtual {
	r := i.GP64()
	i.Load(i.Param(param), r)
	return r
}

// spread is a scalar parameter in all lanes.
func (i isa) spread(param string) reg.VecVirtual {
	v := i.vec()
	i.VBROADCASTSS(i.mem(param), v)
	return v
}

// number is a constant in all lanes.
func (i isa) number(x float32) reg.VecVirtual { return i.bits(math.Float32bits(x)) }

func (i isa) bits(b uint32) reg.VecVirtual {
	if v, ok := i.seen.pinned[b]; ok {
		return v
	}
	m, ok := i.seen.constants[b]
	if !ok {
		i.seen.asked = append(i.seen.asked, b)
		m = i.ConstData(fmt.Sprintf("%s%s_%08x", i.family, i.suffix(), b), operand.U32(b))
		i.seen.constants[b] = m
	}
	v := i.vec()
	i.VBROADCASTSS(m, v)
	return v
}

// pin loads the constants that body asks for ahead of it; body is only looked at. Sixteen registers are too
// few for that.
func (i isa) pin(body func(i isa)) {
	if !i.wide {
		return
	}
	look := newISA(build.NewContext(), i.family, i.wide, &calls{})
	look.Function("look")
	body(look)
	if len(look.seen.asked) > 18 {
		panic("too many constants to pin")
	}
	pinned := map[uint32]reg.VecVirtual{}
	for _, b := range look.seen.asked {
		pinned[b] = i.bits(b)
	}
	i.seen.pinned = pinned
}

// label is a name used once in the file.
func (i isa) label(what string) string {
	i.seen.labels++
	return fmt.Sprintf("%s%d", what, i.seen.labels)
}

func to(label string) operand.LabelRef { return operand.LabelRef(label) }

func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

func index(base, idx reg.Register, scale uint8) operand.Mem {
	return operand.Mem{Base: base, Index: idx, Scale: scale}
}

// mask covers the first lanes of a vector.
type mask struct {
	k reg.OpmaskVirtual
	v reg.VecVirtual
}

// first makes a mask of the first count lanes, 0 ≤ count ≤ lanes; count is kept.
func (i isa) first(count reg.Register) mask {
	if i.wide {
		k, one := i.K(), i.GP32()
		i.MOVQ(count, reg.RCX)
		i.MOVL(operand.U32(1), one)
		i.SHLL(reg.CL, one)
		i.DECL(one)
		i.KMOVW(one, k)
		return mask{k: k}
	}
	t, w := i.GP64(), i.windowTable()
	i.LEAQ(w, t)
	neg := i.GP64()
	i.MOVQ(count, neg)
	i.NEGQ(neg)
	v := i.YMM()
	i.VMOVUPS(operand.Mem{Base: t, Index: neg, Scale: 4, Disp: 32}, v)
	return mask{v: v}
}

// windowTable is eight words of ones and then eight of zeros: from any place in it, a mask.
func (i isa) windowTable() operand.Mem {
	if !i.seen.windowed {
		i.seen.window = i.StaticGlobal(i.family + "Window")
		i.DataAttributes(attr.RODATA | attr.NOPTR)
		for range 8 {
			i.AppendDatum(operand.U32(math.MaxUint32))
		}
		for range 8 {
			i.AppendDatum(operand.U32(0))
		}
		i.seen.windowed = true
	}
	return i.seen.window
}

// loadMasked gives zero in the lanes outside m and touches no memory there; a nil m loads all lanes.
func (i isa) loadMasked(from operand.Mem, m *mask) reg.VecVirtual {
	v := i.vec()
	switch {
	case m == nil:
		i.VMOVUPS(from, v)
	case i.wide:
		i.VMOVUPS_Z(from, m.k, v)
	default:
		i.VMASKMOVPS(from, m.v, v)
	}
	return v
}

func (i isa) storeMasked(v reg.VecVirtual, where operand.Mem, m *mask) {
	switch {
	case m == nil:
		i.VMOVUPS(v, where)
	case i.wide:
		i.VMOVUPS(v, m.k, where)
	default:
		i.VMASKMOVPS(v, m.v, where)
	}
}

// keepPositive zeroes the lanes of v whose number in sign is not above zero, by its bits as an integer.
func (i isa) keepPositive(v, sign reg.VecVirtual) {
	if i.wide {
		k, zero := i.K(), i.zeroed()
		i.VPCMPGTD(zero, sign, k)
		i.VMOVAPS_Z(v, k, v)
		return
	}
	t := i.zeroed()
	i.VPCMPGTD(t, sign, t)
	i.VANDPS(t, v, v)
}
