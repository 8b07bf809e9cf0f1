package decision

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// HolmResult is what Holm's step-down says of each hypothesis, in the order
// given.
type HolmResult struct {
	Rejected  []bool
	Threshold []float64 // the T that each one met, or that it faced
	Adjusted  []float64 // adjusted p
}

// Holm steps down over running maxima of e-processes, largest first; on ties
// the lower index goes first. 1/M is a p-value at every time, whatever made
// the sequences stop, so this holds the family's error at alpha.
func Holm(maxima []float64, alpha float64) HolmResult {
	m := len(maxima)
	order := make([]int, m)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(maxima[b], maxima[a]) })
	res := HolmResult{make([]bool, m), make([]float64, m), make([]float64, m)}
	failed, p := 0.0, 0.0
	for pos, i := range order {
		left := float64(m - pos)
		t := left / alpha
		switch {
		case failed == 0 && maxima[i] >= t:
			res.Rejected[i] = true
		case failed == 0:
			failed = t
			fallthrough
		default:
			t = failed
		}
		res.Threshold[i] = t
		if maxima[i] > 0 {
			p = max(p, min(1, left/maxima[i]))
		} else {
			p = 1
		}
		res.Adjusted[i] = p
	}
	return res
}

// EHolmResult is the closed test on e-values, in the order given.
type EHolmResult struct {
	Adjusted []float64 // adjusted e
	Rejected []bool
}

// EHolm is closed testing with the arithmetic mean: the adjusted e of a
// hypothesis is the smallest mean over the sets that hold it. The e must be
// frozen at stops that look at the hypothesis' own blocks alone; a running
// maximum is no e-value.
func EHolm(e []float64, alpha float64) EHolmResult {
	res := EHolmResult{make([]float64, len(e)), make([]bool, len(e))}
	for k, own := range e {
		others := slices.Delete(slices.Clone(e), k, k+1)
		slices.Sort(others)
		best, sum := own, own
		for q, v := range others {
			sum += v
			best = min(best, sum/float64(q+2))
		}
		res.Adjusted[k], res.Rejected[k] = best, best >= 1/alpha
	}
	return res
}

// EHolmThreshold is the least e that rule eholm rejects beside these e of the
// other members: EHolm rejects e_j exactly where e_j reaches it.
func EHolmThreshold(others []float64, alpha float64) float64 {
	others = slices.Sorted(slices.Values(others))
	t, sum := 1/alpha, 0.0
	for q, v := range others {
		sum += v
		t = max(t, float64(q+2)/alpha-sum)
	}
	return t
}

// Member is one hypothesis of a family.
type Member struct {
	Blocks []Block
	Params Params // Alpha and thresholds are the family's
}

// MemberVerdict is what the family rule gave one member.
type MemberVerdict struct {
	Verdict, Reason string
	Stop            int     // block
	TVal, TRef      float64 // thresholds at the end
}

// Family runs hypotheses in rounds of one block each under Holm's rule, with
// the claims "validated" and "refuted" kept apart, each at alpha.
func Family(members []Member, alpha float64) ([]MemberVerdict, error) {
	f := family{alpha: alpha}
	start := float64(len(members)) / alpha
	for i, m := range members {
		p := m.Params
		p.Alpha, p.TVal, p.TRef = alpha, start, start
		seq, err := NewSequence(p)
		if err != nil {
			return nil, fmt.Errorf("member %d: %w", i, err)
		}
		f.seqs = append(f.seqs, seq)
		f.live = append(f.live, true)
		f.blocks = append(f.blocks, m.Blocks[:min(len(m.Blocks), seq.p.NMax)])
		f.tv, f.tr = append(f.tv, start), append(f.tr, start)
	}
	for slices.Contains(f.live, true) {
		if err := f.round(); err != nil {
			return nil, err
		}
	}
	out := make([]MemberVerdict, len(members))
	for i, s := range f.seqs {
		v, r := s.outcome()
		out[i] = MemberVerdict{Verdict: v, Reason: r, Stop: s.n, TVal: f.tv[i], TRef: f.tr[i]}
	}
	return out, nil
}

type family struct {
	alpha  float64
	seqs   []*Sequence
	blocks [][]Block
	live   []bool
	tv, tr []float64
}

func (f *family) round() error {
	for i, s := range f.seqs {
		if f.live[i] && s.n < len(f.blocks[i]) {
			if err := s.observe(f.blocks[i][s.n]); err != nil {
				return fmt.Errorf("member %d: %w", i, err)
			}
		}
	}
	for {
		for i, s := range f.seqs {
			verdict, reason := s.outcome()
			// A member that stopped without a verdict is read again under a
			// lower threshold; one that has a verdict keeps it.
			if f.live[i] || verdict == Inconclusive && reason != ReasonNoVariation {
				s.SetThresholds(f.tv[i], f.tr[i])
				s.judge()
			}
		}
		if !f.lower() {
			break
		}
	}
	for i, s := range f.seqs {
		if s.Done() || s.n >= len(f.blocks[i]) {
			f.live[i] = false
			continue
		}
		if _, reason := s.outcome(); reason == ReasonNoVariation {
			f.live[i] = false
		}
	}
	return nil
}

// lower brings the thresholds down to what Holm asks now.
func (f *family) lower() (changed bool) {
	v, r := make([]float64, len(f.seqs)), make([]float64, len(f.seqs))
	for i, s := range f.seqs {
		v[i], r[i] = s.Evidence()
	}
	hv, hr := Holm(v, f.alpha), Holm(r, f.alpha)
	for i := range f.seqs {
		if t := hv.Threshold[i]; t < f.tv[i] {
			f.tv[i], changed = t, true
		}
		if t := hr.Threshold[i]; t < f.tr[i] {
			f.tr[i], changed = t, true
		}
	}
	return changed
}

// Thresholds gives T_v and T_r of member own in a family of m, given what is
// known of V and R of each of its members now; members that have not begun
// count as 1. m may exceed the number of members known.
func Thresholds(v, r []float64, own, m int, alpha float64) (tv, tr float64) {
	pad := func(x []float64) []float64 {
		x = slices.Clone(x)
		for len(x) < m {
			x = append(x, 1)
		}
		return x
	}
	limit := float64(m) / alpha
	tv = math.Min(limit, Holm(pad(v), alpha).Threshold[own])
	tr = math.Min(limit, Holm(pad(r), alpha).Threshold[own])
	return tv, tr
}
