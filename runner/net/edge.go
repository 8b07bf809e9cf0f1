package net

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// chain is what a family's skips speak of. Every net but a gan is a chain of blocks: state k stands before
// block k+1, and a skip joins what it carries with the output of the block that it ends at.
type chain struct {
	blocks   int
	names    map[string]int // of states
	levels   int            // of a U: "enc i" and "dec i" are names for i = 1 … levels
	counter  string         // what counts states: k, or t in a recurrent net
	sublayer int            // how many blocks of the chain make one block of the net, 0: one
	depth    int            // what "depth" means in expressions
	gated    bool           // the net has a gate of its own for the join by gate
	fixed    int            // states from here on keep their size, so nothing joins them by concat; 0: none
}

func (c chain) state(name string) (int, error) {
	if n, err := strconv.Atoi(name); err == nil {
		if n < 0 || n > c.blocks {
			return 0, fmt.Errorf("state %d is none of 0 to %d", n, c.blocks)
		}
		return n, nil
	}
	if n, ok := c.names[name]; ok {
		return n, nil
	}
	return 0, fmt.Errorf("%q is no state; a state is %s", name, c.allowed())
}

func (c chain) allowed() string {
	words := []string{c.counter + ", " + c.counter + "+1, …", fmt.Sprintf("a number from 0 to %d", c.blocks)}
	if c.levels > 0 {
		words = append(words, "enc i, dec i")
	}
	names := make([]string, 0, len(c.names))
	for name := range c.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(append(words, names...), ", ")
}

// Edge is a skip between two states.
type Edge struct {
	From, To int
	Skip     Skip
}

// edges lists the skips of a net in the order of the spec.
func (s Spec) edges(steps int) ([]Edge, error) {
	f, ok := familyOf(s.Family)
	if !ok || f.chain == nil {
		return nil, nil
	}
	c := f.chain(s, steps)
	var edges []Edge
	for i, k := range s.Skip {
		es, err := k.edges(c)
		if err != nil {
			return nil, fieldError(skipField(i), "%v", err)
		}
		edges = append(edges, es...)
	}
	return edges, nil
}

// edges expands a skip over a chain. "k" to "k+m" with each = n gives the edges from states 0, n, 2n, … as
// far as they fit; "enc i" to "dec i" one for every level; two states give one edge.
func (k Skip) edges(c chain) ([]Edge, error) {
	switch {
	case k.From == "all j<"+c.counter:
		return k.allEdges(c)
	case k.From == c.counter:
		return k.regular(c)
	case k.From == "enc i" || k.To == "dec i":
		if k.From != "enc i" || k.To != "dec i" || c.levels == 0 {
			return nil, fmt.Errorf("from is %q and to is %q; a U's mirror levels are enc i and dec i", k.From, k.To)
		}
		var edges []Edge
		for i := 1; i <= c.levels; i++ {
			edges = append(edges, Edge{From: c.names[fmt.Sprintf("enc %d", i)], To: c.names[fmt.Sprintf("dec %d", i)], Skip: k})
		}
		return edges, nil
	}
	from, err := c.state(k.From)
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	to, err := c.state(k.To)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	if to <= from {
		return nil, fmt.Errorf("an edge from state %d to %d does not lead forward", from, to)
	}
	return []Edge{{From: from, To: to, Skip: k}}, nil
}

func (k Skip) regular(c chain) ([]Edge, error) {
	rest, ok := strings.CutPrefix(strings.ReplaceAll(k.To, " ", ""), c.counter+"+")
	m, err := strconv.Atoi(rest)
	if !ok || err != nil || m < 1 {
		return nil, fmt.Errorf("to is %q; with from %s it is %s+1, %s+2, …", k.To, c.counter, c.counter, c.counter)
	}
	each := 1
	switch k.Each {
	case "", "sublayer":
	case "block":
		each, m = max(1, c.sublayer), m*max(1, c.sublayer)
	default:
		if each, err = strconv.Atoi(k.Each); err != nil {
			return nil, fmt.Errorf("each is %q; it is a number, sublayer or block", k.Each)
		}
	}
	if m > c.blocks {
		return nil, fmt.Errorf("to is %q, which does not fit %d blocks", k.To, c.blocks)
	}
	var edges []Edge
	for from := 0; from+m <= c.blocks; from += each {
		edges = append(edges, Edge{From: from, To: from + m, Skip: k})
	}
	return edges, nil
}

// maxAttended bounds the blocks of a net in which each reads all before it: their edges grow with the square.
const maxAttended = 512

// allEdges joins every earlier state with every block: by concat, where each state holds the ones before it
// already, by one edge a block; by attend, by one edge from each.
func (k Skip) allEdges(c chain) ([]Edge, error) {
	if k.To != c.counter || k.Join != JoinConcat && k.Join != JoinAttend {
		return nil, errors.New("from all j<" + c.counter + " goes to " + c.counter + " and joins by concat or attend")
	}
	if k.Join == JoinAttend && c.blocks > maxAttended {
		return nil, fmt.Errorf("from all j<%s by attend is for at most %d blocks, not %d", c.counter, maxAttended, c.blocks)
	}
	var edges []Edge
	for to := 1; to <= c.blocks; to++ {
		from := to - 1
		if k.Join == JoinAttend {
			from = 0
		}
		for ; from < to; from++ {
			edges = append(edges, Edge{From: from, To: to, Skip: k})
		}
	}
	return edges, nil
}
