package decision

import (
	"fmt"
	"math"
	"strconv"
)

// BlockKind says whether a block gave a number.
type BlockKind uint8

// The three kinds of block.
const (
	Informative BlockKind = iota // D is a number, possibly infinite
	Void                         // every arm diverged
	Missing                      // a trial has no outcome
)

// Block is what one seed over all arms gave.
type Block struct {
	D        float64 // in units of the score; 0 unless informative
	Kind     BlockKind
	Diverged bool // some trial of the block diverged
}

// Values makes informative blocks of plain numbers.
func Values(d ...float64) []Block {
	out := make([]Block, len(d))
	for i, v := range d {
		out[i].D = v
	}
	return out
}

// ParseBlock reads the text that [Block.String] writes: a decimal, "inf",
// "-inf", "void" or "missing".
func ParseBlock(s string) (Block, error) {
	switch s {
	case "void":
		return Block{Kind: Void, Diverged: true}, nil
	case "missing":
		return Block{Kind: Missing}, nil
	}
	d, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(d) {
		return Block{}, fmt.Errorf("decision: D %q is neither a number nor void nor missing", s)
	}
	return Block{D: d}, nil
}

// String gives D as the shortest decimal that reads back the same, or the
// kind of a block without one. ParseBlock(b.String()) has the D and kind of b.
func (b Block) String() string {
	switch {
	case b.Kind == Void:
		return "void"
	case b.Kind == Missing:
		return "missing"
	case math.IsInf(b.D, 1):
		return "inf"
	case math.IsInf(b.D, -1):
		return "-inf"
	}
	return strconv.FormatFloat(b.D, 'g', -1, 64)
}
