package bench

import (
	"context"
	"fmt"

	"tenet/runner/kernel"
)

// Rate is what one kernel does alone, with all it reads at hand.
type Rate struct {
	Kernel    string  `json:"kernel"`
	GFLOPS    float64 `json:"gflops"`     // of the fastest run
	PeakShare float64 `json:"peak_share"` // of Report.PeakGFLOPS
}

// rates times every sprint for a tenth of a second: the fastest run counts.
func (o Options) rates(ctx context.Context) ([]Rate, error) {
	sprints, err := kernel.Sprints()
	if err != nil {
		return nil, fmt.Errorf("runner/bench: %w", err)
	}
	var rates []Rate
	for _, s := range sprints {
		times := int(max(1, 1e8/s.FLOP)) // about a millisecond a run
		best := 0.0
		for begun := o.Now(); ctx.Err() == nil && (best == 0 || o.Now().Sub(begun).Seconds() < 0.1); {
			start := o.Now()
			for range times {
				s.Run()
			}
			best = max(best, s.FLOP*float64(times)/o.Now().Sub(start).Seconds()/1e9)
		}
		rates = append(rates, Rate{Kernel: s.Name, GFLOPS: best})
	}
	return rates, nil
}
