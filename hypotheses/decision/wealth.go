package decision

import "math"

// The bets of DECISION.md §3: a share λ of the wealth is put at risk, in three
// accounts that differ in how fast they trust a large D.
const (
	lambda = 0.99
	clip   = 3.0
)

// bets is an array constant in all but name; nothing assigns to it.
func bets() [3]float64 { return [3]float64{0.5, 1, 2} }

// standardise gives r for the i-th informative block (from 0): x = D − θ over
// a scale into which the block itself enters, so that the first blocks need
// no rule of their own. s is the scale of the i blocks before.
func standardise(x, s float64, i int) float64 {
	if x == 0 {
		return 0
	}
	nu := float64(max(1, i))
	r := math.Sqrt(nu)
	if !math.IsInf(x, 0) {
		if math.IsInf(s, 0) {
			return 0
		}
		// s/|x| may overflow to ∞, which rightly gives 0; x² never appears.
		r /= math.Hypot(1, math.Sqrt(nu-1)*(s/math.Abs(x)))
	}
	return math.Copysign(min(r, clip), x)
}

func signOf(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// account is the log wealth of the three bets on one side of one θ.
type account [3]float64

// add books one block; side is +1 against "centre ≤ θ", −1 against "≥ θ".
func (a *account) add(r, side float64) {
	for j, c := range bets() {
		a[j] += math.Log1p(lambda * side * math.Tanh(c*r))
	}
}

// log is the log of the mean wealth.
func (a *account) log() float64 {
	top := max(a[0], a[1], a[2])
	return top + math.Log((math.Exp(a[0]-top)+math.Exp(a[1]-top)+math.Exp(a[2]-top))/3)
}

// logMean is log((eᵃ+eᵇ)/2).
func logMean(a, b float64) float64 {
	top := max(a, b)
	return top + math.Log((math.Exp(a-top)+math.Exp(b-top))/2)
}

// trail is the evidence of one hypothesis in one form of the process
// (standardised or signs): wealth at its edges and running maxima, in logs.
type trail struct {
	kind  Kind
	signs bool

	theta [4]float64 // edges; greater uses two, the others up to four
	up    [4]account
	dn    [4]account

	// now: greater {e_up(θ₀), e_dn(Δ), e_dn(θ₀)}, else {e_dn(Δ), e_up(−Δ), mean}
	now  [3]float64
	best [3]float64 // running maxima of now
}

func newTrail(p Params, signs bool) trail {
	t := trail{kind: p.Kind, signs: signs}
	switch p.Kind {
	case Greater:
		t.theta = [4]float64{p.Theta0, p.Delta}
	case Equivalent:
		t.theta = [4]float64{p.Delta, -p.Delta, p.Delta, -p.Delta}
	default:
		t.theta = [4]float64{p.Delta, -p.Delta, p.Theta0, -p.Theta0}
	}
	for i := range t.best {
		t.best[i] = math.Inf(-1)
	}
	return t
}

// rate gives r at one edge.
func (t *trail) rate(edge int, d, s float64, i int) float64 {
	x := d - t.theta[edge]
	if t.signs {
		return signOf(x)
	}
	return standardise(x, s, i)
}

// add books the i-th informative D, where s is the scale of those before it.
func (t *trail) add(d, s float64, i int) {
	if t.kind == Greater {
		r := t.rate(0, d, s, i)
		t.up[0].add(r, 1)
		t.dn[0].add(r, -1)
		t.dn[1].add(t.rate(1, d, s, i), -1)
		t.now = [3]float64{t.up[0].log(), t.dn[1].log(), t.dn[0].log()}
	} else {
		t.dn[0].add(t.rate(0, d, s, i), -1)
		t.up[1].add(t.rate(1, d, s, i), 1)
		t.up[2].add(t.rate(2, d, s, i), 1)
		t.dn[3].add(t.rate(3, d, s, i), -1)
		t.now = [3]float64{t.dn[0].log(), t.up[1].log(), logMean(t.up[2].log(), t.dn[3].log())}
	}
	for i, v := range t.now {
		t.best[i] = max(t.best[i], v)
	}
}

// maxima gives log V and log R.
func (t *trail) maxima() (v, r float64) { return t.sides(t.best) }

// standing gives the logs of the two e-values as they are now.
func (t *trail) standing() (v, r float64) { return t.sides(t.now) }

func (t *trail) sides(e [3]float64) (v, r float64) {
	switch t.kind {
	case Greater:
		return e[0], e[1]
	case Equivalent:
		return min(e[0], e[1]), e[2]
	}
	return e[2], min(e[0], e[1])
}

// reversed gives log M_dn(θ₀) of kind greater: evidence for the other sign.
func (t *trail) reversed() float64 { return t.best[2] }

// names of the wealth paths in the order of now; "" is not shown.
func (t *trail) names() [3]string {
	if t.kind == Greater {
		return [3]string{"up_null", "dn_min", ""}
	}
	return [3]string{"dn_hi", "up_lo", "out"}
}
