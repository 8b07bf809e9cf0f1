package report

import (
	"fmt"

	"tenet/hypotheses"
)

// seen is what had been seen when a plan was written, amended and locked, from
// the order of the ledger.
func (t *tracer) seen(h hypotheses.Hypothesis) (Node, error) {
	if t.history == nil {
		all, err := hypotheses.ReadHistory(t.tx)
		if err != nil {
			return Node{}, err
		}
		t.history = &all
	}
	moments := t.history.Moments(h)
	n := Node{Kind: "seen", Label: "what had been seen, from the order of the ledger"}
	for _, m := range moments {
		n.Children = append(n.Children, Node{Kind: "moment", Label: m.String(), Seq: m.Seq})
	}
	return n, nil
}

// deviations are the departures from the locked plan.
func (t *tracer) deviations(h hypotheses.Hypothesis) ([]Node, error) {
	var out []Node
	for d, err := range hypotheses.Deviations(t.tx, h.ID) {
		if err != nil {
			return nil, err
		}
		out = append(out, t.node(hypotheses.KindDeviation, d.ID, "", fmt.Sprintf("%s deviation from the plan, recorded by %s: %s", d.Class, d.By, d.Text)))
	}
	return out, nil
}
