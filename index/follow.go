package index

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// changesPerBatch bounds what one bleve batch takes in; papersPerBatch the
// texts among it.
const (
	changesPerBatch = 500
	papersPerBatch  = 8
)

// damageError says that the open generation cannot go on.
type damageError struct{ cause any }

func (e *damageError) Error() string { return fmt.Sprintf("writing to it failed: %v", e.cause) }

// catchUp applies changes until none are left.
func (x *Index) catchUp(ctx context.Context) error {
	for x.st.Applied < x.lib.Seq() { // only this goroutine writes st
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step takes in the next changes. They only say which things moved; what is
// drawn is how those things are now. So taking a change in twice, or late, ends
// in the same place, and the last change taken in is all there is to remember.
func (x *Index) step(ctx context.Context) error {
	st := x.gen.st
	var dirty refSet
	for c, err := range x.lib.Changes(st.Applied) {
		if err != nil {
			return err
		}
		dirty.change(c)
		st.Applied = c.Seq
		if int(st.Applied-x.gen.st.Applied) >= changesPerBatch || dirty.papers >= papersPerBatch {
			break
		}
	}
	var err error
	if st.Leaf, err = x.leaf(st.Applied); err != nil {
		return err
	}
	if err := x.lib.View(dirty.spread); err != nil {
		return err
	}
	drawn, err := x.read(dirty.refs)
	if err != nil {
		return err
	}
	if err := x.write(ctx, st, drawn); err != nil {
		return err
	}
	x.change(func() { x.gen.st, x.st.Applied = st, st.Applied })
	return nil
}

// write puts drawings and state into one bleve batch.
func (x *Index) write(ctx context.Context, st state, drawn []*drawing) (err error) {
	defer func() {
		if r := recover(); r != nil { // bleve panics on files that changed under it
			err = &damageError{r}
		}
	}()
	b := x.gen.b.NewBatch()
	for _, d := range drawn {
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.doc == nil {
			b.Delete(docID(d.kind, d.id))
		}
		put := func(o *doc) error {
			made, err := o.build()
			if err != nil {
				return err
			}
			return b.IndexAdvanced(made)
		}
		if d.kind != survey.KindPaper {
			if err := d.each(x.lib, put); err != nil {
				return err
			}
			continue
		}
		raw, err := x.gen.b.GetInternal([]byte(passagesKey(d.id)))
		if err != nil {
			return &damageError{err}
		}
		had, sig := readStored(raw)
		if same := sig == d.sig; same {
			d.sig = "" // its passages stand
			if err := d.each(x.lib, put); err != nil {
				return err
			}
			continue
		}
		if err := d.each(x.lib, put); err != nil {
			return err
		}
		for n := d.count; n < had; n++ {
			b.Delete(docID("passage", passageID(d.id, n)))
		}
		b.SetInternal([]byte(passagesKey(d.id)), d.stored())
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	b.SetInternal(stateKey, raw)
	if err := x.gen.b.Batch(b); err != nil {
		return fmt.Errorf("index: change %d: %w", st.Applied, err)
	}
	return nil
}

// refSet gathers the things that changes touched, each once.
type refSet struct {
	refs   []ref
	seen   map[ref]bool
	papers int
	// claims of these papers, and claims on these principles, look different too.
	ofPaper, onPrinciple []string
	// statuses of all principles may have moved.
	statuses bool
}

func (s *refSet) add(kind, id string) {
	if id == "" || s.seen[ref{kind, id}] {
		return
	}
	if s.seen == nil {
		s.seen = map[ref]bool{}
	}
	s.seen[ref{kind, id}] = true
	s.refs = append(s.refs, ref{kind, id})
}

// touched reads the ids in a record that other documents show something of.
type touched struct {
	ClaimID      string `json:"claim_id"`
	PrincipleID  string `json:"principle_id"`
	PaperID      string `json:"paper_id"`
	HypothesisID string `json:"hypothesis_id"`
}

func (s *refSet) change(c store.Change) {
	var sides [2]touched
	for i, raw := range []json.RawMessage{c.Before, c.After} {
		if len(raw) > 0 {
			_ = json.Unmarshal(raw, &sides[i]) // a record of another shape touches nothing
		}
	}
	switch c.Kind {
	case survey.KindPaper:
		s.add(c.Kind, c.ID)
		s.papers++
		s.ofPaper = append(s.ofPaper, c.ID)
	case survey.KindClaim, kindRun:
		s.add(c.Kind, c.ID)
	case principles.KindPrinciple:
		s.add(c.Kind, c.ID)
		s.onPrinciple = append(s.onPrinciple, c.ID)
	case principles.KindLink:
		for _, t := range sides {
			s.add(survey.KindClaim, t.ClaimID)
		}
	case hypotheses.KindHypothesis:
		s.add(c.Kind, c.ID)
		for _, t := range sides {
			s.add(principles.KindPrinciple, t.PrincipleID)
			if t.PrincipleID != "" {
				s.onPrinciple = append(s.onPrinciple, t.PrincipleID)
			}
		}
	case hypotheses.KindDeviation:
		for _, t := range sides {
			s.add(hypotheses.KindHypothesis, t.HypothesisID)
		}
		s.statuses = true
	case hypotheses.KindControl:
		s.statuses = true
	case "screening":
		for _, t := range sides {
			s.add(survey.KindPaper, t.PaperID)
		}
	}
}

// spread adds what shows something of a touched thing.
func (s *refSet) spread(tx *store.Tx) error {
	for _, id := range compact(s.ofPaper) {
		for c, err := range survey.ClaimsOf(tx, id) {
			if err != nil {
				return err
			}
			s.add(survey.KindClaim, c.ID)
		}
	}
	for _, id := range compact(s.onPrinciple) {
		for l, err := range principles.Links(tx, id) {
			if err != nil {
				return err
			}
			s.add(survey.KindClaim, l.ClaimID)
		}
	}
	if !s.statuses {
		return nil
	}
	for p, err := range principles.All(tx) {
		if err != nil {
			return err
		}
		s.add(principles.KindPrinciple, p.ID)
	}
	return nil
}

func compact(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
