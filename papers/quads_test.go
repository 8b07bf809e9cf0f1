package papers

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// ink counts the dark pixels of a part of a picture drawn at 144 dpi.
func ink(m *image.RGBA, b Box) int {
	n := 0
	for y := int(2 * b.Y0); y < int(2*b.Y1); y++ {
		for x := int(2 * b.X0); x < int(2*b.X1); x++ {
			if r, _, _, _ := m.At(x, y).RGBA(); r < 0x8000 {
				n++
			}
		}
	}
	return n
}

// The quads of an anchor, drawn over the page's picture, cover the quote's letters and no others, however the page is turned and cut.
func TestQuadsCoverTheirWordsOnThePicture(t *testing.T) {
	content := "BT /F1 14 Tf 150 400 Td 28 TL (before) Tj T* (the quoted words) Tj T* (after) Tj ET"
	for _, turn := range []int{0, 90, 180, 270} {
		for _, crop := range []string{"", "/CropBox [100 200 500 700]"} {
			b := onePage(content, map[int]string{3: strings.Replace(formPage, "/Type", fmt.Sprintf("/Rotate %d %s /Type", turn, crop), 1), 6: "null", 7: "null"})
			d := opened(t, b)
			l := Locate(d, Anchor{Exact: "the quoted words"})
			a := MakeAnchor(d, l.Page, l.Start, l.End)
			if l.Outcome != Found || len(a.Quads) == 0 {
				t.Fatalf("turned by %d %s: got %+v with quads %v", turn, crop, l, a.Quads)
			}
			m, err := engine().Picture(t.Context(), b, 1, Box{}, 144)
			if err != nil {
				t.Fatal(err)
			}
			p := d.Pages[0]
			if s := m.Bounds().Size(); s.X != int(2*p.Width) || s.Y != int(2*p.Height) {
				t.Errorf("turned by %d %s: the picture has %v pixels, the page %v by %v points", turn, crop, s, p.Width, p.Height)
			}
			inside := 0
			for _, q := range a.Quads {
				inside += ink(m, Box{float64(q.X0)/100 - 1, float64(q.Y0)/100 - 1, float64(q.X1)/100 + 1, float64(q.Y1)/100 + 1})
			}
			others := 0
			for _, word := range []string{"before", "after"} {
				w := Locate(d, Anchor{Exact: word})
				for _, q := range MakeAnchor(d, w.Page, w.Start, w.End).Quads {
					others += ink(m, Box{float64(q.X0)/100 - 1, float64(q.Y0)/100 - 1, float64(q.X1)/100 + 1, float64(q.Y1)/100 + 1})
				}
			}
			all := ink(m, Box{0, 0, p.Width, p.Height})
			if inside == 0 || others == 0 || all-inside-others > all/50 || inside+others > all {
				t.Errorf("turned by %d %s: of %d dark pixels %d lie in the quote's quads and %d in the other words'", turn, crop, all, inside, others)
			}
		}
	}
}
