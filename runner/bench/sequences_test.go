package bench

import (
	"testing"

	"tenet/runner/net"
)

// reducedSequences are the models of rows at the size of their dumps.
func reducedSequences() []Model {
	return []Model{
		reduced("transformer", 2, func(n int) (*net.Graph, error) { return transformer(2, 16, 2, 32, 16, n) }),
		reduced("ddpm_mlp", 4, func(n int) (*net.Graph, error) { return noisedRows(32, n) }),
	}
}

func TestGoldenTrainingOfATransformerAndADenoiser(t *testing.T) {
	for _, m := range reducedSequences() {
		t.Run(m.Name, func(t *testing.T) {
			openGolden(t, m.Name).train(t, m, func(tensor func(k string) []float32) batch {
				if m.data == "text" {
					return batch{x: tensor("0"), label: tensor("1")}
				}
				return batch{x: tensor("0"), t: tensor("1"), label: tensor("2")}
			})
		})
	}
}

// A gan's gradients are those of two programs, and its losses two.
func TestGoldenTrainingOfAGAN(t *testing.T) {
	m := reduced("gan", 8, nil)
	g := openGolden(t, m.Name)
	graph, err := forging(16, m.Batch)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.openGAN(16)
	if err != nil {
		t.Fatal(err)
	}
	theirs := len(s.prog.Grads)
	s.updateG, s.updateD = g.optimiser(theirs), g.optimiser(len(s.prog.Weights)-theirs)
	for step := range 3 {
		name := "batch" + string(rune('1'+step))
		s.step(batch{label: g.read(t, name+".0"), x: g.read(t, name+".1")})
		g.lose(t, step, s)
		for _, p := range graph.Params {
			got := s.prog.Grads
			if p.Offset >= theirs {
				got = s.judge.Grads
			}
			if step == 0 {
				g.near(t, "gradient of "+p.Name, got[p.Offset%theirs:][:p.Size()], g.read(t, "grad1."+p.Name))
			}
		}
	}
	for _, p := range graph.Params {
		g.near(t, p.Name+" after three steps", s.prog.Weights[p.Offset:][:p.Size()], g.read(t, "after3."+p.Name))
	}
}

// The numbers were taken from a run of another program.
func TestBatchesAreTheDefinedNumbers(t *testing.T) {
	near := func(what string, got []float32, want ...float32) {
		t.Helper()
		for i, w := range want {
			if d := got[i] - w; !(d < 1e-6 && d > -1e-6) {
				t.Errorf("%s %d: got %v, want %v", what, i, got[i], w)
			}
		}
	}
	b := ring(3, 256)
	near("point", b.label, -1.9822460, -0.1453535, 1.5655447, 1.5220965)
	near("latent number", b.x, 0.1634662, 0.6946144, -1.6000243)
	n := batch{x: []float32{0, 0.5, 1}}.noised(2, 64)
	near("time", n.t, 180, 122, 176, 44, 195, 38)
	near("noise", n.label, -0.8713036, -0.7766290, 0.2541372)
	near("picture", n.x, -1, 0, 1)
	w := windows([]float32{0, 1, 2, 3})
	if w.count != 0 {
		t.Errorf("%d sequences of four tokens", w.count)
	}
}

func TestTextIsWindowsOfTokensAndTheirNextOnes(t *testing.T) {
	r := drawnText(5)
	if r.count != 5 {
		t.Fatalf("%d sequences, want 5", r.count)
	}
	b := r.batch(1, 2, false)
	if len(b.x) != 2*positions || len(b.label) != len(b.x) {
		t.Fatalf("%d tokens and %d labels in a batch of 2", len(b.x), len(b.label))
	}
	for i := range b.x[1:] {
		if b.label[i] != b.x[i+1] {
			t.Fatalf("label %d is %v, the next token %v", i, b.label[i], b.x[i+1])
		}
	}
	if b.x[0] != r.x[2*positions] {
		t.Errorf("batch 1 of 2 sequences begins with %v, want %v", b.x[0], r.x[2*positions])
	}
}
