package layout

// A Glyph is one painted character, in the order of painting. Coordinates are
// points on the page as shown, origin top left, y downwards.
type Glyph struct {
	Text   string  // what it says; "" where the font does not tell
	X, Y   float64 // the pen before it, on the baseline
	DX, DY float64 // its advance
	Size   float64 // height of the type
	Font   int32   // index into the page's fonts
	Flags  Flags
}

// Unknown stands for a sign of which the font does not say what it is. A row of
// them is written as one.
const Unknown = "\uFFFD"

// Flags of a glyph.
type Flags uint8

const (
	// Hidden text is not painted: a scan's recognised text.
	Hidden Flags = 1 << iota
	// Artifact text is marked by the file as not part of the content.
	Artifact
)

// A Font is what layout needs to know of a typeface.
type Font struct {
	Name         string
	Bold, Italic bool
	Fixed        bool
}

// A Box is a rectangle: points, origin top left.
type Box struct{ X0, Y0, X1, Y1 float64 }
