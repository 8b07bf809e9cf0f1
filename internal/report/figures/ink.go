package figures

import (
	"html"
	"image/color"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tint is a colour that nothing can change.
type tint uint32

// RGBA makes a tint a colour.
func (t tint) RGBA() (r, g, b, a uint32) {
	return color.NRGBA{uint8(t >> 16), uint8(t >> 8), uint8(t), 255}.RGBA()
}

// The colours are told apart with any of the usual kinds of colour blindness; the greys carry text and lines.
const (
	dark   tint = 0x1c1f23
	dim    tint = 0x555c66
	mid    tint = 0x8a919b
	pale   tint = 0xd9dbde
	wash   tint = 0xf3f4f5
	blue   tint = 0x0072b2
	orange tint = 0xd55e00
	green  tint = 0x00805c
	gold   tint = 0xb07800
	wine   tint = 0x882255
	sky    tint = 0x3a95c9
	paper  tint = 0xffffff
)

// byRank are the colours of ordered things, such as depths.
func byRank(n int) tint {
	all := [...]tint{gold, green, blue, wine, orange, dark}
	return all[n%len(all)]
}

// faint is a tint mixed with white.
func faint(t tint, share float64) tint {
	mix := func(shift uint) tint {
		v := float64(t >> shift & 0xff)
		return tint(math.Round(255-(255-v)*share)) << shift
	}
	return mix(16) | mix(8) | mix(0)
}

// ink writes and measures text.
type ink struct{ hand text.Handler }

func newInk() *ink { return &ink{text.Plain{Fonts: font.NewCache(liberation.Collection())}} }

type align float64

const (
	left   align = 0
	centre align = -0.5
	right  align = -1
)

func (i *ink) text(size float64, t tint) text.Style {
	return text.Style{Color: t, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}, Handler: i.hand}
}

func (i *ink) bold(size float64, t tint) text.Style {
	s := i.text(size, t)
	s.Font.Weight = xfont.WeightBold
	return s
}

// write puts a line of text with its baseline at y.
func (i *ink) write(c draw.Canvas, s text.Style, x, y vg.Length, a align, line string) {
	line = printable(line)
	if line == "" {
		return
	}
	face := i.hand.Cache().Lookup(s.Font, s.Font.Size)
	c.SetColor(s.Color)
	c.FillString(face, vg.Point{X: x + vg.Length(a)*face.Width(line), Y: y}, line)
}

func (i *ink) width(s text.Style, line string) vg.Length {
	face := i.hand.Cache().Lookup(s.Font, s.Font.Size)
	return face.Width(printable(line))
}

// printable leaves out what no picture can show.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, s)
}

func escape(s string) string { return html.EscapeString(printable(s)) }

// fit shortens a line to a width.
func (i *ink) fit(line string, s text.Style, width vg.Length) string {
	if i.width(s, line) <= width {
		return line
	}
	rs := []rune(line)
	for n := len(rs) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(rs[:n]), " ,;:.") + "…"; i.width(s, short) <= width {
			return short
		}
	}
	return ""
}

// wrap folds a text into lines of a width.
func (i *ink) wrap(words string, s text.Style, width vg.Length) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(words) {
		switch next := strings.TrimSpace(line + " " + w); {
		case line == "" || i.width(s, next) <= width:
			line = next
		default:
			lines, line = append(lines, line), w
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
