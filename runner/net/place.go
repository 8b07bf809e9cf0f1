package net

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"tenet/runner/ops"
)

// line is sixteen numbers, a cache line: every value that lies alone begins on one.
const line = 16

// places lays values out in one arena: a value lies alone, or within another that it is a part of, that it
// is a run of, or that is dead when it is written; all that lie within one another share one place.
type places struct {
	c       *compiler
	within  map[*G.Node]spot
	first   map[*G.Node]int // the call that makes a value
	last    map[*G.Node]int // the last that reads it
	members map[*G.Node][]*G.Node
	at      map[*G.Node]place // of those that lie alone, once they have one
	kept    map[*G.Node]bool
}

// spot is where a value lies within another: that many numbers from its start.
type spot struct {
	in   *G.Node
	from int
}

type place struct{ from, size, end int } // end: the last call that needs it

// reserve finds memory for every value that has none. A place is free again after the last call that reads
// it; of the free ones the smallest that fits is taken. Behind all values lie scratch numbers, in large pages
// as they are.
func (c *compiler) reserve(g *Graph, calls []call, scratch int) (rest []call, shared []float32) {
	p := &places{
		c: c, within: map[*G.Node]spot{}, first: map[*G.Node]int{}, last: map[*G.Node]int{},
		members: map[*G.Node][]*G.Node{}, at: map[*G.Node]place{}, kept: c.kept(g),
	}
	calls = p.spare(calls)
	var order []*G.Node // all values, as they are made
	for i, k := range calls {
		p.first[k.node], p.last[k.node] = i, i
		order = append(order, k.node)
	}
	for i, k := range calls {
		for _, n := range k.in {
			p.last[n] = i
		}
	}
	for n := range p.kept {
		p.last[n] = len(calls)
	}
	for _, n := range p.wholes(calls, order) {
		root, _ := p.root(n)
		p.members[root] = append(p.members[root], n)
	}
	total := p.fill(calls)
	arena := newArena(total + scratch)
	for root, members := range p.members {
		if at, ok := p.at[root]; ok {
			for _, n := range append(members, root) {
				_, from := p.root(n)
				size := n.Shape().TotalSize()
				c.at[n] = arena[at.from+from:][:size:size]
			}
		}
	}
	return calls, arena[total:]
}

// root is what n lies within in the end, and where.
func (p *places) root(n *G.Node) (root *G.Node, from int) {
	for {
		s, ok := p.within[n]
		if !ok {
			return n, from
		}
		n, from = s.in, from+s.from
	}
}

// spare leaves out the calls that only move numbers: runs of another value lie in it, and the parts of a
// whole are made in their places, but for those that have one already.
func (p *places) spare(calls []call) []call {
	return slices.DeleteFunc(calls, func(k call) bool {
		op, is := k.node.Op().(ops.Kernel)
		if !is || p.kept[k.node] || p.c.at[k.node] != nil || len(k.in) != op.Arity() {
			return false
		}
		if from, ok := ops.View(op); ok {
			if bound := p.c.at[k.in[0]]; bound != nil {
				p.c.at[k.node] = bound[from:][:k.node.Shape().TotalSize()]
			} else {
				p.within[k.node] = spot{k.in[0], from}
			}
			return true
		}
		if !ops.Joins(op) || !p.free(k.in) {
			return false
		}
		from := 0
		for _, n := range k.in {
			p.within[n] = spot{k.node, from}
			from += n.Shape().TotalSize()
		}
		return true
	})
}

// free says that all of parts may still choose where they lie, and are none twice.
func (p *places) free(parts []*G.Node) bool {
	for i, n := range parts {
		if _, placed := p.within[n]; placed || p.c.at[n] != nil || n.Op() == nil || slices.Contains(parts[:i], n) {
			return false
		}
	}
	return true
}

// wholes adds to order the values that no call makes: views, and wholes that are made part by part.
func (p *places) wholes(calls []call, order []*G.Node) []*G.Node {
	made := map[*G.Node]bool{}
	for _, n := range order {
		made[n] = true
	}
	add := func(n *G.Node) {
		for ; !made[n]; n = p.within[n].in {
			made[n] = true
			order = append(order, n)
			if _, ok := p.within[n]; !ok {
				return
			}
		}
	}
	for _, k := range calls {
		for _, n := range k.in {
			if p.c.at[n] == nil {
				add(n)
			}
		}
	}
	for _, n := range slices.Clone(order) {
		if root, _ := p.root(n); root != n {
			add(root)
		}
	}
	return order
}

// fill gives every root its place in the order of the calls, and says how many numbers there are in all.
func (p *places) fill(calls []call) (total int) {
	var free []place
	var live []*G.Node
	for i, k := range calls {
		if p.c.at[k.node] == nil {
			root, _ := p.root(k.node)
			if _, ok := p.at[root]; !ok && !(root == k.node && p.over(i, k)) {
				at := place{size: (root.Shape().TotalSize() + line - 1) / line * line, end: p.end(root)}
				best := -1
				for j, f := range free {
					if f.size >= at.size && (best < 0 || f.size < free[best].size) {
						best = j
					}
				}
				if best >= 0 {
					at.from, at.size = free[best].from, free[best].size
					free = slices.Delete(free, best, best+1)
				} else {
					at.from = total
					total += at.size
				}
				p.at[root] = at
				live = append(live, root)
			}
		}
		live = slices.DeleteFunc(live, func(n *G.Node) bool {
			if p.at[n].end > i {
				return false
			}
			free = append(free, p.at[n])
			return true
		})
	}
	return total
}

// end is the last call that needs root or what lies within it.
func (p *places) end(root *G.Node) int {
	end := p.last[root]
	for _, n := range p.members[root] {
		end = max(end, p.last[n], p.first[n])
	}
	return end
}

// over lets call i write over a value that it is the last to read, where its op may.
func (p *places) over(i int, k call) bool {
	size := k.node.Shape().TotalSize()
	for _, o := range k.over {
		in := k.in[o]
		if p.c.at[in] != nil || in.Shape().TotalSize() != size {
			continue
		}
		root, from := p.root(in)
		at, ok := p.at[root]
		if !ok || !p.dead(i, root, from, size) {
			continue
		}
		alone := true
		for j, n := range k.in {
			r, f := p.root(n)
			same := n == in && slices.Contains(k.over, j)
			if r == root && f < from+size && from < f+n.Shape().TotalSize() && !same {
				alone = false
			}
		}
		if !alone {
			continue
		}
		at.end = max(at.end, p.end(k.node))
		p.at[root] = at
		p.within[k.node] = spot{root, from}
		p.members[root] = append(p.members[root], p.members[k.node]...)
		delete(p.members, k.node)
		return true
	}
	return false
}

// dead says that after call i nobody reads, or makes, what lies at these numbers of root.
func (p *places) dead(i int, root *G.Node, from, size int) bool {
	for _, n := range append([]*G.Node{root}, p.members[root]...) {
		_, f := p.root(n)
		if f < from+size && from < f+n.Shape().TotalSize() && max(p.last[n], p.first[n]) > i {
			return false
		}
	}
	return true
}
