package bench

import (
	"fmt"
	"io"
	"strings"
)

// Table writes the report for people.
func (r Report) Table(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "kernels %s, peak %.1f GFLOP/s, %s\n\n%-10s %8s %9s %9s %9s %9s %7s %9s %13s %13s\n", r.Kernel, r.PeakGFLOPS, r.Go,
		"model", "MFLOP", "ms", "ms min", "wall ms", "GFLOP/s", "peak", "build ms", "loss 1", "loss 200"); err != nil {
		return err
	}
	for _, m := range r.Results {
		if _, err := fmt.Fprintf(w, "%-10s %8.1f %9.4f %9.4f %9.4f %9.1f %6.0f%% %9.1f %13s %13s\n", m.Model, m.FLOP/1e6, m.MS, m.MSMin, m.WallMS,
			m.GFLOPS, 100*m.PeakShare, m.BuildMS, losses(m.Loss1), losses(m.Loss200)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(w, "\n%-20s %9s %7s\n", "kernel", "GFLOP/s", "peak"); err != nil {
		return err
	}
	for _, k := range r.Rates {
		if _, err := fmt.Fprintf(w, "%-20s %9.1f %6.0f%%\n", k.Kernel, k.GFLOPS, 100*k.PeakShare); err != nil {
			return err
		}
	}
	return nil
}

func losses(of []float64) string {
	var words []string
	for _, l := range of {
		words = append(words, fmt.Sprintf("%.3f", l))
	}
	if len(words) == 0 {
		return "–"
	}
	return strings.Join(words, "/")
}
