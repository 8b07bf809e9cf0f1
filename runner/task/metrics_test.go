package task

import (
	"math"
	"testing"
)

func TestEnergyDistanceIsItsDefinition(t *testing.T) {
	c := newChance([32]byte{5})
	const width = 3
	a, b := make([]float32, 40*width), make([]float32, 25*width)
	c.normals(a, 1)
	c.normals(b, 2)
	mean := func(a, b []float32) float64 {
		sum := 0.0
		for i := 0; i < len(a); i += width {
			for j := 0; j < len(b); j += width {
				q := 0.0
				for k := range width {
					q += math.Pow(float64(a[i+k])-float64(b[j+k]), 2)
				}
				sum += math.Sqrt(q)
			}
		}
		return sum / float64(len(a)/width) / float64(len(b)/width)
	}
	want := 2*mean(a, b) - mean(a, a) - mean(b, b)
	if got := energyDistance(a, b, width); math.Abs(got-want) > 1e-5 || got <= 0 {
		t.Errorf("%v, want %v", got, want)
	}
	if got := energyDistance(a, append([]float32(nil), a...), width); math.Abs(got) > 1e-4 {
		t.Errorf("a sample and itself are apart by %v", got)
	}
}

// With a tiny penalty, a reader of features that are the classes themselves is right, and its weights solve
// the normal equations.
func TestARidgeReaderSolvesItsEquations(t *testing.T) {
	c := newChance([32]byte{6})
	const rows, width, classes = 60, 5, 3
	x, class := make([]float32, rows*width), make([]float32, rows)
	c.normals(x, 1)
	for r := range rows {
		class[r] = float32(c.below(classes))
		x[r*width+int(class[r])] += 3
	}
	const penalty = 0.7
	w := fitRidge(x, class, width, classes, penalty)
	for k := range classes { // the gradient of the penalised squares is zero
		g, free := make([]float64, width), 0.0
		for r := range rows {
			e := w.offset[k]
			for j := range width {
				e += w.w[k*width+j] * float64(x[r*width+j])
			}
			if int(class[r]) == k {
				e--
			}
			free += e
			for j := range width {
				g[j] += e * float64(x[r*width+j])
			}
		}
		for j := range width {
			if v := g[j] + penalty*w.w[k*width+j]; math.Abs(v) > 1e-9 {
				t.Errorf("class %d, feature %d: gradient %v", k, j, v)
			}
		}
		if math.Abs(free) > 1e-9 {
			t.Errorf("class %d: gradient of the offset %v", k, free)
		}
	}
	if acc := w.accuracy(x, class); acc < 0.85 {
		t.Errorf("accuracy %v", acc)
	}
}

func TestOverlapCountsPixelsAndThoseNearEdges(t *testing.T) {
	o := &overlap{side: 8}
	mask, out := make([]float32, 64), make([]float32, 64)
	for i := range out {
		out[i] = -1
		if i%8 < 5 { // the mask's five left columns
			mask[i] = 1
		}
		if i%8 >= 1 && i%8 < 6 { // said: one to the right
			out[i] = 1
		}
	}
	o.add(out, mask, 1)
	m := map[string]float64{}
	o.metrics(m)
	if m[IoU] != 4./6 { // columns 1 to 4 of 0 to 5
		t.Errorf("overlap %v, want 4/6", m[IoU])
	}
	if m[EdgeIoU] != 2./3 { // within two of the edge between columns 4 and 5: both in 3 and 4, either in 3, 4 and 5
		t.Errorf("near edges %v, want 2/3", m[EdgeIoU])
	}
	if got := share(0, 0); got != 1 {
		t.Errorf("two empty masks: %v", got)
	}
}

func TestAModeIsFoundByOneSampleInFifty(t *testing.T) {
	at := centres()
	var x []float32
	add := func(n int, p [2]float64) {
		for range n {
			x = append(x, float32(p[0]), float32(p[1]))
		}
	}
	add(40, at[0])
	add(1, at[1]) // 1 of 50 is enough
	add(9, [2]float64{0, 0})
	if n, near := found(x); n != 2 || math.Abs(near-41./50) > 1e-12 {
		t.Errorf("%d modes, %v near", n, near)
	}
	add(1, [2]float64{5, 5}) // 1 of 51 is not
	if n, _ := found(x); n != 1 {
		t.Errorf("%d modes", n)
	}
	ringed := ring(2000, newChance([32]byte{1}))
	if n, near := found(ringed.x); n != modes || near < 0.97 {
		t.Errorf("the truth itself has %d modes, %v near", n, near)
	}
}

func TestMeanCosineTellsLikeFromUnlike(t *testing.T) {
	same, turned := make([]float32, 4*pairs), make([]float32, 4*pairs)
	for i := range 2 * pairs {
		same[2*i] = 2
		if turned[2*i] = 1; i >= pairs {
			turned[2*i], turned[2*i+1] = 0, 3
		}
	}
	if got := meanCosine(same, 2); got != 1 {
		t.Errorf("equal gradients: %v", got)
	}
	if got := meanCosine(turned, 2); got != 0 {
		t.Errorf("right angles: %v", got)
	}
	if got := meanCosine(make([]float32, 4*pairs), 2); got != 0 {
		t.Errorf("dead nets: %v", got)
	}
}
