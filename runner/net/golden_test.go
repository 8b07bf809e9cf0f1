package net

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golden reads the tensors of another program's training (shared/peers/torch/MODELS.md, reduced size).
type golden struct {
	dir    string
	Losses []float64
}

func openGolden(t *testing.T, name string) golden {
	t.Helper()
	g := golden{dir: shared(t, "peers", "torch", "golden", name)}
	b, err := os.ReadFile(filepath.Join(g.dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g golden) read(t *testing.T, name string) []float32 {
	t.Helper()
	kind := ".f4"
	b, err := os.ReadFile(filepath.Join(g.dir, name+kind))
	if err != nil {
		kind = ".i4"
		if b, err = os.ReadFile(filepath.Join(g.dir, name+kind)); err != nil {
			t.Fatal(err)
		}
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

// The families that the definition has a counterpart of, built from their specs, give its loss and its
// gradients.
func TestSpecsGiveTheGradientsOfAnotherProgram(t *testing.T) {
	for _, c := range []struct {
		name, spec, params string
		io                 IO
	}{
		{
			"resnet20", `{"family":"convnet","widths":[4,8,16],"blocks":1,"norm":"batchnorm","skip":[{"from":"k","to":"k+1","transform":"projection"}]}`,
			`c0.weight n0.weight n0.bias blocks.0.c1.weight blocks.0.n1.weight blocks.0.n1.bias blocks.0.c2.weight blocks.0.n2.weight blocks.0.n2.bias
			blocks.1.c1.weight blocks.1.n1.weight blocks.1.n1.bias blocks.1.c2.weight blocks.1.n2.weight blocks.1.n2.bias blocks.1.cs.weight blocks.1.ns.weight blocks.1.ns.bias
			blocks.2.c1.weight blocks.2.n1.weight blocks.2.n1.bias blocks.2.c2.weight blocks.2.n2.weight blocks.2.n2.bias blocks.2.cs.weight blocks.2.ns.weight blocks.2.ns.bias
			head.weight head.bias`,
			IO{In: 192, Picture: [3]int{3, 8, 8}, Out: 10, Batch: 4},
		},
		{
			"transformer", `{"family":"transformer","depth":2,"width":16,"heads":2,"feed":32,"act":"gelu","norm":"layernorm in branch","affine":true,"skip":[{"each":"sublayer","from":"k","to":"k+1"}]}`,
			`tok.weight pos layers.0.n1.weight layers.0.n1.bias layers.0.qkv.weight layers.0.qkv.bias layers.0.out.weight layers.0.out.bias
			layers.0.n2.weight layers.0.n2.bias layers.0.up.weight layers.0.up.bias layers.0.down.weight layers.0.down.bias
			layers.1.n1.weight layers.1.n1.bias layers.1.qkv.weight layers.1.qkv.bias layers.1.out.weight layers.1.out.bias
			layers.1.n2.weight layers.1.n2.bias layers.1.up.weight layers.1.up.bias layers.1.down.weight layers.1.down.bias n.weight n.bias head.weight -`,
			IO{In: 1, Vocab: 65, Steps: 16, Every: true, Out: 65, Batch: 2},
		},
		{
			"unet", `{"family":"unet","levels":2,"channels":[4,8,16],"layers":2,"up":"deconv","skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`,
			`d1.c1.weight d1.c1.bias d1.c2.weight d1.c2.bias d2.c1.weight d2.c1.bias d2.c2.weight d2.c2.bias mid.c1.weight mid.c1.bias mid.c2.weight mid.c2.bias
			u2.weight u2.bias e2.c1.weight+ e2.c1.bias e2.c2.weight e2.c2.bias u1.weight u1.bias e1.c1.weight+ e1.c1.bias e1.c2.weight e1.c2.bias head.weight head.bias`,
			IO{In: 256, Picture: [3]int{1, 16, 16}, Out: 256, Batch: 2, Loss: BCE},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			their := openGolden(t, c.name)
			g, err := Build(parsed(t, c.spec), c.io, Train, nil)
			if err != nil {
				t.Fatal(err)
			}
			names := strings.Fields(c.params)
			if len(names) != len(g.Params) {
				t.Fatalf("%d parameters, the definition has %d", len(g.Params), len(names))
			}
			// numbers is a tensor of theirs as ours; theirs joins what was doubled and then the skip.
			numbers := func(group string, i int) []float32 {
				p := g.Params[i]
				name, turned := strings.CutSuffix(names[i], "+")
				if name == "-" {
					return nil // a bias that the definition has not
				}
				x := their.read(t, group+"."+name)
				if len(x) != p.Size() {
					t.Fatalf("%s has %v numbers, theirs, %s, has %d", p.Name, p.Shape, name, len(x))
				}
				if turned {
					x = swapHalves(x, p.Shape)
				}
				return x
			}
			w := make([]float32, g.Size())
			for i, p := range g.Params {
				copy(w[p.Offset:][:p.Size()], numbers("init", i))
			}
			p, err := Compile(g, w, started(g))
			if err != nil {
				t.Fatal(err)
			}
			copy(p.X, their.read(t, "batch1.0"))
			copy(p.Label, their.read(t, "batch1.1"))
			p.Run()
			if want := their.Losses[0]; math.Abs(float64(p.Loss[0])-want) > 1e-5*want {
				t.Errorf("loss: got %v, want %v", p.Loss[0], want)
			}
			for i, q := range g.Params {
				want, largest := numbers("grad1", i), 0.0
				for _, v := range want {
					largest = max(largest, math.Abs(float64(v)))
				}
				for j, v := range want {
					if got := p.Grads[q.Offset+j]; math.Abs(float64(got-v)) > 1e-4*largest+1e-7 {
						t.Errorf("gradient of %s[%d]: got %v, want %v", q.Name, j, got, v)
						break
					}
				}
			}
		})
	}
}

// swapHalves exchanges the halves of the inputs of a convolution's weight.
func swapHalves(x []float32, shape []int) []float32 {
	row, half := len(x)/shape[0], len(x)/shape[0]/2
	y := make([]float32, 0, len(x))
	for i := 0; i < len(x); i += row {
		y = append(append(y, x[i+half:i+row]...), x[i:i+half]...)
	}
	return y
}
