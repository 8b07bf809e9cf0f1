package report

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"tenet/hypotheses"
	"tenet/internal/report/proof"
	"tenet/internal/store"
	"tenet/internal/store/stamptest"
	"tenet/principles"
	"tenet/runner"
	"tenet/survey"
)

// find returns the first node of a kind, or the one with the alias.
func find(n Node, kind, alias string) *Node {
	if n.Kind == kind && (alias == "" || n.Alias == alias) {
		return &n
	}
	for _, c := range n.Children {
		if hit := find(c, kind, alias); hit != nil {
			return hit
		}
	}
	return nil
}

func trace(t *testing.T, lib *store.Library, name string) Node {
	t.Helper()
	n, err := Trace(lib, name)
	must(t, err)
	return n
}

func TestATraceLeadsFromTheVerdictToTheSentence(t *testing.T) {
	lib := decidedStudy(t)
	n := trace(t, lib, "h1")
	want := []string{"verdict", "run", "experiment", "hypothesis", "principle", "claims", "claim", "sentence"}
	at := &n
	for i, kind := range want {
		if at.Kind != kind {
			t.Fatalf("step %d is a %s, want %s", i, at.Kind, kind)
		}
		if i+1 < len(want) {
			if at = find(*at, want[i+1], ""); at == nil {
				t.Fatalf("no %s below the %s", want[i+1], kind)
			}
		}
	}
	for _, kind := range []string{"verdict", "run", "blocks", "block", "trial", "experiment", "hypothesis"} {
		if got := find(n, kind, "").State; got != Same {
			t.Errorf("%s is %q", kind, got)
		}
	}
	lock, start, block, verdict := find(n, "hypothesis", "").Seq, find(n, "experiment", "").Seq, find(n, "block", "").Seq, n.Seq
	if !(0 < lock && lock < start && start < block && block < verdict) {
		t.Errorf("lock %d, start %d, block %d, verdict %d: not in order", lock, start, block, verdict)
	}
}

// A refined principle has no claims of its own: the walk goes on through the one that it narrows.
func TestATraceOfARefinedPrincipleReachesTheSentences(t *testing.T) {
	lib := decidedStudy(t)
	var made principles.Principle
	update(t, lib, func(tx *store.Tx) (err error) {
		made, err = principles.Refine(tx, "P1", func(p *principles.Principle) { p.Name, p.Statement = "narrower", "narrower" })
		return err
	})
	n := trace(t, lib, made.Alias)
	wider := find(n, "principle", "P1")
	if wider == nil || !strings.HasPrefix(wider.Label, "narrows principle P1 revision 1") || find(*wider, "sentence", "") == nil {
		t.Errorf("%s leads to %+v", made.Alias, wider)
	}
	if hit := find(n, "claims", ""); hit == nil || hit.Label == "no claims" {
		t.Errorf("it is said to have none: %+v", hit)
	}
	if n := trace(t, lib, "P1"); find(n, "principle", made.Alias) != nil {
		t.Error("the wider one leads to the narrower one")
	}
}

func TestATraceStartsAtAnyName(t *testing.T) {
	lib := decidedStudy(t)
	for name, kind := range map[string]string{"H01": "verdict", "H05": "hypothesis", "R13": "run", "P1": "principle", "C1": "claim", "D1": "paper", "he2016identity": "paper"} {
		if n := trace(t, lib, name); n.Kind != kind {
			t.Errorf("%s starts at a %s, want %s", name, n.Kind, kind)
		}
	}
	for _, name := range []string{"H99", "", "D1000", "nobody2020"} {
		if _, err := Trace(lib, name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := Trace(lib, "D1 "); err == nil {
		t.Error("a name with a space was found")
	}
}

func TestATraceShowsWhatIsMissingOrChanged(t *testing.T) {
	t.Run("a curve is gone from the vault", func(t *testing.T) {
		lib := decidedStudy(t)
		tr := find(trace(t, lib, "H01"), "trial", "")
		var sha string
		must(t, lib.View(func(tx *store.Tx) error {
			v, err := store.Get[runner.Trial](tx, runner.KindTrial, tr.ID)
			sha = v.CurveSHA
			return err
		}))
		must(t, os.Remove(lib.Vault().Path(sha)))
		n := trace(t, lib, "H01")
		if got := find(n, "trial", "").State; got != Missing {
			t.Errorf("trial is %q", got)
		}
		if got := find(n, "blocks", "").State; got != Missing {
			t.Errorf("blocks are %q", got)
		}
	})
	t.Run("a verdict was written by hand", func(t *testing.T) {
		lib := decidedStudy(t)
		update(t, lib, func(tx *store.Tx) error {
			h, err := hypotheses.Find(tx, "H01")
			if err != nil {
				return err
			}
			h.Verdict.V *= 10
			return tx.PutFinal("x", hypotheses.KindHypothesis, h.ID, h, "")
		})
		if got := trace(t, lib, "H01").State; got != Changed {
			t.Errorf("verdict is %q", got)
		}
	})
	t.Run("the plan is not the one that was locked", func(t *testing.T) {
		lib := decidedStudy(t)
		update(t, lib, func(tx *store.Tx) error {
			h, err := hypotheses.Find(tx, "H01")
			if err != nil {
				return err
			}
			h.Statement = "Something else."
			return tx.PutFinal("x", hypotheses.KindHypothesis, h.ID, h, "")
		})
		if got := find(trace(t, lib, "H01"), "hypothesis", "").State; got != Changed {
			t.Errorf("hypothesis is %q", got)
		}
	})
	t.Run("a quote is lost, a file damaged", func(t *testing.T) {
		lib := decidedStudy(t)
		sha, err := lib.Vault().PutBytes(t.Context(), []byte("a PDF"))
		must(t, err)
		update(t, lib, func(tx *store.Tx) error {
			c, err := survey.FindClaim(tx, "C5")
			if err != nil {
				return err
			}
			p, err := store.Get[survey.Paper](tx, survey.KindPaper, c.PaperID)
			c.Located, p.FileSHA, p.TextSHA, p.FileName = "lost", sha, sha, "highway.pdf"
			return errors.Join(err, tx.Put("x", survey.KindClaim, c.ID, c, ""), tx.Put("x", survey.KindPaper, p.ID, p, ""))
		})
		must(t, os.Chmod(lib.Vault().Path(sha), 0o600))
		must(t, os.WriteFile(lib.Vault().Path(sha), []byte("not it"), 0o600))
		c := find(trace(t, lib, "H01"), "claim", "C5")
		if s, f := find(*c, "sentence", ""), find(*c, "file", ""); s.State != Lost || f.State != Changed {
			t.Errorf("sentence %q, file %q", s.State, f.State)
		}
	})
}

func TestATraceIsJSON(t *testing.T) {
	n := trace(t, decidedStudy(t), "H01")
	raw, err := json.Marshal(n)
	must(t, err)
	var back Node
	must(t, json.Unmarshal(raw, &back))
	again, err := json.Marshal(back)
	must(t, err)
	if string(raw) != string(again) {
		t.Error("a trace does not survive JSON")
	}
}

func TestATraceIsAGraph(t *testing.T) {
	n := trace(t, decidedStudy(t), "H01")
	var b strings.Builder
	must(t, WriteDOT(&b, n))
	var count func(Node) int
	count = func(n Node) int {
		k := 1
		for _, c := range n.Children {
			k += count(c)
		}
		return k
	}
	nodes := count(n)
	if got := strings.Count(b.String(), "[label="); got != nodes {
		t.Errorf("%d nodes, want %d", got, nodes)
	}
	if got := strings.Count(b.String(), " -> "); got != nodes-1 {
		t.Errorf("%d arrows, want %d", got, nodes-1)
	}
}

func TestATraceShowsWhatHadBeenSeenAndDeviations(t *testing.T) {
	lib := decidedStudy(t)
	update(t, lib, func(tx *store.Tx) error {
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H23", Class: "minor", Text: "the machine was changed"})
	})
	var b strings.Builder
	must(t, WriteText(&b, trace(t, lib, "H23"), TextOptions{}))
	update(t, lib, func(tx *store.Tx) error {
		if _, err := hypotheses.Lock(tx, "H05", world()); err != nil {
			return err
		}
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H05", Class: "minor", Text: "another room"})
	})
	if n := find(trace(t, lib, "H05"), "deviation", ""); n == nil || !strings.Contains(n.Label, "another room") {
		t.Errorf("before the verdict: %+v", n)
	}
	if n := find(trace(t, lib, "P1"), "weaknesses", ""); n == nil || !strings.Contains(n.Children[0].Label, "grade lowered by 1 for risk of bias") {
		t.Errorf("why the grade is low: %+v", n)
	}
	for _, want := range []string{"what had been seen, from the order of the ledger", "locked 2026-11-14 (claimed time) by ben; seen before: of itself nothing; of others H01 validated", "minor deviation from the plan, recorded by ben: the machine was changed"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the trace does not say %q:\n%s", want, b.String())
		}
	}
}

// A lock that somebody stamped shows it, in the trace and in the report; otherwise its time is called claimed.
func TestAStampedLockShowsItsStamp(t *testing.T) {
	lib := decidedStudy(t)
	if n := trace(t, lib, "H01"); find(n, proof.KindStamp, "") != nil {
		t.Error("a stamp where there is none")
	}
	if page := inHTML(t, lib); !strings.Contains(page, "(claimed time) by ben") || strings.Contains(page, "CN=A notary") {
		t.Error("the report does not call the time claimed")
	}
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	a, err := stamptest.New("A notary", at)
	must(t, err)
	e, err := lib.Prove(nil)
	must(t, err)
	token, err := a.Stamp(e.Checkpoint, at)
	must(t, err)
	_, err = proof.AttachStamp(t.Context(), lib, "ben", e.Checkpoint, token, a.Roots())
	must(t, err)
	n := find(trace(t, lib, "H01"), proof.KindStamp, "")
	if n == nil || n.State != Same || !strings.Contains(n.Label, "the lock stood in the ledger by 2026-11-20T08:00:00Z, says CN=A notary") {
		t.Errorf("got %+v", n)
	}
	if page := inHTML(t, lib); !strings.Contains(page, "says CN=A notary, whose certificate was checked") {
		t.Error("the report does not show the stamp")
	}
	must(t, os.Remove(lib.Vault().Path(n.Digest)))
	if n := find(trace(t, lib, "H01"), proof.KindStamp, ""); n.State != Missing {
		t.Errorf("without its token the stamp is %q", n.State)
	}
}

// Between lock and verdict no trial's outcome can be looked up: whoever sees the arms' numbers can stop when they please.
func TestWhatARunGaveIsNotShownBeforeItsVerdict(t *testing.T) {
	lib := skipStudy(t)
	update(t, lib, func(tx *store.Tx) error { _, err := hypotheses.Lock(tx, "H01", world()); return err })
	update(t, lib, func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, "H01")
		if err != nil {
			return err
		}
		run := runner.Record{ID: tx.NewID(), Alias: "R901", HypothesisID: h.ID, State: runner.RunRunning}
		if _, err := hypotheses.Start(tx, "H01", run.ID, false, world()); err != nil {
			return err
		}
		blk := hypotheses.Block{RunID: run.ID}
		for _, arm := range h.Decision.Arms {
			blk.Trials = append(blk.Trials, hypotheses.TrialRef{Arm: arm, TrialID: arm, Key: arm, Metric: 0.4321})
		}
		if _, err := hypotheses.PutBlock(tx, blk); err != nil {
			return err
		}
		return tx.PutFinal("run.started", runner.KindRun, run.ID, run, "")
	})
	var b strings.Builder
	n := trace(t, lib, "R901")
	must(t, WriteText(&b, n, TextOptions{Full: true}))
	if find(n, "trial", "") != nil || strings.Contains(b.String(), "0.432") || !strings.Contains(b.String(), "1 block, without a verdict yet") {
		t.Errorf("got\n%s", b.String())
	}
	if page := inHTML(t, lib); strings.Contains(page, "0.432") {
		t.Error("the report shows it")
	}
}
