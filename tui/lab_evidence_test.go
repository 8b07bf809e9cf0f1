package tui

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	reportproof "tenet/internal/report/proof"
	"tenet/internal/store"
)

// The rule of DECISION.md §9: a plan that is unlikely to come out as foretold is confirmed by its user.
func TestAPlanOfLittlePowerAsksForAReasonOnce(t *testing.T) {
	f := newFake()
	f.weak = true
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h5"))
	s.until(s.idle)
	s.keys("x")
	if s.a.asking == nil || !strings.Contains(s.a.asking.title, "lock it all the same, because") || !strings.Contains(s.a.status, "probability 0.30 only") {
		t.Fatalf("asked %+v, said %q", s.a.asking, s.a.status)
	}
	s.keys("enter")
	if f.called("lock") || s.a.live != nil {
		t.Fatalf("locked without a reason: %q", f.calls)
	}
	s.keys("x", "esc")
	if f.called("lock") || f.called("run") {
		t.Fatalf("esc locked: %q", f.calls)
	}
	s.keys("x")
	s.typed("first look")
	s.apply(keyMsg("enter"))
	s.until(func() bool { return f.called("run h5 false") })
	if !f.called("lock h5first look") {
		t.Errorf("calls %q", f.calls)
	}
	s.keys("ctrl+x")
}

func TestVGoesFromTheConfidenceSequenceToTheCurves(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.start(s.a.openHyp("h6"))
	s.until(s.idle)
	for i, want := range [][2]string{{"D so far", "train loss"}, {"train loss", "D so far"}, {"train loss", "V for"}, {"D so far", "train loss"}} {
		got := ansi.Strip(s.frame())
		if !strings.Contains(got, want[0]) || strings.Contains(got, want[1]) {
			t.Errorf("after v ×%d: want %q and not %q in\n%s", i, want[0], want[1], got)
		}
		s.keys("v")
	}
	got := ansi.Strip(s.frame())
	for _, want := range []string{"What would change this:"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
}

// Each condition of a verdict is shown as met or not.
func TestAFullCurveWithoutAVerdictExplainsItself(t *testing.T) {
	a := newApp(t.Context(), newFake(), false)
	a.lab.hyp = hypDetail{Delta: "0.2", Theta0: "0", NMin: 5}
	at := func(b blockRow) string { return ansi.Strip(strings.Join(a.estimateRows(90, []blockRow{b}, 60), "\n")) }
	got := at(blockRow{V: 71, R: 0.1, TV: 60, TR: 60, SV: 4, Est: 0.15, CLo: 0.01, CHi: 0.3})
	for _, want := range []string{"95 %: 0.01 to 0.30", "V 71 of T 60 yes, guard not yet", "R 0.10 of T 60 not yet", "est ≥ Δ not yet", "blocks ≥ 5 not yet"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
	a.lab.hyp.Direction, a.lab.hyp.Verdict = "equivalent", "refuted"
	if got := at(blockRow{V: 2, R: 80, SR: 20, Est: 0.5, Lo: math.Inf(-1), Hi: math.Inf(1)}); !strings.Contains(got, "|est| < Δ no") || !strings.Contains(got, "R 80 of T 60 yes, guard yes") || !strings.Contains(got, "no bounds yet") {
		t.Errorf("got\n%s", got)
	}
}

func TestTheConfidenceSequenceShownIsThatOfTheRecord(t *testing.T) {
	d := studyDesk(t)
	var h hypotheses.Hypothesis
	if _, err := d.lib.Update(t.Context(), "ada", func(tx *store.Tx) (err error) {
		if h, err = hypotheses.Find(tx, "H01"); err != nil {
			return err
		}
		_, err = hypotheses.Start(tx, "H01", "r1", true, hypotheses.Env{StudyID: "skip"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var blocks []hypotheses.Block
	for b := range 12 {
		blk := hypotheses.Block{RunID: "r1", B: b}
		for i, arm := range h.Decision.Arms {
			blk.Trials = append(blk.Trials, hypotheses.TrialRef{Arm: arm, TrialID: fmt.Sprint(i), Key: "k", Metric: store.Real(0.9 - 0.1*float64(i) + 0.01*float64((b*7+i*3)%5))})
		}
		if _, err := d.lib.Update(t.Context(), "ada", func(tx *store.Tx) error { _, err := hypotheses.PutBlock(tx, blk); return err }); err != nil {
			break // the rule has stopped
		}
	}
	if err := d.lib.View(func(tx *store.Tx) error {
		for b, err := range hypotheses.Blocks(tx, "r1") {
			if err != nil {
				return err
			}
			blocks = append(blocks, b)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	rows := blockRows(h, blocks)
	for i := range rows {
		seq, err := decision.NewSequence(h.Decision.Params())
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks[:i+1] {
			x, err := decision.ParseBlock(b.D)
			if err != nil {
				t.Fatal(err)
			}
			seq.SetThresholds(float64(b.TV), float64(b.TR))
			if err := seq.Add(x); err != nil {
				t.Fatal(err)
			}
		}
		r := seq.Record()
		if got := rows[i]; got.CLo != r.Confidence.Lower || got.CHi != r.Confidence.Upper || got.Lo != r.Lower || got.SV != r.SignV || got.SR != r.SignR || got.Est != r.Estimate {
			t.Errorf("block %d: %+v, the record has %+v", i+1, got, r.Confidence)
		}
	}
	if len(rows) < 8 || math.IsInf(rows[len(rows)-1].CLo, 0) {
		t.Errorf("%d rows", len(rows))
	}
}

func TestTheLabForetellsBeforeTheRun(t *testing.T) {
	d := studyDesk(t)
	o, err := d.outlook(t.Context(), "H01")
	if err != nil {
		t.Fatal(err)
	}
	f := newFake()
	f.outlook = o.Lines()
	s := newStage(t, f, 100, 30)
	s.start(s.a.openHyp("h5"))
	s.until(s.idle)
	got := ansi.Strip(s.frame())
	for _, want := range []string{"1000 simulated runs", "validated", "refuted", "9 in 10", "no effect", "the pilot's"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q\n%s", want, got)
		}
	}
}

// X on a locked hypothesis writes what a stranger checks; before the verdict that is the receipt of its lock.
func TestWhatIsExportedFromATraceIsAudited(t *testing.T) {
	d := studyDesk(t)
	path := filepath.Join(t.TempDir(), "h01")
	if s, err := d.ExportTrace(t.Context(), "H01", path); err != nil || strings.Contains(s.Text, "audit") {
		t.Errorf("a draft: %+v, %v", s, err)
	}
	if _, err := d.Lock(t.Context(), "H01", ""); err != nil {
		t.Fatal(err)
	}
	if s, err := d.ExportTrace(t.Context(), "H01", path); err != nil || !strings.Contains(s.Text, "tenet audit checks it") {
		t.Errorf("locked: %+v, %v", s, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := reportproof.Audit(data); err != nil || !strings.HasPrefix(r.Sentence, "H01 is preregistered: ") {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := d.ExportTrace(t.Context(), "H01", filepath.Join(path, "nowhere")); err == nil {
		t.Error("written into a file")
	}
}

// w on the Board says what the status rests on, what was run, the measured scorecard and what speaks against it.
func TestTheBoardSaysWhatSpeaksAgainstAPrinciple(t *testing.T) {
	d := studyDesk(t)
	ps, err := d.Principles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines, err := d.Why(t.Context(), ps[0].ID)
	text := strings.Join(lines, "\n")
	for _, want := range []string{"The status follows from the verdicts alone", "validity: 0 of 0 decided core hypotheses", "generality: ", "against P1", "claims that contradict it"} {
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("lacks %q (%v) in\n%s", want, err, text)
		}
	}
	for _, s := range ps[0].Scores {
		if s.Measured == "" {
			t.Errorf("%s is not measured", s.Name)
		}
	}
}

func TestPlainModeAsksForTheReasonToo(t *testing.T) {
	f := newFake()
	f.weak = true
	close(f.events) // a run ends when it has begun
	got := speak(t, newApp(t.Context(), f, false), "run H05\nbecause I said so\nquit\n")
	if !strings.Contains(got, "lock it all the same, because") || !f.called("lock h5because I said so") || !f.called("run h5 false") {
		t.Errorf("calls %q, said\n%s", f.calls, got)
	}
}
