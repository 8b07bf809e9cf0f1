package papers

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"tenet/papers/pdfwrite"
)

// twoColumnPage is one page of two columns with a figure above its caption on the left and a table below its caption on the right.
func twoColumnPage() []byte {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	para := func(x, y float64, lines int) {
		for i := range lines {
			c.Text(x, y-float64(i)*12, pdfwrite.Font{}, 10, "words of a paragraph that fills the whole column")
		}
	}
	para(60, 740, 6)
	c.Raw("0.2 g 80 520 180 120 re f 0 g")
	c.Text(60, 500, pdfwrite.Font{}, 9, "Figure 1: The shape of the loss over the depth.")
	para(60, 470, 20)
	para(320, 740, 10)
	c.Text(320, 600, pdfwrite.Font{}, 9, "Table 2: Errors of the nets that were trained.")
	for i := range 5 {
		c.Text(330, 580-float64(i)*12, pdfwrite.Font{}, 9, "12.5   13.1   14.7   15.0")
	}
	para(320, 490, 22)
	return b.Bytes(pdfwrite.Form{})
}

func TestFiguresAndTablesStandBesideTheirCaptions(t *testing.T) {
	b := twoColumnPage()
	got := Figures(opened(t, b))
	if len(got) != 2 {
		t.Fatalf("got %d figures %+v, want a figure and a table", len(got), got)
	}
	f, table := got[0], got[1]
	if f.Kind != "figure" || f.Label != "Figure 1" || f.Page != 1 || !strings.HasPrefix(f.Caption, "Figure 1: The shape") {
		t.Errorf("got %+v, want Figure 1", f)
	}
	// The black box lies 152 to 272 points from the top.
	if f.Box.Y0 > 152 || f.Box.Y1 < 272 || f.Box.X0 > 80 || f.Box.X1 < 260 || f.Box.X1 > 320 {
		t.Errorf("the figure's room %+v does not hold its picture, or more than its column", f.Box)
	}
	if table.Kind != "table" || table.Label != "Table 2" || table.Box.Y0 < 190 || table.Box.Y1 < 255 || table.Box.X0 < 260 {
		t.Errorf("got %+v, want Table 2 with the numbers below its caption", table)
	}
	picture, err := engine().Picture(t.Context(), b, f.Page, f.Box, 72)
	if err != nil {
		t.Fatal(err)
	}
	// Cut to its ink, the picture is the box with a margin.
	if s := Trim(picture, 2).Bounds().Size(); s.X < 180 || s.X > 188 || s.Y < 120 || s.Y > 128 {
		t.Errorf("the trimmed picture has %v pixels, want the 180 by 120 of the box and a margin", s)
	}
}

func TestTrimmingKeepsAPictureWithoutInk(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 10, 10))
	for i := range m.Pix {
		m.Pix[i] = 0xFF
	}
	if got := Trim(m, 1).Bounds(); got != m.Bounds() {
		t.Errorf("got %v, want all of it", got)
	}
	m.Set(4, 5, color.Black)
	if got := Trim(m, 1).Bounds(); got != image.Rect(3, 4, 6, 7) {
		t.Errorf("got %v, want the dot and a pixel around it", got)
	}
}

// Of the 361 captions of the corpus 13 at most find no room for a picture in the text alone.
func TestMostCaptionsOfTheCorpusHaveAPicture(t *testing.T) {
	all, without := 0, 0
	for _, r := range rows(t, "corpus", "index.tsv") {
		for _, f := range Figures(paper(t, r[0])) {
			all++
			if f.Box == (Box{}) {
				without++
			}
			p := paper(t, r[0]).Pages[f.Page-1]
			if f.Box.X0 < 0 || f.Box.Y0 < 0 || f.Box.X1 > p.Width || f.Box.Y1 > p.Height {
				t.Errorf("%s %s: the room %+v lies off the page", r[0], f.Label, f.Box)
			}
		}
	}
	if all < 340 || without > 14 {
		t.Errorf("got %d captions, %d of them without room; want at least 340, at most 14 without", all, without)
	}
}
