package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
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
	for _, p := range supported() {
		for _, m := range []int{0, 1, 2, 3, 5, 6, 7, 8, 13, 21} {
			for _, n := range []int{0, 1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 50, 64, 70} {
				for _, k := range []int{0, 1, 2, 7, 19} {
					checkProduct(t, p, r, m, n, k)
				}
			}
		}
	}
}

// checkProduct compares every way of calling with the naive loop, a's two directions in turn.
func checkProduct(t *testing.T, p path, r *rand.Rand, m, n, k int) {
	t.Helper()
	a, b, bias, gate, add := numbers(r, m*k), numbers(r, k*n), numbers(r, n), numbers(r, m*n), numbers(r, m*n)
	for _, f := range []Finish{{}, {Bias: bias}, {Bias: bias, Relu: true}, {Gate: gate}, {Add: add}, {Bias: bias, Add: add, Relu: true, Gate: gate}} {
		for _, turned := range []bool{false, true} {
			down, along := k, 1
			if turned {
				down, along = 1, m
			}
			got := make([]float32, m*n)
			p.product(got, a, b, m, n, k, down, along, f)
			for i := range m {
				for j := range n {
					var want float32
					for q := range k {
						want = fma(a[i*down+q*along], b[q*n+j], want)
					}
					if f.Bias != nil {
						want += f.Bias[j]
					}
					if f.Add != nil {
						want += f.Add[i*n+j]
					}
					if f.Relu {
						want = max(want, 0)
					}
					if f.Gate != nil && !(f.Gate[i*n+j] > 0) {
						want = 0
					}
					if got[i*n+j] != want {
						t.Fatalf("%v, %dx%dx%d, turned %v, at %d,%d: got %v, want %v", p, m, n, k, turned, i, j, got[i*n+j], want)
					}
				}
			}
		}
	}
}

func TestFMARoundsOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	check := func(x, y, z float32) {
		exact := new(big.Float).SetPrec(400).Mul(big.NewFloat(float64(x)), big.NewFloat(float64(y)))
		exact.Add(exact, big.NewFloat(float64(z)))
		if want, _ := exact.Float32(); fma(x, y, z) != want {
			t.Fatalf("%v · %v + %v: got %v, want %v", x, y, z, fma(x, y, z), want)
		}
	}
	one := func(exp int) float32 {
		return float32(math.Ldexp(float64(1<<23+r.IntN(1<<23)), exp-23)) * float32(1-2*r.IntN(2))
	}
	for range 20000 {
		check(one(0), one(r.IntN(4)), one(r.IntN(60)-30))
		check(one(r.IntN(140)-130), one(-r.IntN(60)), one(-r.IntN(120)))
		// Sums that lie next to a middle: 1 + 2^-24 ± a little.
		check(float32(math.Ldexp(1, -24)), 1+float32(r.IntN(3)-1)*float32(math.Ldexp(1, -23)), float32(1+r.IntN(2))*(1+float32(math.Ldexp(float64(r.IntN(9)), -23))))
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
		near("log", x, Log(math.Exp(x)), math.Log(math.Exp(x)))
	}
	for _, x := range []float64{1e-300, 1, 0.5, math.MaxFloat64, math.Inf(1)} {
		near("log", x, Log(x), math.Log(x))
	}
	if !math.IsInf(Log(0), -1) || !math.IsNaN(Log(-1)) {
		t.Errorf("at the ends: ln 0 %v, ln -1 %v", Log(0), Log(-1))
	}
}

func TestVectorMathIsWithinAFewUnits(t *testing.T) {
	units := func(name string, x, got float32, want float64, most float64) {
		unit := float64(math.Nextafter32(float32(math.Abs(want)), math.MaxFloat32)) - math.Abs(float64(float32(want)))
		if d := math.Abs(float64(got)-want) / unit; d > most {
			t.Errorf("%s(%v): got %v, want %v: %.1f units off, at most %v", name, x, got, want, d, most)
		}
	}
	for x := float32(-86.9); x < 87; x += 0.00371 {
		units("exp", x, exp(x), math.Exp(float64(x)), 3)
		units("sigmoid", x, 1/(1+exp(-x)), 1/(1+math.Exp(-float64(x))), 4)
		units("tanh", x/9, tanh(x/9), math.Tanh(float64(x/9)), 6)
		units("tanh", x*1e-5, tanh(x*1e-5), math.Tanh(float64(x*1e-5)), 6)
	}
	if exp(1000) != exp(expLimit) || exp(-1000) <= 0 || tanh(50) != 1 || tanh(-50) != -1 {
		t.Errorf("at the ends: e^1000 %v, e^-1000 %v, tanh ±50 %v %v", exp(1000), exp(-1000), tanh(50), tanh(-50))
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
		"product": func() { MulNN(out[:1], one, []float32{1, 0}, 1, 1, 2, Finish{}) },
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

func BenchmarkProduct(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range supported() {
		for _, d := range []struct {
			name                 string
			m, n, k, down, along int
		}{
			{"64x64x64", 64, 64, 64, 64, 1},
			{"64x64x64 turned", 64, 64, 64, 1, 64},
			{"64x10x64", 64, 10, 64, 64, 1},
			{"64x256x256", 64, 256, 256, 256, 1},
			{"1024x256x64", 1024, 256, 64, 64, 1},
		} {
			x, y, c := numbers(r, d.m*d.k), numbers(r, d.k*d.n), make([]float32, d.m*d.n)
			b.Run(p.String()+" "+d.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p.product(c, x, y, d.m, d.n, d.k, d.down, d.along, Finish{})
				}
				b.ReportMetric(float64(2*d.m*d.n*d.k*b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

func TestThinProductsEqualTheOthersBitForBit(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	drawn := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	for _, s := range [][3]int{{16, 1, 5}, {100, 2, 33}, {77, 3, 16}, {64, 4, 128}} {
		m, n, k := s[0], s[1], s[2]
		if !Thin(m, n) {
			t.Fatalf("%v is not thin", s)
		}
		a, b, turned, scratch := drawn(m*k), drawn(k*n), make([]float32, n*k), drawn(m*(n+k))
		Transpose(turned, b, k, n)
		for _, f := range []Finish{{}, {Bias: drawn(n), Relu: true}, {Add: drawn(m * n)}, {Gate: drawn(m * n)}} {
			want, one, two := make([]float32, m*n), drawn(m*n), drawn(m*n)
			MulNN(want, a, b, m, n, k, f)
			ThinNN(one, a, b, m, n, k, f, scratch)
			ThinNT(two, a, turned, m, n, k, f, scratch)
			if !slices.Equal(one, want) || !slices.Equal(two, want) {
				t.Errorf("%v: %v and %v, want %v", s, one[:n], two[:n], want[:n])
			}
		}
	}
}
