package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/survey"
)

// Trace walks from a hypothesis, a run, a principle, a claim or a paper, given
// by any of its names, back to the sentences it rests on, and looks at each step
// whether it is still what it was: the verdict is computed anew from the logged
// blocks, the locked plan is compared, the files of the vault are hashed.
func Trace(lib *store.Library, name string) (Node, error) {
	var n Node
	err := lib.View(func(tx *store.Tx) (err error) {
		t := &tracer{tx: tx, vault: lib.Vault(), files: map[string]State{}}
		n, err = t.named(name)
		return err
	})
	if err != nil {
		return Node{}, err
	}
	return n, nil
}

// tracer holds what one trace needs. A file is hashed once, however many claims stand on it.
type tracer struct {
	tx      *store.Tx
	vault   *store.Vault
	files   map[string]State
	history *hypotheses.History
}

// find gives the thing of a name; H1 is H01.
func (t *tracer) find(name string) (kind, id string, err error) {
	kind, id, err = t.tx.Resolve(name)
	if errors.Is(err, store.ErrNotFound) {
		if h, herr := hypotheses.Find(t.tx, name); herr == nil {
			return hypotheses.KindHypothesis, h.ID, nil
		} else if p, perr := principles.Find(t.tx, name); perr == nil {
			return principles.KindPrinciple, p.ID, nil
		}
	}
	if err != nil {
		return "", "", fmt.Errorf("report: trace: %w", err)
	}
	return kind, id, nil
}

func (t *tracer) named(name string) (Node, error) {
	kind, id, err := t.find(name)
	if err != nil {
		return Node{}, err
	}
	switch kind {
	case hypotheses.KindHypothesis:
		return with(t, kind, id, t.hypothesis)
	case runner.KindRun:
		return with(t, kind, id, t.runNamed)
	case principles.KindPrinciple:
		return with(t, kind, id, t.principleWhole)
	case survey.KindClaim:
		return with(t, kind, id, t.claimWhole)
	case survey.KindPaper:
		return with(t, kind, id, t.paper)
	}
	return Node{}, fmt.Errorf("report: trace: %s is a %s; a trace starts at a hypothesis, run, principle, claim or paper", name, kind)
}

// with reads a record and draws it.
func with[T any](t *tracer, kind, id string, draw func(T) (Node, error)) (Node, error) {
	v, err := store.Get[T](t.tx, kind, id)
	if err != nil {
		return Node{}, fmt.Errorf("report: trace: %w", err)
	}
	return draw(v)
}

// node starts a node for a record: its last change, and the hash of what the ledger holds.
func (t *tracer) node(kind, id, alias, label string) Node {
	n := Node{Kind: kind, ID: id, Alias: alias, Label: label}
	if raw, seq, err := t.tx.Raw(kind, id); err == nil {
		sum := sha256.Sum256(raw)
		n.Digest, n.Seq = hex.EncodeToString(sum[:]), seq
	}
	return n
}

// hypothesis is the whole chain below a hypothesis: from its verdict where there is one.
func (t *tracer) hypothesis(h hypotheses.Hypothesis) (Node, error) {
	if h.Verdict == nil {
		n, err := t.plan(h)
		if err != nil {
			return n, err
		}
		departures, err := t.deviations(h)
		n.Children = append(n.Children, departures...)
		return n, err
	}
	v := *h.Verdict
	n := t.node(hypotheses.KindVerdict, v.ID, h.Alias, verdictLine(h))
	n.State = unless(hypotheses.CheckVerdict(t.tx, v))
	run, err := t.run(v.RunID, h)
	if err != nil {
		return n, err
	}
	departures, err := t.deviations(h)
	n.Children = append([]Node{run}, departures...)
	return n, err
}

// unless turns a failed check into a state.
func unless(err error) State {
	switch {
	case err == nil:
		return Same
	case errors.Is(err, store.ErrNotFound):
		return Missing
	}
	return Changed
}

// verdictLine is a verdict on one line, with the numbers that gave it.
func verdictLine(h hypotheses.Hypothesis) string {
	v := h.Verdict
	if v == nil {
		return string(h.State)
	}
	evidence, need := v.V, v.TV
	letter := "V"
	if v.R > v.V {
		evidence, need, letter = v.R, v.TR, "R"
	}
	return fmt.Sprintf("%s, %s: %s %s of %s at block %d, estimate %s (%s to %s)",
		v.Verdict, v.Reason, letter, shown(evidence, need), num(float64(need)), v.Stop,
		num(float64(v.Estimate)), num(float64(v.Lower)), num(float64(v.Upper)))
}

func (t *tracer) runNamed(r runner.Record) (Node, error) {
	h, err := store.Get[hypotheses.Hypothesis](t.tx, hypotheses.KindHypothesis, r.HypothesisID)
	if err != nil {
		return Node{}, fmt.Errorf("report: trace: %s: %w", r.Alias, err)
	}
	return t.run(r.ID, h)
}

// run is a run with its blocks, and below it what it executed.
func (t *tracer) run(id string, h hypotheses.Hypothesis) (Node, error) {
	r, err := store.Get[runner.Record](t.tx, runner.KindRun, id)
	n := t.node(runner.KindRun, id, r.Alias, "run")
	start, serr := store.Get[hypotheses.StartRecord](t.tx, hypotheses.KindStart, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		n.State = Missing
	case err != nil:
		return Node{}, err
	default:
		n.Label = fmt.Sprintf("run %s: %s, %s trained, %d taken from earlier runs", r.Alias, plural(r.Blocks, "block"), plural(r.Trials, "trial"), r.Reused)
		if cost := (runner.Usage{WallMS: r.WallMS, CPUMS: r.CPUMS, EnergyJ: r.EnergyJ, Basis: r.Basis}).Short(); cost != "" {
			n.Label += ", " + cost
		}
		if r.Exploratory {
			n.Label += ", exploratory"
		}
	}
	blocks, err := t.blocks(h, start.Exploratory, id)
	if err != nil {
		return Node{}, err
	}
	world, err := t.world(h, start, serr)
	if err != nil {
		return Node{}, err
	}
	n.Children = []Node{blocks, world}
	if n.State == "" {
		n.State = Same
	}
	return n, nil
}

// blocks lists the blocks a verdict rests on, each with its trials.
func (t *tracer) blocks(h hypotheses.Hypothesis, exploratory bool, runID string) (Node, error) {
	until := uint64(0)
	if h.Verdict != nil && !exploratory {
		until = h.Verdict.Seq
	}
	used, err := hypotheses.BlocksAt(t.tx, hypotheses.StartRecord{RunID: runID, HypothesisID: h.ID, Exploratory: exploratory}, until)
	if err != nil {
		return Node{}, err
	}
	n := Node{Kind: "blocks", Label: plural(len(used), "block"), State: Same}
	if blind, err := hypotheses.Blinded(t.tx, runID); err != nil {
		return Node{}, err
	} else if blind {
		n.Label += ", without a verdict yet: what its trials gave is shown once there is one"
		return n, nil
	}
	for _, b := range used {
		label := fmt.Sprintf("block %d: D %s, V %s, R %s", b.B+1, decimal(b.D), shown(b.V, b.TV), shown(b.R, b.TR))
		if b.Retry > 0 {
			label += fmt.Sprintf(" (repeat %d, after a lost trial)", b.Retry)
		}
		c := t.node(hypotheses.KindBlock, b.ID, "", label)
		c.State = Same
		for _, ref := range b.Trials {
			c.Children = append(c.Children, t.trial(ref))
		}
		for _, trial := range c.Children {
			if trial.State != Same {
				c.State, n.State = trial.State, trial.State
			}
		}
		n.Children = append(n.Children, c)
	}
	return n, nil
}

// trial is one training: its outcome as the block used it, and its curve's file.
func (t *tracer) trial(ref hypotheses.TrialRef) Node {
	n := t.node(runner.KindTrial, ref.TrialID, "", fmt.Sprintf("%s: %s", ref.Arm, outcome(ref)))
	n.Digest = ref.Key
	if ref.Missing {
		n.State = Missing
		return n
	}
	tr, err := store.Get[runner.Trial](t.tx, runner.KindTrial, ref.TrialID)
	if n.State = unless(err); n.State != Same {
		return n
	}
	if cost := tr.Usage.Short(); cost != "" {
		n.Label += ", " + cost
	}
	if tr.Key != ref.Key {
		n.State = Changed
	} else if s := t.file(tr.CurveSHA); s != Same {
		n.State = s
	}
	return n
}

func outcome(ref hypotheses.TrialRef) string {
	switch {
	case ref.Missing:
		return "no outcome"
	case ref.Diverged:
		return "diverged"
	}
	return num(float64(ref.Metric))
}

// world is the machine and data a run had, with the plan it executed below.
func (t *tracer) world(h hypotheses.Hypothesis, s hypotheses.StartRecord, err error) (Node, error) {
	n := Node{Kind: "experiment", ID: s.ID, Label: "experiment: the start is not in the ledger", State: unless(err)}
	if err == nil {
		e := s.Env
		n.Label = fmt.Sprintf("experiment: engine %s %s, data %s, study %s", e.EngineVersion, e.KernelPath, abbreviate(orWord(e.DataSHA, "made from the seed")), e.StudyID)
		n.Seq, n.Digest = s.Seq, e.TrainingDigest
		if h.Lock != nil && !s.Exploratory && !sameWorld(h.Lock.Env, e) {
			n.State = Changed
		}
	}
	plan, perr := t.plan(h)
	n.Children = []Node{plan}
	return n, perr
}

// sameWorld compares what was locked with what ran; what a start leaves empty it takes from the lock.
func sameWorld(locked, ran hypotheses.Env) bool {
	for _, p := range [][2]string{
		{locked.StudyID, ran.StudyID},
		{locked.EngineVersion, ran.EngineVersion},
		{locked.VCS, ran.VCS},
		{locked.KernelPath, ran.KernelPath},
		{locked.DataSHA, ran.DataSHA},
		{locked.TaskDigest, ran.TaskDigest},
		{locked.TrainingDigest, ran.TrainingDigest},
	} {
		if p[1] != "" && p[0] != p[1] {
			return false
		}
	}
	return true
}

// plan is a hypothesis as locked, or as a draft, with the principle it tests.
func (t *tracer) plan(h hypotheses.Hypothesis) (Node, error) {
	n := t.node(hypotheses.KindHypothesis, h.ID, h.Alias, fmt.Sprintf("hypothesis %s version %d, %s: %s", h.Alias, h.Version, h.State, says(h)))
	if h.Lock != nil {
		n.Label = fmt.Sprintf("hypothesis %s version %d, locked %s by %s: %s", h.Alias, h.Version, day(h.Lock.At), h.Lock.By, says(h))
		n.Digest, n.Seq = h.Lock.Digest, h.Lock.Seq
		n.State = unless(hypotheses.CheckLock(t.tx, h))
	}
	p, err := store.Get[principles.Principle](t.tx, principles.KindPrinciple, h.PrincipleID)
	if err != nil {
		n.Children = []Node{{Kind: principles.KindPrinciple, ID: h.PrincipleID, Label: "principle", State: unless(err)}}
		return n, nil
	}
	c, err := t.principle(p)
	if err != nil {
		return n, err
	}
	seen, err := t.seen(h)
	n.Children = []Node{c}
	if stamp, err := t.stamp(h); err != nil {
		return n, err
	} else if stamp != nil {
		n.Children = append(n.Children, *stamp)
	}
	if h.Lock != nil || len(seen.Children) > 1 { // a draft as it came has nothing to show yet
		n.Children = append(n.Children, seen)
	}
	return n, err
}

// says is a hypothesis in a line; a replication says what differs.
func says(h hypotheses.Hypothesis) string {
	return oneLine(orWord(h.Statement, orWord(h.Change, h.Title)))
}

// file tells whether a file of the vault is there and has the bytes its name says.
func (t *tracer) file(sha string) State {
	s, seen := t.files[sha]
	if !seen {
		_, err := t.vault.Bytes(sha)
		s = unless(err)
		t.files[sha] = s
	}
	return s
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
