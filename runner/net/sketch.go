package net

import (
	"fmt"
	"slices"
	"strings"
)

// blockWords says what a block does to its state: the branch between brackets and what follows the join.
func (s Spec) blockWords(layer string) (branch, after string) {
	kind, late := s.normPlace()
	norm := ""
	if kind != "" && !late {
		norm = kind + " · "
	}
	switch s.Order {
	case orderPreact:
		branch = norm + s.Act + " · " + layer
	case orderBranch:
		branch = layer + strings.TrimSuffix(" · "+norm, " · ") + " · " + s.Act
	default:
		branch = layer + strings.TrimSuffix(" · "+norm, " · ")
	}
	if late {
		after = " · " + kind
	}
	if s.Order == orderPost {
		after += " · " + s.Act
	}
	return branch, after
}

func mlpSketch(s Spec, io IO) sketch {
	width, first := s.Width, s.Width
	if s.Family == FamilyDenseMLP {
		width, first = s.Growth, s.Stem
	}
	branch, after := s.blockWords(fmt.Sprintf("linear %d", width))
	tail := " ]"
	if s.Order == orderPreact {
		tail += dash + s.Act
	}
	tail += fmt.Sprintf("%slinear %d", dash, io.Out)
	f, _ := familyOf(s.Family)
	return repeated(fmt.Sprintf("input %d ─ linear %d ─ %d × [ ", io.In, first, s.Depth), branch+after, tail, s.Skip, f.chain(s, 0), 0)
}

func (io IO) inputWords() string {
	switch p := io.Picture; {
	case p != [3]int{}:
		return fmt.Sprintf("input %d×%d×%d", p[0], p[1], p[2])
	case io.Vocab > 0:
		return fmt.Sprintf("%d tokens of %d", io.Steps, io.Vocab)
	case io.Steps > 0:
		return fmt.Sprintf("%d steps of %d", io.Steps, io.In)
	}
	return fmt.Sprintf("input %d", io.In)
}

func convnetSketch(s Spec, io IO) sketch {
	f, _ := familyOf(s.Family)
	c := f.chain(s, 0)
	var lines []string
	head := fmt.Sprintf("%s ─ conv %d", io.inputWords(), s.Stem)
	for i, w := range s.Widths {
		layers := make([]string, s.Layers)
		for j := range layers {
			at := s
			if j < s.Layers-1 && s.Order == orderPost {
				at.Order = orderBranch
			}
			layers[j], _ = at.blockWords(fmt.Sprintf("conv %d", w))
		}
		_, after := s.blockWords("")
		down := ""
		if i > 0 {
			down = "½ " + s.Down + dash
		}
		lines = append(lines, fmt.Sprintf("%s%d × [ %s%s ]", down, s.Blocks[i], strings.Join(layers, " · "), after))
	}
	k := repeated(head+" ─ ", strings.Join(lines, dash), fmt.Sprintf("%smean%slinear %d", dash, dash, io.Out), s.Skip, c, 0)
	return k
}

func alexnetSketch(s Spec, io IO) sketch {
	parts := []part{{io.inputWords(), 0}}
	for i, w := range s.Conv {
		text := fmt.Sprintf("conv %d", w)
		if slices.Contains(s.Pool, i) {
			text = "½ " + text
		}
		parts = append(parts, part{text, i + 1})
	}
	for i, w := range s.FC {
		text := fmt.Sprintf("linear %d", w)
		if i == 0 && slices.Contains(s.Pool, len(s.Conv)) {
			text = "½ " + text
		}
		parts = append(parts, part{text, len(s.Conv) + i + 1})
	}
	return chained(s, append(parts, part{fmt.Sprintf("linear %d", io.Out), -1}), 0)
}

func unetSketch(s Spec, io IO) sketch {
	parts := []part{{io.inputWords(), 0}}
	for k := 1; k <= 3*s.Levels+1; k++ {
		kind, level := s.unetPlace(k)
		text := fmt.Sprintf("conv %d", s.channel(level))
		if s.Layers > 1 {
			text = fmt.Sprintf("%d × %s", s.Layers, text)
		}
		switch {
		case kind == "dec" && s.Fill == fillOwn && len(s.Skip) == 0:
			text = fmt.Sprintf("×2 +1×1 %d", s.channel(level))
		case kind == "dec":
			text = "×2"
		case kind == "enc" && level > 1:
			text = "½ " + text
		}
		parts = append(parts, part{text, k})
	}
	return chained(s, append(parts, part{"1×1", -1}), 0)
}

func transformerSketch(s Spec, io IO) sketch {
	kind, late := s.normPlace()
	norm, after := "", ""
	if kind != "" && !late {
		norm = kind + " · "
	} else if late {
		after = " · " + kind
	}
	body := fmt.Sprintf("%sattention %d×%d%s ] [ %slinear %d · %s · linear %d%s", norm, s.Heads, s.Width/max(1, s.Heads), after, norm, s.Feed, s.Act, s.Width, after)
	tail := " ]"
	if norm != "" {
		tail += dash + kind
	}
	f, _ := familyOf(s.Family)
	return repeated(fmt.Sprintf("%s ─ table %d + places ─ %d × [ ", io.inputWords(), s.Width, s.Depth), body, fmt.Sprintf("%s%slinear %d", tail, dash, io.Out), s.Skip, f.chain(s, 0), 0)
}

func autoencoderSketch(s Spec, io IO) sketch {
	parts := []part{{io.inputWords(), 0}}
	for k := 1; k < len(s.Widths); k++ {
		text := fmt.Sprintf("linear %d", s.Widths[k])
		if k == s.code() && k < len(s.Widths)-1 {
			text = fmt.Sprintf("code %d", s.Widths[k])
		}
		parts = append(parts, part{text, k})
	}
	return chained(s, parts, 0)
}

func denoiserSketch(s Spec, io IO) sketch {
	edges, err := s.edges(0)
	if err != nil {
		return sketch{}
	}
	widths := s.denoiserWidths(edges, io.Out)
	parts := []part{{fmt.Sprintf("point %d, time %d", io.Out, s.Time), 0}}
	if io.Out != s.Widths[0] {
		parts[0].state = -1
		parts = append(parts, part{fmt.Sprintf("linear %d", s.Widths[0]), 0})
	}
	for k := 1; k < len(widths); k++ {
		parts = append(parts, part{fmt.Sprintf("linear %d", widths[k]), k})
	}
	return chained(s, append(parts, part{fmt.Sprintf("linear %d", io.Out), -1}), 0)
}

func rnnSketch(s Spec, io IO) sketch {
	body := fmt.Sprintf("%s(linear %d of input and memory)", s.Act, s.Width)
	if s.Cell == cellLSTM {
		body = fmt.Sprintf("lstm %d, forget bias %s", s.Width, s.Forget)
	}
	f, _ := familyOf(s.Family)
	k := repeated(fmt.Sprintf("%s ─ every step [ ", io.inputWords()), body, fmt.Sprintf(" ]%slinear %d", dash, io.Out), nil, chain{}, 0)
	for _, e := range s.Skip {
		words := joinWords(e, f.chain(s, io.Steps), io.Steps)
		if s.Cell == cellLSTM && e.Join == JoinGate {
			words = "forget gate f: f·memory + what is let in"
		}
		k.after += fmt.Sprintf("    memory %s → %s: %s, %s\n", e.From, e.To, carryWords(e), words)
	}
	return k
}

func ganSketch(s Spec, io IO) sketch {
	one := func(name string, net Spec, io IO) string {
		f, _ := familyOf(net.Family)
		return name + ":\n" + f.sketch(net, io).String()
	}
	fake := IO{In: io.Out, Out: 1, Batch: io.Batch}
	return sketch{after: one("generator", *s.Generator, io) + one("discriminator", *s.Discriminator, fake)}
}
