package net

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// edges expands a skip over a stack of depth blocks. "k" to "k+m" with each = n gives the edges from states
// 0, n, 2n, … as far as they fit; two numbers give one edge.
func (k Skip) edges(depth int) ([]Edge, error) {
	if k.From == "all j<k" {
		return denseEdges(k, depth)
	}
	if from, err := strconv.Atoi(k.From); err == nil {
		to, err := strconv.Atoi(k.To)
		if err != nil {
			return nil, fmt.Errorf("from is the state %d, so to must be a number too, not %q", from, k.To)
		}
		if from < 0 || to <= from || to > depth {
			return nil, fmt.Errorf("an edge from %d to %d does not fit %d blocks", from, to, depth)
		}
		return []Edge{{From: from, To: to, Skip: k}}, nil
	}
	if k.From != "k" {
		return nil, fmt.Errorf("from is %q; it is k, all j<k or a state's number", k.From)
	}
	m, err := reach(k.To)
	if err != nil {
		return nil, err
	}
	if m > depth {
		return nil, fmt.Errorf("to is %q, which does not fit %d blocks", k.To, depth)
	}
	var edges []Edge
	each, err := strconv.Atoi(k.Each)
	if err != nil {
		return nil, err
	}
	for from := 0; from+m <= depth; from += each {
		edges = append(edges, Edge{From: from, To: from + m, Skip: k})
	}
	return edges, nil
}

func reach(to string) (int, error) {
	rest, ok := strings.CutPrefix(strings.ReplaceAll(to, " ", ""), "k+")
	if m, err := strconv.Atoi(rest); ok && err == nil && m >= 1 {
		return m, nil
	}
	return 0, fmt.Errorf("to is %q; with from k it is k+1, k+2, …", to)
}

func denseEdges(k Skip, depth int) ([]Edge, error) {
	if k.To != "k" || k.Join != JoinConcat {
		return nil, errors.New("from all j<k goes to k and joins by concat")
	}
	edges := make([]Edge, depth)
	for i := range edges {
		edges[i] = Edge{From: i, To: i + 1, Skip: k}
	}
	return edges, nil
}
