package figures

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"
)

var rewrite = flag.Bool("update", false, "write the golden files anew")

func svg(t testing.TB, f Figure) string {
	t.Helper()
	b, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAFigureLooksAsItDid(t *testing.T) {
	for _, f := range small() {
		path := filepath.Join("testdata", f.Name+".svg")
		got := svg(t, f)
		if *rewrite {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not as it was; look at it, then go test ./internal/report/figures -update", path)
		}
	}
}

func TestTheSameNumbersGiveTheSameBytes(t *testing.T) {
	again := small()
	for k, f := range small() {
		if svg(t, f) != svg(t, again[k]) {
			t.Errorf("%s: two SVGs", f.Name)
		}
		if k > 2 { // PNGs take their time
			continue
		}
		a, err := f.PNG()
		if err != nil {
			t.Fatal(err)
		}
		b, err := again[k].PNG()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two PNGs", f.Name)
		}
	}
}

func TestAPNGHasTheSizeOfItsSheet(t *testing.T) {
	for _, f := range small() {
		b, err := f.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		w, h := f.Dots()
		if img.Bounds().Dx() != w || img.Bounds().Dy() != h || w != 540*DPI/72 {
			t.Errorf("%s is %v, not %d × %d", f.Name, img.Bounds(), w, h)
		}
		ink := 0
		for y := 0; y < h; y += 3 {
			for x := 0; x < w; x += 3 {
				if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 2*0xffff {
					ink++
				}
			}
		}
		if r, _, _, a := img.At(1, 1).RGBA(); ink < 500 || r != 0xffff || a != 0xffff {
			t.Errorf("%s: %d dark dots on a ground of %d", f.Name, ink, r)
		}
	}
}

func TestEverythingLiesOnTheSheetAndNoTextOnAnother(t *testing.T) {
	for _, f := range append(small(), Gaps(large())) {
		for _, whole := range []bool{true, false} {
			p := probed(f, whole)
			p.within(t, f.Name)
			p.apart(t, f.Name)
			if len(p.texts) < 5 {
				t.Errorf("%s: %d texts", f.Name, len(p.texts))
			}
		}
	}
}

func TestAFileNeedsNothingElse(t *testing.T) {
	for _, f := range small() {
		s := svg(t, f)
		d := xml.NewDecoder(strings.NewReader(s))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		for _, bad := range []string{"href", "url(", "<image", "<script", "font-family:Liberation", "NaN", "Inf"} {
			if strings.Contains(s, bad) {
				t.Errorf("%s: has %s", f.Name, bad)
			}
		}
		if n, fonts := strings.Count(s, "<text"), strings.Count(s, "'Liberation Sans',Arial,Helvetica,sans-serif"); n != fonts {
			t.Errorf("%s: %d of %d texts name a font that every system has", f.Name, fonts, n)
		}
		in, err := f.Inline()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(in, "xmlns") || strings.Contains(in, "<?xml") || !strings.HasPrefix(in, "<svg ") {
			t.Errorf("%s: no part of a page: %.80s", f.Name, in)
		}
	}
}

func TestTextNeverBecomesMarkup(t *testing.T) {
	evil := `<b onclick="x">&'` + "\x00\x1b"
	g := smallGroups()
	g[0].Effects[0].Title, g[0].Name = evil, evil
	m := smallMatrix()
	m.Settings[0], m.Basis = evil, evil
	for _, f := range []Figure{Forest(g), Gaps(m), EvidenceOf(Path{Alias: evil, Title: evil, V: []float64{1}, R: []float64{1}, TV: []float64{2}, TR: []float64{2}})} {
		s := svg(t, f)
		if strings.Contains(s, "<b ") || strings.ContainsAny(s, "\x00\x1b") {
			t.Errorf("%s: raw text got through", f.Name)
		}
		if err := xml.Unmarshal([]byte(s), new(struct{})); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// The words of figures use letters that the font has; others would be boxes in a PNG.
func TestEveryLetterHasAGlyph(t *testing.T) {
	for _, f := range small() {
		for _, x := range probed(f, true).texts {
			var b sfnt.Buffer
			for _, r := range x.text {
				if g, err := x.face.Face.GlyphIndex(&b, r); err != nil || g == 0 {
					t.Errorf("%s: %q of %q has no glyph", f.Name, r, x.text)
				}
			}
		}
	}
}

func TestEveryVerdictAppearsInTheForest(t *testing.T) {
	shapes := map[string]bool{}
	for _, verdict := range []string{"validated", "refuted", "inconclusive", "invalid", ""} {
		m := mark(verdict)
		shapes[fmt.Sprintf("%T", m.Shape)] = true
	}
	if len(shapes) != 5 {
		t.Errorf("%d shapes for 5 outcomes: %v", len(shapes), shapes)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		number := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.Float64(), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 1e300}))
		var g Group
		for k := range n {
			g.Effects = append(g.Effects, Effect{
				Alias: "H" + Num(float64(k)+1), Title: "t", Kind: rapid.SampledFrom([]string{"greater", "equivalent", "different"}).Draw(t, "kind"),
				Verdict: rapid.SampledFrom([]string{"validated", "refuted", "inconclusive", "invalid"}).Draw(t, "verdict"), Reason: "budget",
				Estimate: number.Draw(t, "estimate"), Lower: number.Draw(t, "lower"), Upper: number.Draw(t, "upper"),
				Theta0: number.Draw(t, "θ0"), Delta: number.Draw(t, "Δ"), Scale: number.Draw(t, "scale"), Blocks: k,
			})
		}
		f := Forest([]Group{g})
		p := probed(f, true)
		for _, e := range g.Effects {
			if !p.has(e.Alias) {
				t.Errorf("%s is missing", e.Alias)
			}
		}
		s := forestSpan([]Group{g})
		for _, e := range g.Effects {
			if v := e.on(e.Estimate); math.Abs(v) <= 100 && !(bent(v) >= s.lo && bent(v) <= s.hi) {
				t.Errorf("%s at %v lies outside the axis %v", e.Alias, v, s)
			}
		}
		for _, q := range p.paths {
			if !(q.X >= -1 && q.X <= p.w+1 && q.Y >= -1 && q.Y <= p.h+1) {
				t.Fatalf("a stroke at %v leaves the sheet", q)
			}
		}
	})
}

func TestAnEffectIsPutInStepsOfItsPlan(t *testing.T) {
	for _, c := range []struct {
		e       Effect
		x, want float64
	}{
		{Effect{Kind: "greater", Theta0: 0, Delta: 0.05}, 0.1, 2},
		{Effect{Kind: "greater", Theta0: 0.3, Delta: 0.6}, 0.3, 0},
		{Effect{Kind: "greater", Theta0: 0.3, Delta: 0.6}, 0.6, 1},
		{Effect{Kind: "greater", Theta0: -0.02, Delta: -0.02, Scale: 0.1}, 0.08, 1},
		{Effect{Kind: "greater", Theta0: -0.02, Delta: -0.02}, 0.08, math.Inf(1)},
		{Effect{Kind: "equivalent", Theta0: 0, Delta: 0.02}, -0.01, -0.5},
		{Effect{Kind: "greater", Delta: 0.1}, math.Inf(-1), math.Inf(-1)},
	} {
		if got := c.e.on(c.x); math.Abs(got-c.want) > 1e-12 && got != c.want {
			t.Errorf("%+v: %v is at %v, want %v", c.e, c.x, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e6, 1e6).Draw(t, "a"), rapid.Float64Range(-1e6, 1e6).Draw(t, "b")
		if (a < b) != (bent(a) < bent(b)) {
			t.Errorf("the axis turns %v and %v round", a, b)
		}
	})
}

func TestAxesContainAllData(t *testing.T) {
	d := smallDepths()
	ms := d.measures()
	steps, values := d.ranges(ms)
	for _, f := range d.Families {
		for _, n := range f.Nets {
			for _, r := range n.Runs {
				for _, p := range r.line(ms[0]) {
					if p.X < steps.lo || p.X > steps.hi || p.Y < values.lo || p.Y > values.hi {
						t.Errorf("%v lies outside", p)
					}
				}
			}
		}
	}
	i := newInk()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		p := Path{}
		for range n {
			p.V = append(p.V, rapid.Float64Range(1e-3, 1e12).Draw(t, "v"))
			p.R = append(p.R, rapid.Float64Range(1e-3, 1e12).Draw(t, "r"))
			p.TV, p.TR = append(p.TV, rapid.Float64Range(20, 1e3).Draw(t, "tv")), append(p.TR, 20)
		}
		c := p.chart(i, "", "", "")
		for k := range n {
			for _, v := range []float64{p.V[k], p.R[k], p.TV[k], p.TR[k]} {
				if v < c.Y.Min || v > c.Y.Max {
					t.Errorf("%v lies outside %v to %v", v, c.Y.Min, c.Y.Max)
				}
			}
		}
		if c.X.Max != float64(n) {
			t.Errorf("%d blocks on an axis to %v", n, c.X.Max)
		}
	})
}

func TestEmptyCellsArePriced(t *testing.T) {
	m := smallMatrix()
	p := probed(Gaps(m), true)
	for _, row := range m.Cells {
		for _, c := range row {
			if len(c.Entries) > 0 {
				for _, e := range c.Entries {
					if !p.has(e.Alias) {
						t.Errorf("%s is missing", e.Alias)
					}
				}
				continue
			}
			for _, want := range []string{Num(math.Round(c.Price.Trials)) + " trials", minutes(c.Price.Minutes), watts(c.Price.WattH)} {
				if !p.has(want) {
					t.Errorf("the price %s is missing", want)
				}
			}
		}
	}
	if w := Gaps(m).Words; !strings.Contains(w, "4 of 9 cells") && !strings.Contains(w, "3 of 9 cells") || !strings.Contains(w, m.Basis) {
		t.Errorf("the words do not count or say no basis: %s", w)
	}
}

func TestUnfinishedDepthsSayHowManySeeds(t *testing.T) {
	d := smallDepths()
	if w := DepthCurves(d).Words; !strings.Contains(w, "Not finished: 2 to 3 seeds a net so far, where the plan asks for at least 5") {
		t.Error(w)
	}
	d.Verdict = "validated"
	if w := DepthCurves(d).Words; strings.Contains(w, "Not finished") || !strings.Contains(w, "decided: validated") {
		t.Error(w)
	}
}

func TestAMeanIsOfStepsThatAllSeedsHave(t *testing.T) {
	n := Net{Runs: []Curve{
		{Points: []Point{{Step: 10, Test: 0.4}, {Step: 20, Test: 0.2}, {Step: 30, Test: 0.1}}},
		{Points: []Point{{Step: 10, Test: 0.6}, {Step: 20, Test: 0.4}, {Step: 30, Test: math.NaN()}}},
		{Points: []Point{{Step: 10, Test: math.NaN()}}},
	}}
	got := n.mean(measure{"test", func(p Point) float64 { return p.Test }})
	if len(got) != 2 || got[0].Y != 0.5 || math.Abs(got[1].Y-0.3) > 1e-12 {
		t.Errorf("got %v", got)
	}
}

func TestAFigureSurvivesWhateverItIsGiven(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, f := range []Figure{
		Forest(nil), DepthCurves(Depths{Alias: "H1"}), Evidence("P1", "", nil), EvidenceOf(Path{V: []float64{inf, nan, 0}, R: []float64{0, 0, 0}}),
		Years(Sizes{}), Years(Sizes{Nets: []Size{{"a", "b", 0, 1}}}), CostBenefit(Trades{}), Gaps(Matrix{}), Calibration(Forecasts{}),
		CostBenefit(Trades{All: []Trade{{Alias: "H1", CPU: 1, CPUControl: 1, Effect: inf, Lower: -inf, Upper: nan, Reach: 0}}}),
		DepthCurves(Depths{Families: []Family{{Name: "a", Nets: []Net{{Depth: 1, Runs: []Curve{{Points: []Point{{Step: 1, Train: nan, Test: nan, Loss: inf}}}}}}}}}),
	} {
		s := svg(t, f)
		if strings.Contains(s, `NaN"`) || strings.Contains(s, "NaN,") || strings.Contains(s, "Inf,") || strings.Contains(s, ",+Inf") {
			t.Errorf("%s: a place that is none: %s", f.Name, regexp.MustCompile(`.{30}(NaN|Inf).{20}`).FindString(s))
		}
	}
	if _, err := Forest(nil).PNG(); err != nil {
		t.Error(err)
	}
}

func TestTheIntervalOfAShareHoldsIt(t *testing.T) {
	for n := range 40 {
		for k := range n + 1 {
			lo, hi := wilson(k, n)
			if n > 0 && !(lo <= float64(k)/float64(n)+1e-12 && hi >= float64(k)/float64(n)-1e-12) || lo < 0 || hi > 1 {
				t.Errorf("%d of %d: %v to %v", k, n, lo, hi)
			}
		}
	}
	if lo, hi := wilson(7, 10); math.Abs(lo-0.3968) > 5e-4 || math.Abs(hi-0.8922) > 5e-4 {
		t.Errorf("7 of 10: %v to %v", lo, hi)
	}
}
