package task

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// loaded is the material of a task by itself, without a net.
func loaded(t testing.TB, name string, o Options, d *Data) (*material, Task) {
	t.Helper()
	k, err := find(t, name).With(o)
	if err != nil {
		t.Fatal(err)
	}
	trial := Trial{Task: k, Data: d}
	if o.Space == SpaceLatent {
		trial = Trial{Task: k, Net: smallCases()[21].trial(t).Net}
	}
	m, err := k.loader()(t.Context(), trial, seeds("material"))
	if err != nil {
		t.Fatal(err)
	}
	return m, k
}

func digestOf(m *material, k Task) string {
	h := sha256.New()
	put := func(list ...[]float32) {
		for _, l := range list {
			b := make([]byte, 0, 4*len(l))
			for _, v := range l {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
			h.Write(b)
		}
	}
	io := k.IO()
	x, y := make([]float32, io.InputSize()), make([]float32, io.LabelSize())
	for range 2 {
		m.deal.next(x, y)
		put(x, y)
	}
	row := make([]float32, m.test.in)
	for _, p := range []part{m.validation, m.test} {
		for r := range min(p.rows, 100) {
			p.row(r, row)
			put(row)
		}
		put(p.y)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// What is dealt and scored is part of every trial's bits: two batches, a hundred rows of the validation and the test part, all answers.
func TestTheMaterialOfEveryTaskIsPinned(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"D1", Options{}, "da3c0e73906ccfd7"},
		{"D2", Options{}, "9b3c6555b8c00f7c"},
		{"D2", Options{Target: TargetWave}, "54e84936e2b2aa9a"},
		{"D3", Options{}, "c3d2092ae0411793"},
		{"D3", Options{Target: TargetLinear}, "73869c2e0534228e"},
		{"D4", Options{Data: DataDigits}, "da3c0e73906ccfd7"},
		{"D5", Options{Data: DataShapes}, "bae3399bc5145644"},
		{"D5", Options{Data: DataShapes, Picture: PictureColour, Augment: AugmentFlip}, "5f574934579698df"},
		{"D6a", Options{}, "4d2b96176272571d"},
		{"D6b", Options{}, "9ad76cc0c90a91c2"},
		{"D7", Options{}, "714adb2f4694f093"},
		{"D8", Options{}, "0350384d3615f945"},
		{"D8", Options{Target: TargetCoarse}, "f213b55fc10bda09"},
		{"D9a", Options{}, "da38f30cfff7b4f1"},
		{"D9a", Options{Noise: "1"}, "9313279742e72b5c"},
		{"D9b", Options{}, "077c62c91de148a8"},
		{"D9b", Options{Space: SpaceRing}, "3720c9199307766d"},
	} {
		m, k := loaded(t, c.name, c.o, nil)
		got := digestOf(m, k)
		again, _ := loaded(t, c.name, c.o, nil)
		if second := digestOf(again, k); second != got {
			t.Errorf("%s %+v: the same streams gave %s and %s", c.name, c.o, got, second)
		}
		if got != c.want {
			t.Errorf("%s %+v: got %s, want %s; if this is meant, move dataRule, runner.EngineVersion and this", c.name, c.o, got, c.want)
		}
	}
}

func TestPicturesOfThePublishedFilesArePinned(t *testing.T) {
	d := broughtData(t)
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"D4", Options{}, "c53c11e82744dd7d"},
		{"D5", Options{}, "031df2dd8c849eff"},
		{"D5c", Options{Picture: PictureColour, Split: SplitPublished, Augment: AugmentFlip}, "e82451e9fbb18501"},
		{"D8", Options{Data: DataMembranes}, "721be9472a76678c"},
		{"D9a", Options{Data: DataMNIST}, "490b237c083e4e0f"},
	} {
		m, k := loaded(t, c.name, c.o, d)
		train := m.train
		if d, ok := m.deal.(*disturbed); ok { // a denoiser's rows get their noise when they are dealt
			train = d.p
		}
		if train.rows != k.Train || m.validation.rows != k.Validation || m.test.rows != k.Test {
			t.Errorf("%s: parts of %d, %d and %d rows", c.name, train.rows, m.validation.rows, m.test.rows)
		}
		if got := digestOf(m, k); got != c.want {
			t.Errorf("%s %+v: got %s, want %s", c.name, c.o, got, c.want)
		}
		moment(t, fmt.Sprintf("%s %+v", c.name, c.o), train)
	}
}

// moment checks that inputs are centred and, where the study says so, of deviation 1.
func moment(t *testing.T, name string, p part) {
	t.Helper()
	sum, squares, n := 0.0, 0.0, 0.0
	row := make([]float32, p.in)
	for r := range p.rows {
		p.row(r, row)
		for _, v := range row {
			sum, squares, n = sum+float64(v), squares+float64(v)*float64(v), n+1
		}
	}
	mean, sd := sum/n, math.Sqrt(squares/n-sum/n*sum/n)
	if strings.Contains(name, "membranes") {
		return // the comparison's own scale
	}
	if math.Abs(mean) > 1e-3 || strings.HasPrefix(name, "D5") && math.Abs(sd-1) > 1e-3 {
		t.Errorf("%s: inputs of mean %.5f and deviation %.5f", name, mean, sd)
	}
}

func TestSpiralsAreTwoAndScaled(t *testing.T) {
	m, _ := loaded(t, "D2", Options{}, nil)
	ones := 0
	for _, y := range m.train.y {
		ones += int(y)
	}
	if m.train.rows != 2000 || m.validation.rows != 500 || m.test.rows != 1000 || ones != 1000 {
		t.Errorf("parts of %d, %d, %d rows, %d of the second class", m.train.rows, m.validation.rows, m.test.rows, ones)
	}
	for j := range 2 {
		var squares float64
		for r := range m.train.rows {
			squares += math.Pow(float64(m.train.x[2*r+j]), 2) / 2000
		}
		if math.Abs(squares-1) > 1e-3 {
			t.Errorf("input %d has the variance %v", j, squares)
		}
	}
}

func TestATeacherCarriesItsInput(t *testing.T) {
	m, k := loaded(t, "D3", Options{}, nil)
	x, y := make([]float32, 16*k.Batch), make([]float32, 24*k.Batch)
	m.deal.next(x, y)
	for r := range k.Batch {
		if !slices.Equal(x[16*r:][:16], y[24*r+8:][:16]) {
			t.Fatalf("row %d: the target does not end with the input", r)
		}
	}
	for j := range 8 {
		s := 0.0
		for r := range m.test.rows {
			v := float64(m.test.y[24*r+j])
			if s += v * v / 1000; math.Abs(v) > 1 {
				t.Fatalf("a tanh of %v", v)
			}
		}
		if s < 0.05 || s > 0.9 {
			t.Errorf("output %d of the teacher has the mean square %v", j, s)
		}
	}
}

// The answer to every recall sequence can be read off its cues.
func TestRecallAsksForTheLatestCue(t *testing.T) {
	for name, share := range map[string]float64{"D6a": 0, "D6b": 0.25} {
		m, k := loaded(t, name, Options{}, nil)
		const in = symbols + 1
		cues, may := 0, 0
		for b := range m.test.rows {
			want := -1
			for s := range k.lag() + 1 {
				row := m.test.x[b*m.test.in+s*in:][:in]
				symbol, ones := -1, 0
				for j, v := range row[:symbols] {
					if v == 1 {
						symbol = j
						ones++
					}
				}
				if ones != 1 {
					t.Fatalf("%s: step %d is %v", name, s, row)
				}
				if row[symbols] == 1 {
					want = symbol
					if s > 0 {
						cues++
					}
					if s >= k.lag()+1-free && name == "D6b" {
						t.Errorf("%s: a cue at step %d", name, s)
					}
				}
				if s > 0 && s < k.lag()+1-free {
					may++
				}
			}
			if int(m.test.y[b]) != want {
				t.Fatalf("%s: the answer is %v, the latest cue %d", name, m.test.y[b], want)
			}
		}
		if got := float64(cues) / float64(may); math.Abs(got-share) > 0.03 {
			t.Errorf("%s: a share %v of the steps is cued, want %v", name, got, share)
		}
	}
}

func TestCharactersFollowOneAnother(t *testing.T) {
	m, k := loaded(t, "D7", Options{}, nil)
	x, y := make([]float32, window*k.Batch), make([]float32, window*k.Batch)
	m.deal.next(x, y)
	for r := range k.Batch {
		if !slices.Equal(x[r*window+1:][:window-1], y[r*window:][:window-1]) {
			t.Fatalf("row %d: the answers are not the next characters", r)
		}
	}
	text, err := tokens()
	if err != nil {
		t.Fatal(err)
	}
	if len(text) != excerptSize || slices.Max(text) >= letters {
		t.Errorf("%d tokens, up to %v", len(text), slices.Max(text))
	}
	if m.validation.rows != 312 || m.test.rows != 312 {
		t.Errorf("%d and %d windows", m.validation.rows, m.test.rows)
	}
	plain, err := unpacked(shakespeare)
	if err != nil || shaOf(plain) != excerptSHA || len(plain) != excerptSize {
		t.Fatalf("the text is not the published excerpt: %v", err)
	}
	for i, b := range plain { // "First" begins it: capitals and small letters are one, and nothing else is
		if f := b == 'f' || b == 'F'; f != (text[i] == text[0]) {
			t.Fatalf("character %d, %q, is token %v", i, b, text[i])
		}
	}
}

func TestCellsCoverAThirdOfThePicture(t *testing.T) {
	m, _ := loaded(t, "D8", Options{}, nil)
	coarse, _ := loaded(t, "D8", Options{Target: TargetCoarse}, nil)
	share := func(y []float32) float64 {
		n := 0.0
		for _, v := range y {
			n += float64(v)
		}
		return n / float64(len(y))
	}
	noise := 0.0
	for i, v := range m.train.x {
		noise += math.Pow(float64(v-m.train.y[i]), 2) / float64(len(m.train.x))
	}
	if s := share(m.train.y); s < 0.15 || s > 0.45 || math.Abs(math.Sqrt(noise)-cellNoise) > 0.01 {
		t.Errorf("%v of the picture is cell, noise %v", s, math.Sqrt(noise))
	}
	if !slices.Equal(m.train.x, coarse.train.x) {
		t.Errorf("fine and coarse pictures differ")
	}
	for r := range coarse.test.rows {
		mask := coarse.test.y[r*1024:][:1024]
		for i, v := range mask {
			if v != mask[i/32/8*8*32+i%32/8*8] {
				t.Fatalf("picture %d: block %d, %d is not of one piece", r, i/32/8, i%32/8)
			}
		}
	}
}

func TestDiffusionKeepsTheVarianceOfUnitData(t *testing.T) {
	d := newDiffusion(2)
	for i := range times {
		if q := d.keep[i]*d.keep[i] + d.blur[i]*d.blur[i]; math.Abs(float64(q)-1) > 1e-6 || i > 0 && d.keep[i] >= d.keep[i-1] {
			t.Errorf("time %d keeps %v and blurs %v", i, d.keep[i], d.blur[i])
		}
	}
	if d.beta[0] != firstBeta || math.Abs(d.beta[times-1]-lastBeta) > 1e-15 || d.alphaBar[times-1] > 0.1 {
		t.Errorf("betas %v … %v, ᾱ %v", d.beta[0], d.beta[times-1], d.alphaBar[times-1])
	}
	p := ring(50, newChance([32]byte{1}))
	q := d.scored(p, newChance([32]byte{2}))
	if q.rows != 50*scoredTimes || q.in != 2+timeFeatures {
		t.Fatalf("%d rows of %d", q.rows, q.in)
	}
	seen := map[string]bool{}
	for i := range q.rows {
		seen[fmt.Sprint(q.x[i*q.in+2:][:timeFeatures])] = true
	}
	if len(seen) != scoredTimes {
		t.Errorf("%d different times are scored", len(seen))
	}
}

func TestJitterOnlyMovesAndMirrors(t *testing.T) {
	const h, w = 8, 6
	p := part{x: make([]float32, h*w), y: []float32{3}, in: h * w, out: 1, rows: 1}
	for i := range p.x {
		p.x[i] = float32(i + 1)
	}
	j := newJittered(newBatches(p, [32]byte{1}), [3]int{1, h, w}, newChance([32]byte{2}))
	x, y := make([]float32, h*w), make([]float32, 1)
	kinds := map[string]bool{}
	for range 400 {
		j.next(x, y)
		if y[0] != 3 {
			t.Fatalf("label %v", y[0])
		}
		matches := 0
		for down := -frame; down <= frame; down++ {
			for right := -frame; right <= frame; right++ {
				for _, flip := range []bool{false, true} {
					if slices.Equal(x, moved(p.x, h, w, down, right, flip)) {
						matches++
						kinds[fmt.Sprint(down, right, flip)] = true
					}
				}
			}
		}
		if matches == 0 {
			t.Fatalf("no shift and mirror gives %v", x)
		}
	}
	if len(kinds) < 100 {
		t.Errorf("only %d of 162 ways were seen", len(kinds))
	}
}

func moved(x []float32, h, w, down, right int, flip bool) []float32 {
	out := make([]float32, h*w)
	for r := range h {
		for c := range w {
			fr, fc := r+down, c+right
			if fr < 0 || fr >= h || fc < 0 || fc >= w {
				continue
			}
			if flip {
				fc = w - 1 - fc
			}
			out[r*w+c] = x[fr*w+fc]
		}
	}
	return out
}

func TestAStepOfEveryTaskAllocatesNothing(t *testing.T) {
	for _, c := range smallCases() {
		if c.task == "A1" {
			continue
		}
		tr, _, err := c.trial(t).trainee(t.Context(), seeds("a"))
		if err != nil {
			t.Fatal(err)
		}
		step := 0
		if n := testing.AllocsPerRun(5, func() { step++; tr.one(step) }); n > 0 {
			t.Errorf("%s: %v allocations a step", c.name, n)
		}
	}
}
