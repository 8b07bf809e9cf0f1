package hypotheses

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// Env is the world in which a plan is locked or run; the runner knows it.
type Env struct {
	StudyID        string `json:"study"`  // names the seeds
	EngineVersion  string `json:"engine"` // module version
	VCS            string `json:"vcs"`    // revision the engine was built from
	KernelPath     string `json:"kernel"` // portable, avx2, avx512, gpu
	DataSHA        string `json:"data"`   // "" where the task makes its data from the seed
	TaskDigest     string `json:"task"`   // "" takes the digest of the stored task
	TrainingDigest string `json:"training"`
	Exec           string `json:"exec,omitempty"` // over the external commands that the arms name and their files; within TrainingDigest too
}

// Registered is what a hypothesis shows of its lock; the record itself is a
// [LockRecord].
type Registered struct {
	ID       string   `json:"id"`
	Digest   string   `json:"digest"`
	Seq      uint64   `json:"seq"` // place in the ledger
	At       string   `json:"at"`  // RFC 3339, UTC
	By       string   `json:"by"`
	FamilyID string   `json:"family"`
	Members  []string `json:"members"` // of the family, by alias, fixed at its first lock
	Env      Env      `json:"env"`
	Controls string   `json:"controls,omitempty"` // what stood against the engine: controls not run, or overridden
	Power    string   `json:"power,omitempty"`    // of a plan that was locked although it is unlikely to come out as foretold
}

// M is the size of the family.
func (l Registered) M() int { return len(l.Members) }

// LockRecord is the preregistration in the ledger. It never changes.
type LockRecord struct {
	ID           string   `json:"id"`
	HypothesisID string   `json:"hypothesis_id"`
	PrincipleID  string   `json:"principle_id"`
	Version      int      `json:"version"`
	Digest       string   `json:"digest"`    // of Canonical, tag tenet/prereg/v1
	Canonical    string   `json:"canonical"` // the registration's canonical bytes
	Seq          uint64   `json:"seq"`
	At           string   `json:"at"`
	By           string   `json:"by"`
	FamilyID     string   `json:"family_id"`
	Members      []string `json:"members"`
	Env          Env      `json:"env"`
	Controls     string   `json:"controls,omitempty"` // what stood against the engine
	Power        string   `json:"power,omitempty"`    // what stood against the plan, and why it was locked all the same
}

// ErrLocked says that a plan is locked already and cannot change.
var ErrLocked = errors.New("the plan was locked")

// ErrUnconfirmed says that a plan of little power was to be locked without a
// word for it.
var ErrUnconfirmed = errors.New("a plan of little power must be confirmed")

// LockConfirmed locks as [Lock] does. weak is what [Outlook.Weak] said of the
// plan; where it said something, why must say for which reason it is locked all
// the same, and both go on the record.
func LockConfirmed(tx *store.Tx, name string, env Env, weak, why string) (LockRecord, error) {
	if why = strings.TrimSpace(store.Text(why)); weak == "" {
		return lockPlan(tx, name, env, "")
	} else if why == "" {
		if h, err := Find(tx, name); err == nil {
			name = h.Alias // a screen names it by its id
		}
		return LockRecord{}, fmt.Errorf("hypotheses: %s: %w: %s", name, ErrUnconfirmed, weak)
	}
	return lockPlan(tx, name, env, weak+"; locked all the same: "+why)
}

// Lock freezes the plan of a draft: the registration goes into the ledger as
// canonical bytes with their digest, for good. It names everything that the
// plan still lacks.
func Lock(tx *store.Tx, name string, env Env) (LockRecord, error) {
	return lockPlan(tx, name, env, "")
}

func lockPlan(tx *store.Tx, name string, env Env, power string) (LockRecord, error) {
	h, err := Find(tx, name)
	if err != nil {
		return LockRecord{}, err
	}
	p, err := lockable(tx, h, env)
	if err != nil {
		return LockRecord{}, err
	}
	fam, err := familyAtLock(tx, h, p)
	if err != nil {
		return LockRecord{}, err
	}
	if err := sameRule(tx, h, fam); err != nil {
		return LockRecord{}, err
	}
	if err := canFail(h, len(fam.members)); err != nil {
		return LockRecord{}, err
	}
	if env, err = filledEnv(tx, h, env); err != nil {
		return LockRecord{}, err
	}
	reg, err := register(tx, h, p, fam, env)
	if err != nil {
		return LockRecord{}, err
	}
	canonical, err := store.Canonical(reg)
	if err != nil {
		return LockRecord{}, fmt.Errorf("hypotheses: %s: registration: %w", h.Alias, err)
	}
	controls, err := ControlsFor(tx, env.StudyID, env.EngineVersion)
	if err != nil {
		return LockRecord{}, err
	}
	rec := LockRecord{
		ID: tx.NewID(), HypothesisID: h.ID, PrincipleID: p.ID, Version: h.Version,
		Digest: decision.Digest(canonical), Canonical: string(canonical), Seq: tx.Seq() + 1,
		At: stamp(tx), By: tx.Actor(), FamilyID: fam.id, Members: fam.members, Env: env,
		Controls: controls.Note(env.EngineVersion), Power: power,
	}
	if err := tx.PutFinal("hypothesis.locked", KindLock, rec.ID, rec, ""); err != nil {
		return LockRecord{}, err
	}
	h.State = Locked
	h.Lock = &Registered{
		ID: rec.ID, Digest: rec.Digest, Seq: rec.Seq, At: rec.At, By: rec.By,
		FamilyID: rec.FamilyID, Members: rec.Members, Env: env, Controls: rec.Controls, Power: power,
	}
	return rec, tx.PutFinal("hypothesis.locked", KindHypothesis, h.ID, h, "")
}

// lockable checks everything that can stand against a lock.
func lockable(tx *store.Tx, h Hypothesis, env Env) (principles.Principle, error) {
	none := principles.Principle{}
	if h.Lock != nil {
		return none, fmt.Errorf("hypotheses: %s: %w at change %d (digest %.12s); its state is %s", h.Alias, ErrLocked, h.Lock.Seq, h.Lock.Digest, h.State)
	}
	if needs := h.Needs(); len(needs) > 0 {
		inherits := ""
		if h.OfID != "" {
			if of, err := store.Get[Hypothesis](tx, KindHypothesis, h.OfID); err == nil {
				inherits = "inherits from " + of.Alias + ", "
			}
		}
		return none, fmt.Errorf("hypotheses: %s: incomplete: %sneeds %s", h.Alias, inherits, strings.Join(needs, ", "))
	}
	for _, part := range [][2]string{{"study id", env.StudyID}, {"engine version", env.EngineVersion}, {"kernel path", env.KernelPath}} {
		if part[1] == "" {
			return none, fmt.Errorf("hypotheses: %s: the lock needs the %s", h.Alias, part[0])
		}
	}
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, h.PrincipleID)
	if err != nil {
		return none, fmt.Errorf("hypotheses: %s: principle: %w", h.Alias, err)
	}
	if p.State == principles.Discarded {
		return none, fmt.Errorf("hypotheses: %s: principle %s is discarded: %s", h.Alias, p.Alias, p.Reason)
	}
	for _, r := range h.Decision.Rivals {
		if q, err := principles.Find(tx, r.Principle); err != nil || q.ID == p.ID {
			return none, fmt.Errorf("hypotheses: %s: its rival %s is not another principle of the library", h.Alias, r.Principle)
		}
	}
	controls, err := ControlsFor(tx, env.StudyID, env.EngineVersion)
	if err != nil {
		return none, err
	}
	if len(controls.Failed) > 0 {
		return none, fmt.Errorf("hypotheses: %s: control %s failed in study %s on engine %s; nothing can be locked before it passes or is overridden on the record", h.Alias, strings.Join(controls.Failed, ", "), env.StudyID, env.EngineVersion)
	}
	for s, err := range store.Refs[StartRecord](tx, KindStart, "hypothesis_id", h.ID) {
		if err != nil {
			return none, err
		}
		if s.SeedStudy == env.StudyID {
			return none, fmt.Errorf("hypotheses: %s: the blocks of study %s were seen in an exploratory run; lock with a new study id", h.Alias, env.StudyID)
		}
	}
	return p, nil
}

// filledEnv writes out the digests that the runner left to the library.
func filledEnv(tx *store.Tx, h Hypothesis, env Env) (Env, error) {
	t, err := store.Get[Task](tx, KindTask, h.TaskID)
	if err != nil {
		return env, fmt.Errorf("hypotheses: %s: task: %w", h.Alias, err)
	}
	if env.DataSHA == "" {
		env.DataSHA = "generated"
	}
	if env.TaskDigest == "" {
		if env.TaskDigest, err = taskDigest(t); err != nil {
			return env, err
		}
	}
	if env.TrainingDigest == "" {
		env.TrainingDigest, err = tagged("tenet/training/v1\x00", struct {
			Training Training     `json:"training"`
			Rate     LearningRate `json:"rate"`
		}{t.Training, h.Controls.LearningRate})
	}
	return env, err
}

// taskDigest covers what the outcome of a trial depends on: not the notes, and
// not who uses the task.
func taskDigest(t Task) (string, error) {
	t.ID, t.UsedBy, t.Replications, t.Notes, t.Order, t.Cost, t.Source = "", nil, nil, nil, 0, Cost{}, ""
	return tagged("tenet/task/v1\x00", t)
}

func stamp(tx *store.Tx) string { return tx.Now().UTC().Format(time.RFC3339) }

// Locks gives the lock records of a hypothesis, by its id.
func Locks(tx *store.Tx, hypothesisID string) ([]LockRecord, error) {
	var out []LockRecord
	for l, err := range store.Refs[LockRecord](tx, KindLock, "hypothesis_id", hypothesisID) {
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}
