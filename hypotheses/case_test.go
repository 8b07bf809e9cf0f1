package hypotheses

import (
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// decidedCase is H05 decided, beside another member of its family that moved a threshold, and on record with a deviation.
func decidedCase(t *testing.T) (*store.Library, Case) {
	t.Helper()
	lib := studyLibrary(t)
	lock(t, lib, "H05")
	update(t, lib, func(tx *store.Tx) error {
		return Deviate(tx, Deviation{HypothesisID: "H05", Class: "minor", Text: "another room"})
	})
	start(t, lib, "H05", "r5", false)
	feed(t, lib, "H05", "r5", 0, 60, 0.35)
	var c Case
	view(t, lib, func(tx *store.Tx) (err error) { c, _, err = CaseOf(tx, "H05"); return err })
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return lib, c
}

// A case is judged from its own records: each record that is left out, doubled or rewritten is named.
func TestEveryPartOfACaseCounts(t *testing.T) {
	_, sound := decidedCase(t)
	n := len(sound.Blocks)
	if n < 5 || len(sound.Deviations) != 1 || sound.Verdict.Verdict != "validated" {
		t.Fatalf("%d blocks, %+v", n, sound.Verdict)
	}
	if s, err := sound.Sentence(); err != nil || !strings.HasPrefix(s, "H05 is validated: ") {
		t.Errorf("sentence %q, %v", s, err)
	}
	for want, change := range map[string]func(c *Case){
		"its plan has the digest":                       func(c *Case) { c.Lock.Canonical = strings.Replace(c.Lock.Canonical, "0.2", "0.1", 1) },
		"its family or version is not that of the plan": func(c *Case) { c.Lock.Version = 9 },
		"is not a confirmatory one after the lock":      func(c *Case) { c.Starts[0].Seq = c.Lock.Seq },
		"is not a confirmatory one after":               func(c *Case) { c.Starts[0].Exploratory = true },
		"does not lie between a start and the verdict":  func(c *Case) { c.Blocks[1].Seq = c.Verdict.Seq + 1 },
		"does not lie between a start":                  func(c *Case) { c.Blocks[1].RunID = "another" },
		"was logged after 2 blocks: one is gone":        func(c *Case) { c.Blocks = slices.Delete(c.Blocks, 2, 3) },
		"block 1 is logged twice": func(c *Case) {
			b := c.Blocks[1]
			b.Seq = c.Blocks[n-1].Seq + 1
			c.Verdict.Seq += 2
			c.Blocks = append(c.Blocks, b)
		},
		"repeats one that was not missing": func(c *Case) {
			b := c.Blocks[1]
			b.Retry, b.Seq = 1, c.Blocks[n-1].Seq+1
			c.Verdict.Seq += 2
			c.Blocks = append(c.Blocks, b)
		},
		"the blocks give":                               func(c *Case) { c.Blocks[2].V *= 2 },
		"was judged under T":                            func(c *Case) { c.Blocks[2].TV /= 2 },
		"its trials give":                               func(c *Case) { c.Blocks[2].Trials[0].Metric += 0.01 },
		"has no trial of arm":                           func(c *Case) { c.Blocks[2].Trials[0].Arm = "nobody" },
		"trials; the plan has":                          func(c *Case) { c.Blocks[2].Trials = append(c.Blocks[2].Trials, c.Blocks[2].Trials[0]) },
		"does not follow one of the starts":             func(c *Case) { c.Verdict.RunID = "another" },
		"H05: the record says validated (effect) after": func(c *Case) { c.Blocks = c.Blocks[:n-1] },
		"H05: the record says refuted":                  func(c *Case) { c.Verdict.Verdict = "refuted" },
		"H05: the record says validated":                func(c *Case) { c.Deviations = nil },
		"is of another family": func(c *Case) {
			p := c.Lock
			p.FamilyID = "x"
			p.Canonical, p.Digest = forged(t, p.Canonical, `"family":"P2/r1/f1"`, `"family":"x"`)
			c.Peers = []Peer{{Lock: p}}
		},
		"departs from the plan (data d9, locked under d1), and": func(c *Case) { c.Starts[0].Env.DataSHA = "d9" },
		"departs from the plan (kernel path avx2":               func(c *Case) { c.Starts[0].Env.KernelPath, c.Deviations = "avx2", nil },
	} {
		c := sound
		c.Starts, c.Blocks, c.Deviations = slices.Clone(sound.Starts), slices.Clone(sound.Blocks), slices.Clone(sound.Deviations)
		for i := range c.Blocks {
			c.Blocks[i].Trials = slices.Clone(c.Blocks[i].Trials)
		}
		change(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if err := sound.Check(); err != nil {
		t.Errorf("the sound case was changed: %v", err)
	}
}

// forged rewrites locked bytes and gives them the digest that they then have.
func forged(t *testing.T, canonical, from, to string) (string, string) {
	t.Helper()
	if !strings.Contains(canonical, from) {
		t.Fatalf("no %s in %s", from, canonical)
	}
	canonical = strings.Replace(canonical, from, to, 1)
	return canonical, decision.Digest([]byte(canonical))
}

func TestOnlyADecidedPlanIsACase(t *testing.T) {
	lib, c := decidedCase(t)
	view(t, lib, func(tx *store.Tx) error {
		if _, _, err := CaseOf(tx, "H06"); err == nil || !strings.Contains(err.Error(), "H06 has no verdict to prove; it is draft") {
			t.Error(err)
		}
		ls := must(Locks(tx, c.Lock.HypothesisID))(t)
		if len(ls) != 1 || ls[0].ID != c.Lock.ID {
			t.Errorf("locks %+v", ls)
		}
		if s := must(ls[0].Sentence())(t); !strings.HasPrefix(s, "H05 is preregistered: ") {
			t.Error(s)
		}
		return nil
	})
}

// A member of the family that has come far lowers the threshold of the others; without its records that threshold is a claim.
func TestACaseHoldsThePeersThatMovedItsThreshold(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	lock(t, lib, "H26")
	start(t, lib, "H26", "r26", false)
	feed(t, lib, "H26", "r26", 0, 60, 0.3)
	start(t, lib, "H01", "r1", false)
	feed(t, lib, "H01", "r1", 0, 60, 0.2)
	var c Case
	view(t, lib, func(tx *store.Tx) (err error) { c, _, err = CaseOf(tx, "H01"); return err })
	if len(c.Peers) != 1 || c.Check() != nil {
		t.Fatalf("%d peers, %v", len(c.Peers), c.Check())
	}
	c.Peers = nil
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "its family asks for") {
		t.Errorf("without them: %v", err)
	}
}
