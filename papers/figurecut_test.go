package papers

import (
	"os"
	"strings"
	"testing"

	"tenet/papers/pdfwrite"
)

// cutOf draws the figures of a file.
func cutOf(t *testing.T, b []byte) []FigurePicture {
	t.Helper()
	var out []FigurePicture
	if err := engine().Figures(t.Context(), b, opened(t, b), 72, nil, func(p FigurePicture) error {
		out = append(out, p)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// near says whether a box is another one, but for its margin and a point.
func near(got, want Box) bool {
	const most = figureMargin + 3
	return got.X0 <= want.X0 && got.Y0 <= want.Y0 && got.X1 >= want.X1 && got.Y1 >= want.Y1 &&
		got.X0 > want.X0-most && got.Y0 > want.Y0-most && got.X1 < want.X1+most && got.Y1 < want.Y1+most
}

func paragraph(c *pdfwrite.Canvas, x, y float64, lines int) {
	for i := range lines {
		c.Text(x, y-float64(i)*12, pdfwrite.Font{}, 10, "words of a paragraph that fills the whole column")
	}
}

func TestAPictureIsCutToItsInkAndHoldsNoRunningText(t *testing.T) {
	got := cutOf(t, twoColumnPage())
	if len(got) != 2 {
		t.Fatalf("got %d figures, want 2", len(got))
	}
	// The black box lies 152 to 272 points from the top, the numbers of the table in 204 to 262.
	if f := got[0]; f.Guessed || !near(f.Box, Box{80, 152, 260, 272}) {
		t.Errorf("figure 1: got %+v, want the black box", f.Box)
	}
	if f := got[1]; f.Guessed || f.Box.Y0 < 190 || f.Box.Y0 > 206 || f.Box.Y1 < 258 || f.Box.Y1 > 272 || f.Box.X0 < 320 {
		t.Errorf("table 2: got %+v, want its five rows", f.Box)
	}
	for _, f := range got {
		if s := f.Image.Bounds().Size(); s.X < int(f.Box.X1-f.Box.X0)-1 || s.Y < int(f.Box.Y1-f.Box.Y0)-1 {
			t.Errorf("%s: the picture has %v pixels for the box %+v", f.Label, s, f.Box)
		}
	}
}

func TestAPictureOverBothColumnsIsCutWhole(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Raw("0.4 g 70 600 180 130 re f 252 600 290 130 re f 0 g")
	c.Text(60, 580, pdfwrite.Font{}, 9, "Figure 1: Two nets and what they share, drawn beside each other over the width of the page.")
	paragraph(c, 60, 550, 30)
	paragraph(c, 320, 550, 30)
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 1 || !near(got[0].Box, Box{70, 62, 542, 192}) {
		t.Errorf("got %+v, want one picture over both columns", got)
	}
}

func TestTwoPicturesSideBySideStayApart(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Raw("0.4 g 70 600 200 130 re f 330 640 200 90 re f 0 g")
	c.Text(75, 580, pdfwrite.Font{}, 9, "Figure 1: The left one of the two.")
	c.Text(335, 620, pdfwrite.Font{}, 9, "Figure 2: The right one of the two.")
	paragraph(c, 60, 550, 30)
	paragraph(c, 320, 550, 30)
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 2 {
		t.Fatalf("got %+v, want two", got)
	}
	for _, f := range got {
		want := Box{70, 62, 270, 192}
		if f.Label == "Figure 2" {
			want = Box{330, 62, 530, 152}
		}
		if !near(f.Box, want) {
			t.Errorf("%s: got %+v, want %+v", f.Label, f.Box, want)
		}
	}
}

// Where all tables of a paper stand above their captions, the one between two captions does too.
func TestOneSideOfTheCaptionsHoldsForTheWholePaper(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	rows := func(y float64) {
		for i := range 5 {
			for k, x := range []string{"12.5", "13.1", "14.7", "15.0"} {
				c.Text(80+float64(k)*60, y-float64(i)*12, pdfwrite.Font{}, 9, x)
			}
		}
	}
	rows(740)
	c.Text(60, 670, pdfwrite.Font{}, 9, "Table 1: Errors of the nets of the first kind.")
	rows(640)
	c.Text(60, 570, pdfwrite.Font{}, 9, "Table 2: Errors of the nets of the second kind.")
	for i := range 20 {
		c.Text(60, 540-float64(i)*12, pdfwrite.Font{}, 10, "words of a paragraph that fills the whole of the page from its left margin to its right one")
	}
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 2 || got[0].Box.Y1 > 792-670 || got[1].Box.Y0 < 792-670 || got[1].Box.Y1 > 792-570 {
		t.Errorf("got %+v, want each table above its caption", got)
	}
}

func TestATableAndAFigureBetweenTheirCaptionsAreParted(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Text(60, 740, pdfwrite.Font{}, 9, "Table 1: What the nets cost.")
	c.Raw("0.4 g 80 690 200 35 re f 80 540 200 120 re f 0 g")
	c.Text(60, 520, pdfwrite.Font{}, 9, "Figure 2: What the nets gave.")
	paragraph(c, 60, 490, 20)
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 2 || !near(got[0].Box, Box{80, 67, 280, 102}) || !near(got[1].Box, Box{80, 132, 280, 252}) {
		t.Errorf("got %+v, want the table and the figure apart", got)
	}
}

func TestACaptionWithoutAPictureIsToldSo(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	paragraph(c, 60, 740, 20)
	c.Text(60, 495, pdfwrite.Font{}, 9, "Figure 1: There is nothing here.")
	paragraph(c, 60, 478, 20)
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 1 || !got[0].Guessed || got[0].Image != nil {
		t.Errorf("got %+v, want one without a picture", got)
	}
}

func TestRowsThatLayoutTookForTheCaptionAreTheTables(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Text(60, 700, pdfwrite.Font{}, 9, "Table 1: How the nets were trained.")
	for i := range 4 {
		c.Text(60, 689-float64(i)*11, pdfwrite.Font{}, 9, "batch size")
		c.Text(160, 689-float64(i)*11, pdfwrite.Font{}, 9, "32, 64")
	}
	paragraph(c, 60, 620, 20)
	got := cutOf(t, b.Bytes(pdfwrite.Form{}))
	if len(got) != 1 || got[0].Caption != "Table 1: How the nets were trained." || got[0].Box.Y0 > 792-694 || got[0].Box.Y1 < 792-656 {
		t.Errorf("got %+v, want a caption of one line and four rows", got)
	}
}

func TestACaptionThatLayoutTookForTheLastRowsIsFound(t *testing.T) {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	paragraph(c, 60, 740, 12)
	for i := range 4 {
		for k, x := range []string{"ResNet", "12.5", "13.1"} {
			c.Text(60+float64(k)*60, 560-float64(i)*10, pdfwrite.Font{}, 8, x)
		}
	}
	c.Text(60, 520, pdfwrite.Font{}, 8, "Table 4. What the nets cost, and what they gave for it in the end,")
	c.Text(60, 510, pdfwrite.Font{}, 8, "over all of the widths.")
	paragraph(c, 60, 470, 12)
	d := opened(t, b.Bytes(pdfwrite.Form{}))
	got := Figures(d)
	if len(got) != 1 || got[0].Label != "Table 4" || !strings.HasPrefix(got[0].Caption, "Table 4. What") || !strings.HasSuffix(got[0].Caption, "the widths.") {
		t.Errorf("got %+v, want Table 4 with its caption alone", got)
	}
	if rows := cutOf(t, b.Bytes(pdfwrite.Form{})); len(rows) != 1 || rows[0].Guessed || rows[0].Box.Y0 > 792-566 || rows[0].Box.Y1 > 792-524 {
		t.Errorf("got %+v, want the four rows above", rows)
	}
}

func TestLabelsAreTheSameHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{{"Fig. 3", "figure 3", true}, {"tab 2", "Table 2", true}, {"Figure 3", "Table 3", false}, {"Figure 3", "Figure 3a", false}, {"TABLE II", "Table II", true}} {
		if SameLabel(c.a, c.b) != c.same {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.same)
		}
	}
}

// Tables above and below their captions, and text that runs around pictures; all of the corpus in a slow test.
func TestThePicturesOfAPaperAreCutToTheirInk(t *testing.T) {
	for _, name := range []string{"rezero.pdf"} {
		cutPaper(t, name, func(f FigurePicture) {
			if f.Guessed {
				t.Errorf("%s, %s on page %d: no ink was found beside the caption", name, f.Label, f.Page)
			}
		})
	}
}

// cutPaper draws the figures of a paper of the corpus.
func cutPaper(t *testing.T, file string, give func(FigurePicture)) {
	t.Helper()
	d := paper(t, file)
	b, err := os.ReadFile(shared(t, "corpus", file))
	if err != nil {
		t.Fatal(err)
	}
	if err := engine().Figures(t.Context(), b, d, 36, nil, func(p FigurePicture) error { give(p); return nil }); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
