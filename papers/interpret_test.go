package papers

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// places writes glyphs as "text@x,y" with one decimal.
func places(t *testing.T, content string) string {
	t.Helper()
	var out []string
	for _, g := range glyphsOf(t, onePage(content, map[int]string{
		// every letter is half as wide as the type is high
		5: "<< /Type /Font /Subtype /Type1 /BaseFont /Even /Encoding /WinAnsiEncoding /FirstChar 32 /Widths [" + strings.Repeat("500 ", 95) + "] >>",
	})) {
		out = append(out, fmt.Sprintf("%s@%.1f,%.1f", g.Text, g.X, g.Y))
	}
	return strings.Join(out, " ")
}

// The page is 792 high and its origin is at the top, so y = 792 - PDF's y.
func TestTextOperatorsMoveThePen(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"Td and Tj", "BT /F1 10 Tf 100 700 Td (ab) Tj ET", "a@100.0,92.0 b@105.0,92.0"},
		{"Td adds up", "BT /F1 10 Tf 100 700 Td 10 -20 Td (a) Tj ET", "a@110.0,112.0"},
		{"TD sets the leading", "BT /F1 10 Tf 100 700 TD 0 -15 TD T* (a) Tj ET", "a@100.0,122.0"},
		{"TL and T*", "BT /F1 10 Tf 12 TL 100 700 Td (a) Tj T* (b) Tj ET", "a@100.0,92.0 b@100.0,104.0"},
		{"quote", "BT /F1 10 Tf 12 TL 100 700 Td (a) ' ET", "a@100.0,104.0"},
		{"double quote", "BT /F1 10 Tf 12 TL 100 700 Td 3 1 (a b) \" ET", "a@100.0,104.0  @106.0,104.0 b@115.0,104.0"},
		{"TJ moves back by thousandths", "BT /F1 10 Tf 100 700 Td [(a) -200 (b) 100 (c)] TJ ET", "a@100.0,92.0 b@107.0,92.0 c@111.0,92.0"},
		{"TJ outside a bracket", "BT /F1 10 Tf 100 700 Td [(a) (b) TJ ET", "a@100.0,92.0 b@105.0,92.0"},
		{"Tc", "BT /F1 10 Tf 2 Tc 100 700 Td (ab) Tj ET", "a@100.0,92.0 b@107.0,92.0"},
		{"Tw", "BT /F1 10 Tf 4 Tw 100 700 Td (a b) Tj ET", "a@100.0,92.0  @105.0,92.0 b@114.0,92.0"},
		{"Tz", "BT /F1 10 Tf 50 Tz 100 700 Td (ab) Tj ET", "a@100.0,92.0 b@102.5,92.0"},
		{"Tz scales Tc and TJ", "BT /F1 10 Tf 50 Tz 2 Tc 100 700 Td [(a) -200 (b)] TJ ET", "a@100.0,92.0 b@104.5,92.0"},
		{"Ts", "BT /F1 10 Tf 3 Ts 100 700 Td (a) Tj ET", "a@100.0,89.0"},
		{"Tm replaces", "BT /F1 10 Tf 50 50 Td 2 0 0 2 100 700 Tm (ab) Tj ET", "a@100.0,92.0 b@110.0,92.0"},
		{"Tm turned", "BT /F1 10 Tf 0 1 -1 0 100 700 Tm (ab) Tj ET", "a@100.0,92.0 b@100.0,87.0"},
		{"cm comes before what it holds", "q 1 0 0 1 10 20 cm 2 0 0 2 0 0 cm BT /F1 10 Tf 50 300 Td (ab) Tj ET Q", "a@110.0,172.0 b@120.0,172.0"},
		{"Q takes back", "q 1 0 0 1 10 20 cm Q BT /F1 10 Tf 50 300 Td (a) Tj ET", "a@50.0,492.0"},
		{"Q takes the font back", "BT /F1 10 Tf ET q BT /F1 20 Tf ET Q BT 50 300 Td (ab) Tj ET", "a@50.0,492.0 b@55.0,492.0"},
		{"too many Q", "Q Q Q BT /F1 10 Tf 50 300 Td (a) Tj ET", "a@50.0,492.0"},
		{"operands of the wrong kind", "BT (x) /y Td /F1 10 Tf [1] Tj 5 TJ 50 300 Td (a) Tj ET", "a@50.0,492.0"},
		{"off the page", "BT /F1 10 Tf 5000 300 Td (a) Tj ET BT 50 300 Td (b) Tj ET", "b@50.0,492.0"},
		{"an inline image", "BI /W 1 /H 1 ID \x01 EI( EI \x02\xff EI\nBT /F1 10 Tf 50 300 Td (a) Tj ET", "a@50.0,492.0"},
		{"an unknown operator", "foo 1 2 bar BT /F1 10 Tf 50 300 Td (a) Tj ET", "a@50.0,492.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := places(t, c.content); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.content, got, c.want)
			}
		})
	}
}

func TestMatricesAssociate(t *testing.T) {
	a, b, c := matrix{1, 2, 3, 4, 5, 6}, matrix{2, 0, 1, 1, -3, 2}, matrix{0, 1, -1, 0, 7, 8}
	if x, y := a.mul(b).mul(c), a.mul(b.mul(c)); x != y {
		t.Errorf("(ab)c = %v, a(bc) = %v", x, y)
	}
	x1, y1 := a.mul(b).at(3, 4)
	x2, y2 := b.at(a.at(3, 4))
	if x1 != x2 || y1 != y2 {
		t.Errorf("ab at (3, 4) is %v, %v; b at a at (3, 4) is %v, %v", x1, y1, x2, y2)
	}
}

func TestRotatedPagesAreShownUpright(t *testing.T) {
	for rotate, want := range map[int][3]float64{ // x, y, width of the page as shown
		0: {100, 92, 612}, 90: {700, 100, 792}, 180: {512, 700, 612}, 270: {92, 512, 792}, -90: {92, 512, 792}, 450: {700, 100, 792},
	} {
		b := onePage("BT /F1 10 Tf 100 700 Td (a) Tj ET", map[int]string{
			3: fmt.Sprintf("<< /Type /Page /Parent 2 0 R /Rotate %d /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", rotate),
		})
		g := glyphsOf(t, b)[0]
		_, w, _ := pageMatrix(sourceOf(t, b).Pages()[0])
		if math.Abs(g.X-want[0]) > 0.01 || math.Abs(g.Y-want[1]) > 0.01 || w != want[2] {
			t.Errorf("rotated by %d: at %.0f, %.0f on a page %.0f wide; want %v", rotate, g.X, g.Y, w, want)
		}
	}
}

const formPage = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R /Y 7 0 R >> >> >>"

func form(content, extra string) string {
	return streamBody("/Type /XObject /Subtype /Form /BBox [0 0 612 792] "+extra, content)
}

func TestFormsArePainted(t *testing.T) {
	inner := "BT /F1 10 Tf 50 600 Td (inside) Tj ET"
	own := "/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R /Y 7 0 R >> >>"
	for _, c := range []struct{ name, content, x, y, want string }{
		{"with its own resources", "/X Do", form(inner, own), "null", "inside"},
		{"with the page's resources", "/X Do", form(inner, ""), "null", "inside"},
		{"within a form", "/X Do", form("/Y Do", own), form(inner, own), "inside"},
		{"twice", "/X Do 1 0 0 1 0 -50 cm /X Do", form(inner, own), "null", "inside inside"},
		{"that paints itself", "/X Do", form(inner+" /X Do", own), "null", "inside"},
		{"that paint each other", "/X Do", form(inner+" /Y Do", own), form("/X Do BT /F1 10 Tf 50 500 Td (other) Tj ET", own), "inside other"},
		{"with the state of the page afterwards", "BT /F1 10 Tf ET q /X Do Q BT 50 100 Td (after) Tj ET", form("/F1 20 Tf "+inner, own), "null", "inside after"},
		{"that do not exist", "/Nope Do BT /F1 10 Tf 50 100 Td (after) Tj ET", "null", "null", "after"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := readText(t, onePage(c.content, map[int]string{3: formPage, 6: c.x, 7: c.y})); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	moved := glyphsOf(t, onePage("/X Do", map[int]string{3: formPage, 6: form(inner, own+" /Matrix [2 0 0 2 10 -600]"), 7: "null"}))
	if g := moved[0]; g.X != 110 || g.Y != 792-600 || g.Size != 20 {
		t.Errorf("a form's matrix: first glyph at %v, %v, size %v; want 110, 192, 20", g.X, g.Y, g.Size)
	}
}

func TestAFormBombEndsAtTheLimit(t *testing.T) {
	objects := map[int]string{3: formPage}
	for i := 6; i < 20; i++ { // 14 levels, each painting the next one twelve times
		objects[i] = form(strings.Repeat("/X Do ", 12), fmt.Sprintf("/Resources << /XObject << /X %d 0 R >> >>", i+1))
	}
	objects[20] = form("", "")
	in := newInterpreter(Options{MaxOps: 100_000}.withDefaults())
	_, err := in.pageGlyphs(t.Context(), sourceOf(t, onePage("/X Do", objects)).Pages()[0])
	if !errors.Is(err, ErrLimit) {
		t.Errorf("got %v, want ErrLimit", err)
	}
}

func TestAPageOfTooManyGlyphsKeepsItsFirst(t *testing.T) {
	d, err := read(t.Context(), onePage("BT /F1 10 Tf 50 700 Td (first words) Tj 0 -20 Td (second words) Tj ET", nil), Options{MaxGlyphs: 11}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	if got := textOf(d); got != "first words" || len(d.Warnings) != 1 || d.Warnings[0].Page != 1 || d.Warnings[0].Code != "limit" {
		t.Errorf("got %q with warnings %v; want the first line and one warning about the limit on page 1", got, d.Warnings)
	}
}

func TestReplacementTextIsRead(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"inline", "/Span << /ActualText (fi) >> BDC (xy) Tj EMC (nd) Tj", "find"},
		{"in UTF-16", "/Span << /ActualText <FEFF03B1> >> BDC (a) Tj EMC", "α"},
		{"to nothing", "(so) Tj /Span << /ActualText () >> BDC (-) Tj EMC (up) Tj", "soup"},
		{"from the resources", "/Span /P1 BDC (xy) Tj EMC", "from properties"},
		{"other properties", "/P << /MCID 1 >> BDC (plain) Tj EMC", "plain"},
		{"nested", "/P << /MCID 1 >> BDC /Span << /ActualText (b) >> BDC (a) Tj EMC (c) Tj EMC", "bc"},
		{"never closed", "/Span << /ActualText (b) >> BDC (a) Tj", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := onePage("BT /F1 10 Tf 50 700 Td "+c.content+" ET", map[int]string{
				3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /P1 << /ActualText (from properties) >> >> >> >>",
			})
			if got := readText(t, b); got != c.want {
				t.Errorf("%s\n got %q\nwant %q", c.content, got, c.want)
			}
		})
	}
}

func TestContentInPiecesIsOne(t *testing.T) {
	b := onePage("", map[int]string{
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents [6 0 R 99 0 R 7 0 R] /Resources << /Font << /F1 5 0 R >> >> >>",
		6: streamBody("", "BT /F1 10 Tf 50"), 7: streamBody("", "700 Td (joined) Tj ET"),
	})
	if got := readText(t, b); got != "joined" {
		t.Errorf("got %q, want %q", got, "joined")
	}
}

func TestVerticalWritingRunsDown(t *testing.T) {
	gs := glyphsOf(t, onePage("BT /F1 10 Tf 300 700 Td <65E5672C> Tj ET", map[int]string{
		5: "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /UniJIS-UCS2-V /DescendantFonts [6 0 R] >>",
		6: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A >>",
	}))
	if len(gs) != 2 || gs[0].X != gs[1].X || gs[1].Y-gs[0].Y != 10 {
		t.Errorf("got %+v, want two glyphs, the second 10 below the first", gs)
	}
}
