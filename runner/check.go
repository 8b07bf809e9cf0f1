package runner

import (
	"errors"
	"fmt"
	"math"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// CheckTrials recomputes the key of every trial in the library and holds every logged block against the
// trials it names: their outcomes, seeds, arms, data and engine. It lists what does not agree; n is the
// number of trials.
func CheckTrials(tx *store.Tx) (n int, wrong []hypotheses.Mismatch, err error) {
	for t, err := range store.All[Trial](tx, KindTrial) {
		if err != nil {
			return n, wrong, err
		}
		n++
		if err := t.Check(); err != nil {
			_, seq, _ := tx.Raw(KindTrial, t.ID)
			wrong = append(wrong, hypotheses.Mismatch{Seq: seq, What: err.Error()})
		}
	}
	for b, err := range store.All[hypotheses.Block](tx, hypotheses.KindBlock) {
		if err != nil {
			return n, wrong, err
		}
		if err := checkBlock(tx, b); err != nil {
			wrong = append(wrong, hypotheses.Mismatch{Seq: b.Seq, What: err.Error()})
		}
	}
	return n, wrong, nil
}

// Check recomputes the key from everything that determines the trial.
func (t Trial) Check() error {
	key, err := t.Job.Key()
	switch {
	case err != nil:
		return err
	case key != t.Key:
		return fmt.Errorf("runner: trial %.12s of arm %s: its job has the key %.12s", t.Key, t.Arm, key)
	case t.Job.Block != t.Block || t.Job.Engine != t.Engine.Version || t.Job.KernelPath != t.Engine.KernelPath:
		return fmt.Errorf("runner: trial %.12s of arm %s: block, engine or kernel path are not those of its job", t.Key, t.Arm)
	}
	return nil
}

func checkBlock(tx *store.Tx, b hypotheses.Block) error {
	s, err := store.Get[hypotheses.StartRecord](tx, hypotheses.KindStart, b.RunID)
	if err != nil {
		return err
	}
	h, err := store.Get[hypotheses.Hypothesis](tx, hypotheses.KindHypothesis, b.HypothesisID)
	if err != nil {
		return err
	}
	arms, err := identities(tx, h)
	if err != nil {
		return err
	}
	w := want{study: s.SeedStudy, name: h.Alias, data: s.Env.DataSHA, arms: arms}
	if h.Decision != nil {
		w.metric = h.Decision.Metric
	}
	var trials []Trial
	for _, ref := range b.Trials {
		if ref.Missing {
			continue
		}
		t, err := store.Get[Trial](tx, KindTrial, ref.TrialID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("runner: %s: block %d: the trial of arm %s is not in the library", h.Alias, b.B, ref.Arm)
		case err != nil:
			return err
		}
		trials = append(trials, t)
	}
	return w.check(b, trials)
}

// want is what a plan says of the trials of a block.
type want struct {
	study, name, data, metric string
	arms                      map[string]string // what stands of each in its jobs; nil: not known here
}

// check holds a block against its trials, given in the order in which it names them.
func (w want) check(b hypotheses.Block, trials []Trial) error {
	i := 0
	for _, ref := range b.Trials {
		if ref.Missing {
			continue
		}
		t := trials[i]
		i++
		wrong := func(format string, args ...any) error {
			return fmt.Errorf("runner: %s: block %d, arm %s: %s", w.name, b.B, ref.Arm, fmt.Sprintf(format, args...))
		}
		m, measured := t.Metrics[w.metric]
		j := t.Job
		switch {
		case t.ID != ref.TrialID || t.Key != ref.Key:
			return wrong("the trial's key is %.12s, the block names %.12s", t.Key, ref.Key)
		case !t.Diverged && measured && m != ref.Metric:
			return wrong("the trial gave %v, the block says %v", m, ref.Metric)
		case ref.Diverged != (t.Diverged || !measured) || ref.Diverged && !math.IsNaN(float64(ref.Metric)):
			return wrong("trial and block do not agree on whether it diverged")
		case j.Study != w.study || j.Hypothesis != w.name || j.Block != b.B || j.Tuning || j.Scope != "*":
			return wrong("its seeds are those of study %q, %s, block %d, scope %q, not of study %q, %s, block %d", j.Study, j.Hypothesis, j.Block, j.Scope, w.study, w.name, b.B)
		case w.data != "" && w.data != "generated" && j.Data != w.data:
			return wrong("its data are %.12s, those of the plan %.12s", j.Data, w.data)
		case w.arms != nil && w.arms[ref.Arm] != j.identity():
			return wrong("its net or command is not the arm's")
		case j.Engine != trials[0].Job.Engine || j.KernelPath != trials[0].Job.KernelPath:
			return wrong("engine %s %s trained it, %s %s another arm of the block", j.Engine, j.KernelPath, trials[0].Job.Engine, trials[0].Job.KernelPath)
		}
	}
	return nil
}

// identities gives what stands of each arm in the jobs of its trials.
func identities(tx *store.Tx, h hypotheses.Hypothesis) (map[string]string, error) {
	stored, err := hypotheses.FindTask(tx, h.TaskID)
	if err != nil {
		return nil, err
	}
	t, err := engineTask(stored, h)
	if err != nil {
		return nil, nil //nolint:nilerr // a task of a later version: its trials are not known here
	}
	out := map[string]string{}
	for _, a := range h.Arms {
		if isExternal(a.Spec) {
			out[a.Name] = a.Spec // its files are in the keys, whatever has become of them
			continue
		}
		if got, err := readArm(t, "", a.Name, a.Spec); err == nil { // else its trials cannot have been trained, which is said
			out[a.Name] = got.identity()
		}
	}
	return out, nil
}

// CheckRecords does what CheckTrials does for one block whose plan is known by its registration alone.
func CheckRecords(alias, seedStudy, data, metric string, b hypotheses.Block, trials []Trial) error {
	for _, t := range trials {
		if err := t.Check(); err != nil {
			return err
		}
	}
	return want{study: seedStudy, name: alias, data: data, metric: metric}.check(b, trials)
}
