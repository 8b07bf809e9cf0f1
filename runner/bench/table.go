package bench

import (
	"fmt"
	"io"
)

// Table writes the report for people.
func (r Report) Table(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "kernels %s, peak %.1f GFLOP/s, %s\n\n%-10s %8s %9s %9s %9s %9s %7s %9s %8s %8s\n", r.Kernel, r.PeakGFLOPS, r.Go,
		"model", "MFLOP", "ms", "ms min", "wall ms", "GFLOP/s", "peak", "build ms", "loss 1", "loss 200"); err != nil {
		return err
	}
	for _, m := range r.Results {
		if _, err := fmt.Fprintf(w, "%-10s %8.1f %9.4f %9.4f %9.4f %9.1f %6.0f%% %9.1f %8.3f %8.3f\n", m.Model, m.FLOP/1e6, m.MS, m.MSMin, m.WallMS,
			m.GFLOPS, 100*m.PeakShare, m.BuildMS, m.Loss1, m.Loss200); err != nil {
			return err
		}
	}
	return nil
}
