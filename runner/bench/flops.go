package bench

import (
	"strings"

	G "gorgonia.org/gorgonia"

	"tenet/runner/net"
)

// flops counts a step as the definition does: products and convolutions, forward and weight gradient
// of what is trained, and input gradient where the input depends on a parameter.
func flops(g *net.Graph) float64 {
	trained := map[*G.Node]bool{}
	for _, n := range g.Nodes[:len(g.Grads)] {
		trained[n] = true
	}
	known := map[*G.Node]bool{}
	var depends func(n *G.Node) bool
	depends = func(n *G.Node) bool {
		yes, ok := known[n]
		if !ok {
			yes = trained[n]
			for _, c := range inputs(g.G, n) {
				yes = depends(c) || yes
			}
			known[n] = yes
		}
		return yes
	}
	total := 0.0
	for i, w := range g.Nodes {
		size := g.Params[i].Size()
		for it := g.G.To(w.ID()); it.Next(); {
			n := it.Node().(*G.Node)
			kind, ok := product(n)
			in := inputs(g.G, n)
			if !ok || in[1] != w {
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
			total += times * 2 * float64(size) * float64(places/w.Shape()[0])
		}
	}
	for _, n := range g.G.AllNodes() { // scores and sums of values, each a square of positions, forward and twice back
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

func inputs(g *G.ExprGraph, n *G.Node) []*G.Node {
	var ns []*G.Node
	for it := g.From(n.ID()); it.Next(); {
		ns = append(ns, it.Node().(*G.Node))
	}
	return ns
}
