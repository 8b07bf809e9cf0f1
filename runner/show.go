package runner

import (
	"fmt"
	"math"
	"time"

	"tenet/hypotheses"
	"tenet/runner/task"
)

// show tells the caller how a run goes. It keeps curves and rates for that; nothing in it is a result.
type show struct {
	r        *run
	curves   map[*slot][]Point
	done     int
	total    int
	trialSum time.Duration // wall time of the trials so far
	trials   int
	pace     time.Duration // a whole trial at the latest rate, until a trial has ended
	planned  int           // blocks until a verdict, as far as one can tell
	first    int           // the block this run began with
	taken    int           // blocks logged
	warned   bool
}

func newShow(r *run) show {
	return show{r: r, curves: map[*slot][]Point{}}
}

func (s *show) event(e Event) {
	e.Run, e.Hypothesis = s.r.rec.Alias, s.r.plan.h.Alias
	e.Done, e.Total, e.ETA = s.done, s.total, s.eta()
	s.r.options.OnEvent(e)
}

func (s *show) note(text string) { s.event(Event{Kind: EventNote, Text: text}) }

// begin is told the first block; before it lies only the search for learning rates.
func (s *show) begin(first int) {
	s.done = 0
	s.first, s.taken = first, first
	s.planned = max(first+1, s.r.plan.params.NMin, s.r.plan.h.Budget.BlocksExpected)
	s.total = (s.planned - first) * len(s.r.plan.arms)
}

func (s *show) of(kind EventKind, t *slot) Event {
	e := Event{Kind: kind, Arm: t.arm.name, Trial: t.n, Steps: t.job.Steps, Block: t.job.Block + 1, Curve: s.curves[t]}
	if t.job.Tuning {
		e.Block, e.Arm = 0, fmt.Sprintf("%s (rate %g)", t.arm.name, float64(t.job.Rate))
	}
	return e
}

func (s *show) step(t *slot, f *frame) {
	for _, p := range f.Points {
		s.curves[t] = append(s.curves[t], p.point())
	}
	e := s.of(EventStep, t)
	e.Step, e.Loss, e.Rate = f.Step, float64(f.Loss), float64(f.Rate)
	if f.Rate > 0 {
		s.pace = time.Duration(float64(t.job.Steps) / float64(f.Rate) * float64(time.Second))
	}
	s.event(e)
}

func (s *show) trial(t *slot) {
	s.done++
	s.total = max(s.total, s.done)
	s.trials++
	s.trialSum += time.Duration(t.trial.Usage.WallMS) * time.Millisecond
	e := s.of(EventTrial, t)
	e.Step, e.Text = t.job.Steps, outcomeWords(t, s.r.plan.metric)
	s.event(e)
	delete(s.curves, t)
}

func (s *show) reused(t *slot) {
	s.done++
	s.total = max(s.total, s.done)
	e := s.of(EventTrial, t)
	e.Step, e.Text = t.job.Steps, outcomeWords(t, s.r.plan.metric)+", trained before"
	s.event(e)
}

func outcomeWords(t *slot, metric string) string {
	if t.trial.Diverged {
		return fmt.Sprintf("diverged at step %d", t.trial.DivergedAt)
	}
	if t.job.Tuning && t.job.Exec == nil {
		metric = task.ValidationScore
	}
	return fmt.Sprintf("%s %.4f", metric, float64(t.trial.Metrics[metric]))
}

func (s *show) lost(t *slot, rep report) {
	e := s.of(EventLost, t)
	e.Text = fmt.Sprintf("attempt %d of %d: %v", rep.attempt, maxAttempts, rep.lost)
	s.event(e)
	delete(s.curves, t)
}

// unkept says once that states cannot be kept; the trials go on without.
func (s *show) unkept(err error) {
	if !s.warned {
		s.warned = true
		s.note("a killed run will have to begin its trials anew: " + err.Error())
	}
}

func (s *show) block(taken int, p hypotheses.Progress) {
	s.taken = taken
	s.replan(p)
	d := p.D.D
	s.event(Event{
		Kind: EventBlock, Block: taken, D: d, V: p.V, R: p.R, Estimate: p.Estimate,
		Lower: p.Bounds.Lower, Upper: p.Bounds.Upper, T: nearer(p), Text: p.D.String(),
	})
}

// nearer is the threshold of the evidence that leads.
func nearer(p hypotheses.Progress) float64 {
	if p.R > p.V {
		return p.TR
	}
	return p.TV
}

// replan guesses at how many blocks the verdict will come: evidence grows by about the same factor a block.
func (s *show) replan(p hypotheses.Progress) {
	lead := math.Log(max(p.V, p.R))
	if lead > 0.5 && s.taken > 0 {
		guess := float64(s.taken) * math.Log(nearer(p)) / lead
		s.planned = int(math.Ceil(min(guess, float64(s.r.plan.params.NMax))))
	}
	s.planned = min(max(s.planned, s.taken+1, s.r.plan.params.NMin), s.r.plan.params.NMax)
	s.total = max(s.done, (s.planned-s.first)*len(s.r.plan.arms))
}

func (s *show) verdict(res Result) {
	s.total = s.done
	s.event(Event{
		Kind: EventVerdict, Block: res.Record.Stop, V: res.Record.V, R: res.Record.R, Estimate: res.Record.Estimate,
		Lower: res.Record.Lower, Upper: res.Record.Upper, T: max(res.Record.TV, res.Record.TR), Text: res.Verdict + " (" + res.Reason + ")",
	})
}

func (s *show) eta() time.Duration {
	if s.total <= s.done {
		return 0
	}
	each := s.pace
	if s.trials > 0 {
		each = s.trialSum / time.Duration(s.trials)
	}
	return each * time.Duration(s.total-s.done) / time.Duration(s.r.options.Jobs)
}
