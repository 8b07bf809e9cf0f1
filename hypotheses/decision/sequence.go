package decision

import (
	"errors"
	"fmt"
	"math"
)

// The words of a verdict.
const (
	Validated    = "validated"
	Refuted      = "refuted"
	Inconclusive = "inconclusive"
	Invalid      = "invalid"
	Exploratory  = "exploratory"
)

// The reasons of a verdict.
const (
	ReasonEffect       = "effect"
	ReasonEquivalence  = "equivalence"
	ReasonHigher       = "higher"
	ReasonLower        = "lower"
	ReasonReversed     = "reversed"
	ReasonBelowMinimum = "below-minimum"
	ReasonAbsent       = "absent"
	ReasonMissing      = "missing"
	ReasonNoVariation  = "no-variation"
	ReasonUnstable     = "unstable"
	ReasonBudget       = "budget"
	ReasonProtocol     = "protocol"
	ReasonUnlocked     = "unlocked"
)

// ErrDecided is returned for a block that comes after the verdict: later
// blocks never change it.
var ErrDecided = errors.New("decision: the verdict is given; later blocks do not change it")

// ErrFull is returned for a block past NMax.
var ErrFull = errors.New("decision: the registered number of blocks is reached")

// Sequence judges one hypothesis block by block. Blocks come in the registered
// order, whatever the order in which trials finish.
type Sequence struct {
	p            Params
	tv, tr       float64
	logTV, logTR float64

	main, sign trail
	d          []float64 // informative values, in order
	scales     []float64 // scale of the values before each
	sorted     ordered   // d
	gaps       ordered   // of all pairs of d
	means      ordered   // of all pairs of d
	batch      []float64

	n, missing, void, diverged int
	equal                      bool // all d so far are one value

	paths [3][]float64 // wealth after every block
	v, r  []float64    // running maxima after every block

	verdict, reason string
	conflict        bool // the evidence contradicted itself at the last block
}

// NewSequence starts a sequence under p.
func NewSequence(p Params) (*Sequence, error) {
	p = p.Filled()
	if err := p.Check(); err != nil {
		return nil, err
	}
	s := &Sequence{p: p}
	room := min(p.NMax, 64)
	s.d, s.scales = make([]float64, 0, room), make([]float64, 0, room)
	s.sorted, s.batch = make(ordered, 0, room), make([]float64, 0, room+1)
	s.gaps, s.means = make(ordered, 0, room*room/2), make(ordered, 0, room*(room+1)/2)
	for i := range s.paths {
		s.paths[i] = make([]float64, 0, room)
	}
	s.v, s.r = make([]float64, 0, room), make([]float64, 0, room)
	s.Reset()
	return s, nil
}

// Reset forgets all blocks and the thresholds set since the start.
func (s *Sequence) Reset() {
	s.main, s.sign = newTrail(s.p, s.p.Center == Median), newTrail(s.p, true)
	s.d, s.scales, s.sorted, s.gaps, s.means = s.d[:0], s.scales[:0], s.sorted[:0], s.gaps[:0], s.means[:0]
	for i := range s.paths {
		s.paths[i] = s.paths[i][:0]
	}
	s.v, s.r = s.v[:0], s.r[:0]
	s.n, s.missing, s.void, s.diverged, s.equal = 0, 0, 0, 0, true
	s.verdict, s.reason, s.conflict = "", "", false
	s.SetThresholds(s.p.TVal, s.p.TRef)
}

// SetThresholds changes T_v and T_r for the blocks to come, as a family does
// when its other members reach theirs. Earlier blocks are not read again; see
// [Sequence.Rejudge].
func (s *Sequence) SetThresholds(tv, tr float64) {
	s.tv, s.tr, s.logTV, s.logTR = tv, tr, math.Log(tv), math.Log(tr)
}

// Add takes the next block and judges it.
func (s *Sequence) Add(b Block) error {
	if err := s.observe(b); err != nil {
		return err
	}
	s.judge()
	return nil
}

// Rejudge judges the last block anew under the present thresholds. It changes
// nothing once a verdict other than inconclusive is given, or when the run
// ended without variation.
func (s *Sequence) Rejudge() {
	if s.verdict == "" {
		s.judge()
	}
}

// Done reports whether a verdict is given: more blocks are refused.
func (s *Sequence) Done() bool { return s.verdict != "" }

// Len is the number of blocks so far.
func (s *Sequence) Len() int { return s.n }

// Evidence gives the running maxima V and R, 1 before the first informative
// block.
func (s *Sequence) Evidence() (v, r float64) {
	if len(s.d) == 0 {
		return 1, 1
	}
	lv, lr := s.main.maxima()
	return math.Exp(lv), math.Exp(lr)
}

// Signs gives the running maxima of the evidence from signs alone, by which one
// wild block is kept from carrying a verdict; 1 before the first informative block.
func (s *Sequence) Signs() (v, r float64) {
	if len(s.d) == 0 {
		return 1, 1
	}
	lv, lr := s.sign.maxima()
	return math.Exp(lv), math.Exp(lr)
}

// Wealth gives the e-values for and against the claim as they stand now, 1
// before the first informative block. They are what rule eholm may average;
// the running maxima of [Sequence.Evidence] are not.
func (s *Sequence) Wealth() (v, r float64) {
	if len(s.d) == 0 {
		return 1, 1
	}
	lv, lr := s.main.standing()
	return math.Exp(lv), math.Exp(lr)
}

// Estimate is the centre of D so far; NaN without informative blocks.
func (s *Sequence) Estimate() float64 {
	if s.p.Center == Median {
		return s.sorted.middle()
	}
	return s.means.middle()
}

// Bounds are the present bounds at threshold t.
func (s *Sequence) Bounds(t float64) Interval {
	return ladder{d: s.d, scale: s.scales, signs: s.p.Center == Median}.bounds(t)
}

func (s *Sequence) observe(b Block) error {
	switch {
	case s.Done():
		return ErrDecided
	case s.n >= s.p.NMax:
		return ErrFull
	case b.Kind == Informative && math.IsNaN(b.D):
		return fmt.Errorf("decision: D of block %d is not a number", s.n)
	}
	s.n++
	switch b.Kind {
	case Missing:
		s.missing++
	case Void:
		s.void++
		s.diverged++
	default:
		if b.Diverged {
			s.diverged++
		}
		s.take(b.D)
	}
	s.note()
	return nil
}

func (s *Sequence) take(d float64) {
	scale := spread(s.gaps, s.d)
	s.main.add(d, scale, len(s.d))
	s.sign.add(d, 0, len(s.d))
	s.equal = s.equal && (len(s.d) == 0 || d == s.d[0])

	s.batch = walsh(s.batch[:0], d, s.d)
	s.means.insert(s.batch)
	s.batch = s.batch[:0]
	for _, v := range s.d {
		s.batch = append(s.batch, gap(v, d))
	}
	s.gaps.insert(s.batch)
	s.batch = append(s.batch[:0], d)
	s.sorted.insert(s.batch)
	s.d, s.scales = append(s.d, d), append(s.scales, scale)
}

// note keeps the curves: one point per block, informative or not.
func (s *Sequence) note() {
	for i := range s.paths {
		e := 1.0
		if len(s.d) > 0 {
			e = math.Exp(s.main.now[i])
		}
		s.paths[i] = append(s.paths[i], e)
	}
	v, r := s.Evidence()
	s.v, s.r = append(s.v, v), append(s.r, r)
}

// flat reports equal D in every block of a design that should vary. A diverged
// block is variation of its own.
func (s *Sequence) flat() bool {
	return s.p.Constant == Forbid && s.diverged == s.void && s.equal
}

// shaky reports that too many blocks diverged for a verdict.
func (s *Sequence) shaky() bool {
	count := s.diverged
	if s.p.Divergence == Outcome {
		count = s.void
	}
	return float64(count) > s.p.UnstableMax*float64(max(s.n, 1))
}

func (s *Sequence) gappy() bool {
	return float64(s.missing) > s.p.MissingMax*float64(max(s.n, 1))
}

// judge applies steps 2 to 8 of the rule to the block just taken.
func (s *Sequence) judge() {
	s.verdict, s.reason, s.conflict = "", "", false
	k := len(s.d)
	if k < s.p.NMin || s.n < s.p.NotBefore {
		return
	}
	if s.flat() {
		if k >= s.p.ConstantStop {
			s.verdict, s.reason = Inconclusive, ReasonNoVariation
		}
		return
	}
	if s.gappy() || s.shaky() {
		return
	}
	v, r := s.main.maxima()
	sv, sr := s.sign.maxima()
	guard := s.p.Center != Median
	yes := v >= s.logTV && (!guard || sv >= s.logTV/2)
	no := r >= s.logTR && (!guard || sr >= s.logTR/2)
	if !yes && !no {
		return
	}
	est := s.Estimate()
	s.verdict, s.reason = s.rule(yes, no, est)
	if s.verdict == "" {
		s.conflict = no && (yes || s.p.Kind == Greater && est >= s.p.Delta)
	}
}

// rule is step 7: what evidence and estimate together say; "" is nothing yet.
func (s *Sequence) rule(yes, no bool, est float64) (verdict, reason string) {
	side := ReasonLower
	if est > 0 {
		side = ReasonHigher
	}
	small := ReasonAbsent // why an effect below Δ is refuted
	if v, _ := s.main.maxima(); v >= s.logTV {
		small = ReasonBelowMinimum
	}
	delta := s.p.Delta
	switch s.p.Kind {
	case Greater:
		switch {
		case no && !(est >= delta):
			if s.main.reversed() >= s.logTR {
				small = ReasonReversed
			}
			return Refuted, small
		case yes && !no && est >= delta:
			return Validated, ReasonEffect
		}
	case Equivalent:
		switch {
		case yes && !no && math.Abs(est) < delta:
			return Validated, ReasonEquivalence
		case no && !yes && math.Abs(est) >= delta:
			return Refuted, side
		}
	default:
		switch {
		case yes && !no && math.Abs(est) >= delta:
			return Validated, side
		case no && math.Abs(est) < delta:
			return Refuted, small
		}
	}
	return "", ""
}

// Outcome gives the verdict as it stands and its reason, without the numbers
// of a [Record].
func (s *Sequence) Outcome() (verdict, reason string) { return s.outcome() }

// outcome gives the verdict as it stands, with the reason why there is none
// where there is none.
func (s *Sequence) outcome() (verdict, reason string) {
	switch {
	case s.verdict != "":
		return s.verdict, s.reason
	case s.gappy():
		return Inconclusive, ReasonMissing
	case len(s.d) >= max(1, s.p.NMin) && s.flat():
		return Inconclusive, ReasonNoVariation
	case s.shaky() || s.conflict:
		return Inconclusive, ReasonUnstable
	}
	return Inconclusive, ReasonBudget
}
