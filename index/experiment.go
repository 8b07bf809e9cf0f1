package index

import (
	"errors"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
)

// kindRun is the runner's name for runs.
const kindRun = "run"

// runRecord is what is searched of a run. The runner stands in the same row of
// the house as the index, so its type cannot be named here.
type runRecord struct {
	ID           string `json:"id"`
	Alias        string `json:"alias"`
	HypothesisID string `json:"hypothesis_id"`
	State        string `json:"state"`
	Verdict      string `json:"verdict"`
	Reason       string `json:"reason"`
	Actor        string `json:"actor"`
}

// verdictsOf lists what came out when a principle was tested.
func verdictsOf(tx *store.Tx, principleID string) ([]string, error) {
	var out []string
	for h, err := range hypotheses.Of(tx, principleID) {
		if err != nil {
			return nil, err
		}
		if h.Verdict != nil {
			out = append(out, h.Verdict.Verdict)
		}
	}
	return distinct(out), nil
}

// statusOf is the principle's status by the roll-up, or what people decided.
func statusOf(tx *store.Tx, p principles.Principle) (string, error) {
	if p.State != principles.Standing {
		return string(p.State), nil
	}
	st, err := hypotheses.StatusOf(tx, p.ID)
	return st.Status, err
}

func drawHypothesis(tx *store.Tx, id string) (*drawing, error) {
	h, err := store.Get[hypotheses.Hypothesis](tx, hypotheses.KindHypothesis, id)
	if err != nil {
		return nil, err
	}
	d := &doc{made: born(h.ID), values: map[string][]string{}, facets: map[string][]string{}}
	d.hit = hit{Kind: "hypothesis", ID: h.ID, Alias: h.Alias, Title: h.Title, Status: string(h.State)}
	d.Text = parts(append([]string{h.Title, h.Statement, h.Rationale, h.Change}, h.Confounds...)...)
	d.more = []string{h.Alias}
	d.values["kind"] = []string{string(h.Kind)}
	d.values["status"] = []string{string(h.State)}
	if h.Verdict != nil {
		d.hit.Verdict = h.Verdict.Verdict
		d.values["verdict"] = []string{h.Verdict.Verdict, h.Verdict.Reason}
		d.facets["verdict"] = []string{h.Verdict.Verdict}
	}
	return &drawing{doc: d}, d.tests(tx, append([]string{h.PrincipleID}, h.AlsoBearsOn...)...)
}

// tests adds the principles that a hypothesis or run is about.
func (d *doc) tests(tx *store.Tx, ids ...string) error {
	var names []string
	for _, id := range ids {
		p, err := principles.Find(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		names = append(names, p.Alias, p.ID)
		d.hit.Principles = append(d.hit.Principles, p.Alias)
	}
	d.values["principle"] = names
	d.facets["principle"] = d.hit.Principles
	return nil
}

func drawRun(tx *store.Tx, id string) (*drawing, error) {
	r, err := store.Get[runRecord](tx, kindRun, id)
	if err != nil {
		return nil, err
	}
	h, err := store.Get[hypotheses.Hypothesis](tx, hypotheses.KindHypothesis, r.HypothesisID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	d := &doc{made: born(r.ID), values: map[string][]string{}, facets: map[string][]string{}}
	d.hit = hit{Kind: "run", ID: r.ID, Alias: r.Alias, Title: parts(h.Title), Verdict: r.Verdict, Status: r.State}
	d.Text = parts(r.Alias + " of " + h.Alias + ": " + h.Title)
	d.values["status"] = []string{r.State}
	d.values["verdict"] = []string{r.Verdict, r.Reason}
	d.facets["verdict"] = []string{r.Verdict}
	d.values["by"] = []string{r.Actor}
	if h.PrincipleID == "" {
		return &drawing{doc: d}, nil
	}
	return &drawing{doc: d}, d.tests(tx, h.PrincipleID)
}
