package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func numbers(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func TestProductsEqualTheNaiveLoopBitForBit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for m := range 10 {
		for n := range 6 {
			for _, k := range []int{0, 1, 2, 7, 64} {
				a, b, bias := numbers(r, m*k), numbers(r, n*k), numbers(r, n)
				for _, c := range [][]float32{nil, bias} {
					got := make([]float32, m*n)
					MulNT(got, a, b, c, m, n, k)
					for i := range m {
						for j := range n {
							var want float32
							for p := range k {
								want += float32(a[i*k+p] * b[j*k+p])
							}
							if c != nil {
								want += c[j]
							}
							if got[i*n+j] != want {
								t.Fatalf("%dx%dx%d at %d,%d: got %v, want %v", m, n, k, i, j, got[i*n+j], want)
							}
						}
					}
				}
			}
		}
	}
}

func TestTransposeTwiceIsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a := numbers(r, 5*7)
	b, c := make([]float32, 35), make([]float32, 35)
	Transpose(b, a, 5, 7)
	if b[3*5+2] != a[2*7+3] {
		t.Fatalf("element 2,3: got %v, want %v", b[3*5+2], a[2*7+3])
	}
	Transpose(c, b, 7, 5)
	for i := range a {
		if a[i] != c[i] {
			t.Fatalf("element %d: got %v, want %v", i, c[i], a[i])
		}
	}
}

func TestMathIsWithinOneUnit(t *testing.T) {
	near := func(name string, x, got, want float64) {
		if math.IsInf(want, 0) && got == want || math.Abs(got-want) <= 1e-13*math.Abs(want)+1e-300 {
			return
		}
		t.Errorf("%s(%v): got %v, want %v", name, x, got, want)
	}
	for x := -700.0; x < 705; x += 0.37 {
		near("exp", x, Exp(x), math.Exp(x))
		near("log", x, Log(math.Exp(x)), math.Log(math.Exp(x)))
		near("tanh", x/100, Tanh(x/100), math.Tanh(x/100))
	}
	for _, x := range []float64{0, 1e-9, -1e-5, 9.99e-4, 1.001e-3, -0.02} {
		if got, want := Tanh(x), math.Tanh(x); math.Abs(got-want) > 1e-11*math.Abs(want) {
			t.Errorf("tanh(%v): got %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{1e-300, 1, 0.5, math.MaxFloat64, math.Inf(1)} {
		near("log", x, Log(x), math.Log(x))
	}
	if Exp(1000) != math.Inf(1) || Exp(-1000) != 0 || !math.IsInf(Log(0), -1) || !math.IsNaN(Log(-1)) {
		t.Errorf("at the ends: e^1000 %v, e^-1000 %v, ln 0 %v, ln -1 %v", Exp(1000), Exp(-1000), Log(0), Log(-1))
	}
}

func TestNaNGoesThrough(t *testing.T) {
	nan := float32(math.NaN())
	one := []float32{nan, 1}
	out := make([]float32, 2)
	for name, f := range map[string]func(){
		"relu":    func() { Relu(out, one) },
		"tanh":    func() { TanhForward(out, one) },
		"sigmoid": func() { SigmoidForward(out, one) },
		"product": func() { MulNT(out[:1], one, []float32{1, 0}, nil, 1, 1, 2) },
		"norm":    func() { LayerNorm(out, one, nil, nil, 1, 2) },
		"loss":    func() { out[0] = SoftmaxCrossEntropy(one, []float32{1}, 1, 2) },
		"sum":     func() { SumRows(out[:1], one, 2, 1) },
		"adam":    func() { w := []float32{1}; NewAdam(1e-3, 1).Update(w, one[:1]); out[0] = w[0] },
	} {
		out[0], out[1] = 0, 0
		f()
		if out[0] == out[0] {
			t.Errorf("%s: a NaN became %v", name, out[0])
		}
	}
}

func TestReluGradIsZeroAtAndBelowZero(t *testing.T) {
	x := []float32{-1, float32(math.Copysign(0, -1)), 0, 1e-30, 2}
	want := []float32{0, 0, 0, 7, 7}
	got := make([]float32, len(x))
	ReluGrad(got, x, []float32{7, 7, 7, 7, 7})
	for i := range x {
		if got[i] != want[i] {
			t.Errorf("x %v: got %v, want %v", x[i], got[i], want[i])
		}
	}
}

func BenchmarkMulNT(b *testing.B) {
	const m, n, k = 64, 32, 32
	r := rand.New(rand.NewPCG(1, 2))
	x, y, c := numbers(r, m*k), numbers(r, n*k), make([]float32, m*n)
	b.ReportAllocs()
	for b.Loop() {
		MulNT(c, x, y, nil, m, n, k)
	}
	b.ReportMetric(float64(2*m*n*k*b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
