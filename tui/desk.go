package tui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"path/filepath"
	"strings"
	"sync/atomic"

	"tenet/hypotheses"
	"tenet/index"
	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/survey"
)

// desk is the study of a real library: it asks and tells the domain packages.
// It is safe for concurrent use.
type desk struct {
	lib     *store.Library
	actor   string
	parse   func(ctx context.Context, path string) (*papers.Document, error)
	draw    func(ctx context.Context, pdf []byte, page int, label string) (image.Image, error)
	command []string // of the runner's workers
	idx     atomic.Pointer[index.Index]
	idxErr  atomic.Pointer[error]
	noIndex bool // no index was promised
}

func (d *desk) Name() string {
	name := ""
	_ = d.lib.View(func(tx *store.Tx) error {
		s, ok, err := survey.StudyOf(tx)
		if ok {
			name = s.Name
		}
		return err
	})
	if name == "" {
		name = filepath.Base(d.lib.Dir())
	}
	return name
}

func (d *desk) Seq() uint64 { return d.lib.Seq() }

func (d *desk) Wake() (<-chan struct{}, func()) { return d.lib.Wake() }

// Resolve knows aliases with and without leading zeros, keys and ids.
func (d *desk) Resolve(_ context.Context, name string) (kind, id string, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		if kind, id, err = tx.Resolve(name); err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if h, err := hypotheses.Find(tx, name); err == nil {
			kind, id = hypotheses.KindHypothesis, h.ID
			return nil
		}
		if p, err := principles.Find(tx, name); err == nil {
			kind, id = principles.KindPrinciple, p.ID
			return nil
		}
		if p, err := survey.FindPaper(tx, name); err == nil {
			kind, id = survey.KindPaper, p.ID
			return nil
		}
		if c, err := survey.FindClaim(tx, name); err == nil {
			kind, id = survey.KindClaim, c.ID
			return nil
		}
		return fmt.Errorf("nothing here is called %q; names look like H05, P2, C104, D12 or he2016", name)
	})
	return kind, id, err
}

// update is one transaction under the reviewer's name.
func (d *desk) update(ctx context.Context, fn func(*store.Tx) (saved, error)) (saved, error) {
	var s saved
	seq, err := d.lib.Update(ctx, d.actor, func(tx *store.Tx) error {
		var err error
		s, err = fn(tx)
		return err
	})
	if err != nil {
		return saved{}, err
	}
	s.Seq = seq
	return s, nil
}

func (d *desk) Undo(ctx context.Context) (saved, error) {
	changes, err := d.lib.Undo(ctx, d.actor)
	return turned("undone", changes, err)
}

func (d *desk) Redo(ctx context.Context) (saved, error) {
	changes, err := d.lib.Redo(ctx, d.actor)
	return turned("done again", changes, err)
}

// turned says what an undo or redo did; that there was nothing to do is a
// sentence, not a fault.
func turned(word string, changes []store.Change, err error) (saved, error) {
	if errors.Is(err, store.ErrNothingToUndo) || errors.Is(err, store.ErrFinal) || errors.Is(err, store.ErrConflict) {
		return saved{Text: strings.TrimPrefix(err.Error(), "store: ")}, nil
	}
	if err != nil || len(changes) == 0 {
		return saved{}, err
	}
	last := changes[len(changes)-1]
	what := fmt.Sprintf("%s: %s", word, last.Kind)
	if len(changes) > 1 {
		what = fmt.Sprintf("%s: %d changes, the last of a %s", word, len(changes), last.Kind)
	}
	return saved{Seq: last.Seq, Text: what}, nil
}

func (d *desk) Comment(ctx context.Context, kind, id, text string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		c, err := survey.AddComment(tx, kind, id, text)
		return saved{ID: c.ID, Text: "comment kept"}, err
	})
}
