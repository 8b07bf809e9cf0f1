package calibrate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"tenet/hypotheses/decision"
)

// Alpha is the level of every rule in the table.
const Alpha = 0.05

// Options say how much is simulated. The zero value is the good default.
type Options struct {
	Runs   int    // sequences per row; 0: 2000
	Blocks int    // at most, per sequence; 0: 60
	Seed   uint64 // 0: 1
	Jobs   int    // workers; 0: the number of processors
}

// Share is a share of the runs with its Monte Carlo standard error.
type Share struct {
	Of    float64 `json:"of"`
	Error float64 `json:"error"`
}

// Row is one law at one true effect.
type Row struct {
	Law       string  `json:"law"`
	Symmetric bool    `json:"symmetric"`
	Effect    float64 `json:"effect"` // true centre of D, in units of its spread
	Delta     float64 `json:"delta"`  // smallest effect worth having

	Validated Share   `json:"validated"`
	Refuted   Share   `json:"refuted"`
	Blocks    float64 `json:"blocks"` // mean
	Blocks90  int     `json:"blocks90"`
	ByBlock   []Share `json:"by_block,omitempty"` // effect 0: V has reached 1/α by block 10, 20, …

	TTest         [2]Share `json:"t_test"` // after a third of the blocks, after all
	Wilcoxon      [2]Share `json:"wilcoxon"`
	Peeking       Share    `json:"peeking"`
	PeekingBlocks float64  `json:"peeking_blocks"`
}

// Table is the whole calibration.
type Table struct {
	Runs   int    `json:"runs"`
	Blocks int    `json:"blocks"`
	Fixed  [2]int `json:"fixed"` // sample sizes of the fixed tests
	Rows   []Row  `json:"rows"`
}

// NullDelta is Δ of the rows that measure false verdicts.
const NullDelta = 0.25

func (o Options) filled() Options {
	if o.Runs <= 0 {
		o.Runs = 2000
	}
	if o.Blocks <= 0 {
		o.Blocks = 60
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	return o
}

// Run simulates the table: for each law no effect, the edge Δ where a
// refutation is false, and effects of half a spread to two.
func Run(ctx context.Context, o Options) (Table, error) {
	o = o.filled()
	t := Table{Runs: o.Runs, Blocks: o.Blocks, Fixed: [2]int{o.Blocks / 3, o.Blocks}}
	var laws []Law
	for _, l := range Laws() {
		for _, d := range []float64{0, NullDelta, 0.5, 1, 1.5, 2} {
			if !l.Symmetric && d > NullDelta && d != 1 {
				continue
			}
			delta := d / 2
			if d <= NullDelta {
				delta = NullDelta
			}
			t.Rows = append(t.Rows, Row{Law: l.Name, Symmetric: l.Symmetric, Effect: d, Delta: delta})
			laws = append(laws, l)
		}
	}
	errs := make([]error, len(t.Rows))
	next := make(chan int)
	var wg sync.WaitGroup
	for range o.Jobs {
		wg.Go(func() {
			for i := range next {
				errs[i] = t.Rows[i].simulate(ctx, laws[i], o, uint64(i))
			}
		})
	}
	for i := range t.Rows {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return t, err
		}
	}
	return t, nil
}

func (r *Row) simulate(ctx context.Context, l Law, o Options, stream uint64) error {
	rng := rand.New(rand.NewPCG(o.Seed, stream))
	rule, err := decision.NewSequence(decision.Params{Delta: r.Delta, NMax: o.Blocks, Constant: decision.Allow})
	if err != nil {
		return err
	}
	open, err := decision.NewSequence(decision.Params{Delta: r.Delta, NMax: o.Blocks, Constant: decision.Allow, TVal: math.MaxFloat64, TRef: math.MaxFloat64})
	if err != nil {
		return err
	}
	point := critical(o.Blocks)
	var ranks rankTest
	d, stops := make([]float64, o.Blocks), make([]int, o.Runs)
	reached := make([]int, o.Blocks) // the block at which V first reached 1/α
	var validated, refuted, peeked, blocks, peekBlocks int
	var fixedT, fixedW [2]int
	for run := range o.Runs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("calibrate: %s, effect %v: stopped after %d of %d runs: %w", l.Name, r.Effect, run, o.Runs, err)
		}
		for b := range d {
			d[b] = r.Effect + l.draw(rng, b)
		}
		verdict, stop, err := judge(rule, d)
		if err != nil {
			return err
		}
		switch verdict {
		case decision.Validated:
			validated++
		case decision.Refuted:
			refuted++
		}
		stops[run] = stop
		blocks += stop
		if r.Effect == 0 {
			if b, err := reaches(open, d, 1/Alpha); err != nil {
				return err
			} else if b >= 0 {
				reached[b]++
			}
		}
		for i, n := range [2]int{o.Blocks / 3, o.Blocks} {
			fixedT[i] += one(tValue(d[:n]) >= point[n])
			fixedW[i] += one(ranks.p(d[:n]) <= Alpha)
		}
		look := peek(d, point)
		peeked += one(look > 0)
		peekBlocks += cmpOr(look, o.Blocks)
	}
	share := func(n int) Share {
		p := float64(n) / float64(o.Runs)
		return Share{p, math.Sqrt(p * (1 - p) / float64(o.Runs))}
	}
	slices.Sort(stops)
	r.Validated, r.Refuted, r.Peeking = share(validated), share(refuted), share(peeked)
	r.Blocks, r.PeekingBlocks = float64(blocks)/float64(o.Runs), float64(peekBlocks)/float64(o.Runs)
	r.Blocks90 = stops[(9*o.Runs+9)/10-1]
	for i := range fixedT {
		r.TTest[i], r.Wilcoxon[i] = share(fixedT[i]), share(fixedW[i])
	}
	if r.Effect == 0 {
		sum := 0
		for b, n := range reached {
			if sum += n; (b+1)%10 == 0 {
				r.ByBlock = append(r.ByBlock, share(sum))
			}
		}
	}
	return nil
}

// judge runs d through the rule.
func judge(s *decision.Sequence, d []float64) (verdict string, stop int, err error) {
	s.Reset()
	for _, v := range d {
		if err := s.Add(decision.Block{D: v}); err != nil {
			return "", 0, err
		}
		if s.Done() {
			break
		}
	}
	verdict, _ = s.Outcome()
	return verdict, s.Len(), nil
}

// reaches gives the block, from 0, at which V first was at least t; −1 if none.
func reaches(s *decision.Sequence, d []float64, t float64) (int, error) {
	s.Reset()
	for b, v := range d {
		if err := s.Add(decision.Block{D: v}); err != nil {
			return -1, err
		}
		if got, _ := s.Evidence(); got >= t {
			return b, nil
		}
	}
	return -1, nil
}

// peek gives the number of blocks at which a t-test looked at after each block
// from the fifth on first calls an effect; 0 if never.
func peek(d, point []float64) int {
	for n := 5; n <= len(d); n++ {
		if tValue(d[:n]) >= point[n] {
			return n
		}
	}
	return 0
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func cmpOr(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}
