package kernel

import (
	_ "embed"
	"encoding/json"
	"math"
	"testing"
)

//go:embed testdata/optimizers.json
var goldenOptimisers []byte

// The numbers come from another program; testdata/optimizers.json names it.
func TestOptimisersMatchGolden(t *testing.T) {
	type vector struct {
		Data []float32 `json:"data"`
	}
	var file struct {
		Optimizers []struct {
			Optimizer string         `json:"optimizer"`
			Attrs     map[string]any `json:"attrs"`
			Start     vector         `json:"start"`
			Grads     []vector       `json:"grads"`
			After     []vector       `json:"after"`
		} `json:"optimizers"`
	}
	if err := json.Unmarshal(goldenOptimisers, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Optimizers {
		attr := func(name string) float64 { v, _ := c.Attrs[name].(float64); return v }
		n := len(c.Start.Data)
		var update func(w, g []float32)
		switch c.Optimizer {
		case "sgd", "sgd momentum", "sgd momentum, L2 decay":
			update = (&Momentum{Rate: attr("lr"), Mu: attr("momentum"), Decay: attr("weight_decay"), V: make([]float32, n)}).Update
		case "sgd nesterov":
			update = (&Nesterov{Rate: attr("lr"), Mu: attr("momentum"), V: make([]float32, n)}).Update
		case "rmsprop":
			update = (&RMSProp{Rate: attr("lr"), Keep: attr("alpha"), Epsilon: attr("eps"), V: make([]float32, n)}).Update
		case "adagrad":
			update = (&AdaGrad{Rate: attr("lr"), Epsilon: attr("eps"), V: make([]float32, n)}).Update
		case "adam":
			update = NewAdam(attr("lr"), n).Update
		case "adam, L2 decay":
			update = (&AdamL2{Adam: *NewAdam(attr("lr"), n), Decay: attr("weight_decay")}).Update
		case "adamw":
			o := NewAdamW(attr("lr"), n)
			o.Decay = attr("weight_decay")
			update = o.Update
		default:
			t.Fatalf("%s: no optimiser of ours is held against it", c.Optimizer)
		}
		w := append([]float32(nil), c.Start.Data...)
		for i, g := range c.Grads {
			update(w, g.Data)
			for j, want := range c.After[i].Data {
				if math.Abs(float64(w[j]-want)) > 2e-6 {
					t.Errorf("%s, step %d, parameter %d: got %v, want %v", c.Optimizer, i+1, j, w[j], want)
				}
			}
		}
	}
}

func TestUnitStepsDoNotDependOnTheGradientsSize(t *testing.T) {
	run := func(scale float32) []float32 {
		w := []float32{1, 2, 3}
		o := &UnitMomentum{Rate: 0.1, Mu: 0.9, Ends: []int{2, 3}, V: make([]float32, 3)}
		o.Update(w, []float32{3 * scale, 4 * scale, -2})
		return w
	}
	a, b := run(1), run(1e-6)
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-6 {
			t.Errorf("parameter %d: %v with a gradient of 5, %v with one of 5e-6", i, a[i], b[i])
		}
	}
	if math.Abs(float64(a[0]-(1-0.06))) > 1e-6 || math.Abs(float64(a[2]-3.1)) > 1e-6 {
		t.Errorf("a unit step of 0.1: got %v, want 0.94 and 3.1", a)
	}
}

func TestClippingKeepsDirectionsAndShortGradients(t *testing.T) {
	g := []float32{3, 4}
	if length := ClipNorm(g, 10); length != 5 || g[0] != 3 || g[1] != 4 {
		t.Errorf("a length of 5 under a limit of 10: length %v, gradient %v", length, g)
	}
	if length := ClipNorm(g, 1); length != 5 || math.Abs(float64(g[0])-0.6) > 1e-7 || math.Abs(float64(g[1])-0.8) > 1e-7 {
		t.Errorf("a length of 5 over a limit of 1: length %v, gradient %v, want 5 and [0.6 0.8]", length, g)
	}
	broken := []float32{1, float32(math.NaN())}
	if length := ClipNorm(broken, 1); length == length || broken[0] != 1 {
		t.Errorf("a broken gradient: length %v, gradient %v", length, broken)
	}
}

// Stock gorgonia's momentum with L2 adds the decay at the wrong place: after one step from w = 2 with no
// gradient at all, v must be decay·w and w must have lost rate·v.
func TestMomentumDecaysThroughItsVelocity(t *testing.T) {
	w, v := []float32{2}, []float32{0}
	o := &Momentum{Rate: 0.5, Mu: 0.9, Decay: 0.25, V: v}
	o.Update(w, []float32{0})
	if v[0] != 0.5 || w[0] != 1.75 {
		t.Errorf("after a step: v %v, w %v, want 0.5 and 1.75", v[0], w[0])
	}
}

func TestTheErrorFunctionAndDoubleExponentialAreExact(t *testing.T) {
	for x := -7.0; x < 7; x += 0.013 {
		if got, want := erf(x), math.Erf(x); math.Abs(got-want) > 1e-14 {
			t.Errorf("erf(%v) = %v, want %v", x, got, want)
		}
		if got, want := Exp64(40*x), math.Exp(40*x); math.Abs(got-want) > 2e-15*want {
			t.Errorf("e^%v = %v, want %v", 40*x, got, want)
		}
	}
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 710, -800, 0} {
		if got, want := Exp64(x), math.Exp(x); got != want && got == got {
			t.Errorf("e^%v = %v, want %v", x, got, want)
		}
	}
}
