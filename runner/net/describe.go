package net

import (
	"fmt"
	"strings"
)

// Description is what people want to know of a net before it trains.
type Description struct {
	Params  int
	FLOPs   float64 // per training step, 2 per multiply-add, products only
	Diagram string
}

// Describe counts and draws spec as it would train on io.
func Describe(spec Spec, io IO) (Description, error) {
	g, err := Build(spec, io, Train, nil)
	if err != nil {
		return Description{}, err
	}
	return Description{Params: g.Size(), FLOPs: StepFLOPs(g), Diagram: diagram(spec, io)}, nil
}

// StepFLOPs counts a training step of g: forward, weight gradient, and input gradient where the input is
// not the data.
func StepFLOPs(g *Graph) float64 {
	total := 0.0
	for _, p := range g.Params {
		if len(p.Shape) != 2 {
			continue
		}
		times := 3.0
		if strings.HasPrefix(p.Name, "stem.") {
			times = 2
		}
		total += times * 2 * float64(g.IO.Batch) * float64(p.Size())
	}
	return total
}

func diagram(spec Spec, io IO) string {
	body := fmt.Sprintf("linear %d", spec.Width)
	first := spec.Width
	if spec.Family == FamilyDenseMLP {
		body, first = fmt.Sprintf("linear %d", spec.Growth), spec.Stem
	}
	norm, after, _ := strings.Cut(spec.Norm, " ")
	pre := ""
	if norm != "none" && after != "after add" {
		pre = norm + " · "
	}
	if spec.Order != orderPreact {
		body = body + strings.TrimSuffix(" · "+pre, " · ")
	} else {
		body = pre + spec.Act + " · " + body
	}
	if spec.Order == orderBranch {
		body += " · " + spec.Act
	}
	tail := ""
	if after == "after add" {
		tail = " · " + norm
	}
	if spec.Order == orderPost {
		tail += " · " + spec.Act
	}
	var b strings.Builder
	head := fmt.Sprintf("input %d ─ linear %d ─ %d × [ ", io.In, first, spec.Depth)
	fmt.Fprintf(&b, "%s%s%s ]", head, body, tail)
	if spec.Order == orderPreact {
		fmt.Fprintf(&b, " ─ %s", spec.Act)
	}
	fmt.Fprintf(&b, " ─ linear %d\n", io.Out)
	for _, k := range spec.Skip {
		fmt.Fprintf(&b, "%s└─ %s → %s: %s ─┘ %s\n", strings.Repeat(" ", len([]rune(head))-2), k.From, k.To, k.Transform, joinWords(k, spec.Depth))
	}
	return b.String()
}

func joinWords(k Skip, depth int) string {
	switch k.Join {
	case JoinConcat:
		return "side by side"
	case JoinGate:
		return "gate t: t·branch + (1-t)·skip, bias " + k.GateBias
	}
	s, err := Scale(k, depth)
	if err != nil {
		return "add"
	}
	trained := ""
	if k.Trainable {
		trained = ", trained"
	}
	return fmt.Sprintf("add, branch × %.3g%s", s, trained)
}
