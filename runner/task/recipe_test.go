package task

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecipesAreReadFromTheStudysWords(t *testing.T) {
	for _, c := range []struct {
		optimiser, schedule, clip string
		want                      Recipe
	}{
		{"adam, beta 0.9 and 0.999, no decay", "constant", "none unless stated", Recipe{Optimiser: Adam, Beta1: 0.9, Beta2: 0.999, Schedule: Constant}},
		{"adam", "", "global norm 1", Recipe{Optimiser: Adam, Beta1: 0.9, Beta2: 0.999, Schedule: Constant, Clip: 1}},
		{"adam, beta 0.5 and 0.9", "cosine", "none", Recipe{Optimiser: Adam, Beta1: 0.5, Beta2: 0.9, Schedule: Cosine}},
		{"adamw, decay 0.01", "warm-up 100, then cosine", "", Recipe{Optimiser: AdamW, Beta1: 0.9, Beta2: 0.999, Decay: 0.01, Decoupled: true, Schedule: Cosine, Warmup: 100}},
		{"sgd, momentum 0.9, decay 1e-4", "step, times 0.1 at 0.5 and 0.75", "", Recipe{Optimiser: SGD, Momentum: 0.9, Decay: 1e-4, Schedule: Steps, Factor: 0.1, Drops: []float64{0.5, 0.75}}},
		{"sgd, momentum 0.9, decoupled decay 1e-4", "", "", Recipe{Optimiser: SGD, Momentum: 0.9, Decay: 1e-4, Decoupled: true, Schedule: Constant}},
		{"layer-normalised momentum", "", "", Recipe{Optimiser: Unit, Momentum: 0.9, Schedule: Constant}},
	} {
		got, err := adam().With(c.optimiser, c.schedule, c.clip)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%q, %q, %q: %v\n%s", c.optimiser, c.schedule, c.clip, err, cmp.Diff(c.want, got))
		}
	}
}

func TestARecipeWithAMistakeNamesIt(t *testing.T) {
	for _, c := range []struct{ optimiser, schedule, clip, want string }{
		{"lion", "", "", `optimiser "lion"`},
		{"adam, decay 0.1", "", "", `"decay 0.1" is no constant of adam`},
		{"sgd, momentum 1.5", "", "", `"momentum 1.5"`},
		{"sgd,, momentum 0.9", "", "", `"?"`},
		{"", "sometimes", "", `"sometimes" is none of`},
		{"", "step", "", "says where it drops"},
		{"", "step, times 0.1 at 0.75 and 0.5", "", "shares of the training"},
		{"", "warm-up 0.5", "", `"warm-up 0.5"`},
		{"", "", "global norm -1", `"-1" is no bound`},
		{"", "", "by value 5", "neither none nor"},
	} {
		_, err := adam().With(c.optimiser, c.schedule, c.clip)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "runner/task: ") {
			t.Errorf("%q, %q, %q: got %v, want %s", c.optimiser, c.schedule, c.clip, err, c.want)
		}
	}
}

func TestSchedulesMoveTheRateAsTheySay(t *testing.T) {
	rate := func(schedule string, step, steps int) float64 {
		r, err := adam().With("", schedule, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Rate(1, step, steps)
	}
	for _, c := range []struct {
		schedule    string
		step, steps int
		want        float64
	}{
		{"constant", 1, 10, 1},
		{"constant", 10, 10, 1},
		{"step, times 0.1 at 0.5 and 0.75", 50, 100, 1},
		{"step, times 0.1 at 0.5 and 0.75", 51, 100, 0.1},
		{"step, times 0.1 at 0.5 and 0.75", 76, 100, 0.01},
		{"cosine", 1, 100, 1},
		{"cosine", 51, 100, 0.5},
		{"cosine", 100, 100, (1 + math.Cos(0.99*math.Pi)) / 2},
		{"warm-up 10", 1, 100, 0.1},
		{"warm-up 10", 10, 100, 1},
		{"warm-up 10", 90, 100, 1},
		{"warm-up 10, then cosine", 11, 110, 1},
		{"warm-up 10, then cosine", 61, 110, 0.5},
	} {
		if got := rate(c.schedule, c.step, c.steps); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s at step %d of %d: %v, want %v", c.schedule, c.step, c.steps, got, c.want)
		}
	}
}

func TestDecoupledDecayShrinksWeightsPastTheMomentum(t *testing.T) {
	r, err := adam().With("sgd, momentum 0.9, decoupled decay 0.5", "", "")
	if err != nil {
		t.Fatal(err)
	}
	m := newMover(r, 0.1, 2, 1, []int{1})
	w := []float32{1}
	m.move(w, []float32{0}, 1)
	m.move(w, []float32{0}, 2)
	if math.Abs(float64(w[0])-0.95*0.95) > 1e-6 {
		t.Errorf("without a gradient, two steps of decay 0.5 at rate 0.1 leave %v of 1", w[0])
	}
	r.Decoupled = false
	m, w = newMover(r, 0.1, 2, 1, []int{1}), []float32{1}
	m.move(w, []float32{0}, 1)
	m.move(w, []float32{0}, 2) // the momentum carries the first step's decay on
	if math.Abs(float64(w[0])-(0.95-0.1*(0.9*0.5+0.5*0.95))) > 1e-6 {
		t.Errorf("coupled: %v", w[0])
	}
}

func TestClippingBoundsTheStep(t *testing.T) {
	r, err := adam().With("sgd", "", "global norm 1")
	if err != nil {
		t.Fatal(err)
	}
	w := make([]float32, 2)
	newMover(r, 1, 1, 2, []int{2}).move(w, []float32{30, 40}, 1)
	if math.Abs(float64(w[0])+0.6) > 1e-6 || math.Abs(float64(w[1])+0.8) > 1e-6 {
		t.Errorf("a gradient of length 50 moved the weights to %v", w)
	}
}
