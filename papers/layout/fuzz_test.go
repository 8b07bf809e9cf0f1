package layout

import (
	"encoding/binary"
	"math"
	"testing"
)

// FuzzLayout makes glyphs of bytes, six bytes a glyph, and holds the offsets.
func FuzzLayout(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz0123456789"))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255})
	f.Add([]byte("\x10\x00\x10\x00\x40a\x18\x00\x10\x00\x40-\x10\x00\x20\x00\x40b\x30\x00\x10\x00\x40c"))
	texts := []string{"a", "-", " ", "", "ﬁ", "´", "e", "1", "[1]", "References", Unknown, "\u00ad", "A", ".", "中", "\x00", "Figure", "𝑥"}
	f.Fuzz(func(t *testing.T, b []byte) {
		var glyphs []Glyph
		for len(b) >= 6 && len(glyphs) < 2000 {
			g := Glyph{
				X: float64(binary.LittleEndian.Uint16(b)) / 100, Y: float64(binary.LittleEndian.Uint16(b[2:])) / 80,
				Size: float64(b[4]%32) / 2, Font: int32(b[4] % 2), Text: texts[int(b[5])%len(texts)],
			}
			switch b[4] >> 5 {
			case 0:
				g.DY = -g.Size / 2
			case 1:
				g.DX, g.DY = g.Size/3, g.Size/3
			case 2:
				g.X = math.NaN()
			case 3:
				g.DX = math.Inf(1)
			default:
				g.DX = g.Size / 2
			}
			glyphs = append(glyphs, g)
			b = b[6:]
		}
		half := len(glyphs) / 2
		fonts := []Font{{Name: "CMR10"}, {Name: "CMBX12", Bold: true}}
		for _, x := range Compose([]*Page{Analyse(612, 792, glyphs[:half], fonts), Analyse(612, 792, glyphs[half:], fonts)}) {
			check(t, x)
		}
	})
}

func BenchmarkLayout(b *testing.B) {
	s := newSheet()
	for i := range 8 {
		s.lines(60, 60+80*float64(i), 10, leftColumn...).lines(320, 60+80*float64(i), 10, rightColumn...)
	}
	b.ReportAllocs()
	for b.Loop() {
		Compose([]*Page{s.page()})
	}
}
