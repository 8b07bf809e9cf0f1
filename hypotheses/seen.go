package hypotheses

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// History is the ledger read once in its order, as far as it tells what people
// could have seen when a plan was made. It is derived from the changes: nobody
// declares it.
type History struct {
	plans    map[string][]mark // changes of a hypothesis
	claims   counts
	bearing  map[string]counts // claims linked to a principle
	results  []result          // verdicts
	blocks   map[string][]uint64
	explored map[string][]uint64 // exploratory ones among the blocks
	names    map[string]string   // alias of a hypothesis
	previous map[string]string   // the version before it
}

type (
	mark struct {
		seq          uint64
		at, by, verb string
	}
	result struct {
		seq                 uint64
		hypothesis, verdict string
	}
)

// Moment is a point in the life of a plan and what the ledger held before it.
type Moment struct {
	Seq uint64
	At  string
	By  string
	Did string // "written", "amended", "locked", …

	Claims    int      // claims in the library
	Bearing   int      // of these, linked to the plan's principle
	Results   []string // verdicts on other hypotheses: "H23 refuted"
	Own       []string // what was known of this plan or an earlier version of it
	OwnBlocks int      // blocks of it that had been logged
}

// ReadHistory passes over the ledger once. Only what tells something is decoded:
// claims are counted from their changes' ends.
func ReadHistory(tx *store.Tx) (History, error) {
	h := History{
		plans: map[string][]mark{}, names: map[string]string{}, previous: map[string]string{},
		blocks: map[string][]uint64{}, explored: map[string][]uint64{},
	}
	for o, err := range All(tx) {
		if err != nil {
			return h, err
		}
		h.names[o.ID], h.previous[o.ID] = o.Alias, o.PreviousID
	}
	t := claimTally{dropped: map[string][]flip{}, links: map[string][]linkEvent{}, of: map[string]string{}}
	for g, err := range tx.Glances(0, survey.KindClaim, principles.KindLink, KindHypothesis, KindBlock, KindVerdict) {
		if err == nil {
			err = h.take(tx, g, &t)
		}
		if err != nil {
			return h, fmt.Errorf("hypotheses: history: %w", err)
		}
	}
	h.claims, h.bearing = t.claims, t.bearing()
	return h, nil
}

func (h *History) take(tx *store.Tx, g store.Glance, t *claimTally) error {
	if g.Kind == survey.KindClaim {
		t.claim(g)
		return nil
	}
	c, err := tx.Change(g.Seq)
	if err != nil {
		return err
	}
	if g.Kind == KindHypothesis {
		h.plans[c.ID] = append(h.plans[c.ID], mark{c.Seq, c.At.UTC().Format("2006-01-02T15:04:05Z"), c.Actor, c.Verb})
		return nil
	}
	var v struct {
		Hypothesis  string `json:"hypothesis_id"`
		Principle   string `json:"principle_id"`
		Claim       string `json:"claim_id"`
		Exploratory bool   `json:"exploratory"`
		Verdict     string `json:"verdict"`
	}
	if c.After != nil {
		if err := json.Unmarshal(c.After, &v); err != nil {
			return fmt.Errorf("change %d: %w", c.Seq, err)
		}
	}
	switch {
	case g.Kind == principles.KindLink:
		t.link(c, v.Principle, v.Claim)
	case c.After == nil:
	case g.Kind == KindBlock:
		h.blocks[v.Hypothesis] = append(h.blocks[v.Hypothesis], c.Seq)
		if v.Exploratory {
			h.explored[v.Hypothesis] = append(h.explored[v.Hypothesis], c.Seq)
		}
	case v.Verdict != decision.Exploratory:
		h.results = append(h.results, result{c.Seq, v.Hypothesis, v.Verdict})
	}
	return nil
}

// didWords are the changes of a plan that are shown.
var didWords = map[string]string{
	"hypothesis.added": "written", "hypothesis.imported": "brought in", "hypothesis.edited": "amended",
	"hypothesis.versioned": "written as a new version", "hypothesis.locked": "locked", "undo": "taken back", "redo": "brought back",
}

// Moments gives the points at which the plan of hyp was made, amended and locked.
func (h History) Moments(hyp Hypothesis) []Moment {
	mine := map[string]bool{hyp.ID: true}
	for id := hyp.PreviousID; id != "" && !mine[id]; id = h.previous[id] {
		mine[id] = true
	}
	var out []Moment
	for _, m := range h.plans[hyp.ID] {
		did, shown := didWords[m.verb]
		if !shown {
			continue
		}
		before := m.seq
		if m.verb == "hypothesis.locked" && hyp.Lock != nil { // the lock record comes first
			before = hyp.Lock.Seq
		}
		at := h.seen(before, hyp.PrincipleID, mine)
		at.Seq, at.At, at.By, at.Did = before, m.at, m.by, did
		out = append(out, at)
	}
	return out
}

// earlier is how many of the ascending numbers lie before a change.
func earlier(seqs []uint64, before uint64) int {
	n, _ := slices.BinarySearch(seqs, before)
	return n
}

// seen adds up what the ledger held before a change.
func (h History) seen(before uint64, principle string, mine map[string]bool) Moment {
	var m Moment
	m.Claims, m.Bearing = h.claims.before(before), h.bearing[principle].before(before)
	verdicts := map[string]string{}
	for _, r := range h.results {
		if r.seq < before {
			verdicts[r.hypothesis] = r.verdict
		}
	}
	say := func(id, text string) {
		if mine[id] {
			m.Own = append(m.Own, text)
		} else {
			m.Results = append(m.Results, text)
		}
	}
	for id, v := range verdicts {
		say(id, h.names[id]+" "+v)
	}
	for id, seqs := range h.explored {
		if n := earlier(seqs, before); n > 0 {
			say(id, fmt.Sprintf("%s explored over %d blocks", h.names[id], n))
		}
	}
	for id := range mine {
		m.OwnBlocks += earlier(h.blocks[id], before)
	}
	slices.Sort(m.Own)
	slices.Sort(m.Results)
	return m
}

// String says it on one line.
func (m Moment) String() string {
	some := func(list []string, none string) string {
		const most = 8
		if len(list) == 0 {
			return none
		}
		if len(list) > most {
			list = append(slices.Clone(list[:most]), fmt.Sprintf("%d more", len(list)-most))
		}
		return strings.Join(list, ", ")
	}
	day, _, _ := strings.Cut(m.At, "T")
	return fmt.Sprintf("%s %s (claimed time) by %s; seen before: of itself %s; of others %s; %d claims, %d on its principle",
		m.Did, day, m.By, some(m.Own, "nothing"), some(m.Results, "no result"), m.Claims, m.Bearing)
}
