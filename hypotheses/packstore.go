package hypotheses

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"tenet/internal/store"
	"tenet/principles"
)

// Pack is the three files of a study that this package owns; nil where there
// is none.
type Pack struct {
	Hypotheses *File
	Tasks      *TasksFile
	Published  *PublishedFile
}

// Stored counts what storing did to the library.
type Stored struct{ Added, Changed, Same int }

// put stores v and counts it.
func put[T any](n *Stored, tx *store.Tx, verb, kind, id string, v T) error {
	_, err := store.Get[json.RawMessage](tx, kind, id)
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	if v, err = principles.Clean(v); err != nil {
		return err
	}
	before := tx.Seq()
	if err := tx.Put(verb, kind, id, v, ""); err != nil {
		return fmt.Errorf("hypotheses: %s %s: %w", kind, id, err)
	}
	switch {
	case fresh:
		n.Added++
	case tx.Seq() > before:
		n.Changed++
	default:
		n.Same++
	}
	return nil
}

// idOf gives the id of what has this key in its kind, or a fresh one.
func idOf[T any](tx *store.Tx, kind, key string, of func(T) (key, id string)) (string, error) {
	for v, err := range store.Refs[T](tx, kind, "key", store.Text(key)) {
		if err != nil {
			return "", err
		}
		_, id := of(v)
		return id, nil
	}
	return tx.NewID(), nil
}

// putTask stores a task. What a locked plan rests on does not change.
func putTask(tx *store.Tx, n *Stored, t Task) error {
	old, err := store.Get[Task](tx, KindTask, t.ID)
	if err == nil {
		was, err := taskDigest(old)
		if err != nil {
			return err
		}
		if t, err = principles.Clean(t); err != nil {
			return err
		}
		now, err := taskDigest(t)
		if err != nil {
			return err
		}
		if was != now {
			for h, err := range store.Refs[Hypothesis](tx, KindHypothesis, "task_id", t.ID) {
				if err != nil {
					return err
				}
				if h.Lock != nil {
					return fmt.Errorf("hypotheses: task %s is part of the locked plan of %s and cannot change", t.Key, h.Alias)
				}
			}
		}
	}
	return put(n, tx, "task.imported", KindTask, t.ID, t)
}

// frame is what a study says about all its hypotheses and tasks.
type frame struct {
	ID           string            `json:"id"`
	Demo         *Demo             `json:"demo,omitempty"`
	Registered   string            `json:"registered,omitempty"`
	Rule         map[string]string `json:"rule,omitempty"`
	Expressions  map[string]string `json:"expressions,omitempty"`
	LearningRate map[string]string `json:"learning_rate,omitempty"`
	Engine       string            `json:"engine,omitempty"`
	Conventions  map[string]string `json:"conventions,omitempty"`
	HowToUse     string            `json:"how_to_use,omitempty"` // of published tables
}

// frameID is the id of the one frame that a library has.
const frameID = "study"

func readFrame(tx *store.Tx) (frame, error) {
	f, err := store.Get[frame](tx, KindFrame, frameID)
	if errors.Is(err, store.ErrNotFound) {
		return frame{ID: frameID}, nil
	}
	return f, err
}

// mergeFrame puts what a file says about the whole study in the place of what the library held. A file that adds to
// a study and is silent about the rest leaves the rest.
func mergeFrame(tx *store.Tx, said frame) error {
	f, err := readFrame(tx)
	if err != nil {
		return err
	}
	f.Demo = cmp.Or(said.Demo, f.Demo)
	f.Registered, f.Engine, f.HowToUse = cmp.Or(said.Registered, f.Registered), cmp.Or(said.Engine, f.Engine), cmp.Or(said.HowToUse, f.HowToUse)
	f.Rule, f.Expressions = saidOr(said.Rule, f.Rule), saidOr(said.Expressions, f.Expressions)
	f.LearningRate, f.Conventions = saidOr(said.LearningRate, f.LearningRate), saidOr(said.Conventions, f.Conventions)
	if f, err = principles.Clean(f); err != nil {
		return err
	}
	return tx.Put("study-frame.imported", KindFrame, frameID, f, "")
}

func saidOr(said, held map[string]string) map[string]string {
	if len(said) > 0 {
		return said
	}
	return held
}

// TheDemo says what a newcomer is shown first; ok is false where the study
// does not say.
func TheDemo(tx *store.Tx) (d Demo, ok bool, err error) {
	f, err := readFrame(tx)
	if err != nil || f.Demo == nil {
		return Demo{}, false, err
	}
	return *f.Demo, true, nil
}

// Store brings a pack into the library; principles must have been stored
// before. Drafts under the same alias are brought up to date; a locked
// hypothesis may stand in the pack unchanged and is left alone. Storing the
// same pack twice changes nothing.
func Store(tx *store.Tx, p Pack) (Stored, error) {
	var n Stored
	if err := p.Cross(tx, nil, nil); err != nil {
		return n, err
	}
	if p.Tasks != nil {
		if err := p.Tasks.store(tx, &n); err != nil {
			return n, err
		}
	}
	if p.Published != nil {
		if err := p.Published.store(tx, &n); err != nil {
			return n, err
		}
	}
	if p.Hypotheses != nil {
		return n, p.Hypotheses.store(tx, &n)
	}
	return n, nil
}

func (f *File) store(tx *store.Tx, n *Stored) error {
	rules, err := principleIDs(tx)
	if err != nil {
		return err
	}
	known := map[string]Hypothesis{}
	for h, err := range All(tx) {
		if err != nil {
			return err
		}
		known[h.Alias] = h
	}
	if err := f.taken(known); err != nil {
		return err
	}
	idFor := map[string]string{}
	for _, id := range f.aliases() {
		if idFor[id] = known[id].ID; idFor[id] == "" {
			idFor[id] = tx.NewID()
		}
	}
	var all []Hypothesis
	for _, ph := range f.Hypotheses {
		h, err := ph.hypothesis()
		if err != nil {
			return err
		}
		h.PrincipleID, h.PreviousID, h.OfID = rules[ph.Principle], idFor[ph.Previous], idFor[ph.Of]
		for _, id := range ph.AlsoBearsOn {
			h.AlsoBearsOn = append(h.AlsoBearsOn, rules[id])
		}
		if h.TaskID, err = taskIDOf(tx, ph.Task); err != nil {
			return err
		}
		all = append(all, h)
	}
	byAlias := map[string]Hypothesis{}
	for _, h := range all {
		byAlias[h.Alias] = h
	}
	for _, r := range f.Replications {
		of := byAlias[r.Of]
		h := Hypothesis{
			Alias: r.ID, Kind: Replication, Title: of.Title, PrincipleID: of.PrincipleID, OfID: idFor[r.Of],
			Change: r.Change, State: Draft, Version: 1,
		}
		if h.TaskID, err = taskIDOf(tx, r.Task); err != nil {
			return err
		}
		all = append(all, h)
	}
	before := standBefore(all, known)
	for i, h := range all {
		h.ID, h.Order = idFor[h.Alias], before+i+1
		if err := n.merge(tx, known[h.Alias], h); err != nil {
			return err
		}
	}
	return mergeFrame(tx, frame{Demo: f.Demo, Registered: f.Registered, Rule: f.Rule, Expressions: f.Expressions, LearningRate: f.LearningRate})
}

// standBefore counts the hypotheses that stand before those of a file in the study's order: all of the library's
// where the file adds to a study that it does not repeat. A file that comes again keeps its place.
func standBefore(file []Hypothesis, known map[string]Hypothesis) int {
	for i, h := range file {
		if old := known[h.Alias]; old.Order > 0 {
			return max(old.Order-1-i, 0)
		}
	}
	last := 0
	for _, h := range known {
		last = max(last, h.Order)
	}
	return last
}

// taken finds the ids under which people have made another hypothesis in the library.
func (f *File) taken(known map[string]Hypothesis) error {
	for i, ph := range f.Hypotheses {
		if have, ok := known[ph.ID]; ok && have.Order == 0 && have.Title != ph.Title {
			return fmt.Errorf("hypotheses: %s: hypotheses[%d].id: %s is “%s” in this library; give the pack's hypothesis another id, or import into a library of its own", FileName, i, ph.ID, have.Title)
		}
	}
	return nil
}

// merge puts a pack's hypothesis in the place of the library's. What the
// library alone knows stays; a locked plan must be the same.
func (n *Stored) merge(tx *store.Tx, old, h Hypothesis) error {
	if old.ID == "" {
		return put(n, tx, "hypothesis.imported", KindHypothesis, h.ID, h)
	}
	if h.OfID != "" && old.Complete() && !h.Complete() {
		n.Same++ // the library has written the plan that the pack leaves open
		return nil
	}
	h.State, h.Lock, h.Verdict, h.NextID = old.State, old.Lock, old.Verdict, old.NextID
	if old.Lock != nil {
		h, err := principles.Clean(h)
		if err != nil {
			return err
		}
		h.Order = old.Order
		was, err := store.Canonical(old)
		if err != nil {
			return err
		}
		now, err := store.Canonical(h)
		if err != nil {
			return err
		}
		if string(was) != string(now) {
			return fmt.Errorf("hypotheses: %s: %w and the pack has another for it; edit it to make a new version", h.Alias, ErrLocked)
		}
		n.Same++
		return nil
	}
	return put(n, tx, "hypothesis.imported", KindHypothesis, h.ID, h)
}

func (f *File) aliases() []string {
	var out []string
	for _, h := range f.Hypotheses {
		out = append(out, h.ID)
	}
	for _, r := range f.Replications {
		out = append(out, r.ID)
	}
	return out
}

func taskIDOf(tx *store.Tx, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	t, err := FindTask(tx, key)
	return t.ID, err
}
