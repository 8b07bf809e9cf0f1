package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The denoiser: a U of linear layers whose input is a noisy point and, behind it, features of the time, which
// are added to every block. Its states are enc 1 … enc n, mid (also: code), dec n … dec 1. Where the point has
// as many numbers as enc 1, it is enc 1; else a first layer makes it so.

const (
	matchParameters = "parameters"
	matchNone       = "none"
)

func ddpmFamily() family {
	return family{name: FamilyDDPM, read: readDenoiser, chain: denoiserChain, build: (*builder).denoiser, sketch: denoiserSketch}
}

// ldmFamily is the denoiser of a latent: the same net, and an autoencoder that is trained before it.
func ldmFamily() family {
	f := ddpmFamily()
	f.name = FamilyLDM
	f.read = func(f *fields, s *Spec) {
		readDenoiser(f, s)
		s.Autoencoder = f.net("autoencoder", FamilyAutoencoder, `{"widths":[64,48,12,48,64]}`)
	}
	return f
}

// net reads a net within a net, or absent.
func (f *fields) net(field, family, absent string) *Spec {
	raw, ok := f.raw(field)
	if !ok {
		if absent == "" {
			f.fail(field, "is missing")
			return nil
		}
		raw = []byte(absent)
	}
	obj, err := object(raw)
	if err != nil {
		f.fail(field, "%v", err)
		return nil
	}
	s, err := read(&fields{obj: obj, at: f.at + field + "."}, family)
	if err != nil && f.err == nil {
		f.err = err
	}
	return &s
}

func readDenoiser(f *fields, s *Spec) {
	s.Widths = f.sizes("widths", nil, 3)
	s.Time = f.size("time", 16)
	s.Norm = f.word("norm", "none", norms("layernorm", "batchnorm"))
	s.Affine = f.flag("affine", false)
	s.Order = f.word("order", orderBranch, []string{orderBranch, orderPost})
	s.Match = f.word("match", matchParameters, []string{matchParameters, matchNone})
	f.starts(s, "he")
	if n := len(s.Widths); n > 0 && n%2 == 0 {
		f.fail("widths", "%d of them have no middle; a U has an odd number", n)
	}
}

func denoiserChain(s Spec, _ int) chain {
	n := len(s.Widths) - 1
	c := chain{blocks: n, counter: "k", depth: n, levels: n / 2, names: map[string]int{"mid": n / 2, "code": n / 2}}
	for i := 1; i <= c.levels; i++ {
		c.names[fmt.Sprintf("enc %d", i)] = i - 1
		c.names[fmt.Sprintf("dec %d", i)] = n - i + 1
	}
	return c
}

func (b *builder) denoiser() *G.Node {
	s, n := b.spec, b.io.Out
	if b.io.In != n+s.Time {
		return b.fail("time: the task gives %d inputs, the noisy point has %d, so %d remain for features of the time and not %d", b.io.In, n, b.io.In-n, s.Time)
	}
	in := b.rows()
	if b.err != nil {
		return nil
	}
	x := b.try(ops.Columns("point", in, 0, n))
	time := b.try(ops.Columns("time", in, n, n+s.Time))
	if b.err != nil {
		return nil
	}
	widths := s.denoiserWidths(b.edges, n)
	if n != s.Widths[0] {
		x = b.act("stem", b.timed("stem", x, time, s.Widths[0], 1))
	}
	if b.err != nil {
		return nil
	}
	kind, after := s.normPlace()
	states := b.run(x, body{
		branch: func(k int, name string, x *G.Node) *G.Node {
			x = b.timed(name, x, time, widths[k], 0)
			if kind != "" && !after {
				x = b.norm(name+".norm", x)
			}
			if s.Order == orderBranch {
				x = b.act(name, x)
			}
			return b.dropped(name, x)
		},
		after: b.afterJoin,
	})
	return b.head(states[len(states)-1])
}

// timed is a linear layer of x and of the time.
func (b *builder) timed(name string, x, time *G.Node, out, stem int) *G.Node {
	st, shrink := b.branchStart(1, 1)
	if stem == 1 {
		st, shrink = b.start(), 1
	}
	t := b.linearOf(name+".time", time, out, b.start(), 1, false)
	h := b.linearOf(name, x, out, st, shrink, true)
	if b.err != nil {
		return nil
	}
	return b.try(ops.AddScaled(name+".time", t, h, 1))
}

// denoiserWidths are the widths of the blocks. Where skips join by concat, a decoder reads more and would
// have more parameters; the study makes its layers narrower by one factor, the largest of 64ths with which
// the net has no more parameters than without its skips.
func (s Spec) denoiserWidths(edges []Edge, n int) []int {
	wide := map[int]bool{}
	for _, e := range edges {
		if e.Skip.Join == JoinConcat {
			wide[e.To] = true
		}
	}
	if s.Match != matchParameters || len(wide) == 0 {
		return s.Widths
	}
	limit := s.denoiserSize(s.Widths, nil, n)
	narrow := append([]int(nil), s.Widths...)
	for part := 64; part > 1; part-- {
		for k := len(s.Widths)/2 + 1; k < len(s.Widths); k++ {
			narrow[k] = max(1, s.Widths[k]*part/64)
		}
		if s.denoiserSize(narrow, edges, n) <= limit {
			break
		}
	}
	return narrow
}

// denoiserSize counts the parameters of a denoiser of such widths, those of its joins left out.
func (s Spec) denoiserSize(widths []int, edges []Edge, n int) int {
	full := append([]int(nil), widths...) // of the states: with what concat adds
	size := 0
	if n != widths[0] {
		size = (n + s.Time + 1) * widths[0]
	}
	for k := 1; k < len(widths); k++ {
		size += (full[k-1] + s.Time + 1) * widths[k]
		for _, e := range edges {
			if e.To == k && e.Skip.Join == JoinConcat {
				full[k] += full[e.From]
			}
		}
	}
	return size + (full[len(full)-1]+1)*n
}
