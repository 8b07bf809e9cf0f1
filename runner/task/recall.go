package task

import "context"

const (
	symbols = 8
	free    = 5 // D6b: the last steps, which are never cued
)

// sequences draws recall tasks. A step is a symbol, one-hot, and whether it is cued; the answer is the symbol
// cued last. In D6a that is the first, always; in D6b each of the others but the last five is cued with
// probability 1/4 too, so old content must be given up.
type sequences struct {
	steps  int
	latest bool
	c      *chance
}

func (s *sequences) next(x, y []float32) {
	const in = symbols + 1
	clear(x)
	for b := range y {
		for t := range s.steps {
			row := x[(b*s.steps+t)*in:][:in]
			symbol := s.c.below(symbols)
			row[symbol] = 1
			if t == 0 || s.latest && t < s.steps-free && s.c.below(4) == 0 {
				row[symbols] = 1
				y[b] = float32(symbol)
			}
		}
	}
}

func (s *sequences) archive(a *archive) { s.c.archive(a) }

func (s *sequences) part(rows int, c *chance) part {
	p := part{x: make([]float32, rows*s.steps*(symbols+1)), y: make([]float32, rows), in: s.steps * (symbols + 1), out: 1, rows: rows}
	at := *s
	at.c = c
	at.next(p.x, p.y)
	return p
}

func loadRecall(_ context.Context, t Trial, seeds Seeds) (*material, error) {
	s := &sequences{steps: t.Task.lag() + 1, latest: t.Task.Name == "D6b", c: newChance(seeds("order"))}
	return &material{
		deal:       s,
		validation: s.part(t.Task.Validation, newChance(seeds("validation"))),
		test:       s.part(t.Task.Test, newChance(seeds("eval"))),
		tally: func() tally {
			return &classes{n: symbols, per: 1, name: RecallAccuracy, lossName: TestLoss}
		},
	}, nil
}
