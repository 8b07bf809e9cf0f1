package task

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"testing"
)

func TestNormalNumbersFollowTheBellCurve(t *testing.T) {
	const n = 1_000_000
	c, z := newChance([32]byte{7}), bell()
	one := make([]float32, n)
	for i := range one {
		one[i] = float32(z.normal(c))
	}
	both := make([]float32, n)
	c.normals(both, 1)
	added := make([]float32, n)
	c.disturb(added, 1)
	for name, list := range map[string][]float32{"one by one": one, "two a word": both, "added": added} {
		var moment [5]float64
		bins := make([]int, 8) // of |x| in whole deviations
		positive := 0
		for _, v := range list {
			x, p := float64(v), 1.0
			for k := range moment {
				moment[k] += p
				p *= x
			}
			bins[min(7, int(math.Abs(x)))]++
			if x > 0 {
				positive++
			}
		}
		for k, want := range []float64{1, 0, 1, 0, 3} {
			if got := moment[k] / n; math.Abs(got-want) > 0.03 {
				t.Errorf("%s: moment %d is %.4f, want %.0f", name, k, got, want)
			}
		}
		for k := range 5 {
			want := n * (math.Erf(float64(k+1)/math.Sqrt2) - math.Erf(float64(k)/math.Sqrt2))
			if got := float64(bins[k]); math.Abs(got-want) > 5*math.Sqrt(want)+2 {
				t.Errorf("%s: %.0f numbers of size %d to %d, want about %.0f", name, got, k, k+1, want)
			}
		}
		if math.Abs(float64(positive)-n/2) > 5*math.Sqrt(n)/2 {
			t.Errorf("%s: %d of %d are positive", name, positive, n)
		}
	}
}

func TestStripsOfTheBellCurveHaveEqualAreas(t *testing.T) {
	z := bell()
	for i := 1; i < strips; i++ {
		if z.x[i] <= z.x[i+1] || z.y[i] >= z.y[i+1] {
			t.Fatalf("strip %d is not above the one before", i)
		}
		if a := z.x[i] * (z.y[i+1] - z.y[i]); math.Abs(a-area) > 1e-9 {
			t.Errorf("strip %d has the area %.12f, want %.12f", i, a, area)
		}
	}
	if z.x[strips] != 0 {
		t.Errorf("the last strip ends at %v", z.x[strips])
	}
}

// The draws of a seed are part of every trial's bits.
func TestDrawsOfASeedArePinned(t *testing.T) {
	c := newChance(sha256.Sum256([]byte("pin")))
	x := make([]float32, 1000)
	c.normals(x, 1)
	h := sha256.New()
	for _, v := range x {
		h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	for _, i := range c.perm(100) {
		h.Write([]byte{byte(i)})
	}
	h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(c.uniform())))
	const want = "4090936654d9b7377aacc0cc2fddc4ef30c58f456abc81953a882eb1768f490b"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("got %s, want %s; if this is meant, move dataRule, runner.EngineVersion and this", got, want)
	}
}

func TestSeriesAreAsGoodAsTheLibrarys(t *testing.T) {
	for x := -700.; x < 700; x += 0.37 {
		if got, want := exponential(x), math.Exp(x); math.Abs(got-want) > 4e-16*want*2 {
			t.Errorf("e^%v = %v, want %v", x, got, want)
		}
	}
	if exponential(-1000) != 0 || !math.IsInf(exponential(1000), 1) || !math.IsNaN(exponential(math.NaN())) {
		t.Errorf("e^x at the ends: %v, %v, %v", exponential(-1000), exponential(1000), exponential(math.NaN()))
	}
	for x := -300.; x < 300; x += 0.0137 {
		s, c := sineCosine(x)
		if math.Abs(s-math.Sin(x)) > 3e-15 || math.Abs(c-math.Cos(x)) > 3e-15 {
			t.Errorf("at %v: %v and %v, want %v and %v", x, s, c, math.Sin(x), math.Cos(x))
		}
	}
}

func TestAMaskKeepsItsMean(t *testing.T) {
	v := make([]float32, 100_000)
	newChance([32]byte{1}).mask(v, 0.8)
	sum := 0.0
	for _, x := range v {
		if x != 0 && x != 1.25 {
			t.Fatalf("a mask holds %v", x)
		}
		sum += float64(x)
	}
	if mean := sum / float64(len(v)); math.Abs(mean-1) > 0.01 {
		t.Errorf("mean %v", mean)
	}
}

func TestAPermutationHoldsEverythingOnce(t *testing.T) {
	p := newChance([32]byte{2}).perm(50)
	slices.Sort(p)
	for i, v := range p {
		if v != i {
			t.Fatalf("%v", p)
		}
	}
}
