package proof

import (
	"encoding/json"
	"fmt"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

// Result is what an audit of a proof file found to hold.
type Result struct {
	Sentence   string `json:"sentence"`
	Hypothesis string `json:"hypothesis"`
	Verdict    string `json:"verdict,omitempty"` // "" in the receipt of a lock
	Reason     string `json:"reason,omitempty"`
	Digest     string `json:"digest"`    // of the plan
	LockedAt   string `json:"locked_at"` // claimed: no clock but the library's says so
	LockSeq    uint64 `json:"lock_seq"`
	VerdictSeq uint64 `json:"verdict_seq,omitempty"`
	Blocks     int    `json:"blocks"`
	Trials     int    `json:"trials"`
	Records    int    `json:"records"`
	Size       uint64 `json:"size"` // of the tree
	Root       string `json:"root"`
	Key        string `json:"key"` // whose signature it is
	Controls   string `json:"controls,omitempty"`
	Power      string `json:"power,omitempty"`
	Stamp      string `json:"stamp,omitempty"` // for the caller, who may hold a time stamp of the file
}

// Audit checks a proof file from its bytes alone: signature, inclusion of each
// record, and the verdict anew from the trials upwards.
func Audit(data []byte) (Result, error) {
	f, err := parse(data)
	if err != nil {
		return Result{}, err
	}
	head, err := store.OpenCheckpoint(f.checkpoint, f.key)
	if err != nil {
		return Result{}, fmt.Errorf("proof: %w", err)
	}
	for _, r := range f.records { // all bytes before any meaning
		if err := r.Included(head); err != nil {
			return Result{}, fmt.Errorf("proof: %w", err)
		}
	}
	g := gathered{trials: map[string]runner.Trial{}, blocks: map[string][]hypotheses.Block{}}
	for _, r := range f.records {
		c, err := r.Change()
		if err != nil {
			return Result{}, fmt.Errorf("proof: %w", err)
		}
		if err := g.take(c); err != nil {
			return Result{}, err
		}
	}
	var c hypotheses.Case
	var want string
	if len(g.verdicts) == 0 && len(g.locks) == 1 && len(f.records) == 1 { // the receipt of a lock
		c.Lock = g.locks[0]
		want, err = c.Lock.Sentence()
	} else if c, err = g.theCase(); err == nil {
		if err = g.check(c); err == nil {
			want, err = c.Sentence()
		}
	}
	if err != nil {
		return Result{}, err
	}
	if want != f.sentence {
		return Result{}, fmt.Errorf("proof: its sentence is %q, its records say %q: %w", f.sentence, want, store.ErrCorrupt)
	}
	r, err := c.Lock.Registration()
	return Result{
		Sentence: want, Hypothesis: r.Hypothesis, Verdict: c.Verdict.Verdict, Reason: c.Verdict.Reason, Digest: c.Lock.Digest,
		LockedAt: c.Lock.At, LockSeq: c.Lock.Seq, VerdictSeq: c.Verdict.Seq, Blocks: len(c.Blocks), Trials: len(g.trials),
		Records: len(f.records), Size: head.Size, Root: fmt.Sprintf("%x", head.Root), Key: f.key, Controls: c.Lock.Controls, Power: c.Lock.Power,
	}, err
}

// gathered is what the records of a file hold.
type gathered struct {
	locks      []hypotheses.LockRecord
	starts     []hypotheses.StartRecord
	deviations []hypotheses.SeqDeviation
	blocks     map[string][]hypotheses.Block // by hypothesis
	trials     map[string]runner.Trial       // by id
	verdicts   []hypotheses.Verdict
}

func (g *gathered) take(c store.Change) error {
	own := func(seq uint64, id string) error {
		if seq != c.Seq || id != c.ID || c.Before != nil || !c.Final {
			return fmt.Errorf("proof: change %d holds a %s that is not of this change: %w", c.Seq, c.Kind, store.ErrCorrupt)
		}
		return nil
	}
	switch c.Kind {
	case hypotheses.KindLock:
		v, err := into[hypotheses.LockRecord](c)
		g.locks = append(g.locks, v)
		return first(err, own(v.Seq, v.ID))
	case hypotheses.KindStart:
		v, err := into[hypotheses.StartRecord](c)
		g.starts = append(g.starts, v)
		return first(err, own(v.Seq, v.ID))
	case hypotheses.KindDeviation:
		v, err := into[hypotheses.Deviation](c)
		g.deviations = append(g.deviations, hypotheses.SeqDeviation{Deviation: v, Seq: c.Seq})
		return first(err, own(c.Seq, v.ID))
	case hypotheses.KindBlock:
		v, err := into[hypotheses.Block](c)
		g.blocks[v.HypothesisID] = append(g.blocks[v.HypothesisID], v)
		return first(err, own(v.Seq, v.ID))
	case hypotheses.KindVerdict:
		v, err := into[hypotheses.Verdict](c)
		g.verdicts = append(g.verdicts, v)
		return first(err, own(v.Seq, v.ID))
	case runner.KindTrial:
		v, err := into[runner.Trial](c)
		g.trials[v.ID] = v
		return first(err, own(c.Seq, v.ID))
	}
	return fmt.Errorf("proof: change %d is a %s, which no proof holds: %w", c.Seq, c.Kind, store.ErrCorrupt)
}

func into[T any](c store.Change) (T, error) {
	var v T
	if err := json.Unmarshal(c.After, &v); err != nil {
		return v, fmt.Errorf("proof: change %d: %s: %w", c.Seq, c.Kind, err)
	}
	return v, nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// theCase sorts the records into the one case that a file proves.
func (g *gathered) theCase() (hypotheses.Case, error) {
	c := hypotheses.Case{Starts: g.starts, Deviations: g.deviations}
	if len(g.verdicts) != 1 {
		return c, fmt.Errorf("proof: %d verdicts, want one: %w", len(g.verdicts), store.ErrCorrupt)
	}
	c.Verdict = g.verdicts[0]
	found := false
	for _, l := range g.locks {
		if l.ID == c.Verdict.LockID && l.HypothesisID == c.Verdict.HypothesisID {
			c.Lock, found = l, true
			continue
		}
		c.Peers = append(c.Peers, hypotheses.Peer{Lock: l, Blocks: g.blocks[l.HypothesisID]})
	}
	if !found {
		return c, fmt.Errorf("proof: the lock of the verdict is not in it: %w", store.ErrCorrupt)
	}
	c.Blocks = g.blocks[c.Verdict.HypothesisID]
	return c, nil
}

// check judges the case, and each of its blocks against its trials.
func (g *gathered) check(c hypotheses.Case) error {
	if err := c.Check(); err != nil {
		return err
	}
	r, err := c.Lock.Registration()
	if err != nil {
		return err
	}
	starts := map[string]hypotheses.StartRecord{}
	for _, s := range c.Starts {
		starts[s.RunID] = s
	}
	for _, b := range c.Blocks {
		// A run that departed from the plan is held against what it says it ran; that it departed is on record.
		s := starts[b.RunID]
		data := r.Data
		if s.Env.DataSHA != "" {
			data = s.Env.DataSHA
		}
		var trials []runner.Trial
		for _, ref := range b.Trials {
			if ref.Missing {
				continue
			}
			t, ok := g.trials[ref.TrialID]
			if !ok {
				return fmt.Errorf("proof: block %d: the trial of arm %s is not in it: %w", b.B, ref.Arm, store.ErrCorrupt)
			}
			trials = append(trials, t)
		}
		if err := runner.CheckRecords(r.Hypothesis, s.SeedStudy, data, r.Estimand.Metric, b, trials); err != nil {
			return err
		}
	}
	return nil
}
