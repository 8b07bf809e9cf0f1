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
	marks []mark
}

// mark is one change that matters.
type mark struct {
	seq          uint64
	at, by, verb string
	kind, id     string
	gone         bool
	hypothesis   string // of a block, start or verdict
	principle    string // of a link
	claim        string
	verdict      string
	exploratory  bool
	b            int
}

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

// ReadHistory reads the whole ledger.
func ReadHistory(tx *store.Tx) (History, error) {
	var h History
	for seq := uint64(1); seq <= tx.Seq(); seq++ {
		c, err := tx.Change(seq)
		if err != nil {
			return h, fmt.Errorf("hypotheses: history: %w", err)
		}
		m := mark{seq: seq, at: c.At.UTC().Format("2006-01-02T15:04:05Z"), by: c.Actor, verb: c.Verb, kind: c.Kind, id: c.ID, gone: c.After == nil}
		switch c.Kind {
		case survey.KindClaim, KindHypothesis, KindLock:
		case principles.KindLink, KindBlock, KindStart, KindVerdict:
			if err := m.read(c.After); err != nil {
				return h, fmt.Errorf("hypotheses: history: change %d: %w", seq, err)
			}
		default:
			continue
		}
		h.marks = append(h.marks, m)
	}
	return h, nil
}

func (m *mark) read(after json.RawMessage) error {
	if m.gone {
		return nil
	}
	var v struct {
		Hypothesis  string `json:"hypothesis_id"`
		Principle   string `json:"principle_id"`
		Claim       string `json:"claim_id"`
		Exploratory bool   `json:"exploratory"`
		Verdict     string `json:"verdict"`
		B           int    `json:"b"`
	}
	if err := json.Unmarshal(after, &v); err != nil {
		return err
	}
	m.hypothesis, m.principle, m.claim, m.exploratory, m.verdict, m.b = v.Hypothesis, v.Principle, v.Claim, v.Exploratory, v.Verdict, v.B
	return nil
}

// didWords are the changes of a plan that are shown.
var didWords = map[string]string{
	"hypothesis.added": "written", "hypothesis.imported": "brought in", "hypothesis.edited": "amended",
	"hypothesis.versioned": "written as a new version", "hypothesis.locked": "locked", "undo": "taken back", "redo": "brought back",
}

// Moments gives the points at which the plan of h was made, amended and locked.
// names gives the aliases of hypotheses by id.
func (h History) Moments(tx *store.Tx, hyp Hypothesis) ([]Moment, error) {
	names := map[string]string{}
	mine := map[string]bool{hyp.ID: true}
	previous := map[string]string{}
	for o, err := range All(tx) {
		if err != nil {
			return nil, err
		}
		names[o.ID], previous[o.ID] = o.Alias, o.PreviousID
	}
	for id := hyp.PreviousID; id != "" && !mine[id]; id = previous[id] {
		mine[id] = true
	}
	var out []Moment
	for _, m := range h.marks {
		did, shown := didWords[m.verb]
		if m.kind != KindHypothesis || m.id != hyp.ID || !shown {
			continue
		}
		before := m.seq
		if m.verb == "hypothesis.locked" && hyp.Lock != nil { // the lock record comes first
			before = hyp.Lock.Seq
		}
		at := h.seen(before, hyp.PrincipleID, mine, names)
		at.Seq, at.At, at.By, at.Did = before, m.at, m.by, did
		out = append(out, at)
	}
	return out, nil
}

// seen adds up what the ledger held before a change.
func (h History) seen(before uint64, principle string, mine map[string]bool, names map[string]string) Moment {
	claims := map[string]bool{}
	links := map[string]string{} // link → claim
	verdicts, explored := map[string]string{}, map[string]int{}
	var m Moment
	for _, x := range h.marks {
		if x.seq >= before {
			break
		}
		switch x.kind {
		case survey.KindClaim:
			claims[x.id] = !x.gone
		case principles.KindLink:
			if delete(links, x.id); !x.gone && x.principle == principle {
				links[x.id] = x.claim
			}
		case KindVerdict:
			if x.verdict != decision.Exploratory {
				verdicts[x.hypothesis] = x.verdict
			}
		case KindBlock:
			if mine[x.hypothesis] {
				m.OwnBlocks++
			}
			if x.exploratory {
				explored[x.hypothesis]++
			}
		}
	}
	for _, there := range claims {
		if there {
			m.Claims++
		}
	}
	bearing := map[string]bool{}
	for _, c := range links {
		bearing[c] = claims[c]
	}
	for _, there := range bearing {
		if there {
			m.Bearing++
		}
	}
	for id, v := range verdicts {
		text := names[id] + " " + v
		if mine[id] {
			m.Own = append(m.Own, text)
		} else {
			m.Results = append(m.Results, text)
		}
	}
	for id, n := range explored {
		text := fmt.Sprintf("%s explored over %d blocks", names[id], n)
		if mine[id] {
			m.Own = append(m.Own, text)
		} else {
			m.Results = append(m.Results, text)
		}
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
