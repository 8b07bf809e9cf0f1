package net

import (
	"math"
	"testing"
)

// drawAs gives a parameter's start.
func (p Param) drawAs(seed byte) []float32 {
	w := make([]float32, p.Size())
	p.Draw(w, [32]byte{seed})
	return w
}

func TestStartsHaveTheirVariance(t *testing.T) {
	for _, c := range []struct {
		p    Param
		want float64
	}{
		{Param{Shape: []int{100, 200}, start: startHe}, 2.0 / 200},
		{Param{Shape: []int{100, 200}, start: startGlorot}, 2.0 / 300},
		{Param{Shape: []int{100, 200}, start: startLecun}, 1.0 / 200},
		{Param{Shape: []int{100, 200}, start: startOrthogonal, act: "tanh"}, 1.0 / 200},
		{Param{Shape: []int{100, 200}, start: startTable}, 0.5},
		{Param{Shape: []int{64, 32, 3, 3}, start: startHe}, 2.0 / 288},
		{Param{Shape: []int{64, 32, 3, 3}, start: startGlorot}, 2.0 / (288 + 576)},
		{Param{Shape: []int{60, 40, 2, 2}, start: startHe, inputs: 60}, 2.0 / 60},
		{Param{Shape: []int{60, 40, 2, 2}, start: startGlorot, inputs: 60}, 2.0 / 100},
		{Param{Shape: []int{64, 32, 3, 3}, start: startOrthogonal, act: "relu"}, 2.0 / 288},
		{Param{Shape: []int{32, 64, 3, 3}, start: startDelta, act: "relu"}, 2.0 / 64 / 9},
	} {
		c.p.shrink = 1
		w := c.p.drawAs(5)
		var m, q float64
		for _, v := range w {
			m += float64(v)
			q += float64(v) * float64(v)
		}
		n := float64(len(w))
		if m, q = m/n, q/n; math.Abs(m) > 3*math.Sqrt(c.want/n)+1e-6 || math.Abs(q/c.want-1) > 0.06 {
			t.Errorf("%s of %v: mean %v, variance %v, want 0 and %v", c.p.start, c.p.Shape, m, q, c.want)
		}
		c.p.shrink = 0.5
		for i, v := range c.p.drawAs(5) {
			if math.Abs(float64(v-w[i]/2)) > 1e-6 {
				t.Fatalf("%s shrunk by half: %v of %v", c.p.start, v, w[i])
			}
		}
	}
}

func TestADeltaOrthogonalStartIsAnOrthogonalMapAtTheCentre(t *testing.T) {
	const out, in = 4, 3
	w := Param{Shape: []int{out, in, 3, 3}, start: startDelta, shrink: 1, act: "tanh"}.drawAs(8)
	for i, v := range w {
		if i%9 != 4 && v != 0 {
			t.Fatalf("tap %d is %v", i%9, v)
		}
	}
	for a := range in {
		for b := range a + 1 {
			dot := 0.0
			for o := range out {
				dot += float64(w[(o*in+a)*9+4]) * float64(w[(o*in+b)*9+4])
			}
			want := 0.0
			if a == b {
				want = 1
			}
			if math.Abs(dot-want) > 1e-6 {
				t.Errorf("inputs %d and %d: product %v, want %v", a, b, dot, want)
			}
		}
	}
	// A matrix has no centre: it starts orthogonal.
	m := Param{Shape: []int{2, 2}, start: startDelta, shrink: 1, act: "tanh"}.drawAs(8)
	if d := m[0]*m[2] + m[1]*m[3]; math.Abs(float64(d)) > 1e-6 || m[0] == 0 {
		t.Errorf("a matrix starts as %v", m)
	}
}

func TestAnLSTMsForgetGatesStartWhereTheyAreToldTo(t *testing.T) {
	g, p := forms()["lstm"].with(`"forget_bias":1`, `"forget_bias":"1+1"`).compiled(t, Train)
	for _, q := range g.Params {
		if q.Name != "cell.input.bias" {
			continue
		}
		for i, v := range p.Weights[q.Offset:][:q.Size()] {
			want := float32(0)
			if i >= 5 && i < 10 {
				want = 2
			}
			if v != want {
				t.Errorf("bias %d starts at %v, want %v", i, v, want)
			}
		}
		return
	}
	t.Error("no bias")
}

func TestAnOrthogonalStartIsOrthogonal(t *testing.T) {
	for _, shape := range [][]int{{7, 7}, {4, 9}, {9, 4}} {
		w := Param{Shape: shape, start: startOrthogonal, shrink: 1, act: "relu"}.drawAs(6)
		out, in := shape[0], shape[1]
		for a := range min(out, in) {
			for b := range a + 1 {
				dot := 0.0
				for i := range max(out, in) {
					if out <= in {
						dot += float64(w[a*in+i]) * float64(w[b*in+i])
					} else {
						dot += float64(w[i*in+a]) * float64(w[i*in+b])
					}
				}
				want := 0.0
				if a == b {
					want = 2 // gain √2 for relu
				}
				if math.Abs(dot-want) > 1e-5 {
					t.Errorf("shape %v, vectors %d and %d: product %v, want %v", shape, a, b, dot, want)
				}
			}
		}
	}
}
