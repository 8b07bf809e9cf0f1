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
	done := 0
	err := p.feed(ctx, 2*o.Jobs, jobs, func(r report) error { // one waits for each worker
		switch {
		case r.missing != nil:
			return fmt.Errorf("runner: a trial failed %d times: %w", maxAttempts, r.missing)
		case r.result != nil:
			out[r.n-1] = r.result
			if done++; told != nil {
				told(done)
			}
		}
		return nil
	})
	p.drain()
	return out, err
}

// feed gives out jobs in their order, width at a time, until each has come to an end. heard hears every report;
// an error of it ends the feeding.
func (p *pool) feed(ctx context.Context, width int, jobs []Job, heard func(report) error) error {
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
			if r.stopped != nil {
				return r.stopped
			}
			if r.result != nil || r.missing != nil {
				done++
			}
			if err := heard(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// drain stops the pool and waits until its workers have ended.
func (p *pool) drain() {
	p.stop()
	for range p.reports {
	}
}
