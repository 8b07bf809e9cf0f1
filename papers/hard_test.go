package papers

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// put shows text with its first letter at x, y; turn is the first four numbers of the text matrix.
func put(turn string, size, x, y float64, text string) string {
	return fmt.Sprintf("BT /F1 %g Tf %s %g %g Tm (%s) Tj ET\n", size, turn, x, y, text)
}

const (
	upright   = "1 0 0 1"
	climbing  = "0 1 -1 0" // from the bottom to the top
	falling   = "0 -1 1 0"
	formDict  = "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >>"
	layerPage = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X 9 0 R >> /Properties << /Off 6 0 R /On 7 0 R /Any 8 0 R >> >> >>"
)

// down paints lines one below the other.
func down(x, y float64, lines ...string) string {
	var b strings.Builder
	for i, l := range lines {
		b.WriteString(put(upright, 10, x, y-12*float64(i), l))
	}
	return b.String()
}

// across paints the lines of two columns row by row.
func across(y float64, left, right []string) string {
	var b strings.Builder
	for i := range left {
		b.WriteString(down(60, y-12*float64(i), left[i]) + down(320, y-12*float64(i), right[i]))
	}
	return b.String()
}

func grid(turned bool, rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		for j, cell := range row {
			if turned {
				b.WriteString(put(climbing, 10, 200+14*float64(i), 100+90*float64(j), cell))
			} else {
				b.WriteString(put(upright, 10, 72+110*float64(j), 600-13*float64(i), cell))
			}
		}
	}
	return b.String()
}

func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// Small files, each with one thing that readers get wrong, and the whole of what is to be read.
func TestHardPagesAreReadExactly(t *testing.T) {
	left := []string{"Deep nets are hard to train because", "the signal that flows back from the", "loss gets weaker with every layer", "that it passes on its way down."}
	right := []string{"Identity paths change this since they", "let the signal pass around all layers", "without loss, and so even the first", "of them stay in touch with the loss."}
	layers := map[int]string{
		1: "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [6 0 R] >> >> >>",
		3: layerPage, 6: "<< /Type /OCG /Name (off) >>", 7: "<< /Type /OCG /Name (on) >>", 8: "<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AllOn >>",
		9: streamBody(formDict+" /OC 6 0 R", put(upright, 10, 72, 500, "A form of it.")),
	}
	table := [][]string{{"Net", "Depth", "Error"}, {"plain", "34", "28.5"}, {"residual", "152", "21.4"}}
	columns := []string{"縦書きの文章は上から下へ読み", "右の行から左の行へと進むので", "この順に読めなければならない"}
	vertical := ""
	for i := len(columns) - 1; i >= 0; i-- {
		vertical += fmt.Sprintf("BT /F1 12 Tf 1 0 0 1 %d 700 Tm <%s> Tj ET\n", 500-20*i, wide(columns[i]))
	}
	var numbered strings.Builder
	words := strings.Fields("Skip connections let gra- dients reach the earl- iest of the layers and make them con- verge within few steps; identity paths that by- pass all of the layers keep the vari- ance of their inputs where it was before the depth of a net was raised.")
	for i := range len(words) / 4 {
		y := 700 - 12*float64(i)
		numbered.WriteString(put(upright, 6, 40, y, fmt.Sprint(i+1)) + put(upright, 10, 72, y, strings.Join(words[4*i:4*i+4], " ")))
	}
	type3 := map[int]string{
		5: "<< /Type /Font /Subtype /Type3 /FontBBox [0 -10 10 0] /FontMatrix [.1 0 0 -.1 0 0] /CharProcs << /s 6 0 R /k 6 0 R /i 6 0 R /p 6 0 R /fi 6 0 R >> /Encoding << /Differences [1 /s /k /i /p /fi] >> /FirstChar 1 /LastChar 5 /Widths [6 6 6 6 6] >>",
		6: streamBody("", "6 0 d0 0 0 5 7 re f"),
	}
	for _, c := range []struct {
		name, content, want string
		more                map[int]string
	}{
		{"a stamp that climbs the margin", put(climbing, 20, 30, 300, "arXiv:1512.03385v1 [cs.CV]") + down(72, 700, left...), strings.Join(left, "\n") + "\n\narXiv:1512.03385v1 [cs.CV]\n", nil},
		{"a page that is turned by its text", put(falling, 10, 324, 700, left[0]) + put(falling, 10, 312, 700, left[1]) + put(falling, 10, 300, 700, left[2]), strings.Join(left[:3], "\n") + "\n", nil},
		{"a draft's name across the page", down(72, 700, left...) + put(".7071 .7071 -.7071 .7071", 60, 150, 200, "DRAFT COPY"), strings.Join(left, "\n") + "\n\nDRAFT COPY\n", nil},
		{"columns of Japanese, the last painted first", vertical, strings.Join(columns, "\n") + "\n", map[int]string{
			5: "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UCS2-V /DescendantFonts [6 0 R] >>",
			6: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>",
		}},
		{"bitmaps with their axis down", "q 1 0 0 -1 0 792 cm BT /F1 12 Tf 1 0 0 1 72 92 Tm (\\001\\002\\003\\004) Tj 1 0 0 1 72 106 Tm (\\005\\004) Tj ET Q", "skip\nfip\n", type3},
		{"words that a line end breaks, said whole", "BT /F1 10 Tf 12 TL 72 700 Td (a long line of text that ends in a mis) Tj T* /Span << /ActualText (mistake) >> BDC (take) Tj EMC ( here) Tj ET", "a long line of text that ends in a mis\nmistake here\n", nil},
		{"a formula that says itself", "/Formula << /ActualText <FEFF0045003D006D00632070> >> BDC BT /F1 10 Tf 72 700 Td (E) Tj (=) Tj (mc) Tj ET EMC", "E=mc⁰\n", nil},
		{"a layer that is off", "/OC /Off BDC " + down(72, 700, "Hidden words.") + "EMC /OC /On BDC " + down(72, 650, "Shown words.") + "EMC /OC /Any BDC " + down(72, 630, "Only with both.") + "EMC /X Do", "Shown words.\n", layers},
		{"text under a scan", "q 612 0 0 792 0 0 cm /I Do Q BT 3 Tr /F1 10 Tf 72 700 Td (Recognised text is read.) Tj ET", "Recognised text is read.\n", nil},
		{"text inside a clip", "q 60 690 300 40 re W n " + down(72, 700, "Inside the clip.") + "Q BT 7 Tr /F1 10 Tf 72 650 Td (A clip itself.) Tj ET", "Inside the clip.\n\nA clip itself.\n", nil},
		{"a soft hyphen within a line", "BT /F1 10 Tf 72 700 Td (one hy\\255phen) Tj ET", "one hy\u00adphen\n", nil},
		{"marks of notes", "BT /F1 10 Tf 72 700 Td (A claim) Tj 4 Ts /F1 7 Tf (1) Tj 0 Ts /F1 10 Tf ( has a note and so) Tj 4 Ts /F1 7 Tf (2) Tj 0 Ts /F1 10 Tf ( has this.) Tj ET " + down(72, 688, left...) + "BT /F1 8 Tf 72 100 Td 3 Ts /F1 5 Tf (1) Tj 0 Ts /F1 8 Tf ( The first note at the foot.) Tj ET", "A claim1 has a note and so2 has this.\n" + strings.Join(left, "\n") + "\n\n1 The first note at the foot.\n", nil},
		{"rows of a table", down(72, 700, "Table 1: What was measured.") + grid(false, table...) + down(72, 500, "The text goes on."), "Table 1: What was measured.\n\nNet  Depth  Error\n\nplain  34  28.5\n\nresidual  152  21.4\n\nThe text goes on.\n", nil},
		{"a table set on its side", grid(true, table...), "Net  Depth  Error\n\nplain  34  28.5\n\nresidual  152  21.4\n", map[int]string{3: strings.Replace(formPage, "/Type /Page ", "/Type /Page /Rotate 90 ", 1), 6: "null", 7: "null"}},
		{"a float between the rows of two columns", across(700, left[:2], right[:2]) + put(upright, 10, 150, 620, "Figure 2: A float that spans both of the columns.") + across(540, left[2:], right[2:]), strings.Join(left[:2], "\n") + "\n\n" + strings.Join(right[:2], "\n") + "\n\nFigure 2: A float that spans both of the columns.\n\n" + strings.Join(left[2:], "\n") + "\n\n" + strings.Join(right[2:], "\n") + "\n", nil},
		{"a short name over two columns painted across", put(upright, 18, 170, 740, "A Title over Two Columns") + put(upright, 10, 255, 716, "Ada Writer") + across(690, left, right), "A Title over Two Columns\n\nAda Writer\n\n" + strings.Join(left, "\n") + "\n\n" + strings.Join(right, "\n") + "\n", nil},
		{"a letterspaced heading", "BT /F1 10 Tf 3 Tc 72 700 Td (ABSTRACT OF THE PAPER) Tj ET BT 3 Tc /F1 10 Tf 72 650 Td (||v||=1) Tj ET", "ABSTRACT OF THE PAPER\n\n| | v | | = 1\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := plainText(t, onePage(c.content, c.more)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
	t.Run("a review copy with a number on each line", func(t *testing.T) {
		d := opened(t, onePage(numbered.String(), nil))
		p := &d.Pages[0]
		if got, want := p.Text, strings.NewReplacer("- ", "").Replace(strings.Join(words[:len(words)/4*4], " ")); !strings.HasPrefix(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		for i, b := range p.Blocks {
			if (b.Kind == LineNo) != (i > 0) {
				t.Errorf("block %d is %s, want the text and then its numbers", i, b.Kind)
			}
		}
	})
}

// plainText is a file's first page as WriteText writes it.
func plainText(t *testing.T, b []byte) string {
	t.Helper()
	d, err := read(t.Context(), b, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	checkOffsets(t, d)
	var out bytes.Buffer
	if err := WriteText(&out, d); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\f")
}

// Files whose widths or fonts are broken, read by the words that stand in them and not by where a pen without widths would put them.
func TestBrokenWidthsCostNoWord(t *testing.T) {
	said := "Skip connections bypass all transformations and simply add their input"
	plain := "BT /F1 12 Tf 72 720 Td (" + said + ") Tj ET"
	simple := func(entries string) map[int]string {
		return map[int]string{5: "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding " + entries + " >>"}
	}
	codes, text := map[rune]int{}, ""
	for _, r := range said {
		if codes[r] == 0 {
			codes[r] = len(codes) + 1
		}
		text += fmt.Sprintf("%04X", codes[r])
	}
	toUnicode := fmt.Sprintf("1 begincodespacerange <0000> <FFFF> endcodespacerange %d beginbfchar\n", len(codes))
	for r, c := range codes {
		toUnicode += fmt.Sprintf("<%04X> <%04X>\n", c, r)
	}
	composite := func(descendant string) map[int]string {
		return map[int]string{
			5: "<< /Type /Font /Subtype /Type0 /BaseFont /A+Fake /Encoding /Identity-H /DescendantFonts [" + descendant + "] /ToUnicode 6 0 R >>",
			6: streamBody("", toUnicode+"endbfchar"),
		}
	}
	for _, c := range []struct {
		name, content string
		more          map[int]string
	}{
		{"one width of all", plain, simple("/FirstChar 32 /LastChar 255 /Widths [300]")},
		{"widths from below nought", plain, simple("/FirstChar -5 /LastChar 300 /Widths [300 400]")},
		{"widths that end before they begin", plain, simple("/FirstChar 200 /LastChar 3 /Widths [300 400]")},
		{"a descendant that is not there", "BT /F1 6 Tf 72 720 Td <" + text + "> Tj ET", composite("66 0 R")},
		{"a font that is its own descendant", "BT /F1 6 Tf 72 720 Td <" + text + "> Tj ET", composite("5 0 R")},
		{"type of no width", strings.Replace(plain, "BT ", "BT 0 Tz ", 1), nil},
	} {
		if got := plainText(t, onePage(c.content, c.more)); got != said+"\n" {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}
