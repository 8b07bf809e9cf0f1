package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// Against lists what speaks against a principle, a hypothesis or a claim, given by any of its names: claims that
// contradict it, verdicts that came out otherwise than foretold, rivals that foretold right, departures from plans,
// controls that failed, and what weakens the evidence that there is. Of a plan without a verdict it shows no outcome.
func Against(lib *store.Library, name string) (Node, error) {
	var n Node
	err := lib.View(func(tx *store.Tx) (err error) {
		t := &tracer{tx: tx, vault: lib.Vault(), files: map[string]State{}}
		kind, id, err := t.find(name)
		if err != nil {
			return err
		}
		switch kind {
		case hypotheses.KindHypothesis:
			n, err = with(t, kind, id, t.againstHypothesis)
		case principles.KindPrinciple:
			n, err = with(t, kind, id, t.againstPrinciple)
		case survey.KindClaim:
			n, err = with(t, kind, id, t.againstClaim)
		default:
			err = fmt.Errorf("report: against: %s is a %s; a hypothesis, principle or claim can be spoken against", name, kind)
		}
		return err
	})
	return n, err
}

// group is a step that gathers others; one without members is left out.
func group(kind, label string, members []Node) []Node {
	if len(members) == 0 {
		return nil
	}
	return []Node{{Kind: kind, Label: fmt.Sprintf("%s (%d)", label, len(members)), Children: members}}
}

// said makes steps of sentences.
func said(kind string, lines []string) []Node {
	var out []Node
	for _, s := range lines {
		out = append(out, Node{Kind: kind, Label: s})
	}
	return out
}

// whole puts the groups under a head, or says that there are none.
func whole(head Node, what string, groups ...[]Node) Node {
	head.Children = slices.Concat(groups...)
	n := 0
	for _, g := range head.Children {
		n += len(g.Children)
	}
	head.Label = fmt.Sprintf("against %s: %s. %s", what, plural(n, "thing"), head.Label)
	if n == 0 {
		head.Label = strings.Replace(head.Label, "0 things", "nothing in this library, which is not the same as nothing", 1)
	}
	return head
}

func (t *tracer) againstPrinciple(p principles.Principle) (Node, error) {
	st, err := hypotheses.StatusOf(t.tx, p.ID)
	if err != nil {
		return Node{}, err
	}
	contra, qualify, err := t.opposing(p.ID, principles.Contradicts)
	if err != nil {
		return Node{}, err
	}
	var failed, refuted, departures []Node
	var open []string
	for h, err := range hypotheses.Of(t.tx, p.ID) {
		if err != nil {
			return Node{}, err
		}
		switch came := foretold(h, ""); {
		case came == asForetold && h.Verdict.Verdict == decision.Refuted:
			refuted = append(refuted, t.verdictNode(h))
		case came == otherwise:
			failed = append(failed, t.verdictNode(h))
		case came == undecided && h.Decision != nil && h.NextID == "":
			open = append(open, h.Alias)
		}
		ds, err := t.deviations(h)
		if err != nil {
			return Node{}, err
		}
		for _, d := range ds {
			d.Label = h.Alias + ": " + d.Label
			departures = append(departures, d)
		}
	}
	rivals, err := t.rivalsOf(p)
	if err != nil {
		return Node{}, err
	}
	controls, err := t.failedControls()
	if err != nil {
		return Node{}, err
	}
	weak := said("weakness", weaknesses(st, open))
	head := t.node(principles.KindPrinciple, p.ID, p.Alias, fmt.Sprintf("It is %s (%s), evidence %s.", st.Status, spoken(st.Reason), st.Grade))
	return whole(head, p.Alias+" “"+oneLine(p.Name)+"”",
		group("claims", "claims that contradict it", contra), group("claims", "claims that qualify it", qualify),
		group("verdicts", "hypotheses that came out otherwise than foretold", failed),
		group("verdicts", "refuted as foretold: where not to use it", refuted),
		group("rivals", "rivals that foretold right", rivals), group("deviations", "departures from locked plans", departures),
		group("controls", "controls that failed", controls), group("weaknesses", "what weakens the evidence there is", weak)), nil
}

// weaknesses are the grades lost, the regions found not to hold or untried, and what is undecided.
func weaknesses(st principles.Status, open []string) []string {
	var out []string
	for _, d := range st.Doubts {
		out = append(out, fmt.Sprintf("grade lowered by %d for %s", d.Steps, d))
	}
	for _, r := range st.Excluded {
		out = append(out, "found not to hold in: "+r)
	}
	for _, r := range st.Untested {
		out = append(out, "not tested in: "+r)
	}
	if len(open) > 0 {
		slices.SortFunc(open, byAlias)
		out = append(out, "without a verdict: "+strings.Join(open, ", "))
	}
	return out
}

// outcome of a hypothesis beside what was foretold.
type cameOut int

const (
	undecided cameOut = iota
	asForetold
	otherwise
)

// foretold compares the verdict with a prediction; "" takes the plan's own.
func foretold(h hypotheses.Hypothesis, predicts string) cameOut {
	if h.Verdict == nil || h.Decision == nil || h.Verdict.Verdict != decision.Validated && h.Verdict.Verdict != decision.Refuted {
		return undecided
	}
	if h.Verdict.Verdict == orWord(predicts, orWord(h.Decision.Expect, decision.Validated)) {
		return asForetold
	}
	return otherwise
}

func (t *tracer) verdictNode(h hypotheses.Hypothesis) Node {
	n := t.node(hypotheses.KindVerdict, h.Verdict.ID, h.Alias, fmt.Sprintf("%s %s. It says: %s", h.Alias, verdictLine(h), says(h)))
	n.State = unless(hypotheses.CheckVerdict(t.tx, *h.Verdict))
	return n
}

// opposing gives the claims on a principle that stand in a relation to it, and those that qualify it.
func (t *tracer) opposing(principleID string, r principles.Relation) (opposing, qualifying []Node, err error) {
	claims, err := claimsOn(t.tx, principleID)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range claims {
		if c.Link.Relation != r && c.Link.Relation != principles.Qualifies {
			continue
		}
		n, err := t.claim(c.Claim, signs[c.Link.Relation]+" ")
		if err != nil {
			return nil, nil, err
		}
		if c.Link.Relation == r {
			opposing = append(opposing, n)
		} else {
			qualifying = append(qualifying, n)
		}
	}
	return opposing, qualifying, nil
}

// rivalsOf lists the plans, its own and others', in which another principle foretold the verdict and this one did not.
func (t *tracer) rivalsOf(p principles.Principle) ([]Node, error) {
	var out []Node
	for h, err := range hypotheses.All(t.tx) {
		if err != nil {
			return nil, err
		}
		if h.Decision == nil || foretold(h, "") == undecided {
			continue
		}
		for _, r := range h.Decision.Rivals {
			n := t.verdictNode(h)
			switch {
			case h.PrincipleID == p.ID && foretold(h, r.Predicts) == asForetold:
				n.Label = fmt.Sprintf("%s foretold %s, and %s", r.Principle, r.Predicts, n.Label)
			case principles.SameAlias(r.Principle, p.Alias) && foretold(h, r.Predicts) == otherwise:
				n.Label = fmt.Sprintf("this one foretold %s as a rival, and %s", r.Predicts, n.Label)
			default:
				continue
			}
			out = append(out, n)
		}
	}
	return out, nil
}

func (t *tracer) failedControls() ([]Node, error) {
	var out []Node
	all, err := hypotheses.Controls(t.tx, "", "")
	for _, c := range all {
		if !c.Passed {
			out = append(out, t.node(hypotheses.KindControl, c.ID, "", fmt.Sprintf("%s failed on engine %s: %s", c.Kind, c.Engine, oneLine(c.Text))))
		}
	}
	return out, err
}

func (t *tracer) againstClaim(c survey.Claim) (Node, error) {
	var groups [][]Node
	for l, err := range principles.LinksOfClaim(t.tx, c.ID) {
		if err != nil {
			return Node{}, err
		}
		p, err := store.Get[principles.Principle](t.tx, principles.KindPrinciple, l.PrincipleID)
		if errors.Is(err, store.ErrNotFound) || l.Relation == principles.Qualifies {
			continue
		} else if err != nil {
			return Node{}, err
		}
		other, bad := principles.Contradicts, otherwise
		if l.Relation == principles.Contradicts {
			other, bad = principles.Supports, asForetold
		}
		claims, _, err := t.opposing(p.ID, other)
		if err != nil {
			return Node{}, err
		}
		var verdicts []Node
		for h, err := range hypotheses.Of(t.tx, p.ID) {
			if err != nil {
				return Node{}, err
			}
			if foretold(h, "") == bad {
				verdicts = append(verdicts, t.verdictNode(h))
			}
		}
		about := fmt.Sprintf("on %s, which it %s", p.Alias, l.Relation)
		groups = append(groups, group("claims", "claims "+about+": they say the opposite", claims), group("verdicts", "verdicts "+about+": they came out against it", verdicts))
	}
	return whole(t.node(survey.KindClaim, c.ID, c.Alias, "“"+oneLine(orWord(c.Quote, c.Text))+"”"), c.Alias, groups...), nil
}
