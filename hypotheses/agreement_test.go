package hypotheses

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tenet/internal/store"
)

// byTable is the agreement with the table of that key.
func byTable(t testing.TB, lib *store.Library, key string) Agreement {
	t.Helper()
	var all []Agreement
	view(t, lib, func(tx *store.Tx) (err error) { all, err = Agreements(tx); return err })
	for _, a := range all {
		if a.Table.Key == key {
			return a
		}
	}
	t.Fatalf("no table %s", key)
	return Agreement{}
}

// feedArms logs blocks of a plan from the score of an arm, until the rule stops it or 20 are logged.
func feedArms(t testing.TB, lib *store.Library, name, run string, score func(b int, arm string) TrialRef) {
	t.Helper()
	h := find(t, lib, name)
	for b, done := 0, false; !done && b < 20; b++ {
		block := Block{RunID: run, B: b}
		for _, arm := range h.Decision.Arms {
			ref := score(b, arm)
			ref.Arm, ref.TrialID, ref.Key = arm, fmt.Sprint(arm, b), fmt.Sprint(arm, b)
			block.Trials = append(block.Trials, ref)
		}
		update(t, lib, func(tx *store.Tx) error {
			p, err := PutBlock(tx, block)
			done = p.Done || p.Full
			return err
		})
	}
	update(t, lib, func(tx *store.Tx) error { _, err := Finish(tx, run); return err })
}

// H03 is the rank correlation with T1 as a registered plan: both must say the same of the same blocks.
func TestTheAgreementOfAPlanThatIsARankCorrelationIsItsVerdict(t *testing.T) {
	lib := studyLibrary(t)
	r := rand.New(rand.NewPCG(3, 4))
	lock(t, lib, "H03")
	start(t, lib, "H03", "r3", false)
	if a := byTable(t, lib, "T1"); a.Why != "H03, which has its arms, has no verdict yet" || len(a.Rho) != 0 {
		t.Errorf("a plan without a verdict shows %q, %v", a.Why, a.Rho)
	}
	centre := map[string]float64{"plain24": 0.80, "plain8": 0.90, "res8": 0.93, "res24": 0.94}
	feedArms(t, lib, "H03", "r3", func(_ int, arm string) TrialRef {
		return TrialRef{Metric: store.Real(centre[arm] + 0.01*r.NormFloat64())}
	})
	h, a := find(t, lib, "H03"), byTable(t, lib, "T1")
	if a.Why != "" || a.Hypothesis != "H03" || a.Metric != "test_accuracy" || len(a.Rho) != h.Verdict.Informative || len(a.Rows) != 4 {
		t.Fatalf("%+v\n%+v", a, h.Verdict)
	}
	near(t, "estimate", a.Estimate, float64(h.Verdict.Estimate))
	near(t, "lower", a.Confidence.Lower, max(-1, float64(h.Verdict.Confidence[0]))) // no ρ lies beyond
	near(t, "upper", a.Confidence.Upper, min(1, float64(h.Verdict.Confidence[1])))
	for _, row := range a.Rows {
		if math.Abs(row.Ours-centre[row.Arm]) > 0.02 || !(row.Published > 20) {
			t.Errorf("%+v", row)
		}
	}
}

// T12 has two mapped rows: skip 67.8, noskip 72.7 percent, higher is better.
func TestOfTwoRowsOnlyTheOrderIsCounted(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H12")
	start(t, lib, "H12", "r12", false)
	feedArms(t, lib, "H12", "r12", func(b int, arm string) TrialRef {
		acc := 0.5 + 0.01*float64(b%3)
		if arm == "noskip" {
			acc = 0.8
		}
		return TrialRef{Metric: store.Real(acc), Diverged: b == 2 && arm == "noskip"}
	})
	a := byTable(t, lib, "T12")
	n := len(a.Rho)
	if a.Why != "" || a.Hypothesis != "H12" || n < 5 || a.Same != n-1 || a.Rho[2] != -1 {
		t.Errorf("%+v", a) // the diverged net ranks last in its block
	}
	if !math.IsNaN(a.Estimate) || !math.IsNaN(a.Confidence.Lower) {
		t.Errorf("two rows have an estimate: %v %v", a.Estimate, a.Confidence)
	}
}

func TestATableThatCannotBeComparedSaysWhy(t *testing.T) {
	lib := studyLibrary(t)
	for key, want := range map[string]string{
		"T2": "spread over several plans", "T7": "spread over several plans", "T4": "no row is mapped", "T15": "no row is mapped",
		"T14": "1 row of it is mapped", "T5": "H02, which has its arms, has no verdict yet", "T6": "H10, which", "T11": "H04, which",
	} {
		if a := byTable(t, lib, key); !strings.Contains(a.Why, want) || len(a.Rho) != 0 || a.Same != 0 {
			t.Errorf("%s: %q, want %q", key, a.Why, want)
		}
	}
}

func TestAFailedRowRanksLastWhereTheTableSaysSo(t *testing.T) {
	nine, five := store.Real(9), store.Real(5)
	table := Table{Better: "lower", MapToArms: map[string]string{"a": "x", "b": "y", "c": "z"}, Rows: []Row{
		{Model: "a", Value: &nine}, {Model: "b", Status: "fail"}, {Model: "other", Value: &five}, {Model: "c", Value: &five},
	}}
	if rows, values := table.mapped(); len(rows) != 2 || values[0] != -9 || values[1] != -5 {
		t.Errorf("without a word on failures: %v %v", rows, values)
	}
	table.Note = "A diverged row ranks last."
	rows, values := table.mapped()
	if len(rows) != 3 || !math.IsInf(values[1], -1) || !math.IsNaN(float64(rows[1].Published)) || rows[1].Arm != "y" {
		t.Errorf("with it: %v %v", rows, values)
	}
	table.Better = "rank: 1 is slowest decay"
	if _, values := table.mapped(); values[0] != -9 {
		t.Errorf("a rank of 1 is the best: %v", values)
	}
	table.Better = "higher"
	if _, values := table.mapped(); values[0] != 9 || !math.IsInf(values[1], -1) {
		t.Errorf("higher: %v", values)
	}
}
