package report

import (
	"fmt"

	"tenet/hypotheses"
	"tenet/internal/report/proof"
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

// stamp is a third party's word for when the lock stood in the ledger; nil where
// nobody was asked.
func (t *tracer) stamp(h hypotheses.Hypothesis) (*Node, error) {
	if h.Lock == nil {
		return nil, nil //nolint:nilnil // nothing to show is no error
	}
	s, ok, err := proof.StampOf(t.tx, h.Lock.Seq)
	if err != nil || !ok {
		return nil, err
	}
	n := t.node(proof.KindStamp, s.ID, "", "the lock stood "+s.String())
	n.Digest = s.TokenSHA
	n.State = t.file(s.TokenSHA)
	return &n, nil
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
