package hypotheses

import (
	"fmt"
	"iter"
	"slices"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// Verdict is what the rule said of a run, with everything it rests on. It is
// a decision.Record in the form that the ledger holds.
type Verdict struct {
	ID           string `json:"id"`
	HypothesisID string `json:"hypothesis_id"`
	RunID        string `json:"run_id"`
	LockID       string `json:"lock_id,omitempty"`
	Digest       string `json:"digest,omitempty"` // of the lock
	Seq          uint64 `json:"seq"`
	Log          uint64 `json:"log"` // size of the ledger that the verdict was computed on
	At           string `json:"at"`
	Rejudged     bool   `json:"rejudged,omitempty"` // given later, when the family's threshold fell
	M            int    `json:"m"`                  // size of the family
	Deviation    string `json:"deviation,omitempty"`

	Verdict  string `json:"verdict"`
	Reason   string `json:"reason"`
	Computed string `json:"computed,omitempty"`

	Stop        int `json:"stop"`
	Informative int `json:"informative"`
	Missing     int `json:"missing"`
	Void        int `json:"void"`
	Diverged    int `json:"diverged"`

	Estimate    store.Real    `json:"estimate"`
	Scale       store.Real    `json:"scale"`
	Effect      store.Real    `json:"effect"`
	Superiority store.Real    `json:"superiority"`
	Lower       store.Real    `json:"lower"`
	Upper       store.Real    `json:"upper"`
	Confidence  [2]store.Real `json:"confidence"`
	Asymmetry   store.Real    `json:"asymmetry"`
	V           store.Real    `json:"v"`
	R           store.Real    `json:"r"`
	SignV       store.Real    `json:"sign_v"`
	SignR       store.Real    `json:"sign_r"`
	TV          store.Real    `json:"tv"`
	TR          store.Real    `json:"tr"`

	Wealth map[string][]store.Real `json:"wealth"`
	VPath  []store.Real            `json:"v_path"`
	RPath  []store.Real            `json:"r_path"`

	Bounds        *[2]store.Real `json:"std_bounds"` // in units of the scale
	Imprecise     bool           `json:"imprecise"`
	Asymmetric    bool           `json:"asymmetric"`
	DivergedShare store.Real     `json:"diverged_share"`
}

func reals(fs []float64) []store.Real {
	out := make([]store.Real, len(fs))
	for i, f := range fs {
		out[i] = store.Real(f)
	}
	return out
}

// verdictOf puts a record into the ledger's form.
func verdictOf(r decision.Record) Verdict {
	v := Verdict{
		Verdict: r.Verdict, Reason: r.Reason, Computed: r.Computed,
		Stop: r.Stop, Informative: r.Informative, Missing: r.Missing, Void: r.Void, Diverged: r.Diverged,
		Estimate: store.Real(r.Estimate), Scale: store.Real(r.Scale), Effect: store.Real(r.Effect),
		Superiority: store.Real(r.Superiority), Lower: store.Real(r.Lower), Upper: store.Real(r.Upper),
		Confidence: [2]store.Real{store.Real(r.Confidence.Lower), store.Real(r.Confidence.Upper)},
		Asymmetry:  store.Real(r.Asymmetry), V: store.Real(r.V), R: store.Real(r.R),
		SignV: store.Real(r.SignV), SignR: store.Real(r.SignR), TV: store.Real(r.TV), TR: store.Real(r.TR),
		Wealth: map[string][]store.Real{}, VPath: reals(r.VPath), RPath: reals(r.RPath),
		Imprecise: r.Grading.Imprecise, Asymmetric: r.Grading.Asymmetric, DivergedShare: store.Real(r.Grading.DivergedShare),
	}
	for name, path := range r.Wealth {
		v.Wealth[name] = reals(path)
	}
	if b := r.Grading.Bounds; b != nil {
		v.Bounds = &[2]store.Real{store.Real(b.Lower), store.Real(b.Upper)}
	}
	return v
}

// Record is the inverse of the ledger's form.
func (v Verdict) Record() decision.Record {
	r := decision.Record{
		Verdict: v.Verdict, Reason: v.Reason, Computed: v.Computed,
		Stop: v.Stop, Informative: v.Informative, Missing: v.Missing, Void: v.Void, Diverged: v.Diverged,
		Estimate: float64(v.Estimate), Scale: float64(v.Scale), Effect: float64(v.Effect),
		Superiority: float64(v.Superiority), Lower: float64(v.Lower), Upper: float64(v.Upper),
		Confidence: decision.Interval{Lower: float64(v.Confidence[0]), Upper: float64(v.Confidence[1])},
		Asymmetry:  float64(v.Asymmetry), V: float64(v.V), R: float64(v.R),
		SignV: float64(v.SignV), SignR: float64(v.SignR), TV: float64(v.TV), TR: float64(v.TR),
		Wealth: map[string][]float64{}, VPath: floats(v.VPath), RPath: floats(v.RPath),
		Grading: decision.Grading{
			Effect: float64(v.Effect), Imprecise: v.Imprecise, Asymmetric: v.Asymmetric, DivergedShare: float64(v.DivergedShare),
		},
	}
	for name, path := range v.Wealth {
		r.Wealth[name] = floats(path)
	}
	if v.Bounds != nil {
		r.Grading.Bounds = &decision.Interval{Lower: float64(v.Bounds[0]), Upper: float64(v.Bounds[1])}
	}
	return r
}

// Finish ends a run and gives its verdict, which follows from the logged
// blocks alone. A run may be ended at any time. Finishing twice without new
// blocks gives the same verdict again. Members of the family that ended
// inconclusive are judged again where their threshold has fallen.
func Finish(tx *store.Tx, runID string) (decision.Record, error) {
	s, h, err := runOf(tx, runID)
	if err != nil {
		return decision.Record{}, err
	}
	rec, err := conclude(tx, h, s)
	if err != nil {
		return decision.Record{}, err
	}
	if old, ok, err := latestVerdict(tx, h.ID, runID); err != nil {
		return decision.Record{}, err
	} else if ok && old.Stop == rec.Stop && old.Verdict == rec.Verdict && old.Reason == rec.Reason {
		return old.Record(), nil
	}
	if err := putVerdict(tx, h, s, rec, false); err != nil || s.Exploratory {
		return rec, err
	}
	return rec, rejudge(tx, h)
}

// conclude computes the record of a run from the ledger as it stands now.
func conclude(tx *store.Tx, h Hypothesis, s StartRecord) (decision.Record, error) {
	logged, err := ledgerNow.loggedBlocks(tx, s)
	if err != nil {
		return decision.Record{}, err
	}
	deviation, err := ledgerNow.worstDeviation(tx, h.ID, s)
	if err != nil {
		return decision.Record{}, err
	}
	return judge(h, s, logged, deviation, func(v, r float64) (float64, float64, error) {
		return ledgerNow.thresholds(tx, h, s, logged, v, r)
	})
}

// judge puts logged blocks before the rule. Where no block brought a verdict,
// the last is read once more under the thresholds that last gives for V and R.
func judge(h Hypothesis, s StartRecord, logged []Block, deviation string, last func(v, r float64) (float64, float64, error)) (decision.Record, error) {
	p := params(h, s)
	p.Deviation = deviation
	seq, err := decision.NewSequence(p)
	if err != nil {
		return decision.Record{}, fmt.Errorf("hypotheses: %s: %w", h.Alias, err)
	}
	if err := take(h, seq, logged); err != nil {
		return decision.Record{}, err
	}
	if !seq.Done() {
		tv, tr, err := last(seq.Evidence())
		if err != nil {
			return decision.Record{}, err
		}
		seq.SetThresholds(tv, tr)
		seq.Rejudge()
	}
	return seq.Record(), nil
}

// JudgeAgain puts the blocks of a verdict before the rule with the outcomes of
// other trainings: each under the thresholds that were in force at it. Nothing is
// recorded.
func JudgeAgain(h Hypothesis, logged []Block) (decision.Record, error) {
	again := slices.Clone(logged)
	for i, b := range again {
		b.D = ""
		d, err := reduce(h, b)
		if err != nil {
			return decision.Record{}, err
		}
		again[i].D, again[i].Diverged = d.String(), d.Diverged
	}
	return judge(h, StartRecord{}, again, h.Verdict.Deviation, func(float64, float64) (float64, float64, error) {
		return float64(h.Verdict.TV), float64(h.Verdict.TR), nil
	})
}

// putVerdict records a verdict and moves the hypothesis along.
func putVerdict(tx *store.Tx, h Hypothesis, s StartRecord, rec decision.Record, rejudged bool) error {
	v := verdictOf(rec)
	v.ID, v.HypothesisID, v.RunID, v.At, v.Rejudged = tx.NewID(), h.ID, s.RunID, stamp(tx), rejudged
	v.Log, v.Seq = tx.Seq(), tx.Seq()+1
	members, err := familyNow(tx, h, s)
	if err != nil {
		return err
	}
	if v.M = len(members); !s.Exploratory {
		v.LockID, v.Digest = h.Lock.ID, h.Lock.Digest
	}
	if v.Deviation, err = ledgerNow.worstDeviation(tx, h.ID, s); err != nil {
		return err
	}
	if err := tx.PutFinal("verdict."+v.Verdict, KindVerdict, v.ID, v, v.Reason); err != nil || s.Exploratory {
		return err
	}
	h.Verdict, h.State = &v, State(v.Verdict)
	return tx.PutFinal("hypothesis."+v.Verdict, KindHypothesis, h.ID, h, v.Reason)
}

// rejudge reads members of the family that ended without a verdict once more,
// on their full data, where the evidence of h has lowered their threshold.
func rejudge(tx *store.Tx, h Hypothesis) error {
	var again []Hypothesis
	for other, err := range Of(tx, h.PrincipleID) {
		if err != nil {
			return err
		}
		if other.ID != h.ID && other.State == Inconclusive && other.Verdict != nil && other.Verdict.Reason != decision.ReasonNoVariation &&
			h.Lock != nil && slices.Contains(h.Lock.Members, other.Alias) {
			again = append(again, other)
		}
	}
	for _, other := range again {
		s, _, err := runOf(tx, other.Verdict.RunID)
		if err != nil {
			return err
		}
		rec, err := conclude(tx, other, s)
		if err != nil {
			return err
		}
		if rec.Verdict == other.Verdict.Verdict && rec.Reason == other.Verdict.Reason {
			continue
		}
		if err := putVerdict(tx, other, s, rec, true); err != nil {
			return err
		}
	}
	return nil
}

// latestVerdict is the last verdict of a run.
func latestVerdict(tx *store.Tx, hypothesisID, runID string) (Verdict, bool, error) {
	var last Verdict
	found := false
	for v, err := range Verdicts(tx, hypothesisID) {
		if err != nil {
			return last, false, err
		}
		if v.RunID == runID {
			last, found = v, true
		}
	}
	return last, found, nil
}

// Verdicts gives every verdict on a hypothesis, by its id, in the order they
// were given; exploratory runs are among them.
func Verdicts(tx *store.Tx, hypothesisID string) iter.Seq2[Verdict, error] {
	return store.Refs[Verdict](tx, KindVerdict, "hypothesis_id", hypothesisID)
}

func principleOf(tx *store.Tx, h Hypothesis) (principles.Principle, error) {
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, h.PrincipleID)
	if err != nil {
		return p, fmt.Errorf("hypotheses: %s: principle: %w", h.Alias, err)
	}
	return p, nil
}
