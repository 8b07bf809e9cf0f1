package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/survey"
)

// signs are how relations are written in front of a claim.
var signs = map[principles.Relation]string{principles.Supports: "+", principles.Contradicts: "-", principles.Qualifies: "*"}

// unverified ends the line of a claim that nobody has compared with its paper.
const unverified = " (not yet verified)"

// claimsOn lists the live claims on a principle: for it, against it, qualifying
// it, each group in the order of the aliases.
func claimsOn(tx *store.Tx, principleID string) ([]principles.Linked, error) {
	var out []principles.Linked
	for c, err := range principles.LiveClaims(tx, principleID) {
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b principles.Linked) int {
		return cmp.Or(
			cmp.Compare(slices.Index(principles.Relations(), a.Link.Relation), slices.Index(principles.Relations(), b.Link.Relation)),
			byAlias(a.Claim.Alias, b.Claim.Alias))
	})
	return out, nil
}

// principle is a principle with the claims it was made from, its own and those of the wider one that it narrows.
func (t *tracer) principle(p principles.Principle) (Node, error) {
	n := t.node(principles.KindPrinciple, p.ID, p.Alias, fmt.Sprintf("principle %s revision %d: %s", p.Alias, p.Revision, oneLine(p.Name)))
	claims, err := claimsOn(t.tx, p.ID)
	if err != nil {
		return Node{}, err
	}
	wider, err := principles.LineageOf(t.tx, p)
	if err != nil {
		return Node{}, err
	}
	if wider.Parent != nil {
		w, err := t.principle(*wider.Parent)
		if err != nil {
			return Node{}, err
		}
		w.Label = "narrows " + w.Label
		n.Children = []Node{w}
	}
	if len(claims) == 0 {
		if wider.Parent == nil {
			n.Children = []Node{{Kind: "claims", Label: "no claims"}}
		}
		return n, nil
	}
	count := map[principles.Relation]int{}
	group := Node{Kind: "claims"}
	for _, c := range claims {
		count[c.Link.Relation]++
		cn, err := t.claim(c.Claim, signs[c.Link.Relation]+" ")
		if err != nil {
			return Node{}, err
		}
		group.Children = append(group.Children, cn)
	}
	group.Label = fmt.Sprintf("%s: %d support, %d contradict, %d qualify", plural(len(claims), "claim"),
		count[principles.Supports], count[principles.Contradicts], count[principles.Qualifies])
	n.Children = append([]Node{group}, n.Children...)
	return n, nil
}

// principleWhole adds the hypotheses that test a principle, each down to its plan.
func (t *tracer) principleWhole(p principles.Principle) (Node, error) {
	n, err := t.principle(p)
	if err != nil {
		return Node{}, err
	}
	st, err := hypotheses.StatusOf(t.tx, p.ID)
	if err != nil {
		return Node{}, err
	}
	n.Label = fmt.Sprintf("principle %s revision %d, %s (%s), evidence %s: %s", p.Alias, p.Revision, st.Status, spoken(st.Reason), st.Grade, oneLine(p.Name))
	var all []hypotheses.Hypothesis
	for h, err := range hypotheses.Of(t.tx, p.ID) {
		if err != nil {
			return Node{}, err
		}
		all = append(all, h)
	}
	slices.SortFunc(all, inOrder)
	var tests []Node
	for _, h := range all {
		c, err := t.hypothesis(h)
		if err != nil {
			return Node{}, err
		}
		tests = append(tests, prune(c))
	}
	standing, err := t.standing(p)
	if err != nil {
		return Node{}, err
	}
	standing = append(standing, group("weaknesses", "what weakens the evidence", said("weakness", weaknesses(st, nil)))...)
	n.Children = append(append(standing, tests...), n.Children...)
	return n, nil
}

// prune takes the principle off the end of a chain that hangs below it.
func prune(n Node) Node {
	n.Children = slices.DeleteFunc(slices.Clone(n.Children), func(c Node) bool { return c.Kind == principles.KindPrinciple })
	for i, c := range n.Children {
		n.Children[i] = prune(c)
	}
	return n
}

// claim is a claim and the sentence it stands on.
func (t *tracer) claim(c survey.Claim, sign string) (Node, error) {
	words := "“" + oneLine(c.Quote) + "”"
	if c.Quote == "" {
		words = oneLine(c.Text)
	}
	n := t.node(survey.KindClaim, c.ID, c.Alias, sign+words)
	if !c.Verified {
		n.Label += unverified
	}
	p, err := store.Get[survey.Paper](t.tx, survey.KindPaper, c.PaperID)
	if err != nil {
		n.Children = []Node{{Kind: survey.KindPaper, ID: c.PaperID, Label: "paper", State: unless(err)}}
		return n, nil
	}
	place := Node{Kind: "sentence", Label: p.Name(), Digest: p.FileSHA, State: located(c, p)}
	if c.Page > 0 {
		place.Label += fmt.Sprintf(", page %d", c.Page)
	}
	if p.FileSHA != "" {
		place.Children = []Node{{Kind: "file", Label: "PDF " + orWord(p.FileName, p.Name()), Digest: p.FileSHA, State: t.file(p.FileSHA)}}
	}
	n.Children = []Node{place}
	return n, nil
}

// located says where a claim's words stand now.
func located(c survey.Claim, p survey.Paper) State {
	switch {
	case p.TextSHA == "":
		return Unread
	case c.Located == papers.Found:
		return Found
	case c.Located == papers.Moved:
		return Moved
	case c.Located == papers.Ambiguous:
		return Ambiguous
	case c.Located == papers.Lost:
		return Lost
	}
	return ""
}

// claimWhole is a claim with what it bears on.
func (t *tracer) claimWhole(c survey.Claim) (Node, error) {
	n, err := t.claim(c, "")
	if err != nil {
		return Node{}, err
	}
	var on []string
	for l, err := range principles.LinksOfClaim(t.tx, c.ID) {
		if err != nil {
			return Node{}, err
		}
		if p, err := store.Get[principles.Principle](t.tx, principles.KindPrinciple, l.PrincipleID); err == nil {
			on = append(on, string(l.Relation)+" "+p.Alias)
		}
	}
	if len(on) > 0 {
		slices.Sort(on)
		n.Label += "; it " + strings.Join(on, ", ")
	}
	return n, nil
}

// paper is a paper with its claims and its file.
func (t *tracer) paper(p survey.Paper) (Node, error) {
	n := t.node(survey.KindPaper, p.ID, p.Alias, fmt.Sprintf("%s: %s, %s", p.Name(), oneLine(p.Title), p.State))
	for c, err := range survey.ClaimsOf(t.tx, p.ID) {
		if err != nil {
			return Node{}, err
		}
		if !c.State.Live() {
			continue
		}
		cn, err := t.claim(c, "")
		if err != nil {
			return Node{}, err
		}
		n.Children = append(n.Children, cn)
	}
	return n, nil
}
