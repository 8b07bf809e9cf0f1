package decision

import (
	"fmt"
	"math"
)

// Kind says what a hypothesis claims about the centre θ of D.
type Kind string

// The three kinds of claim.
const (
	Greater    Kind = "greater"    // θ > θ₀, and worth at least Δ
	Equivalent Kind = "equivalent" // −Δ < θ < Δ
	Different  Kind = "different"  // |θ| > θ₀, and worth at least Δ
)

// Settings of [Params] that are words.
const (
	Pseudomedian = "pseudomedian" // Center: Hodges–Lehmann with the standardised e-process
	Median       = "median"       // Center: sample median with the sign e-process
	Gate         = "gate"         // Divergence: many diverged blocks hold the verdict back
	Outcome      = "outcome"      // Divergence: divergence is part of the claim
	Forbid       = "forbid"       // Constant: equal D in all blocks are a fault of the design
	Allow        = "allow"        // Constant: equal D may happen
	Major        = "major"        // Deviation: the protocol was broken
	Minor        = "minor"        // Deviation: on record, costs trust
)

// Params are the registered inputs of the rule. The zero value of a field is
// its default, given in brackets; Delta has none.
type Params struct {
	Kind   Kind    // [Greater]
	Theta0 float64 // θ₀, in units of D [0]
	Delta  float64 // Δ, in units of D

	Alpha  float64 // error rate of each claim [0.05]
	TVal   float64 // T_v, evidence needed to validate [1/Alpha]
	TRef   float64 // T_r, evidence needed to refute [1/Alpha]
	NMin   int     // informative blocks before any verdict [5]
	NMax   int     // blocks at most [60]
	Center string  // [Pseudomedian]

	MissingMax   float64 // share of missing blocks that still allows a verdict [0.10]
	UnstableMax  float64 // share of diverged blocks that still allows one [0.20]
	Divergence   string  // [Gate]
	Constant     string  // [Forbid]
	ConstantStop int     // informative blocks after which equal D end the run [10]

	NotBefore int    // first block at which a verdict may be given [0]
	Unlocked  bool   // no registration was locked: the result is exploratory
	Deviation string // "", Minor or Major
}

// Filled gives p with every default written out.
func (p Params) Filled() Params {
	text := func(s *string, d string) {
		if *s == "" {
			*s = d
		}
	}
	real := func(f *float64, d float64) {
		if *f == 0 {
			*f = d
		}
	}
	whole := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	if p.Kind == "" {
		p.Kind = Greater
	}
	real(&p.Alpha, 0.05)
	real(&p.TVal, 1/p.Alpha)
	real(&p.TRef, 1/p.Alpha)
	whole(&p.NMin, 5)
	whole(&p.NMax, 60)
	text(&p.Center, Pseudomedian)
	real(&p.MissingMax, 0.10)
	real(&p.UnstableMax, 0.20)
	text(&p.Divergence, Gate)
	text(&p.Constant, Forbid)
	whole(&p.ConstantStop, 10)
	return p
}

// Check says what makes p unusable; it expects p to be [Params.Filled].
func (p Params) Check() error {
	word := func(name, got string, allowed ...string) error {
		for _, a := range allowed {
			if got == a {
				return nil
			}
		}
		return fmt.Errorf("decision: %s %q is not one of %v", name, got, allowed)
	}
	for _, err := range []error{
		word("kind", string(p.Kind), string(Greater), string(Equivalent), string(Different)),
		word("center", p.Center, Pseudomedian, Median),
		word("divergence", p.Divergence, Gate, Outcome),
		word("constant", p.Constant, Forbid, Allow),
		word("deviation", p.Deviation, "", "none", Minor, Major),
	} {
		if err != nil {
			return err
		}
	}
	finite := func(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
	switch {
	case !finite(p.Theta0) || !finite(p.Delta):
		return fmt.Errorf("decision: θ₀ %v and Δ %v must be finite", p.Theta0, p.Delta)
	case p.Kind == Greater && p.Delta < p.Theta0:
		return fmt.Errorf("decision: Δ %v lies below θ₀ %v", p.Delta, p.Theta0)
	case p.Kind != Greater && p.Delta <= 0:
		return fmt.Errorf("decision: a claim of kind %s needs Δ > 0, not %v", p.Kind, p.Delta)
	case p.Kind == Different && (p.Theta0 < 0 || p.Theta0 > p.Delta):
		return fmt.Errorf("decision: θ₀ %v must lie between 0 and Δ %v", p.Theta0, p.Delta)
	case !(p.Alpha > 0 && p.Alpha < 1):
		return fmt.Errorf("decision: α %v must lie between 0 and 1", p.Alpha)
	case !(p.TVal >= 1) || !(p.TRef >= 1):
		return fmt.Errorf("decision: thresholds %v and %v must be at least 1", p.TVal, p.TRef)
	case p.NMin < 1 || p.NMax < 1:
		return fmt.Errorf("decision: block counts %d and %d must be at least 1", p.NMin, p.NMax)
	case !(p.MissingMax > 0 && p.MissingMax <= 1) || !(p.UnstableMax > 0 && p.UnstableMax <= 1):
		return fmt.Errorf("decision: shares %v and %v must lie in (0, 1]", p.MissingMax, p.UnstableMax)
	}
	return nil
}
