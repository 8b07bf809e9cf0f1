package hypotheses

import (
	"math"
	"slices"
	"strings"
)

// MetricRange gives the least and the greatest value that the metric can take:
// the declared range, else what is known of the metric's name; without bounds
// where nothing is known.
func (d DecisionSpec) MetricRange() []float64 {
	lo, hi := math.Inf(-1), math.Inf(1)
	switch {
	case len(d.Range) == 2:
		return floats(d.Range)
	case strings.HasSuffix(d.Metric, "accuracy"), slices.Contains([]string{"iou", "auc", "precision", "recall", "f1"}, d.Metric):
		lo, hi = 0, 1
	case d.Metric == "lesion_drop", strings.HasSuffix(d.Metric, "cosine"), strings.HasSuffix(d.Metric, "correlation"):
		lo, hi = -1, 1
	case slices.ContainsFunc([]string{"loss", "mse", "bits_per_character", "perplexity", "seconds", "modes"}, func(s string) bool { return strings.HasSuffix(d.Metric, s) }):
		lo = 0
	}
	return []float64{lo, hi}
}

// scores gives the range of the score: transformed and turned so that higher
// is better. A diverged trial's score counts where divergence is an outcome.
func (d DecisionSpec) scores() (lo, hi float64) {
	r := d.MetricRange()
	lo, hi = r[0], r[1]
	if d.Transform == "log" {
		lo, hi = math.Log(max(lo, 0)), math.Log(max(hi, 0))
	}
	if d.Better == "lower" {
		lo, hi = -hi, -lo
	}
	if w := d.Worst.score(); d.Divergence == "outcome" || w > lo {
		lo = w
	}
	return lo, hi
}

// contrasts gives the range of D.
func (d DecisionSpec) contrasts() (lo, hi float64) { return d.Spec().Range(d.scores()) }
