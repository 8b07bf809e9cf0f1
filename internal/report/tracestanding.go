package report

import (
	"fmt"

	"tenet/hypotheses"
	"tenet/principles"
)

// standing is what was executed for a principle and its measured scorecard.
func (t *tracer) standing(p principles.Principle) ([]Node, error) {
	var out []Node
	scope, err := hypotheses.ExecutedScope(t.tx, p.ID)
	if err != nil {
		return nil, err
	}
	if scope != "" {
		out = append(out, Node{Kind: "scope", Label: "scope: " + scope})
	}
	card, err := hypotheses.Measured(t.tx, p.ID)
	if err != nil {
		return nil, err
	}
	n := Node{Kind: "scorecard", Label: "scorecard, as far as it can be measured"}
	for _, m := range card {
		mark := "  – "
		if m.Known {
			mark = fmt.Sprintf("%.2f", m.Share)
		}
		n.Children = append(n.Children, Node{Kind: "criterion", Label: fmt.Sprintf("%s %s: %s", mark, m.Criterion, m.Text)})
	}
	return append(out, n), nil
}
