package hypotheses

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// Case is a verdict with the records it rests on, read without a library.
type Case struct {
	Lock       LockRecord
	Starts     []StartRecord
	Blocks     []Block // repeats among them
	Deviations []SeqDeviation
	Verdict    Verdict
	Peers      []Peer // other members of the family; needed where they moved a threshold
}

// SeqDeviation is a deviation with its place in the ledger.
type SeqDeviation struct {
	Deviation
	Seq uint64
}

// Peer is another member of the family: its lock and the blocks it logged.
type Peer struct {
	Lock   LockRecord
	Blocks []Block
}

// Registration reads the registration back from the bytes that were hashed.
func (l LockRecord) Registration() (Registration, error) {
	var r Registration
	if got := decision.Digest([]byte(l.Canonical)); got != l.Digest {
		return r, fmt.Errorf("hypotheses: lock of change %d: its plan has the digest %.12s, not %.12s", l.Seq, got, l.Digest)
	}
	dec := json.NewDecoder(strings.NewReader(l.Canonical))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return r, fmt.Errorf("hypotheses: lock of change %d: registration: %w", l.Seq, err)
	}
	if r.Family != l.FamilyID || !slices.Equal(r.Members, l.Members) || r.Version != l.Version {
		return r, fmt.Errorf("hypotheses: lock of change %d: its family or version is not that of the plan", l.Seq)
	}
	return r, nil
}

// hypothesis is the locked plan as the rule sees it.
func (l LockRecord) hypothesis() (Hypothesis, error) {
	r, err := l.Registration()
	if err != nil {
		return Hypothesis{}, err
	}
	e := r.Estimand
	d := &DecisionSpec{
		Kind: e.Kind, Reduction: e.Reduction, Levels: e.Levels, Table: e.Table, TableValues: e.TableValues, TableBetter: e.TableBetter,
		Minus: &e.Baseline, Metric: e.Metric, Better: e.Better, Transform: e.Transform, Worst: e.Worst, Theta0: e.Theta0, Delta: e.Delta,
		Center: e.Center, Divergence: e.Divergence, Constant: e.Constant, Role: r.Role, Expect: r.Expect, Setting: r.Setting,
		Rule: r.Rule, NMin: r.NMin, NMax: r.NMax,
	}
	for _, a := range r.Arms {
		d.Arms = append(d.Arms, a.Name)
	}
	if err := d.Params().Check(); err != nil {
		return Hypothesis{}, fmt.Errorf("hypotheses: %s: %w", r.Hypothesis, err)
	}
	return Hypothesis{
		ID: l.HypothesisID, Alias: r.Hypothesis, PrincipleID: l.PrincipleID, Statement: r.Statement, Version: r.Version, Decision: d,
		Lock: &Registered{ID: l.ID, Digest: l.Digest, Seq: l.Seq, At: l.At, By: l.By, FamilyID: l.FamilyID, Members: l.Members, Env: r.env(), Controls: l.Controls, Power: l.Power},
	}, nil
}

// Sentence is what the case shows, in one line.
func (c Case) Sentence() (string, error) {
	h, err := c.Lock.hypothesis()
	if err != nil {
		return "", err
	}
	return strings.Join(strings.Fields(headline(h, c.Verdict.Record())), " "), nil
}

// Sentence is what the record of a lock shows, in one line.
func (l LockRecord) Sentence() (string, error) {
	r, err := l.Registration()
	return strings.Join(strings.Fields(r.Hypothesis+" is preregistered: "+r.Statement), " "), err
}

// Check judges the case anew from its own records: digest of the plan, order
// of lock, starts and blocks, D of each block, evidence, thresholds and
// verdict. It cannot know of records that the case leaves out at its end.
func (c Case) Check() error {
	h, err := c.Lock.hypothesis()
	if err != nil {
		return err
	}
	starts := map[string]StartRecord{}
	for _, s := range c.Starts {
		if s.HypothesisID != h.ID || s.Exploratory || s.LockID != c.Lock.ID || s.LockSeq != c.Lock.Seq || s.Seq <= c.Lock.Seq {
			return fmt.Errorf("hypotheses: %s: the start of change %d is not a confirmatory one after the lock of change %d", h.Alias, s.Seq, c.Lock.Seq)
		}
		if err := worldFault(h.Alias, h.Lock.Env, s, c.Deviations); err != nil {
			return err
		}
		starts[s.RunID] = s
	}
	peers := map[string]Peer{}
	for _, p := range c.Peers {
		ph, err := p.Lock.hypothesis()
		if err != nil {
			return err
		}
		if ph.Lock.FamilyID != h.Lock.FamilyID {
			return fmt.Errorf("hypotheses: %s: %s is of another family", h.Alias, ph.Alias)
		}
		peers[ph.Alias] = p
	}
	family := func(at moment, logged []Block, v, r float64) (float64, float64, error) {
		known := map[string]peer{}
		for name, p := range peers {
			ph, err := p.Lock.hypothesis()
			if err != nil {
				return 0, 0, err
			}
			if at.had(p.Lock.Seq) {
				known[name] = peer{ph, at.standing(p.Blocks)}
			}
		}
		return thresholdsAmong(h, StartRecord{HypothesisID: h.ID}, h.Lock.Members, known, logged, v, r)
	}
	for _, b := range c.Blocks {
		s, ok := starts[b.RunID]
		if !ok || b.HypothesisID != h.ID || b.Exploratory || b.Seq <= s.Seq || b.Seq >= c.Verdict.Seq {
			return fmt.Errorf("hypotheses: %s: block %d of change %d does not lie between a start and the verdict", h.Alias, b.B, b.Seq)
		}
		if _, err := reduce(h, b); err != nil {
			return err
		}
		at := moment(b.Seq)
		if err := blockFault(h, s, b, at.standing(c.Blocks), func(before []Block, v, r float64) (float64, float64, error) {
			return family(at, before, v, r)
		}); err != nil {
			return err
		}
	}
	s, ok := starts[c.Verdict.RunID]
	if !ok || c.Verdict.HypothesisID != h.ID || c.Verdict.Seq <= s.Seq {
		return fmt.Errorf("hypotheses: %s: the verdict of change %d does not follow one of the starts", h.Alias, c.Verdict.Seq)
	}
	at := moment(c.Verdict.Seq)
	deviation := ""
	for _, d := range c.Deviations {
		if at.had(d.Seq) && d.HypothesisID == h.ID && deviation != decision.Major {
			deviation = d.Class
		}
	}
	logged := at.standing(c.Blocks)
	return verdictFault(h, s, c.Verdict, logged, deviation, func(v, r float64) (float64, float64, error) { return family(at, logged, v, r) })
}

// standing gives the blocks that stood at the moment, by seed.
func (at moment) standing(all []Block) []Block {
	var out []Block
	sorted := slices.SortedFunc(slices.Values(all), func(a, b Block) int { return cmp.Or(cmp.Compare(a.B, b.B), cmp.Compare(a.Seq, b.Seq)) })
	for _, b := range sorted {
		switch n := len(out); {
		case !at.had(b.Seq):
		case n > 0 && b.Retry > 0 && out[n-1].B == b.B:
			out[n-1] = b
		default:
			out = append(out, b)
		}
	}
	return out
}

// CaseOf gathers the records behind the present verdict of a hypothesis, with
// the numbers of the changes that hold them.
func CaseOf(tx *store.Tx, name string) (Case, []uint64, error) {
	var c Case
	h, err := Find(tx, name)
	switch {
	case err != nil:
		return c, nil, err
	case h.Verdict == nil || h.Lock == nil:
		return c, nil, fmt.Errorf("hypotheses: %s has no verdict to prove; it is %s", h.Alias, h.State)
	}
	var seqs []uint64
	if c.Lock, err = store.Get[LockRecord](tx, KindLock, h.Lock.ID); err != nil {
		return c, nil, err
	}
	c.Verdict = *h.Verdict
	seqs = append(seqs, c.Lock.Seq, c.Verdict.Seq)
	before := moment(c.Verdict.Seq)
	all, err := Starts(tx, h.ID)
	if err != nil {
		return c, nil, err
	}
	for _, s := range all {
		if !s.Exploratory && before.had(s.Seq) {
			c.Starts, seqs = append(c.Starts, s), append(seqs, s.Seq)
		}
	}
	if c.Deviations, err = deviationsOf(tx, h.ID); err != nil {
		return c, nil, err
	}
	for _, d := range c.Deviations {
		seqs = append(seqs, d.Seq)
	}
	blocks := func(id string) ([]Block, error) {
		var out []Block
		for b, err := range store.Refs[Block](tx, KindBlock, "hypothesis_id", id) {
			if err != nil {
				return nil, err
			}
			if !b.Exploratory && before.had(b.Seq) {
				out, seqs = append(out, b), append(seqs, b.Seq)
			}
		}
		return out, nil
	}
	if c.Blocks, err = blocks(h.ID); err != nil {
		return c, nil, err
	}
	full := float64(h.Lock.M()) / Alpha
	moved := float64(c.Verdict.TV) < full || float64(c.Verdict.TR) < full
	for other, err := range Of(tx, h.PrincipleID) {
		if err != nil {
			return c, nil, err
		}
		if !moved || other.ID == h.ID || other.Lock == nil || !slices.Contains(h.Lock.Members, other.Alias) {
			continue
		}
		p := Peer{}
		if p.Lock, err = store.Get[LockRecord](tx, KindLock, other.Lock.ID); err != nil {
			return c, nil, err
		}
		if p.Blocks, err = blocks(other.ID); err != nil {
			return c, nil, err
		}
		c.Peers, seqs = append(c.Peers, p), append(seqs, p.Lock.Seq)
	}
	slices.Sort(seqs)
	return c, slices.Compact(seqs), nil
}
