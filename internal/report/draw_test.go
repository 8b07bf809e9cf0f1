package report

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenet/hypotheses"
	"tenet/internal/report/figures"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/runner/net"
)

func names(d Drawn) []string {
	var out []string
	for _, f := range d.Figures {
		out = append(out, f.Name)
	}
	return out
}

func drawing(t *testing.T, lib *store.Library) Drawn {
	t.Helper()
	d, err := Draw(t.Context(), lib, DrawOptions{})
	must(t, err)
	return d
}

func TestALibraryIsDrawnAsFarAsItGoes(t *testing.T) {
	d := drawing(t, decidedStudy(t))
	want := []string{"forest", "gaps", "calibration", "parameters-by-year", "evidence-P1", "evidence-H01", "evidence-P8", "evidence-H23"}
	if got := names(d); !slices.Equal(got, want) {
		t.Errorf("drawn: %v", got)
	}
	missing := strings.Join(d.Missing, "\n")
	for _, w := range []string{"depth curves of H02, H03, H28, H07: no trial has been recorded yet", "cost against benefit: no decided hypothesis"} {
		if !strings.Contains(missing, w) {
			t.Errorf("it does not say %q:\n%s", w, missing)
		}
	}
	again := drawing(t, decidedStudy(t))
	for k, f := range d.Figures {
		svg, err := f.SVG()
		must(t, err)
		other, err := again.Figures[k].SVG()
		must(t, err)
		if string(svg) != string(other) {
			t.Errorf("%s: two pictures of one library", f.Name)
		}
	}
	says1(t, d.Figures[0].Words, "2 hypotheses with a verdict")
	says1(t, d.Figures[1].Words, "99 empty ones", "No cost is on record in", "the plans stand, at 10 W a core")
	says1(t, d.Figures[2].Words, "2 hypotheses with a probability", "2 of 2 came out as expected")
	says1(t, d.Figures[3].Words, "Of 93 surveyed papers, 1 gives a number", "for 9 nets in all; 92 have no number on record")
}

func TestAnEmptyLibrarySaysWhatIsMissing(t *testing.T) {
	lib, err := store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{})
	must(t, err)
	defer lib.Close()
	d := drawing(t, lib)
	if len(d.Figures) != 0 || len(d.Missing) != 7 {
		t.Errorf("figures %v, missing:\n%s", names(d), strings.Join(d.Missing, "\n"))
	}
	var b strings.Builder
	must(t, HTML(t.Context(), &b, lib, Options{}))
	if strings.Contains(b.String(), `id="pictures"`) {
		t.Error("a heading without pictures")
	}
}

func TestSeriesOfDepthsAreFound(t *testing.T) {
	lib := skipStudy(t)
	found := map[string]int{}
	must(t, lib.View(func(tx *store.Tx) error {
		for h, err := range hypotheses.All(tx) {
			if err != nil {
				return err
			}
			task, err := hypotheses.FindTask(tx, h.TaskID)
			must(t, err)
			if r := rungs(planned{Hypothesis: h, nets: runner.Nets(task, h)}); h.Decision != nil && len(r) > 0 {
				found[h.Alias] = len(r)
				if h.Alias == "H02" && (r["plain64"] != rung{"plain", 64, false} || r["res8"] != rung{"residual", 8, true}) {
					t.Errorf("H02: %+v", r)
				}
			}
		}
		return nil
	}))
	if len(found) != 4 || found["H02"] != 8 || found["H03"] != 4 || found["H07"] != 4 || found["H28"] != 2 {
		t.Errorf("found %v", found) // H10 has levels of pooling, H06 has branch scales: no depths
	}
	conv := `{"family":"convnet","widths":[16,32,64],"blocks":9,"skip":[]}`
	h := hypotheses.Hypothesis{
		Decision: &hypotheses.DecisionSpec{Arms: []string{"plain56", "plain20"}},
		Arms:     []hypotheses.Arm{{Name: "plain56", Spec: conv}, {Name: "plain20", Spec: strings.Replace(conv, "9", "3", 1)}},
	}
	series := func() map[string]rung {
		return rungs(planned{Hypothesis: h, nets: runner.Nets(hypotheses.Task{Key: "D5c"}, h)})
	}
	if r := series(); len(r) != 2 || r["plain56"].depth != 56 {
		t.Errorf("convolutional nets: %v", r)
	}
	if h.Arms[1].Spec = strings.Replace(conv, "9", "[3,3,3]", 1); len(series()) != 2 {
		t.Error("blocks given stage by stage are not read")
	}
	if h.Arms[1].Spec = conv; len(series()) != 0 {
		t.Error("a name that does not fit its net passes for a depth")
	}
}

func TestUnfinishedBlocksAreDrawnOnlyWhenAskedFor(t *testing.T) {
	lib := skipStudy(t)
	var h hypotheses.Hypothesis
	run := runner.Record{ID: "r1", Alias: "R101", State: runner.RunRunning}
	update(t, lib, func(tx *store.Tx) (err error) {
		if h, err = hypotheses.Find(tx, "H02"); err != nil {
			return err
		}
		run.HypothesisID = h.ID
		return tx.PutFinal("run.started", runner.KindRun, run.ID, run, "")
	})
	for _, arm := range h.Decision.Arms[:5] {
		pretend(t, lib, run, h, arm, 0, 0.8)
	}
	pretend(t, lib, run, h, h.Decision.Arms[0], 1, 0.8)
	d := drawing(t, lib)
	if slices.Contains(names(d), "depth-H02") {
		t.Error("a plan without a verdict is drawn unasked")
	}
	says1(t, strings.Join(d.Missing, "\n"), "depth curves of H02: no verdict yet")
	d, err := Draw(t.Context(), lib, DrawOptions{Unfinished: true})
	must(t, err)
	k := slices.Index(names(d), "depth-H02")
	if k < 0 {
		t.Fatalf("drawn: %v", names(d))
	}
	says1(t, d.Figures[k].Words, "Not finished: 1 to 2 seeds a net so far, where the plan asks for at least 5", "Mean test error of plain nets")
	// Exploratory trials are no part of it.
	run.Exploratory = true
	update(t, lib, func(tx *store.Tx) error { return tx.PutFinal("run.started", runner.KindRun, run.ID, run, "") })
	d, err = Draw(t.Context(), lib, DrawOptions{Unfinished: true})
	must(t, err)
	if got := names(d); slices.Contains(got, "depth-H02") {
		t.Errorf("exploratory trials are drawn: %v", got)
	}
}

// spent is a trial of some cost.
func spent(arm string, block int, cpuMS int64, joules float64, tuning bool) runner.Trial {
	t := runner.Trial{ID: arm + string(rune('a'+block)), Arm: arm, Block: block, Usage: runner.Usage{CPUMS: cpuMS, EnergyJ: store.Real(joules), Params: 100}}
	t.Job.Tuning = tuning
	return t
}

func plain(alias, principle, setting string, arms ...string) planned {
	return planned{
		Hypothesis: hypotheses.Hypothesis{
			ID: alias, Alias: alias, Budget: hypotheses.Budget{CPUSPerTrial: 36, BlocksExpected: 10},
			Decision: &hypotheses.DecisionSpec{Arms: arms, Setting: setting, Reduction: "paired", NMin: 5},
		},
		principle: principles.Principle{ID: principle, Alias: principle},
	}
}

func TestAPriceRestsOnWhatWasRecorded(t *testing.T) {
	done := plain("H1", "P1", "digits", "a", "b")
	done.Verdict = &hypotheses.Verdict{Verdict: "validated"}
	for b := range 3 {
		done.blocks = append(done.blocks, hypotheses.Block{B: b, Trials: []hypotheses.TrialRef{{Arm: "a"}, {Arm: "b"}}})
	}
	g := &gathered{
		plans: []planned{done, plain("H2", "P2", "digits", "a", "b"), plain("H3", "P2", "images", "a", "b"), plain("H4", "P2", "digits", "a", "b")},
		tried: map[string][]runner.Trial{
			"H1": {spent("a", 0, 60_000, 3600, false), spent("a", 1, 180_000, 7200, true)},
			"H2": {spent("a", 0, 6_000_000, 36e4, false)}, // far larger nets
			"H4": {spent("a", 0, 6_000, 36, false)},
		},
	}
	p := g.priced()
	if n := p.length("P1"); n != 7 { // six of its blocks, one search
		t.Errorf("P1 takes %v trials", n)
	}
	if n := p.length("P2"); n != 7 { // nothing of its own is decided
		t.Errorf("P2 takes %v trials", n)
	}
	if got := p.setting("digits").price(10); got != (figures.Price{Trials: 10, Minutes: 20, WattH: 15}) {
		t.Errorf("digits: %+v", got) // the middle one of three hypotheses
	}
	if got := p.setting("images").price(10); got != (figures.Price{Trials: 10, Minutes: 6, WattH: 1}) {
		t.Errorf("images: %+v", got) // as planned, at the stated watts
	}
	says1(t, p.basis([]string{"digits", "images"}, nil), "No cost is on record in images:")
}

func TestTheGainOfSkipsIsReadTheRightWayRound(t *testing.T) {
	h := plain("H1", "P1", "digits", "plain", "res")
	h.nets = map[string]net.Spec{"plain": {}, "res": {Skip: []net.Skip{{Each: "1"}}}}
	h.Verdict = &hypotheses.Verdict{Verdict: "refuted", Estimate: -0.2, Lower: -0.3, Upper: -0.05, Scale: 0.1, Stop: 2}
	g := &gathered{trials: map[string]runner.Trial{}}
	for b := range 2 {
		var refs []hypotheses.TrialRef
		for _, x := range []runner.Trial{spent("plain", b, 1000, 1, false), spent("res", b, 1500, 1, false)} {
			g.trials[x.ID] = x
			refs = append(refs, hypotheses.TrialRef{Arm: x.Arm, TrialID: x.ID})
		}
		h.blocks = append(h.blocks, hypotheses.Block{B: b, Trials: refs})
	}
	g.lib = skipStudy(t)
	got, ok := g.trade(h)
	if !ok || math.Abs(got.Effect-2) > 1e-12 || math.Abs(got.Lower-0.5) > 1e-12 || math.Abs(got.Upper-3) > 1e-12 || got.CPU != 1.5 || got.CPUControl != 1 {
		t.Errorf("plain against res: %+v", got)
	}
	h.Decision.Arms = []string{"res", "plain"}
	if got, ok = g.trade(h); !ok || math.Abs(got.Effect+2) > 1e-12 || got.CPU != 1.5 {
		t.Errorf("res against plain: %+v", got)
	}
	h.nets = map[string]net.Spec{"plain": {}, "res": {}}
	if _, ok = g.trade(h); ok {
		t.Error("two nets without skips are a trade")
	}
}

func TestANetReachesItsTwinAtAStep(t *testing.T) {
	nan := math.NaN()
	curve := func(errs ...float64) []runner.Point {
		var out []runner.Point
		for k, e := range errs {
			out = append(out, runner.Point{Step: 10 * (k + 1), TestError: e})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		blocks map[int]*[2][]runner.Point
		want   float64
	}{
		{"halfway", map[int]*[2][]runner.Point{0: {curve(0.9, 0.3, 0.2, 0.1), curve(0.9, 0.8, 0.5, 0.3)}}, 0.5},
		{"never", map[int]*[2][]runner.Point{0: {curve(0.9, 0.8), curve(0.5, 0.1)}}, math.Inf(1)},
		{"the middle of three", map[int]*[2][]runner.Point{0: {curve(0.1, 0.1), curve(0.5, 0.2)}, 1: {curve(0.9, 0.9), curve(0.5, 0.2)}, 2: {curve(0.3, 0.2), curve(0.5, 0.2)}}, 1},
		{"no test errors", map[int]*[2][]runner.Point{0: {curve(nan, nan), curve(nan, nan)}}, nan},
	} {
		if got := reach(c.blocks); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestExpectationsAreScored(t *testing.T) {
	said := func(name string, p float64, came string) hypotheses.Forecast {
		return hypotheses.Forecast{Hypothesis: name, Foreseen: "validated", Foretold: "validated", P: p, Came: came}
	}
	f := scored([]hypotheses.Forecast{said("H1", 0.9, "validated"), said("H2", 0.8, "refuted"), said("H3", 1, "validated"), said("H4", 0.6, "inconclusive"), said("H5", 0.7, "validated")})
	if want := (0.01 + 0.64 + 0 + 0.36 + 0.09) / 5; math.Abs(f.Brier-want) > 1e-12 || f.BaseRate != 0.6 || math.Abs(f.Base-0.24) > 1e-12 || f.N != 5 || f.Came != 3 {
		t.Errorf("got %+v", f)
	}
	var from []float64
	for _, b := range f.Bins {
		from = append(from, b.From)
	}
	if !slices.Equal(from, []float64{0.5, 0.7, 0.8, 0.9, 0.95}) || f.Bins[4].N != 1 || f.Bins[4].Came != 1 || f.Bins[1].Mean != 0.7 {
		t.Errorf("bins %+v", f.Bins)
	}
	says1(t, f.Notes, "H2 (0.80)", "Undecided, counted as not come: H4 (0.60); over the decided alone the Brier score is 0.185")
}

func TestNumbersOfParametersAreRead(t *testing.T) {
	for text, want := range map[string]float64{"0.27M": 0.27e6, "25.6 million": 25.6e6, "1.2B": 1.2e9, "~60M": 60e6, "1,202": 1202, "850k": 850e3, "3e6": 3e6} {
		if got, ok := parameters(text); !ok || math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "many", "0", "-3M", "28.1%", "M"} {
		if v, ok := parameters(text); ok {
			t.Errorf("%q passes for %v", text, v)
		}
	}
}
