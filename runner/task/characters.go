package task

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"math"
	"slices"
)

//go:embed data/shakespeare-200000.txt.gz
var shakespeare []byte

// The first 200,000 bytes of tiny-shakespeare.
const (
	excerpt     = "shakespeare-200000.txt"
	excerptSize = 200000
	excerptSHA  = "74990c048a8dbd1535178eeecbcbc090d6509224e31b5387ef4887e354922a30"
)

const (
	common  = 40         // characters that have a token of their own
	letters = common + 1 // tokens: the rest share one
	window  = 32         // characters a net sees at once
)

// tokens is the excerpt in lower case, every character as its rank among the most common; of equally common
// ones the smaller byte comes first.
func tokens() ([]float32, error) {
	text, err := unpacked(shakespeare)
	if err != nil {
		return nil, fmt.Errorf("runner/task: D7: %w", err)
	}
	var count [256]int
	for i, b := range text {
		if b >= 'A' && b <= 'Z' {
			text[i] = b + 'a' - 'A'
		}
		count[text[i]]++
	}
	byCount := make([]int, 256)
	for b := range byCount {
		byCount[b] = b
	}
	slices.SortStableFunc(byCount, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	var rank [256]float32
	for i, b := range byCount {
		rank[b] = float32(min(i, common))
	}
	out := make([]float32, len(text))
	for i, b := range text {
		out[i] = rank[b]
	}
	return out, nil
}

// windows deals stretches of a text from any place in it; the answer to each character is the next.
type windows struct {
	text []float32
	c    *chance
}

func (w *windows) next(x, y []float32) {
	for at := 0; at < len(x); at += window {
		from := w.c.below(len(w.text) - window)
		copy(x[at:][:window], w.text[from:])
		copy(y[at:][:window], w.text[from+1:])
	}
}

func (w *windows) archive(a *archive) { w.c.archive(a) }

// reading is a text cut into windows one after another.
func reading(text []float32) part {
	rows := (len(text) - 1) / window
	return part{x: text[:rows*window], y: text[1:][:rows*window], in: window, out: window, rows: rows}
}

func loadCharacters(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	text, err := tokens()
	if err != nil {
		return nil, err
	}
	k := t.Task
	if len(text) != k.Train+k.Validation+k.Test {
		return nil, fmt.Errorf("runner/task: D7: a text of %d characters for %d, %d and %d", len(text), k.Train, k.Validation, k.Test)
	}
	return &material{
		deal:       &windows{text[:k.Train], newChance(seeds("order"))},
		validation: reading(text[k.Train:][:k.Validation]),
		test:       reading(text[k.Train+k.Validation:]),
		tally:      func() tally { return &perplexity{classes{n: letters, per: window}} },
	}, nil
}

// perplexity is the loss in bits a character.
type perplexity struct{ classes }

func (b *perplexity) wrong() float64               { return b.mean() / math.Ln2 }
func (b *perplexity) metrics(m map[string]float64) { m[TestBits] = b.wrong() }
