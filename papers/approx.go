package papers

import "slices"

// approximate finds the places whose folded text is within a tenth of the quote's length in edit distance.
func (f *Finder) approximate(want []rune) []candidate {
	found := nearly(f.all, want, len(want)/10)
	if len(found) == 0 && f.body != nil {
		found = nearly(f.body, want, len(want)/10)
	}
	return found
}

// nearly searches with Myers' bit-parallel algorithm (J. ACM 46, 1999) in blocks of 64 letters of the quote: one pass over the text
// gives, for each end, the least distance to any start. Ends closer than half a quote are one candidate, the one that differs least.
func nearly(in *folded, want []rune, limit int) []candidate {
	if limit < 1 || len(in.text) == 0 {
		return nil
	}
	var out []candidate
	last := -len(want)
	for end, distance := range newMyers(want).scan(in.text) {
		if distance > limit {
			continue
		}
		if n := len(out); n > 0 && end-last < len(want)/2 {
			if distance < out[n-1].distance {
				out[n-1].end, out[n-1].distance = end, distance
			}
			last = end
			continue
		}
		last = end
		if len(out) == mostCandidates {
			break
		}
		out = append(out, candidate{in: in, end: end, distance: distance})
	}
	best := limit
	for i := range out {
		best = min(best, out[i].distance)
		out[i].start = startOf(in.text, want, out[i].end, out[i].distance)
	}
	// What differs far more than the best is no rival to it.
	return slices.DeleteFunc(out, func(c candidate) bool { return c.distance > 2*best+2 })
}

// startOf finds where a match that ends at end begins: the same search, backwards.
func startOf(text, want []rune, end, distance int) int {
	from := max(0, end-len(want)-distance)
	back := slices.Clone(text[from:end])
	slices.Reverse(back)
	turned := slices.Clone(want)
	slices.Reverse(turned)
	// The reversed match must begin at the first letter, so the whole-prefix distance is what counts.
	row := make([]int, len(turned)+1)
	for j := range row {
		row[j] = j
	}
	start, least := end, row[len(turned)]
	for i, r := range back {
		diagonal := row[0]
		row[0] = i + 1
		for j, w := range turned {
			cost := diagonal
			if r != w {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
		if row[len(turned)] < least {
			start, least = end-i-1, row[len(turned)]
		}
	}
	return start
}

// myers holds the quote as bit masks: for each letter, where in the quote it stands.
type myers struct {
	length int
	blocks int
	low    [128][]uint64
	high   map[rune][]uint64
	zero   []uint64
}

func newMyers(want []rune) *myers {
	m := &myers{length: len(want), blocks: (len(want) + 63) / 64, high: map[rune][]uint64{}}
	m.zero = make([]uint64, m.blocks)
	for i := range m.low {
		m.low[i] = m.zero
	}
	for i, r := range want {
		mask := m.mask(r)
		if &mask[0] == &m.zero[0] {
			mask = make([]uint64, m.blocks)
			if r >= 0 && r < 128 {
				m.low[r] = mask
			} else {
				m.high[r] = mask
			}
		}
		mask[i/64] |= 1 << (i % 64)
	}
	return m
}

func (m *myers) mask(r rune) []uint64 {
	if r >= 0 && r < 128 {
		return m.low[r]
	}
	if mask, ok := m.high[r]; ok {
		return mask
	}
	return m.zero
}

// scan yields, after each letter of text, the end offset and the least distance of the quote to some text that ends there.
func (m *myers) scan(text []rune) func(yield func(end, distance int) bool) {
	return func(yield func(end, distance int) bool) {
		plus, minus := make([]uint64, m.blocks), make([]uint64, m.blocks)
		for i := range plus {
			plus[i] = ^uint64(0)
		}
		top := uint64(1) << ((m.length - 1) % 64)
		score := m.length
		for i, r := range text {
			mask := m.mask(r)
			carry := 0 // horizontal difference that enters a block from below; 0 at the bottom, since a match may start anywhere
			for b := range m.blocks {
				bit := uint64(1) << 63
				if b == m.blocks-1 {
					bit = top
				}
				carry = step(&plus[b], &minus[b], mask[b], carry, bit)
			}
			score += carry
			if !yield(i+1, score) {
				return
			}
		}
	}
}

// step advances one block by one letter; in and the result are the horizontal differences below and at bit.
func step(plus, minus *uint64, eq uint64, in int, bit uint64) int {
	pv, mv := *plus, *minus
	xv := eq | mv
	if in < 0 {
		eq |= 1
	}
	xh := ((eq & pv) + pv) ^ pv | eq
	ph := mv | ^(xh | pv)
	mh := pv & xh
	out := 0
	if ph&bit != 0 {
		out = 1
	} else if mh&bit != 0 {
		out = -1
	}
	ph <<= 1
	mh <<= 1
	if in < 0 {
		mh |= 1
	} else if in > 0 {
		ph |= 1
	}
	*plus = mh | ^(xv | ph)
	*minus = ph & xv
	return out
}
