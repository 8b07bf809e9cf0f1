package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
)

// Each actor has two stacks of batches. They are linked lists inside the ledger: the bucket actors holds both tops, and
// the first change of every batch is stored with the batch that lay under it when it was pushed.

// stacks are the tops of one actor's lists, 0 where empty.
type stacks struct{ undo, redo uint64 }

func (b *buckets) stacks(actor string) stacks {
	v := b.actors.Get([]byte(actor + "\x00"))
	if len(v) < 16 {
		return stacks{}
	}
	return stacks{fromBE64(v), fromBE64(v[8:])}
}

func (b *buckets) setStacks(actor string, s stacks) error {
	return b.actors.Put([]byte(actor+"\x00"), append(be64(s.undo), be64(s.redo)...))
}

// under writes which batch lies under a batch.
func (b *buckets) under(batch, prev uint64) error {
	v := bytes.Clone(b.changes.Get(be64(batch)))
	copy(v, be64(prev))
	return b.changes.Put(be64(batch), v)
}

// step says what a batch is to the stacks of its actor.
type step int

const (
	stepDo step = iota
	stepUndo
	stepRedo
)

// pushed gives the stacks after a batch and what lies under that batch. under reads the link of the batch it takes back.
func pushed(s stacks, kind step, batch uint64, under func(uint64) uint64) (after stacks, prev uint64) {
	switch kind {
	case stepUndo:
		return stacks{undo: under(s.undo), redo: batch}, s.redo
	case stepRedo:
		return stacks{undo: batch, redo: under(s.redo)}, s.undo
	}
	return stacks{undo: batch}, s.undo
}

// stepOf tells by the batch taken back, 0 for none, what a batch is.
func stepOf(s stacks, undoes uint64) step {
	switch undoes {
	case 0:
		return stepDo
	case s.redo:
		return stepRedo
	}
	return stepUndo
}

// seal ends a batch: it goes on its actor's stack.
func (tx *Tx) seal() error {
	s := tx.b.stacks(tx.actor)
	after, prev := pushed(s, stepOf(s, tx.undoes), tx.batch, func(batch uint64) uint64 {
		e, err := tx.b.entry(batch)
		if err != nil {
			return 0
		}
		return e.prev()
	})
	if err := tx.b.setStacks(tx.actor, after); err != nil {
		return fmt.Errorf("store: stacks of %s: %w", tx.actor, err)
	}
	if prev == 0 {
		return nil
	}
	return tx.b.under(tx.batch, prev)
}

// Undo takes back the actor's last batch that is not undone, by new changes, and returns those. It refuses with a
// sentence for people where there is none (ErrNothingToUndo), a change is final (ErrFinal), or somebody has built on
// it since (ErrConflict); then nothing has changed.
func (l *Library) Undo(ctx context.Context, actor string) ([]Change, error) {
	return l.takeBack(ctx, actor, "undo", func(s stacks) uint64 { return s.undo })
}

// Redo takes back the actor's last Undo. A new change of the actor ends the possibility.
func (l *Library) Redo(ctx context.Context, actor string) ([]Change, error) {
	return l.takeBack(ctx, actor, "redo", func(s stacks) uint64 { return s.redo })
}

func (l *Library) takeBack(ctx context.Context, actor, verb string, top func(stacks) uint64) ([]Change, error) {
	var made []Change
	_, err := l.Update(ctx, actor, func(tx *Tx) error {
		batch := top(tx.b.stacks(tx.actor))
		if batch == 0 {
			return mark(ErrNothingToUndo, "nothing to %s for %s", verb, actor)
		}
		changes, err := tx.batchOf(batch)
		if err != nil {
			return err
		}
		tx.undoes = batch
		for i := len(changes) - 1; i >= 0; i-- {
			if err := tx.invert(verb, changes[i]); err != nil {
				return err
			}
		}
		if err := tx.noDangling(verb, changes); err != nil {
			return err
		}
		made, err = tx.batchOf(tx.batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// batchOf reads all changes of one batch.
func (tx *Tx) batchOf(batch uint64) ([]Change, error) {
	var out []Change
	for seq := batch; seq <= tx.seq; seq++ {
		c, err := tx.Change(seq)
		if err != nil {
			return nil, err
		}
		if c.Batch != batch {
			break
		}
		out = append(out, c)
	}
	return out, nil
}

// invert writes the inverse of one change.
func (tx *Tx) invert(verb string, c Change) error {
	what := tx.textOf(c.Kind, c.ID, c.After, c.Before)
	if c.Final {
		return mark(ErrFinal, "%s of %s (change %d, %s) is final and stays", verb, what, c.Seq, c.Verb)
	}
	now := tx.state(c.Kind, c.ID)
	if !bytes.Equal(now, c.After) {
		return tx.overwritten(verb, what, c)
	}
	why := c.Verb
	if c.Undoes != 0 { // the second turn names the first verb, not "undo"
		why = strings.TrimPrefix(c.Why, "undoes ")
		why = strings.TrimPrefix(why, "does again ")
	}
	if verb == "undo" {
		why = "undoes " + why
	} else {
		why = "does again " + why
	}
	return tx.apply(Change{Verb: verb, Kind: c.Kind, ID: c.ID, Before: c.After, After: c.Before, Why: why})
}

// overwritten says who has changed the thing since, if it is still there to tell.
func (tx *Tx) overwritten(verb, what string, c Change) error {
	_, seq, err := tx.Raw(c.Kind, c.ID)
	if err != nil {
		return mark(ErrConflict, "%s of %s (change %d): it has been removed since", verb, what, c.Seq)
	}
	later, err := tx.Change(seq)
	if err != nil {
		return err
	}
	return mark(ErrConflict, "%s of %s (change %d): %s changed it since (change %d, %s, %s)",
		verb, what, c.Seq, later.Actor, later.Seq, later.Verb, later.At.Format(time.DateTime))
}

// noDangling refuses to remove what something else still names in an indexed field.
func (tx *Tx) noDangling(verb string, changes []Change) error {
	for _, c := range changes {
		if tx.b.state.Get(stateKey(c.Kind, c.ID)) != nil {
			continue
		}
		for _, f := range tx.b.indexedFields() {
			prefix := indexKey(f.kind, f.name, c.ID, "")
			for key := range walk(tx.b.index, prefix, true) {
				id := string(key[len(prefix):])
				return mark(ErrConflict, "%s of %s (change %d): %s names it since", verb,
					tx.textOf(c.Kind, c.ID, c.After, c.Before), c.Seq, tx.textOf(f.kind, id, tx.state(f.kind, id)))
			}
		}
	}
	return nil
}
