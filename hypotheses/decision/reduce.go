package decision

import (
	"fmt"
	"math"
)

// Reduction names how the trials of a block become one number.
type Reduction string

// The reductions, with the order of arms that each one wants.
const (
	Paired      Reduction = "paired"      // treatment, control
	Single      Reduction = "single"      // one arm against a registered constant
	Slope       Reduction = "slope"       // one arm per level
	SlopeDiff   Reduction = "slope_diff"  // treatment at every level, then control at every level
	Interaction Reduction = "interaction" // y11, y10, y01, y00
	Spearman    Reduction = "spearman"    // one arm per row of a published table
)

// Spec is the registered reduction of a hypothesis.
type Spec struct {
	Reduction Reduction
	Lower     bool      // a lower metric is better
	Log       bool      // the score is the logarithm of the metric
	Worst     float64   // score of a diverged trial; −Inf where nothing finite is registered
	Baseline  float64   // Single: the constant, on the score scale
	Levels    []float64 // Slope, SlopeDiff: the levels
	Table     []float64 // Spearman: published values, higher is better
}

// Trial is the outcome of one training as the reduction sees it.
type Trial struct {
	Metric   float64 // as measured; NaN and infinities count as diverged
	Diverged bool    // the trainer saw a loss or a parameter that is not finite
	Missing  bool    // no outcome, for a reason outside the trained system
}

// Arms is the number of trials in one block, or 0 where the spec alone does
// not fix it.
func (s Spec) Arms() int {
	switch s.Reduction {
	case Paired:
		return 2
	case Single:
		return 1
	case Slope:
		return len(s.Levels)
	case SlopeDiff:
		return 2 * len(s.Levels)
	case Interaction:
		return 4
	case Spearman:
		return len(s.Table)
	}
	return 0
}

// Check says what makes the spec unusable.
func (s Spec) Check() error {
	if math.IsNaN(s.Worst) || math.IsInf(s.Worst, 1) {
		return fmt.Errorf("decision: worst score %v is not a score", s.Worst)
	}
	finiteWorst := !math.IsInf(s.Worst, -1)
	switch s.Reduction {
	case Paired, Single:
		if math.IsNaN(s.Baseline) || math.IsInf(s.Baseline, 0) {
			return fmt.Errorf("decision: baseline %v is not finite", s.Baseline)
		}
	case Slope, SlopeDiff:
		if len(s.Levels) < 3 {
			return fmt.Errorf("decision: a slope needs three levels, not %d", len(s.Levels))
		}
		if !varies(s.Levels) {
			return fmt.Errorf("decision: the levels of a slope are all equal")
		}
	case Interaction:
	case Spearman:
		if len(s.Table) < 4 {
			return fmt.Errorf("decision: a rank correlation needs four rows, not %d", len(s.Table))
		}
	default:
		return fmt.Errorf("decision: %q is not a reduction", s.Reduction)
	}
	switch s.Reduction {
	case Slope, SlopeDiff, Interaction:
		if !finiteWorst {
			return fmt.Errorf("decision: reduction %s needs a finite worst score", s.Reduction)
		}
	}
	return nil
}

func varies(x []float64) bool {
	for _, v := range x[1:] {
		if v != x[0] {
			return true
		}
	}
	return false
}

// score puts a trial on the scale where higher is better.
func (s Spec) score(t Trial) (y float64, diverged bool) {
	m := t.Metric
	if t.Diverged || math.IsNaN(m) || math.IsInf(m, 0) || s.Log && m <= 0 {
		return s.Worst, true
	}
	if s.Log {
		m = math.Log(m)
	}
	if s.Lower {
		m = -m
	}
	return max(m, s.Worst), false
}

// Reduce turns the trials of one block, in the registered order of arms, into
// the block's number.
func Reduce(s Spec, trials []Trial) (Block, error) {
	if err := s.Check(); err != nil {
		return Block{}, err
	}
	if n := s.Arms(); len(trials) != n {
		return Block{}, fmt.Errorf("decision: reduction %s takes %d trials, not %d", s.Reduction, n, len(trials))
	}
	y, b := s.Scores(trials)
	if y == nil {
		return b, nil
	}
	if b.D = s.contrast(y); math.IsNaN(b.D) {
		return Block{}, fmt.Errorf("decision: reduction %s of %v is not a number", s.Reduction, y)
	}
	return b, nil
}

// Scores puts the trials of a block on the scale where higher is better, a diverged one at the worst score. It
// gives no scores, and the kind of the block, where a trial is missing or all of them diverged.
func (s Spec) Scores(trials []Trial) ([]float64, Block) {
	y := make([]float64, len(trials))
	some, all := false, true
	for i, t := range trials {
		if t.Missing {
			return nil, Block{Kind: Missing}
		}
		var div bool
		y[i], div = s.score(t)
		some, all = some || div, all && div
	}
	if all {
		return nil, Block{Kind: Void, Diverged: true}
	}
	return y, Block{Diverged: some}
}

func (s Spec) contrast(y []float64) float64 {
	switch s.Reduction {
	case Single:
		return y[0] - s.Baseline
	case Slope:
		return slope(s.Levels, y)
	case SlopeDiff:
		n := len(s.Levels)
		return slope(s.Levels, y[:n]) - slope(s.Levels, y[n:])
	case Interaction:
		return (y[0] - y[1]) - (y[2] - y[3])
	case Spearman:
		return RankCorrelation(y, s.Table)
	default:
		return y[0] - y[1]
	}
}
