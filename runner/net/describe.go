package net

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Description is what people want to know of a net before it trains.
type Description struct {
	Params  int
	FLOPs   float64 // per training step, 2 per multiply-add, products only
	Path    float64 // mean number of blocks on the ways through the net at its start, see [PathLength]
	Diagram string
}

// Describe counts and draws spec as it would train on io.
func Describe(spec Spec, io IO) (Description, error) {
	g, err := Build(spec, io, Train, nil)
	if err != nil {
		return Description{}, err
	}
	d := Description{Params: g.Size(), FLOPs: StepFLOPs(g)}
	f, _ := familyOf(spec.Family)
	d.Diagram = f.sketch(spec, io).String()
	if f.chain == nil {
		return d, nil
	}
	paths, err := spec.Paths(io.Steps)
	d.Path = PathLength(paths, f.chain(spec, io.Steps).blocks)
	return d, err
}

// sketch is a net in words, from left to right, and the arcs of its skips below.
type sketch struct {
	parts []part
	arcs  []arc
	after string // further lines
}

// part is one layer in words. A state is named by its number; a rule's arc begins and ends at the brackets.
type part struct {
	text  string
	state int // the state that the part makes; -1: none
}

// arc is a skip: from the end of one part to the beginning of what follows another.
type arc struct {
	from, to int // states
	text     string
}

const dash = " ─ "

func (s sketch) String() string {
	var line strings.Builder
	ends := map[int]int{} // by state, the column after the part that makes it
	for i, p := range s.parts {
		if i > 0 {
			line.WriteString(dash)
		}
		line.WriteString(p.text)
		if p.state >= 0 {
			ends[p.state] = utf8.RuneCountInString(line.String())
		}
	}
	if len(s.parts) > 0 {
		line.WriteString("\n")
	}
	for _, a := range s.arcs {
		from, to := ends[a.from]+1, ends[a.to]+1
		wide := to - from - 1
		text := a.text
		if room := wide - 2; utf8.RuneCountInString(text) > room || room < 1 {
			fmt.Fprintf(&line, "%s└%s┘ %s\n", strings.Repeat(" ", from), strings.Repeat("─", max(0, wide)), text)
			continue
		}
		rest := wide - utf8.RuneCountInString(text) - 2
		fmt.Fprintf(&line, "%s└%s %s %s┘\n", strings.Repeat(" ", from), strings.Repeat("─", rest/2), text, strings.Repeat("─", rest-rest/2))
	}
	return line.String() + s.after
}

// repeated is a net of equal blocks: the body stands once, and a skip is a rule under it.
func repeated(head, body, tail string, skips []Skip, c chain, steps int) sketch {
	var b strings.Builder
	from := utf8.RuneCountInString(head) - 2
	fmt.Fprintf(&b, "%s%s%s\n", head, body, tail)
	for _, k := range skips {
		fmt.Fprintf(&b, "%s└─ %s → %s: %s ─┘ %s\n", strings.Repeat(" ", max(0, from)), k.From, k.To, carryWords(k), joinWords(k, c, steps))
	}
	return sketch{after: b.String()}
}

// chained is a net drawn part by part, each skip an arc between its states.
func chained(s Spec, parts []part, steps int) sketch {
	f, _ := familyOf(s.Family)
	c := f.chain(s, steps)
	k := sketch{parts: parts}
	edges, err := s.edges(steps)
	if err != nil {
		return k
	}
	for _, e := range edges {
		k.arcs = append(k.arcs, arc{e.From, e.To, carryWords(e.Skip) + ", " + joinWords(e.Skip, c, steps)})
	}
	return k
}

func carryWords(k Skip) string {
	t := k.Transform
	if k.Weight != "" {
		t += " × " + k.Weight
	}
	if k.Init != "" {
		t += " × trained from " + k.Init
	}
	return t
}

func joinWords(k Skip, c chain, steps int) string {
	switch k.Join {
	case JoinConcat:
		return "side by side"
	case JoinGate:
		return "gate t: t·branch + (1-t)·skip, bias " + k.GateBias
	case JoinAttend:
		return "the branch reads skips and itself by content"
	}
	words := "add, branch × "
	if strings.Contains(k.BranchScale, "k") {
		words += k.BranchScale
	} else if n, _, err := (Edge{To: 1, Skip: k}).numbers(c, steps); err == nil {
		words += fmt.Sprintf("%.3g", n.branch)
	}
	if k.Trainable && k.Init == "" {
		words += ", trained"
	}
	if k.LayerScale != "" {
		words += ", each feature × trained from " + k.LayerScale
	}
	return words
}
