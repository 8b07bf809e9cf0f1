package runner

import (
	"context"
	"fmt"
)

// runJobs trains jobs that belong to no run: nothing is looked up and nothing is kept. dir is where external
// commands run. told, if not nil, hears how many are done.
func runJobs(ctx context.Context, o Options, dir string, jobs []Job, told func(done int)) ([]*wireResult, error) {
	p := newPool(ctx, o, dir, nil, nil)
	out := make([]*wireResult, len(jobs))
	err := p.feed(ctx, 2*o.Jobs, jobs, out, told) // one waits for each worker
	p.stop()
	for range p.reports { // so that the workers can end
	}
	return out, err
}

func (p *pool) feed(ctx context.Context, width int, jobs []Job, out []*wireResult, told func(int)) error {
	given, done := 0, 0
	for done < len(jobs) {
		for given < len(jobs) && given-done < width {
			select {
			case p.todo <- assignment{n: given + 1, job: jobs[given]}:
				given++
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case r := <-p.reports:
			switch {
			case r.missing != nil:
				return fmt.Errorf("runner: a trial failed %d times: %w", maxAttempts, r.missing)
			case r.stopped != nil:
				return r.stopped
			case r.result != nil:
				out[r.n-1] = r.result
				done++
				if told != nil {
					told(done)
				}
			}
		}
	}
	return nil
}
