package bench

import (
	"archive/zip"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// golden is three training steps of another program, computed in double precision, of a model at reduced size
// (shared/peers/torch/MODELS.md): losses, first gradients, parameters and kept statistics after them.
type golden struct {
	files     fs.FS
	Losses    []told
	Every     int                // of a tensor of gradients or parameters every so many numbers are there
	Errors    map[string]float64 // of the other program's own single precision, by tensor, where it is large
	Optimizer struct {
		Kind         string
		LR, Momentum float64
		Betas        [2]float64
		Epsilon      float64 `json:"eps"`
		Decay        float64 `json:"weight_decay"`
	}
}

// told is a step's loss, or its losses.
type told []float64

func (l *told) UnmarshalJSON(text []byte) error {
	var one float64
	if json.Unmarshal(text, &one) == nil {
		*l = told{one}
		return nil
	}
	return json.Unmarshal(text, (*[]float64)(l))
}

// openGolden takes what is beside the test, or else what the shared folder has.
func openGolden(t *testing.T, name string) golden {
	t.Helper()
	var g golden
	if z, err := zip.OpenReader(filepath.Join("testdata", "golden", name+".zip")); err == nil {
		t.Cleanup(func() { _ = z.Close() })
		g.files = z
	} else {
		dir := os.Getenv("TENET_SHARED")
		if dir == "" {
			dir = filepath.Join("..", "..", "..", "shared")
		}
		dir = filepath.Join(dir, "peers", "torch", "golden", name)
		if _, err := os.Stat(dir); err != nil {
			t.Skipf("needs %s (set TENET_SHARED)", dir)
		}
		g.files = os.DirFS(dir)
	}
	text, err := fs.ReadFile(g.files, "manifest.json")
	if err == nil {
		err = json.Unmarshal(text, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	g.Every = max(1, g.Every)
	return g
}

// read gives a tensor by its file's name without ending, nil where there is none.
func (g golden) read(t *testing.T, name string) []float32 {
	t.Helper()
	for _, kind := range []string{".f4", ".i4"} {
		b, err := fs.ReadFile(g.files, name+kind)
		if err != nil {
			continue
		}
		out := make([]float32, len(b)/4)
		for i := range out {
			bits := binary.LittleEndian.Uint32(b[4*i:])
			if out[i] = math.Float32frombits(bits); kind == ".i4" {
				out[i] = float32(int32(bits))
			}
		}
		return out
	}
	return nil
}

func (g golden) optimiser(n int) func(w, grad []float32) {
	if g.Optimizer.Kind == "sgd" {
		return (&kernel.Momentum{Rate: g.Optimizer.LR, Mu: g.Optimizer.Momentum, Decay: g.Optimizer.Decay, V: make([]float32, n)}).Update
	}
	o := kernel.NewAdamW(g.Optimizer.LR, n)
	o.Beta1, o.Beta2, o.Epsilon, o.Decay = g.Optimizer.Betas[0], g.Optimizer.Betas[1], g.Optimizer.Epsilon, g.Optimizer.Decay
	return o.Update
}

// near compares every g.Every-th number of got with want, by the largest of them.
func (g golden) near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	g.within(t, 1e-4, what, got, want)
}

func (g golden) within(t *testing.T, limit float64, what string, got, want []float32) {
	t.Helper()
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(float64(v)))
	}
	if len(want) != (len(got)+g.Every-1)/g.Every {
		t.Fatalf("%s: %d numbers for %d", what, len(want), len(got))
	}
	for i := range want {
		if d := math.Abs(float64(got[i*g.Every] - want[i])); !(d <= limit*largest) {
			t.Errorf("%s[%d]: got %v, want %v", what, i*g.Every, got[i*g.Every], want[i])
			return
		}
	}
}

// lose compares the losses of the step just done.
func (g golden) lose(t *testing.T, step int, s *session) {
	t.Helper()
	got := s.losses()
	if len(got) != len(g.Losses[step]) {
		t.Fatalf("%d losses, want %d", len(got), len(g.Losses[step]))
	}
	for i, want := range g.Losses[step] {
		if math.Abs(got[i]-want) > 1e-5*want {
			t.Errorf("loss %d of step %d: got %v, want %v", i, step+1, got[i], want)
		}
	}
}

// train runs the three steps; layout makes a step's batch of the tensors of the dump.
func (g golden) train(t *testing.T, m Model, layout func(tensor func(k string) []float32) batch) {
	graph, err := m.build()
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.session(graph)
	if err != nil {
		t.Fatal(err)
	}
	w := s.prog.Weights
	for _, p := range graph.Params {
		if want := g.read(t, "init."+p.Name); want != nil {
			g.near(t, "start of "+p.Name, w[p.Offset:][:p.Size()], want)
		}
	}
	s.update = g.optimiser(len(w))
	for step := range 3 {
		s.step(layout(func(k string) []float32 { return g.read(t, "batch"+string(rune('1'+step))+"."+k) }))
		g.lose(t, step, s)
		if step == 0 {
			for _, p := range graph.Params {
				g.near(t, "gradient of "+p.Name, s.prog.Grads[p.Offset:][:p.Size()], g.read(t, "grad1."+p.Name))
			}
		}
	}
	for _, p := range graph.Params {
		name := "after3." + p.Name
		g.within(t, max(1e-4, 10*g.Errors[name]), p.Name+" after three steps", w[p.Offset:][:p.Size()], g.read(t, name))
	}
	off := 0
	for _, n := range graph.Norms {
		g.near(t, "running mean of "+n.Name, s.stats[off:][:n.Width], g.read(t, "buffers_after3."+n.Name+".running_mean"))
		g.near(t, "running variance of "+n.Name, s.stats[off+n.Width:][:n.Width], g.read(t, "buffers_after3."+n.Name+".running_var"))
		off += 2 * n.Width
	}
}

// reduced is a model of pictures at the size of its dump.
func reduced(name string, batch int, graph func(batch int) (*net.Graph, error)) Model {
	for _, m := range Models() {
		if m.Name == name {
			m.Batch, m.graph = batch, graph
			return m
		}
	}
	panic("no model " + name)
}

func reducedModels() []Model {
	return []Model{
		reduced("resnet20", 4, func(n int) (*net.Graph, error) { return resnet(3, 8, []int{4, 8, 16}, 1, n) }),
		reduced("densenet", 4, func(n int) (*net.Graph, error) { return densenet(8, 4, 2, n) }),
		reduced("unet", 2, func(n int) (*net.Graph, error) { return unet(16, 4, n) }),
		reduced("ddpm_unet", 2, func(n int) (*net.Graph, error) { return noised(8, n) }),
		reduced("alexnet", 2, alexnet),
	}
}

func TestGoldenTrainingOfNetsOfPictures(t *testing.T) {
	for _, m := range reducedModels() {
		t.Run(m.Name, func(t *testing.T) {
			openGolden(t, m.Name).train(t, m, func(tensor func(k string) []float32) batch {
				x, y := tensor("0"), tensor("1")
				if strings.HasPrefix(m.data, "noised") {
					return batch{x: x, t: y, label: tensor("2")}
				}
				return rows{x: x, label: y, width: len(x) / m.Batch, each: len(y) / m.Batch, count: m.Batch}.batch(0, m.Batch, m.pictures)
			})
		})
	}
}
