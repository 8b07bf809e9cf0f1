package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// memory gives slices of n numbers; room fills them.
type room struct {
	r    *rand.Rand
	take func(n int) []float32
	wild bool // infinities, NaN, zeros of both signs and the smallest numbers among the rest
}

func (m room) numbers(n int) []float32 {
	x := m.take(n)
	for i := range x {
		x[i] = float32(m.r.NormFloat64())
		if m.wild && m.r.IntN(4) == 0 {
			odd := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e-42, -3e-39, 3e38, 100, -100}
			x[i] = odd[m.r.IntN(len(odd))]
		}
	}
	return x
}

func (m room) labels(n, classes int) []float32 {
	x := m.take(n)
	for i := range x {
		x[i] = float32(m.r.IntN(classes))
	}
	return x
}

// deed runs one kernel on a path with three sizes and returns all it wrote.
type deed struct {
	name string
	flat bool // only the first size matters
	do   func(p path, m room, a, b, c int) [][]float32
}

func flat(name string, inputs int, f func(p path, dst []float32, x [][]float32)) deed {
	return deed{name, true, func(p path, m room, a, _, _ int) [][]float32 {
		dst := m.numbers(a)
		x := make([][]float32, inputs)
		for i := range x {
			x[i] = m.numbers(a)
		}
		f(p, dst, x)
		return append(x, dst)
	}}
}

func deeds() []deed {
	return slices.Concat(normDeeds(), convDeeds(), pictureDeeds(), sequenceDeeds(), []deed{
		flat("relu", 1, func(p path, d []float32, x [][]float32) { p.relu(d, x[0]) }),
		flat("relu dx", 2, func(p path, d []float32, x [][]float32) { p.reluGrad(d, x[0], x[1]) }),
		flat("tanh", 1, func(p path, d []float32, x [][]float32) { p.tanh(d, x[0]) }),
		flat("tanh dx", 2, func(p path, d []float32, x [][]float32) { p.tanhGrad(d, x[0], x[1]) }),
		flat("sigmoid", 1, func(p path, d []float32, x [][]float32) { p.sigmoid(d, x[0]) }),
		flat("sigmoid dx", 2, func(p path, d []float32, x [][]float32) { p.sigmoidGrad(d, x[0], x[1]) }),
		flat("add", 2, func(p path, d []float32, x [][]float32) { p.add(d, x[0], x[1]) }),
		flat("mul", 2, func(p path, d []float32, x [][]float32) { p.mul(d, x[0], x[1]) }),
		flat("add scaled", 2, func(p path, d []float32, x [][]float32) { p.addScaled(d, x[0], x[1], 0.3) }),
		flat("scale", 1, func(p path, d []float32, x [][]float32) { p.scale(d, x[0], -1.7) }),
		flat("gate", 3, func(p path, d []float32, x [][]float32) { p.gate(d, x[0], x[1], x[2]) }),
		flat("gate dx", 2, func(p path, d []float32, x [][]float32) { p.gateGradX(d, x[0], x[1]) }),
		flat("gate dt", 3, func(p path, d []float32, x [][]float32) { p.gateGradT(d, x[0], x[1], x[2]) }),
		flat("momentum", 2, func(p path, d []float32, x [][]float32) { p.momentum(d, x[0], x[1], 0.1, 0.9, 1e-4) }),
		flat("unit momentum", 2, func(p path, d []float32, x [][]float32) { p.unitMomentum(d, x[0], x[1], 0.1, 0.9, 3) }),
		flat("adam", 3, func(p path, d []float32, x [][]float32) {
			p.adam(d, x[0], x[1], x[2], 1e-3, 1e-8, 0.9, 0.999, 0.1, 0.001, 0.99)
		}),
		{"product", false, func(p path, m room, a, b, c int) [][]float32 {
			out, x, y := m.numbers(a*b), m.numbers(a*c), m.numbers(c*b)
			p.product(out, x, y, a, b, c, c, 1, Finish{Bias: m.numbers(b), Add: m.numbers(a * b), Relu: true, Gate: m.numbers(a * b)})
			return [][]float32{out}
		}},
		{"turned product", false, func(p path, m room, a, b, c int) [][]float32 {
			out, x, y := m.numbers(a*b), m.numbers(a*c), m.numbers(c*b)
			p.product(out, x, y, a, b, c, 1, a, Finish{})
			return [][]float32{out}
		}},
		{"transpose", false, func(p path, m room, a, b, _ int) [][]float32 {
			out, x := m.numbers(a*b), m.numbers(a*b)
			p.transpose(out, x, a, b)
			return [][]float32{out}
		}},
	})
}

func normDeeds() []deed {
	return []deed{
		{"sum rows", false, func(p path, m room, a, b, _ int) [][]float32 {
			out, x := m.numbers(b), m.numbers(a*b)
			p.sumRows(out, x, a, b)
			return [][]float32{out}
		}},
		{"loss", false, func(p path, m room, a, b, _ int) [][]float32 {
			return [][]float32{{p.softmaxCrossEntropy(m.numbers(a*(b+1)), m.labels(a, b+1), a, b+1)}}
		}},
		{"loss dx", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(a * (b + 1))
			p.softmaxCrossEntropyGrad(out, m.numbers(a*(b+1)), m.labels(a, b+1), 0.7, a, b+1)
			return [][]float32{out}
		}},
		{"layer norm", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(a * b)
			p.layerNorm(out, m.numbers(a*b), m.numbers(b), m.numbers(b), a, b)
			return [][]float32{out}
		}},
		{"layer norm dx", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(a * b)
			p.layerNormGrad(out, m.numbers(a*b), m.numbers(b), m.numbers(a*b), a, b)
			return [][]float32{out}
		}},
		{"layer norm dscale", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(b)
			p.layerNormScaleGrad(out, m.numbers(a*b), m.numbers(a*b), a, b)
			return [][]float32{out}
		}},
		{"channel norm", false, func(p path, m room, a, b, _ int) [][]float32 {
			mean, rate, y, dx, sgy, sg := m.numbers(a), m.numbers(a), m.numbers(a*b), m.numbers(a*b), m.numbers(a), m.numbers(a)
			x, scale := m.numbers(a*b), m.numbers(a)
			p.channelMoments(mean, rate, x, a, b)
			p.channelNorm(y, x, mean, rate, scale, m.numbers(a), a, b, a%2 == 0)
			z := m.numbers(a * b)
			p.channelNormAdd(z, x, mean, rate, scale, sg, y, a, b, a%3 == 0)
			p.channelSums(sgy, sg, x, mean, rate, y, a, b)
			p.channelGrad(dx, x, mean, rate, scale, y, sgy, sg, a, b)
			return [][]float32{mean, rate, y, z, sgy, sg, dx}
		}},
		{"batch norm", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(a * b)
			p.batchNorm(out, m.numbers(a*b), m.numbers(b), m.numbers(b), a, b)
			return [][]float32{out}
		}},
		{"batch norm dx", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(a * b)
			p.batchNormGrad(out, m.numbers(a*b), m.numbers(b), m.numbers(a*b), a, b)
			return [][]float32{out}
		}},
		{"batch norm dscale", false, func(p path, m room, a, b, _ int) [][]float32 {
			out := m.numbers(b)
			p.batchNormScaleGrad(out, m.numbers(a*b), m.numbers(a*b), a, b)
			return [][]float32{out}
		}},
	}
}

// sameBits compares with every NaN equal to every other: which NaN comes out is no promise of any path.
func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func comparePaths(t *testing.T, d deed, seed uint64, wild bool, a, b, c int) {
	t.Helper()
	run := func(p path) [][]float32 {
		take := func(n int) []float32 { return make([]float32, n) }
		return d.do(p, room{rand.New(rand.NewPCG(seed, 1)), take, wild}, a, b, c)
	}
	want := run(portable)
	for _, p := range supported()[1:] {
		for i, got := range run(p) {
			for j := range got {
				if !sameBits(got[j], want[i][j]) {
					t.Fatalf("%s %dx%dx%d, seed %d, wild %v, slice %d, number %d: %v gives %v (%#x), portable %v (%#x)",
						d.name, a, b, c, seed, wild, i, j, p, got[j], math.Float32bits(got[j]), want[i][j], math.Float32bits(want[i][j]))
				}
			}
		}
	}
}

func TestPathsGiveTheSameBits(t *testing.T) {
	sizes := []int{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 50}
	for _, d := range deeds() {
		for _, wild := range []bool{false, true} {
			for i, a := range append(sizes, 64, 100, 1000) {
				if d.flat {
					comparePaths(t, d, uint64(a), wild, a, 0, 0)
					continue
				}
				if a > 100 {
					continue
				}
				for j, b := range append(sizes, 64, 70) {
					if slices.ContainsFunc(convDeeds(), func(c deed) bool { return c.name == d.name }) && (i > 11 || j > 4) {
						continue // these have their own shapes; plain Go takes long for them
					}
					comparePaths(t, d, uint64(a*b), wild, a, b, sizes[(i+2*j)%len(sizes)])
				}
			}
		}
	}
}

func FuzzPathsGiveTheSameBits(f *testing.F) {
	f.Add(uint64(1), uint8(0), uint8(5), uint8(7), uint8(3), true)
	f.Add(uint64(2), uint8(20), uint8(64), uint8(10), uint8(64), false)
	f.Fuzz(func(t *testing.T, seed uint64, which, a, b, c uint8, wild bool) {
		all := deeds()
		comparePaths(t, all[int(which)%len(all)], seed, wild, int(a), int(b), int(c))
	})
}

func TestThePathCanBeForced(t *testing.T) {
	if name := os.Getenv("TEST_PATH_CHILD"); name != "" {
		fmt.Println("path", Path())
		return
	}
	for _, p := range append(supported(), 99) {
		name, want := "nonsense", supported()[len(supported())-1]
		if p < 99 {
			name, want = p.String(), p
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestThePathCanBeForced$", "-test.v")
		cmd.Env = append(os.Environ(), "TEST_PATH_CHILD=1", PathVariable+"="+name)
		out, err := cmd.Output()
		if err != nil || !strings.Contains(string(out), "path "+want.String()+"\n") {
			t.Errorf("%s=%s: got %q (%v), want path %v", PathVariable, name, out, err, want)
		}
	}
}

func TestEveryReturnOfAssemblyClearsTheWideRegisters(t *testing.T) {
	files, err := filepath.Glob("*_amd64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no assembly: %v", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if n, m := strings.Count(string(text), "\tRET\n"), strings.Count(string(text), "\tVZEROUPPER\n\tRET\n"); n != m || n == 0 {
			t.Errorf("%s: %d returns, %d of them after VZEROUPPER", f, n, m)
		}
	}
}

// TestAssemblyIsWhatTheGeneratorWrites needs the generator's modules, which a machine without network may lack.
func TestAssemblyIsWhatTheGeneratorWrites(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "run", "-C", "gen", ".", "-dir", dir)
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("the generator does not run here: %v: %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 6 {
		t.Fatalf("the generator wrote %v", files)
	}
	for _, f := range files {
		want, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Base(f)); err != nil || string(got) != string(want) {
			t.Errorf("%s differs from what the generator writes (go generate ./runner/kernel): %v", filepath.Base(f), err)
		}
	}
}
