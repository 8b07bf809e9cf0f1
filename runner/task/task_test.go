package task

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tenet/runner/net"
)

func seeds(salt string) Seeds {
	return func(stream string) [32]byte { return sha256.Sum256([]byte(salt + stream)) }
}

func tiny(t testing.TB, spec string, steps int) Trial {
	t.Helper()
	task, err := Find("D1")
	if err != nil {
		t.Fatal(err)
	}
	s, err := net.Parse([]byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	return Trial{Task: task, Net: s, Rate: 1e-3, Steps: steps}
}

const twoBlocks = `{"family":"mlp","depth":2,"width":16,"skip":[{"from":"k","to":"k+1"}]}`

func run(t testing.TB, trial Trial, s Seeds) Outcome {
	t.Helper()
	o, err := trial.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestATrialRepeatsBitForBit(t *testing.T) {
	for _, spec := range []string{
		twoBlocks,
		`{"family":"mlp","depth":2,"width":16,"norm":"batchnorm","act":"tanh","init":"orthogonal"}`,
		`{"family":"mlp","depth":2,"width":16,"norm":"layernorm after add","skip":[{"from":"k","to":"k+1","join":"gate"}]}`,
		`{"family":"densenet-mlp","depth":3,"stem":8,"growth":4,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`,
		`{"family":"mlp","depth":2,"width":16,"optimiser":"layer-normalised momentum"}`,
	} {
		trial := tiny(t, spec, 30)
		a, b := run(t, trial, seeds("x")), run(t, trial, seeds("x"))
		if a.WeightsSHA != b.WeightsSHA || !bytes.Equal(a.Curve.Bytes(), b.Curve.Bytes()) || fmt.Sprint(a.Metrics) != fmt.Sprint(b.Metrics) {
			t.Errorf("%s: two runs, %s and %s", spec, a.WeightsSHA, b.WeightsSHA)
		}
		if c := run(t, trial, seeds("y")); c.WeightsSHA == a.WeightsSHA {
			t.Errorf("%s: other streams, the same weights", spec)
		}
	}
}

// The bits of one small trial, so that a change of the engine is seen and EngineVersion moved with it. They
// hold on every machine: the kernels use nothing that differs (kernel/doc.go).
func TestTheEnginesBitsArePinned(t *testing.T) {
	const want = "56ca811a5f93bf668c94fad3dd41f6f65435571142ad23a96d8d78683139f7a7"
	if got := run(t, tiny(t, twoBlocks, 30), seeds("pin")).WeightsSHA; got != want {
		t.Errorf("weights after 30 steps: got %s, want %s; if this is meant, move runner.EngineVersion and this", got, want)
	}
}

func TestASplitIsAPartition(t *testing.T) {
	task, err := Find("D1")
	if err != nil {
		t.Fatal(err)
	}
	d, err := digits()
	if err != nil {
		t.Fatal(err)
	}
	// Rows are recognised by their pixels; the few equal images are counted.
	count := func(x []uint16) string { return fmt.Sprint(x) }
	want := map[string]int{}
	for r := range d.rows {
		want[count(d.x[r*64:][:64])]++
	}
	s, err := d.cut(task, seeds("s"), scale{16, 2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s.train.rows != 1000 || s.validation.rows != 397 || s.test.rows != 400 {
		t.Fatalf("parts of %d, %d and %d rows", s.train.rows, s.validation.rows, s.test.rows)
	}
	mean := make([]float64, 64)
	for r := range s.train.rows {
		for j := range mean {
			mean[j] += float64(s.train.x[r*64+j]) / 1000
		}
	}
	for j, m := range mean {
		if math.Abs(m) > 1e-6 {
			t.Errorf("input %d of the training part has mean %v", j, m)
		}
	}
	order := newChance(seeds("s")("split")).perm(d.rows)
	for _, r := range order {
		want[count(d.x[r*64:][:64])]--
	}
	for k, n := range want {
		if n != 0 {
			t.Errorf("an image is used %d times too few (%x)", n, k)
		}
	}
	again, err := d.cut(task, seeds("s"), scale{16, 2}, 0)
	if err != nil || !slices.Equal(again.test.x, s.test.x) {
		t.Errorf("the same stream gave another split (%v)", err)
	}
}

func TestAnEpochShowsEveryImageOnce(t *testing.T) {
	p := part{x: make([]float32, 10), y: make([]float32, 10), in: 1, out: 1, rows: 10}
	for i := range p.x {
		p.x[i], p.y[i] = float32(i), float32(i)
	}
	b := newBatches(p, [32]byte{1})
	var seen []float32
	x, label := make([]float32, 4), make([]float32, 4)
	for range 10 { // four epochs, whose ends fall within batches
		b.next(x, label)
		if !slices.Equal(x, label) {
			t.Fatalf("rows %v came with labels %v", x, label)
		}
		seen = append(seen, x...)
	}
	orders := map[string]bool{}
	for e := range 4 {
		epoch := seen[10*e:][:10]
		orders[fmt.Sprint(epoch)] = true
		sorted := slices.Sorted(slices.Values(epoch))
		if !slices.Equal(sorted, p.x) {
			t.Errorf("epoch %d shows %v", e, sorted)
		}
	}
	if len(orders) < 4 {
		t.Errorf("epochs repeat their order")
	}
}

func TestShuffledLabelsKeepTheirCounts(t *testing.T) {
	label := make([]float32, 100)
	for i := range label {
		label[i] = float32(i)
	}
	got := slices.Clone(label)
	shuffleLabels(got, 0.2, newChance([32]byte{3}))
	moved := 0
	for i := range got {
		if got[i] != label[i] {
			moved++
		}
	}
	if moved < 15 || moved > 20 || !slices.Equal(slices.Sorted(slices.Values(got)), label) {
		t.Errorf("%d of 20 labels moved: %v", moved, got)
	}
}

func TestTestPartIsOnlyScored(t *testing.T) {
	trial := tiny(t, twoBlocks, 25)
	scored := run(t, trial, seeds("x"))
	trial.Tuning = true
	tuned := run(t, trial, seeds("x"))
	if scored.WeightsSHA != tuned.WeightsSHA {
		t.Errorf("scoring the test part changed the weights")
	}
	if len(tuned.Metrics) != 2 || tuned.Metrics[ValidationScore] != tuned.Metrics[ValidationAccuracy] || tuned.Metrics[ValidationAccuracy] != scored.Metrics[ValidationAccuracy] {
		t.Errorf("a tuning trial measures %v", tuned.Metrics)
	}
	for _, p := range tuned.Curve {
		if !math.IsNaN(float64(p.TestError)) {
			t.Errorf("a tuning trial looked at the test part at step %d", p.Step)
		}
	}
}

func TestTrainingLearnsTheDigits(t *testing.T) {
	trial := tiny(t, twoBlocks, 150)
	trial.Rate = 5e-3
	trial.Lesions = [][]int{{1}, {2}}
	var steps []int
	o, err := trial.Run(t.Context(), seeds("x"), func(p Progress) { steps = append(steps, p.Step) })
	if err != nil {
		t.Fatal(err)
	}
	if o.Metrics[TestAccuracy] < 0.88 || o.Metrics[TrainAccuracy] < o.Metrics[TestAccuracy] || o.Metrics[LesionDrop] <= 0 {
		t.Errorf("after 150 steps: %v", o.Metrics)
	}
	if len(steps) != 150 || steps[149] != 150 || len(o.Curve) != 30 || o.FLOPs <= 0 {
		t.Errorf("%d steps told, %d points, %v FLOPs", len(steps), len(o.Curve), o.FLOPs)
	}
}

func TestSwappedNeighboursAreScoredAndPutBack(t *testing.T) {
	for _, spec := range []string{
		`{"family":"mlp","depth":4,"width":16}`,
		`{"family":"mlp","depth":4,"width":16,"norm":"batchnorm","affine":true,"skip":[{"from":"k","to":"k+1","trainable":true}]}`,
	} {
		trial := tiny(t, spec, 200)
		plain := run(t, trial, seeds("x"))
		trial.Task = find(t, "A2")
		r, err := trial.supervised(t.Context(), seeds("x"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.loop(t.Context(), r, Checkpoints{}, nil); err != nil {
			t.Fatal(err)
		}
		stats := slices.Clone(r.stats)
		if err := r.score(t.Context()); err != nil {
			t.Fatal(err)
		}
		if weightsSHA(r.weights) != plain.WeightsSHA || !slices.Equal(stats, r.stats) {
			t.Errorf("%s: the blocks were not put back", spec)
		}
		got, ok := r.out.Metrics[SwapDrop]
		if !ok || got <= 0 || got > r.out.Metrics[TestAccuracy] {
			t.Errorf("%s: swapping neighbours costs %v of %v", spec, got, r.out.Metrics[TestAccuracy])
		}
	}
	trial := tiny(t, `{"family":"densenet-mlp","depth":3,"stem":8,"growth":4,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`, 5)
	trial.Task = find(t, "A2")
	if o := run(t, trial, seeds("x")); len(o.Metrics) == 0 || o.Metrics[SwapDrop] != 0 {
		t.Errorf("blocks of different shapes were swapped: %v", o.Metrics)
	}
}

func TestDivergenceHasAStep(t *testing.T) {
	trial := tiny(t, `{"family":"mlp","depth":2,"width":16,"skip":[{"from":"k","to":"k+1","branch_scale":"1e25"}]}`, 20)
	o := run(t, trial, seeds("x"))
	if !o.Diverged || o.DivergedAt < 1 || len(o.Metrics) != 0 || o.WeightsSHA == "" {
		t.Errorf("got %+v", o)
	}
}

func TestAnAutoencoderThatDivergesIsTheTrialsOutcome(t *testing.T) {
	k, spec, err := find(t, "D9b").ReadArm([]byte(`{"family":"ldm","space":"latent 12","widths":[16,8,16],"autoencoder":{"widths":[64,12,64],
		"skip":[{"from":"input","to":"output","weight":"1e30"}]},"skip":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	o := run(t, Trial{Task: k, Net: spec, Rate: 1e-3, Steps: 5}, seeds("x"))
	if !o.Diverged || o.DivergedAt != 1 || len(o.Metrics) != 0 {
		t.Errorf("got %+v", o)
	}
}

func TestATrialThatCannotBeTrainedSaysWhy(t *testing.T) {
	d1, d5c := tiny(t, twoBlocks, 5), tiny(t, twoBlocks, 5)
	d5c.Task = find(t, "D5c")
	for want, trial := range map[string]Trial{
		"D1: 0 steps cannot be trained":            func() Trial { c := d1; c.Steps = 0; return c }(),
		"D1: a batch of 5000 cannot be":            func() Trial { c := d1; c.Task.Batch = 5000; return c }(),
		"D3: label noise: this task has no labels": func() Trial { c := d1; c.Task, c.LabelNoise = find(t, "D3"), 0.2; return c }(),
		"D8: lesions: this task is not scored by":  func() Trial { c := d1; c.Task, c.Lesions = find(t, "D8"), [][]int{{1}}; return c }(),
		"D5c: it has no validation part to choose": func() Trial { c := d5c; c.Tuning = true; return c }(),
		"lesion of block 9":                        func() Trial { c := d1; c.Lesions = [][]int{{9}}; return c }(),
		"runner/task: D10: family mlp has no":      func() Trial { c := d1; c.Task = find(t, "D10"); return c }(),
		"families transformer and rnn":             func() Trial { c := d1; c.Task = find(t, "D7"); return c }(),
	} {
		if err := trial.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCancelEndsATrialAtItsNextStep(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	last := 0
	_, err := tiny(t, twoBlocks, 1000).Run(ctx, seeds("x"), func(p Progress) {
		if last = p.Step; last == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || last != 3 || !strings.Contains(err.Error(), "step 3 of 1000") {
		t.Errorf("after step %d: %v", last, err)
	}
}

func TestEmbeddedDigitsAreThePublishedOnes(t *testing.T) {
	// From the table of the data's sources; the licence note beside the files repeats them.
	x, _, err := idx(digitsImages)
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := idx(digitsLabels)
	if err != nil {
		t.Fatal(err)
	}
	header := func(body []byte, h ...byte) string {
		s := sha256.Sum256(append(h, body...))
		return hex.EncodeToString(s[:])
	}
	if got := header(x, 0, 0, 8, 3, 0, 0, 7, 5, 0, 0, 0, 8, 0, 0, 0, 8); got != "359cd13f0f514122884198b78a131df597421cbf5e93a76678fa96fc548f0d96" {
		t.Errorf("images: %s", got)
	}
	if got := header(l, 0, 0, 8, 1, 0, 0, 7, 5); got != "ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad" {
		t.Errorf("labels: %s", got)
	}
}

func FuzzCurvesAreReadOrRefused(f *testing.F) {
	f.Add(Curve{{Step: 5, Loss: 1.5, TrainError: 0.5, TestError: float32(math.NaN())}}.Bytes())
	f.Add(Curve(nil).Bytes())
	f.Add([]byte("tenet curve 2\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := DecodeCurve(b)
		if err != nil {
			return
		}
		again, err := DecodeCurve(c.Bytes())
		if err != nil || len(again) != len(c) || !bytes.Equal(again.Bytes(), c.Bytes()) {
			t.Fatalf("%x: %v", b, err)
		}
	})
}

func FuzzIDXIsReadOrRefused(f *testing.F) {
	f.Add(digitsLabels)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		body, shape, err := idx(b)
		if err != nil {
			return
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		if n != len(body) {
			t.Fatalf("shape %v of %d bytes", shape, len(body))
		}
	})
}
