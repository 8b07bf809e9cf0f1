package layout

import (
	"slices"
	"strings"
	"testing"
)

// All that is roman is painted first, then all that is italic: the lines are whole again.
func TestLinesPaintedFontByFontAreWhole(t *testing.T) {
	s, late := newSheet(), newSheet()
	for i, l := range leftColumn {
		x, y := 60.0, 100+12*float64(i)
		for k, w := range strings.Fields(l) {
			if k%3 == 1 {
				late.put(x, y, 10, italic, w)
			} else {
				s.put(x, y, 10, roman, w)
			}
			x += 5*float64(len(w)) + 10.0/3
		}
	}
	s.fonts[italic].Name = "CMTI10" // not the letters of formulas
	s.glyphs = append(s.glyphs, late.glyphs...)
	x := s.text()
	if want := strings.Join(leftColumn, " "); x.Text != want {
		t.Errorf("got  %q\nwant %q", x.Text, want)
	}
	check(t, x)
}

// A name between a title and two columns that are painted across belongs to neither column.
func TestALineOverTheGutterBelongsToNoColumn(t *testing.T) {
	s := newSheet().put(160, 60, 14, bold, "A title over both of the columns").put(270, 80, 10, roman, "Ada Writer")
	for i := range leftColumn {
		s.put(60, 110+12*float64(i), 10, roman, leftColumn[i]).put(320, 110+12*float64(i), 10, roman, rightColumn[i])
	}
	got := strings.Split(s.text().Text, "\n\n")
	if want := []string{"A title over both of the columns", "Ada Writer", strings.Join(leftColumn, " "), strings.Join(rightColumn, " ")}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Text that stands on its head is read from its own top.
func TestTextUpsideDownIsOneParagraph(t *testing.T) {
	s := newSheet()
	for i, l := range leftColumn {
		x := 540.0
		for _, r := range l {
			if r != ' ' {
				s.glyphs = append(s.glyphs, Glyph{Text: string(r), X: x, Y: 700 - 12*float64(i), DX: -5, Size: 10})
				x -= 5
			} else {
				x -= 10.0 / 3
			}
		}
	}
	if got, want := s.text().Text, strings.Join(leftColumn, " "); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Columns of type that run down the page are read from the right, in whatever order they were painted.
func TestVerticalColumnsAreReadFromTheRight(t *testing.T) {
	s, columns := newSheet(), []string{"縦書きの文章は上から下へ読み", "右の行から左の行へと進むので", "この順に読めなければならない"}
	for i := len(columns) - 1; i >= 0; i-- {
		for k, r := range []rune(columns[i]) {
			s.glyphs = append(s.glyphs, Glyph{Text: string(r), X: 500 - 20*float64(i), Y: 100 + 12*float64(k), DY: 12, Size: 12})
		}
	}
	if got, want := s.text().Text, strings.Join(columns, " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Review copies print a number on each line, between the lines or before them; a numbered table or the ticks of a plot are none.
func TestOnlyNumbersOutsideOfTheTextAreLineNumbers(t *testing.T) {
	lines := slices.Concat(leftColumn, rightColumn)
	s := newSheet()
	for i, l := range lines {
		s.put(30, 100+12*float64(i), 6, roman, numeral(i+1)).put(60, 100+12*float64(i), 10, roman, l)
	}
	x := s.text()
	if want := strings.Join(lines, " "); !strings.HasPrefix(x.Text, want+"\n\n1\n\n2") || kindOf(t, x, "Deeper") != Body || x.Blocks[len(x.Blocks)-1].Kind != LineNo {
		t.Errorf("got %q, want the text and then its numbers", x.Text)
	}
	s = newSheet().put(60, 80, 10, roman, "This table counts what it lists, within the text")
	for i, l := range lines {
		s.put(60, 100+12*float64(i), 10, roman, numeral(i+1)).put(90, 100+12*float64(i), 10, roman, l)
	}
	s.lines(60, 260, 10, "and the text goes on below it as before, and longer", "than the table that it has in its middle, to its end", "at the foot of the page.")
	for _, b := range s.text().Blocks {
		if b.Kind == LineNo {
			t.Errorf("the numbers of a table are taken for line numbers: %+v", b)
		}
	}
}

func numeral(n int) string {
	return strings.TrimLeft(string([]byte{byte('0' + n/10), byte('0' + n%10)}), "0")
}
