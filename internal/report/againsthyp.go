package report

import (
	"fmt"
	"strconv"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/principles"
)

func (t *tracer) againstHypothesis(h hypotheses.Hypothesis) (Node, error) {
	relation := principles.Contradicts
	if h.Decision != nil && h.Decision.Expect == decision.Refuted { // what supports the belief that is to be refuted
		relation = principles.Supports
	}
	claims, qualify, err := t.opposing(h.PrincipleID, relation)
	if err != nil {
		return Node{}, err
	}
	departures, err := t.deviations(h)
	if err != nil {
		return Node{}, err
	}
	others, err := t.otherwiseElsewhere(h)
	if err != nil {
		return Node{}, err
	}
	blocks, err := t.blocksAgainst(h)
	if err != nil {
		return Node{}, err
	}
	head := t.node(hypotheses.KindHypothesis, h.ID, h.Alias, "It is "+string(h.State)+": "+says(h))
	if h.Verdict != nil {
		head = t.node(hypotheses.KindVerdict, h.Verdict.ID, h.Alias, verdictLine(h)+". "+says(h))
	}
	return whole(head, h.Alias,
		group("blocks", "blocks on the other side", blocks), group("claims", "claims on its principle that say the opposite", claims),
		group("claims", "claims that qualify its principle", qualify), group("verdicts", "other tests of the same that came out otherwise", others),
		group("deviations", "departures from the locked plan", departures), group("weaknesses", "what weakens it", said("weakness", doubts(h))),
		group("confounds", "what else might explain it, as the plan says", said("confound", h.Confounds))), nil
}

// blocksAgainst lists, once there is a verdict, the blocks whose D lies on the other side of what decided it.
func (t *tracer) blocksAgainst(h hypotheses.Hypothesis) ([]Node, error) {
	v := h.Verdict
	if v == nil || h.Decision == nil || h.Lock == nil {
		return nil, nil
	}
	used, err := hypotheses.BlocksAt(t.tx, hypotheses.StartRecord{RunID: v.RunID, HypothesisID: h.ID}, v.Seq)
	if err != nil {
		return nil, err
	}
	edge, above := float64(h.Decision.Theta0), v.Verdict != decision.Refuted
	if !above {
		edge = float64(h.Decision.Delta)
	}
	var out []Node
	for _, b := range used {
		n := t.node(hypotheses.KindBlock, b.ID, "", fmt.Sprintf("block %d: D %s", b.B+1, decimal(b.D)))
		d, err := strconv.ParseFloat(b.D, 64)
		switch {
		case err != nil: // void or missing: says nothing either way, and costs trust
			n.Label = fmt.Sprintf("block %d is %s", b.B+1, b.D)
		case decision.Kind(h.Decision.Kind) != decision.Greater || above == (d > edge):
			continue
		default:
			n.Label += fmt.Sprintf(", where the verdict speaks of more than %s", num(edge))
			if !above {
				n.Label = fmt.Sprintf("block %d: D %s, where the verdict speaks of less than %s", b.B+1, decimal(b.D), num(edge))
			}
		}
		out = append(out, n)
	}
	return out, nil
}

// otherwiseElsewhere lists replications and versions of the hypothesis, and what it replicates, whose verdict is the other.
func (t *tracer) otherwiseElsewhere(h hypotheses.Hypothesis) ([]Node, error) {
	if foretold(h, "") == undecided {
		return nil, nil
	}
	var out []Node
	for o, err := range hypotheses.All(t.tx) {
		if err != nil {
			return nil, err
		}
		same := o.ID != h.ID && (o.OfID == h.ID || h.OfID == o.ID || h.OfID != "" && o.OfID == h.OfID || o.PreviousID == h.ID || h.PreviousID == o.ID)
		if same && foretold(o, "") != undecided && o.Verdict.Verdict != h.Verdict.Verdict {
			out = append(out, t.verdictNode(o))
		}
	}
	return out, nil
}

// doubts are what the record itself says against leaning on it.
func doubts(h hypotheses.Hypothesis) []string {
	var out []string
	if h.Lock != nil && h.Lock.Controls != "" {
		out = append(out, "controls of the engine "+h.Lock.Controls)
	}
	if h.Decision != nil && h.Decision.Proxy {
		out = append(out, "what is measured stands for something larger than was run (a declared proxy)")
	}
	v := h.Verdict
	if v == nil {
		return append(out, "it has no verdict yet")
	}
	if v.Verdict == decision.Validated {
		out = append(out, fmt.Sprintf("R, the evidence against it, reached %s of the %s that refutes", shown(v.R, v.TR), num(float64(v.TR))))
	} else {
		out = append(out, fmt.Sprintf("V, the evidence for the statement, reached %s of the %s that validates", shown(v.V, v.TV), num(float64(v.TV))))
	}
	for _, x := range []struct {
		yes  bool
		what string
	}{
		{v.Missing > 0, plural(v.Missing, "missing block")},
		{v.Diverged > 0, plural(v.Diverged, "block") + " in which a net diverged"},
		{v.Asymmetric, "D is skewed, where the rule is exact for symmetric D"},
		{v.Imprecise, fmt.Sprintf("the bounds, %s to %s, are wider than the effect", num(float64(v.Lower)), num(float64(v.Upper)))},
		{v.Verdict == decision.Invalid, "the locked plan was not followed"},
	} {
		if x.yes {
			out = append(out, x.what)
		}
	}
	return out
}
