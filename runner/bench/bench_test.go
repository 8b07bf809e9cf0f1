package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestModelsAreAsDefined(t *testing.T) {
	for _, m := range Models() {
		s, err := m.open()
		if err != nil {
			t.Fatal(err)
		}
		if len(s.prog.Weights) != m.Params {
			t.Errorf("%s: %d parameters, want %d", m.Name, len(s.prog.Weights), m.Params)
		}
		if math.Abs(s.flops/1e6-m.MFLOP) > 0.05 {
			t.Errorf("%s: %.2f MFLOP a step, want %.1f", m.Name, s.flops/1e6, m.MFLOP)
		}
	}
}

// The losses of the first step come from PyTorch 1.13.1 on the same start and the same rows of the digits'
// training file; here the embedded rows are other ones, so only their size is compared. The numbers of the
// generator were taken from a run of another program.
func TestStartsAreTheDefinedNumbers(t *testing.T) {
	w := make([]float32, 4)
	weights(w, seed, 6, 64, 0, 0)
	if want := []float32{-0.14948917925357819, -0.2520991265773773, -0.12829484045505524, 0.04058998450636864}; !reflect.DeepEqual(w, want) {
		t.Errorf("first weights of mlp: got %v, want %v", w, want)
	}
	tail := make([]float32, 2)
	weights(tail, seed, 6, 64, 0, 2)
	if !reflect.DeepEqual(tail, w[2:]) {
		t.Errorf("numbers from the middle of a stream: got %v, want %v", tail, w[2:])
	}
}

func TestAReportReadsBack(t *testing.T) {
	r, err := Run(t.Context(), Options{Models: []string{"mlp"}, Seconds: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range r.Rates {
		if !(k.GFLOPS > 0) || !(k.PeakShare > 0) {
			t.Errorf("%s: %+v", k.Kernel, k)
		}
	}
	if len(r.Rates) == 0 || len(r.Results) != 1 || !(r.Results[0].MSMin > 0) || !(r.PeakGFLOPS > 0) || !(r.Results[0].PeakShare > 0) {
		t.Fatalf("got %+v", r)
	}
	if l := r.Results[0]; len(l.Loss1) != 1 || l.Loss1[0] < 2 || l.Loss1[0] > 3 || !(l.Loss200[0] < l.Loss1[0]) {
		t.Errorf("mlp starts at loss %v and comes to %v, want about 2.5 and less", l.Loss1, l.Loss200)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(r, back) {
		t.Errorf("got %+v, want %+v (%v)", back, r, err)
	}
	var table bytes.Buffer
	if err := r.Table(&table); err != nil || !strings.Contains(table.String(), "mlp") {
		t.Errorf("table: %q, %v", table.String(), err)
	}
}

func TestAnUnknownModelIsNamed(t *testing.T) {
	if _, err := Run(t.Context(), Options{Models: []string{"vgg"}}); err == nil || !strings.Contains(err.Error(), "vgg") {
		t.Errorf("got %v", err)
	}
}

func TestACancelledBenchmarkStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, Options{Models: []string{"mlp"}, Seconds: 100}); err == nil {
		t.Error("no error")
	}
}

func TestAStepAllocatesNothing(t *testing.T) {
	for _, m := range Models() {
		s, err := m.open()
		if err != nil {
			t.Fatal(err)
		}
		batches, err := Options{}.batches(m)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(5, func() { s.step(batches[0]) }); n != 0 {
			t.Errorf("%s: %v allocations a step", m.Name, n)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for _, m := range Models() {
		b.Run(m.Name, func(b *testing.B) {
			s, err := m.open()
			if err != nil {
				b.Fatal(err)
			}
			batches, err := Options{}.batches(m)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s.step(batches[0])
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, m := range Models() {
		b.Run(m.Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := m.open(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
