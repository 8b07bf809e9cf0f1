package decision

import "math"

// Interval is a pair of bounds on the centre of D; an open side is infinite.
type Interval struct{ Lower, Upper float64 }

// Bounds are the one-sided bounds on the centre of the informative values d, in
// block order, at threshold t; center is as in [Params]. Each holds at all
// lengths of the sequence at once, with error 1/t.
func Bounds(d []float64, t float64, center string) Interval {
	return newLadder(d, center == Median).bounds(t)
}

// ladder is a sequence of D with the scales of its pasts, which do not depend
// on θ and so are computed once for all θ that a bound tries.
type ladder struct {
	d, scale []float64
	signs    bool
}

func newLadder(d []float64, signs bool) ladder {
	l := ladder{d: d, signs: signs, scale: make([]float64, len(d))}
	if signs {
		return l
	}
	var gaps ordered
	batch := make([]float64, 0, len(d))
	for i, v := range d {
		l.scale[i] = spread(gaps, d[:i])
		batch = batch[:0]
		for _, w := range d[:i] {
			batch = append(batch, gap(v, w))
		}
		gaps.insert(batch)
	}
	return l
}

func (l ladder) bounds(t float64) Interval {
	mirror := l
	mirror.d = make([]float64, len(l.d))
	for i, v := range l.d {
		mirror.d[i] = -v
	}
	return Interval{Lower: l.lower(t), Upper: -mirror.lower(t)}
}

// excludes reports whether the evidence against "centre ≤ θ" ever reached t.
func (l ladder) excludes(theta, logT float64) bool {
	var a account
	for i, d := range l.d {
		if r := d - theta; l.signs {
			a.add(signOf(r), 1)
		} else {
			a.add(standardise(r, l.scale[i], i), 1)
		}
		// The mean of the three lies between a third of the largest and the
		// largest, which spares most logarithms.
		if top := max(a[0], a[1], a[2]); top >= logT && (top-math.Ln2*2 >= logT || a.log() >= logT) {
			return true
		}
	}
	return false
}

// lower is the supremum of the excluded θ, found by bisection: excluded is
// everything left of it.
func (l ladder) lower(t float64) float64 {
	lo, hi, any := 0.0, 0.0, false
	for _, v := range l.d {
		switch {
		case math.IsInf(v, 0):
		case !any:
			lo, hi, any = v, v, true
		default:
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	width := max(hi-lo, math.Abs(lo), math.Abs(hi))
	if width == 0 {
		width = 1
	}
	logT, tolerance := math.Log(t), 1e-12*width
	a, ok := widen(lo, -width, func(x float64) bool { return l.excludes(x, logT) })
	if !ok {
		return math.Inf(-1)
	}
	b, ok := widen(hi, width, func(x float64) bool { return !l.excludes(x, logT) })
	if !ok {
		return math.Inf(1)
	}
	for b-a > tolerance {
		mid := a + (b-a)/2
		if mid <= a || mid >= b {
			break
		}
		if l.excludes(mid, logT) {
			a = mid
		} else {
			b = mid
		}
	}
	return a
}

// widen steps from start by step, doubling it up to 60 times, until found.
func widen(start, step float64, found func(float64) bool) (float64, bool) {
	for range 61 {
		if x := start + step; found(x) {
			return x, true
		}
		step *= 2
	}
	return 0, false
}
