package bench

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenet/runner/kernel"
	"tenet/runner/net"
)

// Three steps of another program, computed in double precision, of the residual net at reduced size
// (shared/peers/torch/MODELS.md): losses, first gradients, parameters and kept statistics after them.
func TestGoldenTrainingOfAResNet(t *testing.T) {
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "peers", "torch", "golden", "resnet20")
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Skipf("needs %s (set TENET_SHARED)", dir)
	}
	var manifest struct {
		Losses    []float64
		Optimizer struct {
			LR, Momentum float64
			Decay        float64 `json:"weight_decay"`
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []float32 {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float32, len(b)/4)
		for i := range out {
			bits := binary.LittleEndian.Uint32(b[4*i:])
			if out[i] = math.Float32frombits(bits); strings.HasSuffix(name, ".i4") {
				out[i] = float32(int32(bits))
			}
		}
		return out
	}
	const batch = 4
	g, err := resnet(3, 8, []int{4, 8, 16}, 1, batch)
	if err != nil {
		t.Fatal(err)
	}
	w, stats := make([]float32, g.Size()), make([]float32, g.StatSize())
	for _, p := range g.Params {
		copy(w[p.Offset:], read("init."+p.Name+".f4"))
	}
	off := 0
	for _, n := range g.Norms {
		for i := range n.Width {
			stats[off+n.Width+i] = 1
		}
		off += 2 * n.Width
	}
	p, err := net.Compile(g, w, stats)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want []float32) {
		largest := 0.0
		for _, v := range want {
			largest = max(largest, math.Abs(float64(v)))
		}
		for i := range want {
			if d := math.Abs(float64(got[i] - want[i])); !(d <= 1e-4*largest) {
				t.Errorf("%s[%d]: got %v, want %v", what, i, got[i], want[i])
				return
			}
		}
	}
	sgd := &kernel.Momentum{Rate: manifest.Optimizer.LR, Mu: manifest.Optimizer.Momentum, Decay: manifest.Optimizer.Decay, V: make([]float32, len(w))}
	for step := range 3 {
		name := string(rune('1' + step))
		r := rows{x: read("batch" + name + ".0.f4"), label: read("batch" + name + ".1.i4"), width: 3 * 8 * 8, each: 1, count: batch}
		in := r.batch(0, batch, true)
		copy(p.X, in.x)
		copy(p.Label, in.label)
		p.Run()
		p.Observe()
		if want := manifest.Losses[step]; math.Abs(float64(p.Loss[0])-want) > 1e-5*want {
			t.Errorf("loss of step %d: got %v, want %v", step+1, p.Loss[0], want)
		}
		if step == 0 {
			for _, q := range g.Params {
				near("gradient of "+q.Name, p.Grads[q.Offset:][:q.Size()], read("grad1."+q.Name+".f4"))
			}
		}
		sgd.Update(w, p.Grads)
	}
	for _, q := range g.Params {
		near(q.Name+" after three steps", w[q.Offset:][:q.Size()], read("after3."+q.Name+".f4"))
	}
	off = 0
	for _, n := range g.Norms {
		near("running mean of "+n.Name, stats[off:][:n.Width], read("buffers_after3."+n.Name+".running_mean.f4"))
		near("running variance of "+n.Name, stats[off+n.Width:][:n.Width], read("buffers_after3."+n.Name+".running_var.f4"))
		off += 2 * n.Width
	}
}
