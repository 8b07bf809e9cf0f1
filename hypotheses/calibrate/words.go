package calibrate

import (
	"fmt"
	"strings"
)

// String prints the table for people: false verdicts first, then what an
// effect costs.
func (t Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d simulated runs a row, at most %d blocks, every rule one-sided at %.2g; ± is one Monte Carlo standard error\n\n", t.Runs, t.Blocks, Alpha)
	fmt.Fprintf(&b, "False verdicts (smallest effect worth having %.2g of the spread)\n", NullDelta)
	fmt.Fprintf(&b, "%-30s %14s %14s %16s %9s %9s %9s %9s %9s\n", "law of D", "validated at 0", "refuted at Δ", "V ≥ 20, any gate", col("t", t.Fixed[0]), col("t", t.Fixed[1]), col("rank", t.Fixed[0]), col("rank", t.Fixed[1]), "peeking t")
	for i, r := range t.Rows {
		if r.Effect != 0 || i+1 >= len(t.Rows) {
			continue
		}
		mark := ""
		if !r.Symmetric {
			mark = " *"
		}
		ever := Share{}
		if n := len(r.ByBlock); n > 0 {
			ever = r.ByBlock[n-1]
		}
		fmt.Fprintf(&b, "%-30s %14s %14s %16s %9.3f %9.3f %9.3f %9.3f %9.3f\n", r.Law+mark, r.Validated, t.Rows[i+1].Refuted, ever,
			r.TTest[0].Of, r.TTest[1].Of, r.Wilcoxon[0].Of, r.Wilcoxon[1].Of, r.Peeking.Of)
	}
	fmt.Fprintf(&b, "* not symmetric about its centre: outside the guarantee; use the logarithm, paired arms at 0, or center: median\n\n")
	fmt.Fprintf(&b, "What an effect costs (smallest effect worth having: half of it)\n")
	fmt.Fprintf(&b, "%-30s %6s %14s %8s %12s %10s %9s %9s %9s %9s\n", "law of D", "effect", "validated", "refuted", "blocks mean", "9 in 10 by", col("t", t.Fixed[0]), col("rank", t.Fixed[0]), "peeking t", "blocks")
	for _, r := range t.Rows {
		if r.Effect <= NullDelta {
			continue
		}
		fmt.Fprintf(&b, "%-30s %6.2g %14s %8.3f %12.1f %10d %9.3f %9.3f %9.3f %9.1f\n", r.Law, r.Effect, r.Validated, r.Refuted.Of, r.Blocks, r.Blocks90,
			r.TTest[0].Of, r.Wilcoxon[0].Of, r.Peeking.Of, r.PeekingBlocks)
	}
	b.WriteString("Peeking has no error control: its few blocks are no merit. A fixed test spends its blocks always and must guess them before.\n")
	return b.String()
}

func col(name string, n int) string { return fmt.Sprintf("%s, N=%d", name, n) }

// String is the share with its error bar.
func (s Share) String() string { return fmt.Sprintf("%.3f ± %.3f", s.Of, s.Error) }
