package runner

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Repetition is what training every recorded trial of a hypothesis once more gave: those of the blocks that
// its verdict rests on, and those that chose its learning rates. Nothing of it is recorded.
type Repetition struct {
	Hypothesis string        `json:"hypothesis"`
	Record     Judged        `json:"on_record"`
	Again      *Judged       `json:"again,omitempty"` // the rule on the trials trained again; none where the repetition was cut short
	Trials     int           `json:"trials"`
	Trained    int           `json:"trained"`   // of the trials
	Different  []Difference  `json:"different"` // whose bits are not those on record
	KernelPath string        `json:"kernel_path"`
	Recorded   string        `json:"recorded_kernel_path"`
	Engine     string        `json:"engine"`
	RecordedBy string        `json:"recorded_engine"`
	Wall       time.Duration `json:"wall_ns"` // from its first trial to its last
	CPU        time.Duration `json:"cpu_ns"`
	EnergyJ    float64       `json:"energy_j"`
	CO2G       float64       `json:"co2_g"`
	Basis      string        `json:"basis"`
}

// Judged is a verdict with its numbers.
type Judged struct {
	Verdict  string     `json:"verdict"`
	Reason   string     `json:"reason"`
	Computed string     `json:"computed,omitempty"` // what the blocks say, where a deviation made the verdict invalid
	Estimate store.Real `json:"estimate"`
	Lower    store.Real `json:"lower"`
	Upper    store.Real `json:"upper"`
	Blocks   int        `json:"blocks"`
}

func judged(r decision.Record) Judged {
	j := Judged{
		Verdict: r.Verdict, Reason: r.Reason, Estimate: store.Real(r.Estimate),
		Lower: store.Real(r.Lower), Upper: store.Real(r.Upper), Blocks: r.Stop,
	}
	if r.Computed != r.Verdict {
		j.Computed = r.Computed
	}
	return j
}

// String says it in words.
func (j Judged) String() string {
	s := j.Verdict
	if j.Computed != "" {
		s += " (its blocks say " + j.Computed + ")"
	}
	s = fmt.Sprintf("%s after %s, estimate %.4g", s, count(j.Blocks, "block"), float64(j.Estimate))
	lower, upper := float64(j.Lower), float64(j.Upper)
	switch {
	case !math.IsInf(lower, -1) && !math.IsInf(upper, 1):
		s += fmt.Sprintf(", bounds %.4g to %.4g", lower, upper)
	case !math.IsInf(lower, -1):
		s += fmt.Sprintf(", at least %.4g", lower)
	case !math.IsInf(upper, 1):
		s += fmt.Sprintf(", at most %.4g", upper)
	}
	return s
}

// Difference is a trial that gave other bits.
type Difference struct {
	Arm    string `json:"arm"`
	Block  int    `json:"block"` // seed index
	Tuning bool   `json:"tuning,omitempty"`
	Key    string `json:"key"`
	Text   string `json:"text"`
}

// String names the trial and what differs.
func (d Difference) String() string {
	where := "block"
	if d.Tuning {
		where = "tuning seed"
	}
	return fmt.Sprintf("%s %d, arm %s, key %.12s: %s", where, d.Block, d.Arm, d.Key, d.Text)
}

// Whole reports that every trial was trained again.
func (r Repetition) Whole() bool { return r.Trained == r.Trials }

// Same reports a repetition in which every bit is the one on record.
func (r Repetition) Same() bool { return len(r.Different) == 0 }

// elsewhere says under what other engine or on what other kernel path the record was made; "" for the same.
func (r Repetition) elsewhere() string {
	var parts []string
	if r.Engine != r.RecordedBy {
		parts = append(parts, fmt.Sprintf("engine %s, recorded by %s", r.Engine, r.RecordedBy))
	}
	if r.KernelPath != r.Recorded {
		parts = append(parts, fmt.Sprintf("kernel path %s, recorded on %s", r.KernelPath, r.Recorded))
	}
	return strings.Join(parts, "; ")
}

// String says in one sentence what came of it.
func (r Repetition) String() string {
	s := r.Hypothesis + ": " + count(r.Trials, "trial")
	if !r.Whole() {
		s = fmt.Sprintf("%s: %d of %s", r.Hypothesis, r.Trained, count(r.Trials, "trial"))
	}
	if e := r.elsewhere(); e != "" {
		s += " (" + e + ")"
	}
	switch {
	case r.Trained == 0:
		return s + ", nothing compared yet"
	case r.Same() && r.Whole():
		return s + ", all bits equal: " + r.Record.Verdict + " again"
	case r.Same():
		return s + ", their bits all equal; the rest was not trained"
	case !r.Whole():
		return fmt.Sprintf("%s, %d of them with other bits; the rest was not trained", s, len(r.Different))
	case r.Again != nil && r.Again.Verdict == r.Record.Verdict:
		return fmt.Sprintf("%s, %d with other bits, and the same verdict: %s", s, len(r.Different), r.Record.Verdict)
	}
	return fmt.Sprintf("%s, %d with other bits, and another verdict", s, len(r.Different))
}

// Details are lines below the sentence: both verdicts, where they were compared, and each trial that differs.
func (r Repetition) Details() []string {
	var lines []string
	if r.Again != nil && (!r.Same() || r.elsewhere() != "") {
		lines = append(lines, "on record: "+r.Record.String(), "again:     "+r.Again.String())
	}
	for _, d := range r.Different {
		lines = append(lines, "! "+d.String())
	}
	return lines
}

// recorded is what the ledger holds of a decided hypothesis.
type recorded struct {
	h      hypotheses.Hypothesis
	blocks []hypotheses.Block
	trials []Trial
}

func readRecorded(tx *store.Tx, name string) (recorded, error) {
	h, err := hypotheses.Find(tx, name)
	switch {
	case err != nil:
		return recorded{}, err
	case h.Verdict == nil || h.Lock == nil:
		return recorded{}, fmt.Errorf("runner: %s has no verdict to repeat; it is %s", h.Alias, h.State)
	}
	r := recorded{h: h}
	s, err := store.Get[hypotheses.StartRecord](tx, hypotheses.KindStart, h.Verdict.RunID)
	if err != nil {
		return r, err
	}
	if r.blocks, err = hypotheses.BlocksAt(tx, s, h.Verdict.Seq); err != nil {
		return r, err
	}
	wanted := map[string]bool{}
	for _, b := range r.blocks {
		for _, ref := range b.Trials {
			wanted[ref.TrialID] = !ref.Missing
		}
	}
	for t, err := range TrialsOf(tx, h.ID) {
		if err != nil {
			return r, err
		}
		if wanted[t.ID] || t.Job.Tuning && t.Job.Study == s.SeedStudy {
			r.trials = append(r.trials, t)
			delete(wanted, t.ID)
		}
	}
	for id, still := range wanted {
		if still {
			return r, fmt.Errorf("runner: %s: trial %s of its blocks is not in the library", h.Alias, id)
		}
	}
	if len(r.trials) == 0 {
		return r, fmt.Errorf("runner: %s: no trial of it is in the library", h.Alias)
	}
	return r, nil
}

// outcome is of a trial trained again what the rule needs.
type outcome struct {
	metrics  map[string]wireReal
	diverged bool
}

// judge reads new outcomes of the recorded blocks, by the trials' ids. A trial that has none is missing.
func (r recorded) judge(got map[string]outcome) (decision.Record, error) {
	blocks := make([]hypotheses.Block, len(r.blocks))
	for i, b := range r.blocks {
		refs := make([]hypotheses.TrialRef, len(b.Trials))
		for k, ref := range b.Trials {
			o, ok := got[ref.TrialID]
			m, measured := o.metrics[r.h.Decision.Metric]
			refs[k] = hypotheses.TrialRef{Arm: ref.Arm, TrialID: ref.TrialID, Key: ref.Key}
			switch {
			case !ok:
				refs[k].Missing = true
			case o.diverged || !measured:
				refs[k].Metric, refs[k].Diverged = wireReal(notANumber()), true // as a block logs it
			default:
				refs[k].Metric = m
			}
		}
		b.Trials = refs
		blocks[i] = b
	}
	return hypotheses.JudgeAgain(r.h, blocks)
}
