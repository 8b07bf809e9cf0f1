package report

import (
	"errors"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func against(t *testing.T, lib *store.Library, name string) (Node, string) {
	t.Helper()
	n, err := Against(lib, name)
	must(t, err)
	var b strings.Builder
	must(t, WriteText(&b, n, TextOptions{Full: true}))
	return n, b.String()
}

func says1(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("it does not say %q:\n%s", w, text)
		}
	}
}

func TestWhatSpeaksAgainstAPrincipleIsListed(t *testing.T) {
	lib := decidedStudy(t)
	var contradicts string
	update(t, lib, func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, "H01")
		if err != nil {
			return err
		}
		p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, h.PrincipleID)
		if err != nil {
			return err
		}
		for c, err := range survey.Claims(tx) {
			if err != nil {
				return err
			}
			contradicts = c.Alias
			break
		}
		if _, err := principles.LinkClaim(tx, contradicts, p.Alias, principles.Contradicts); err != nil {
			return err
		}
		if err := hypotheses.PutControl(tx, hypotheses.ControlRecord{Kind: "aa-random", Study: "skip", Engine: "1", Text: "a false alarm"}); err != nil {
			return err
		}
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: h.ID, Class: "minor", Text: "the machine was changed"})
	})
	_, text := against(t, lib, "P1")
	says1(t, text, "against P1", "claims that contradict it", contradicts, "H01: minor deviation", "aa-random failed on engine 1: a false alarm", "without a verdict: ")
	if strings.Contains(text, "H01 validated") {
		t.Error("what came out as foretold speaks against it")
	}

	// Every claim that is listed says where it stands.
	n, _ := against(t, lib, "P1")
	if c := find(n, "claim", contradicts); c == nil || find(*c, "sentence", "") == nil {
		t.Errorf("the claim is not traced to its sentence: %+v", c)
	}
}

func TestAVerdictOtherThanForetoldSpeaksAgainst(t *testing.T) {
	lib := skipStudy(t)
	decide(t, lib, "H01", -0.12)
	_, text := against(t, lib, "P1")
	says1(t, text, "hypotheses that came out otherwise than foretold (1)", "H01 refuted, reversed")
	_, text = against(t, lib, "H01")
	says1(t, text, "against H01", "V, the evidence for the statement, reached", "what else might explain it, as the plan says")
	// Whoever tagged a claim for the principle sees it from there.
	var claim string
	must(t, lib.View(func(tx *store.Tx) error {
		p, err := principles.Find(tx, "P1")
		if err != nil {
			return err
		}
		for c, err := range principles.LiveClaims(tx, p.ID) {
			if err != nil {
				return err
			}
			if c.Link.Relation == principles.Supports {
				claim = c.Claim.Alias
				break
			}
		}
		return nil
	}))
	_, text = against(t, lib, claim)
	says1(t, text, "against "+claim, "verdicts on P1, which it supports: they came out against it (1)", "H01 refuted")
}

func TestABlockOnTheOtherSideIsListedOnceThereIsAVerdict(t *testing.T) {
	lib := decidedStudy(t)
	_, text := against(t, lib, "H23")
	says1(t, text, "against H23", "refuted")
	// Without a verdict no block is shown: that would be peeking.
	lib = skipStudy(t)
	explore := func(n int) {
		update(t, lib, func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, "H01", world()); return err })
		var h hypotheses.Hypothesis
		update(t, lib, func(tx *store.Tx) (err error) {
			if h, err = hypotheses.Find(tx, "H01"); err != nil {
				return err
			}
			_, err = hypotheses.Start(tx, "H01", "r1", false, world())
			return err
		})
		for b := range n {
			update(t, lib, func(tx *store.Tx) error {
				blk := hypotheses.Block{RunID: "r1", B: b}
				for i, arm := range h.Decision.Arms {
					m := store.Real(0.5 + 0.1*float64(i) + 0.01*float64(b%3))
					if b == 1 {
						m = store.Real(0.9 - 0.1*float64(i))
					}
					blk.Trials = append(blk.Trials, hypotheses.TrialRef{Arm: arm, TrialID: arm, Key: arm, Metric: m})
				}
				_, err := hypotheses.PutBlock(tx, blk)
				return err
			})
		}
	}
	explore(3)
	n, text := against(t, lib, "H01")
	if find(n, "block", "") != nil || !strings.Contains(text, "it has no verdict yet") {
		t.Errorf("a running plan shows outcomes:\n%s", text)
	}
	update(t, lib, func(tx *store.Tx) error { _, err := hypotheses.Finish(tx, "r1"); return err })
	if n, text = against(t, lib, "H01"); find(n, "block", "") == nil {
		t.Errorf("no block speaks against it:\n%s", text)
	}
}

func TestNothingAgainstIsNotSaidToBeProof(t *testing.T) {
	lib := skipStudy(t)
	update(t, lib, func(tx *store.Tx) error {
		_, err := principles.Add(tx, principles.Principle{Name: "new", Statement: "A thing nobody has looked at."})
		return err
	})
	var alias string
	must(t, lib.View(func(tx *store.Tx) error {
		for p, err := range principles.All(tx) {
			if err != nil {
				return err
			}
			if p.Name == "new" {
				alias = p.Alias
			}
		}
		return nil
	}))
	n, text := against(t, lib, alias)
	says1(t, text, "nothing in this library, which is not the same as nothing")
	if len(n.Children) > 0 {
		t.Errorf("got %+v", n.Children)
	}
	if _, err := Against(lib, "H99"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a name of nothing: %v", err)
	}
	if _, err := Against(lib, "D1"); err == nil || !strings.Contains(err.Error(), "D1 is a paper") {
		t.Errorf("a paper: %v", err)
	}
}
