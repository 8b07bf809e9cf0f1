package net

import (
	"strings"

	G "gorgonia.org/gorgonia"
)

// StepFLOPs counts a training step of g, 2 per multiply-add of its products and convolutions: forward, the
// gradient of what is trained, and the gradient of the input where that depends on a parameter or is asked for;
// attention as full squares of positions.
func StepFLOPs(g *Graph) float64 {
	trained, known := map[*G.Node]bool{}, map[*G.Node]bool{}
	for _, n := range g.Nodes[:len(g.Grads)] {
		trained[n] = true
	}
	known[g.X] = g.InputGrad != nil
	var depends func(n *G.Node) bool
	depends = func(n *G.Node) bool {
		yes, ok := known[n]
		if !ok {
			yes = trained[n]
			for _, c := range children(g.G, n) {
				yes = depends(c) || yes
			}
			known[n] = yes
		}
		return yes
	}
	total := 0.0
	for i, w := range g.Nodes {
		for it := g.G.To(w.ID()); it.Next(); {
			n := it.Node().(*G.Node)
			kind, ok := product(n)
			if !ok {
				continue
			}
			in := children(g.G, n)
			if in[1] != w {
				continue
			}
			places := n.Shape().TotalSize()
			if kind == "deconv" {
				places = in[0].Shape().TotalSize()
			}
			times := 1.0
			if trained[w] {
				times++
			}
			if depends(in[0]) {
				times++
			}
			total += times * 2 * float64(g.Params[i].Size()) * float64(places/w.Shape()[0])
		}
	}
	for _, n := range g.G.AllNodes() { // queries by keys, and shares by values: forward, and twice back
		if n.Op() != nil && strings.HasPrefix(n.Op().String(), "attention ") && !strings.HasSuffix(n.Op().String(), " dx") {
			total += 3 * 2 * 2 * float64(n.Shape().TotalSize()*g.IO.Steps)
		}
	}
	return total
}

// product tells the ops that multiply their first input with a weight.
func product(n *G.Node) (kind string, ok bool) {
	if n.Op() == nil {
		return "", false
	}
	kind, rest, _ := strings.Cut(n.Op().String(), " ")
	switch kind {
	case "linear", "conv", "deconv":
		return kind, !strings.HasPrefix(rest, "dx ") && !strings.HasPrefix(rest, "dw ") && !strings.HasPrefix(rest, "db ")
	}
	return "", false
}
