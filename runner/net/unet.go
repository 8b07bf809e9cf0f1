package net

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// The U-Net. Its chain: enc 1 … enc n are convolved on the way down, mid is the bottom, dec n … dec 1 are
// the doubled pictures on the way up, at which the long skips end, and out n … out 1 what is convolved of
// them. A max-pool stands at the start of the block behind an enc.

const (
	upNearest = "nearest"
	upDeconv  = "deconv"
	fillNone  = "none"
	fillOwn   = "own upsampled features through a 1x1 convolution"
)

func unetFamily() family {
	return family{
		name: FamilyUnet,
		read: func(f *fields, s *Spec) {
			if s.Levels = f.size("levels", 0); s.Levels > 10 {
				f.fail("levels", "%d is not a whole number from 1 to 10", s.Levels)
				s.Levels = 0
			}
			if f.has("channels") {
				s.Channels = f.sizes("channels", nil, s.Levels+1)
				if f.err == nil && len(s.Channels) != s.Levels+1 {
					f.fail("channels", "%d numbers for %d levels and the middle", len(s.Channels), s.Levels)
				}
			} else {
				s.Base = f.size("base", 0)
			}
			s.Layers = f.size("layers", 1)
			s.Kernel = f.size("kernel", 3)
			s.Up = f.word("up", upNearest, []string{upNearest, upDeconv})
			s.Fill = f.word("fill", fillNone, []string{fillNone, fillOwn})
			f.pictureNorm(s)
			s.Order = f.word("order", orderPost, []string{orderPost})
			f.starts(s, "he")
			if s.Kernel%2 == 0 {
				f.fail("kernel", "%d is even; a convolution that keeps the picture's size is odd", s.Kernel)
			}
		},
		chain: func(s Spec, _ int) chain {
			c := chain{blocks: 3*s.Levels + 1, counter: "k", levels: s.Levels, names: map[string]int{"mid": s.Levels + 1}}
			for i := 1; i <= s.Levels; i++ {
				c.names[fmt.Sprintf("enc %d", i)] = i
				c.names[fmt.Sprintf("dec %d", i)] = s.Levels + 2 + 2*(s.Levels-i)
				c.names[fmt.Sprintf("out %d", i)] = s.Levels + 3 + 2*(s.Levels-i)
			}
			c.depth = c.blocks
			return c
		},
		build:  (*builder).unet,
		sketch: unetSketch,
	}
}

// channel is how many channels level i has, the middle being levels+1: base, twice and from there on four
// times it.
func (s Spec) channel(i int) int {
	if s.Channels != nil {
		return s.Channels[i-1]
	}
	return s.Base * min(4, 1<<(i-1))
}

// unetPlace says where block k of the chain stands: down at level i (the middle being levels+1), up to
// level i, or out at level i.
func (s Spec) unetPlace(k int) (kind string, level int) {
	if k <= s.Levels+1 {
		return "enc", k
	}
	k -= s.Levels + 2
	if k%2 == 0 {
		return "dec", s.Levels - k/2
	}
	return "out", s.Levels - k/2
}

func (s Spec) unetName(k int) string {
	kind, level := s.unetPlace(k)
	if kind == "enc" && level > s.Levels {
		return "mid"
	}
	return fmt.Sprintf("%s.%d", kind, level)
}

func (b *builder) unet() *G.Node {
	s := b.spec
	x := b.picture(b.rows())
	if b.err != nil {
		return nil
	}
	h, w := x.Shape()[1], x.Shape()[2]
	if n := 1 << s.Levels; h%n != 0 || w%n != 0 {
		return b.fail("levels: a picture of %d × %d cannot be halved %d times", h, w, s.Levels)
	}
	if b.io.Out%(h*w) != 0 {
		return b.fail("a unet answers every one of %d × %d pixels, the task wants %d numbers", h, w, b.io.Out)
	}
	states := b.run(x, body{
		name: s.unetName,
		branch: func(k int, name string, x *G.Node) *G.Node {
			kind, level := s.unetPlace(k)
			if kind == "dec" {
				return b.doubled(name, x, s.channel(level))
			}
			if kind == "enc" && level > 1 {
				x = b.try(ops.MaxPool(name+".pool", x, 2, 2))
			}
			return b.convs(name, x, s.channel(level))
		},
		after: func(k int, name string, out *G.Node) *G.Node {
			kind, level := s.unetPlace(k)
			if kind != "dec" || s.Fill != fillOwn || b.joined(k) {
				return out
			}
			own := b.conv(name+".fill", out, s.channel(level), 1, 1, b.start(), 1, true)
			if b.err != nil {
				return nil
			}
			return b.try(ops.ConcatChannels(name+".fill", own, out))
		},
	})
	top := states[len(states)-1]
	y := b.conv("head", top, b.io.Out/(h*w), 1, 1, b.start(), 1, true)
	if b.err != nil {
		return nil
	}
	return b.flat("head", y)
}

// joined says whether a skip ends at state k.
func (b *builder) joined(k int) bool {
	for _, e := range b.edges {
		if e.To == k {
			return true
		}
	}
	return false
}

func (b *builder) doubled(name string, x *G.Node, channels int) *G.Node {
	if b.spec.Up == upDeconv {
		return b.deconv(name, x, channels)
	}
	return b.try(ops.Upsample(name, x, 2))
}

// convs is the layers of a level, each a convolution, its norm and activation.
func (b *builder) convs(name string, x *G.Node, width int) *G.Node {
	kind, _ := b.spec.normPlace()
	for i := 1; i <= b.spec.Layers && b.err == nil; i++ {
		at := fmt.Sprintf("%s.%d", name, i)
		st, shrink := b.branchStart(i, b.spec.Layers)
		x = b.conv(at, x, width, b.spec.Kernel, 1, st, shrink, flag(b.spec.Bias))
		if kind != "" {
			x = b.norm(at+".norm", x)
		}
		x = b.act(at, x)
	}
	return b.dropped(name, x)
}
