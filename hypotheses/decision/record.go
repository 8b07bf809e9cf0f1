package decision

import "math"

// Record is a verdict with everything it rests on.
type Record struct {
	Verdict  string
	Reason   string
	Computed string // the verdict before a deviation made it invalid; "" for an exploratory run

	Stop, Informative, Missing, Void, Diverged int // blocks

	Estimate    float64 // centre of D
	Scale       float64 // of D
	Effect      float64 // estimate in units of the scale
	Superiority float64 // share of blocks with D > 0, ties half
	Lower       float64 // one-sided bounds at 1/α
	Upper       float64
	Confidence  Interval // two-sided confidence sequence at 1 − α
	Asymmetry   float64  // distance of mean from estimate in units of the scale

	V, R         float64 // evidence for and against
	SignV, SignR float64 // the same from signs alone
	TV, TR       float64 // thresholds in force at the last block

	Wealth map[string][]float64 // by process, after every block
	VPath  []float64            // V after every block
	RPath  []float64

	Grading Grading
}

// Grading is what the status of a principle needs to know of a hypothesis.
type Grading struct {
	Effect        float64
	Bounds        *Interval // in units of the scale; nil where there is none
	Imprecise     bool
	Asymmetric    bool
	DivergedShare float64 // of the blocks
}

// asymmetric is the |asymmetry| that is flagged.
const asymmetric = 0.25

// Decide judges blocks, in their registered order, and stops at the verdict.
// Blocks past NMax are not looked at.
func Decide(blocks []Block, p Params) (Record, error) {
	s, err := NewSequence(p)
	if err != nil {
		return Record{}, err
	}
	for _, b := range blocks[:min(len(blocks), s.p.NMax)] {
		if err := s.Add(b); err != nil {
			return Record{}, err
		}
		if s.Done() {
			break
		}
	}
	return s.Record(), nil
}

// Record draws the result up as it stands; further blocks may follow.
func (s *Sequence) Record() Record {
	p, k := s.p, len(s.d)
	rec := Record{
		Stop: s.n, Informative: k, Missing: s.missing, Void: s.void, Diverged: s.diverged,
		Estimate: s.Estimate(), Scale: spread(s.gaps, s.d), Superiority: Superiority(s.d),
		TV: s.tv, TR: s.tr,
		Wealth: map[string][]float64{},
		VPath:  append([]float64(nil), s.v...), RPath: append([]float64(nil), s.r...),
	}
	rec.Verdict, rec.Reason = s.outcome()
	rec.Computed = rec.Verdict
	if p.Unlocked {
		rec.Verdict, rec.Reason, rec.Computed = Exploratory, ReasonUnlocked, ""
	}
	if p.Deviation == Major {
		rec.Verdict, rec.Reason = Invalid, ReasonProtocol
	}
	rec.V, rec.R = s.Evidence()
	rec.SignV, rec.SignR = s.Signs()
	for i, name := range s.main.names() {
		if name != "" {
			rec.Wealth[name] = append([]float64(nil), s.paths[i]...)
		}
	}
	rec.Effect = EffectSize(rec.Estimate, rec.Scale)
	one := s.Bounds(1 / p.Alpha)
	rec.Lower, rec.Upper = one.Lower, one.Upper
	rec.Confidence = s.Bounds(2 / p.Alpha)
	rec.Asymmetry = asymmetry(s.d, rec.Estimate, rec.Scale)
	rec.Grading = grade(rec, p)
	return rec
}

func grade(rec Record, p Params) Grading {
	g := Grading{
		Effect:     rec.Effect,
		Asymmetric: math.Abs(rec.Asymmetry) > asymmetric,
		// Negated so that bounds that are no numbers count as imprecise.
		Imprecise: !((rec.Upper-rec.Lower)/2 <= greatest(math.Abs(rec.Estimate), p.Delta)),
	}
	if rec.Scale > 0 && !math.IsInf(rec.Scale, 1) {
		g.Bounds = &Interval{rec.Lower / rec.Scale, rec.Upper / rec.Scale}
	}
	if rec.Stop > 0 {
		g.DivergedShare = float64(rec.Diverged) / float64(rec.Stop)
	}
	return g
}

// greatest is max, except that a NaN on the left is kept and one on the right
// is passed over, so that no estimate means imprecise.
func greatest(a, b float64) float64 {
	if math.IsNaN(a) || a >= b {
		return a
	}
	return b
}
