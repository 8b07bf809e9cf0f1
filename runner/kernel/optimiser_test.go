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
		if c.Optimizer == "adam" {
			update = NewAdam(attr("lr"), n).Update
		} else {
			update = (&Momentum{Rate: attr("lr"), Mu: attr("momentum"), Decay: attr("weight_decay"), V: make([]float32, n)}).Update
		}
		w := append([]float32(nil), c.Start.Data...)
		for i, g := range c.Grads {
			update(w, g.Data)
			for j, want := range c.After[i].Data {
				if math.Abs(float64(w[j]-want)) > 1e-6 {
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
