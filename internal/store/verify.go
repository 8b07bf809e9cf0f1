package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"go.etcd.io/bbolt"
)

// Finding is one fault that Verify found.
type Finding struct {
	Where string // "change 17", "claim 01J…", "vault ab12…", "library.db"
	Seq   uint64 // the change concerned, 0 where there is none
	Text  string // what is wrong
}

func (f Finding) String() string { return f.Where + ": " + f.Text }

// Verify recomputes everything and collects every fault; one never hides the next. The error is for what kept it from
// looking, not for what it found. progress, which may be nil, hears of steps done and to do.
func (l *Library) Verify(ctx context.Context, progress func(done, total uint64)) ([]Finding, error) {
	var found []Finding
	err := l.VerifyEach(ctx, progress, func(f Finding) { found = append(found, f) })
	return found, err
}

// VerifyEach is Verify for a caller who wants each finding at once. It looks at one state of the library; writing goes
// on beside it.
func (l *Library) VerifyEach(ctx context.Context, progress func(done, total uint64), emit func(Finding)) error {
	if progress == nil {
		progress = func(uint64, uint64) {}
	}
	files, err := l.vault.list()
	if err != nil {
		emit(Finding{Where: "vault", Text: err.Error()})
	}
	v := &verifier{ctx: ctx, emit: emit, progress: progress, files: files}
	raw, err := os.Open(filepath.Join(l.dir, ledgerName))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer raw.Close()
	// Between the start of a reading transaction and the reading of its meta page no commit may come.
	release := func() {}
	if !l.o.ReadOnly {
		if err := l.begin(ctx); err != nil && !errors.Is(err, errBroken) {
			return err
		} else if err == nil {
			release = sync.OnceFunc(func() { l.writer <- struct{}{} })
		}
	}
	defer release()
	if err := l.view(func(btx *bbolt.Tx) error {
		meta, err := readMeta(raw)
		release()
		if err != nil {
			emit(Finding{Where: "library.db", Text: err.Error()})
			return nil
		}
		return v.ledger(btx, &pageCheck{r: raw, meta: meta, seen: map[uint64]bool{0: true, 1: true}})
	}); err != nil {
		return err
	}
	return v.vault(l.vault)
}

// verifier is one run of Verify.
type verifier struct {
	ctx      context.Context //nolint:containedctx // lives for one Verify
	emit     func(Finding)
	progress func(done, total uint64)
	files    []string

	done, total, steps uint64
}

// ctxEvery bounds the work between two looks at the context.
const ctxEvery = 256

func (v *verifier) step(n uint64) error {
	v.done += n
	v.steps++
	if v.steps%ctxEvery != 0 {
		return nil
	}
	v.progress(v.done, max(v.total, v.done))
	if err := v.ctx.Err(); err != nil {
		return fmt.Errorf("store: verify stopped after %d of %d steps: %w", v.done, v.total, err)
	}
	return nil
}

// section runs one part and turns damage that a page of library.db shows into a finding, so that the next part runs.
func (v *verifier) section(name string, fn func() error) (err error) {
	var damage error
	func() {
		defer guard(&damage)
		err = fn()
	}()
	if damage != nil {
		v.emit(Finding{Where: "library.db", Text: fmt.Sprintf("%s: %v", name, damage)})
	}
	return err
}

func (v *verifier) ledger(btx *bbolt.Tx, c *pageCheck) error {
	if err := v.pages(c); err != nil {
		return err
	}
	if c.loop {
		v.emit(Finding{Where: "library.db", Text: "its pages lead in a circle; what they hold was not looked at"})
		return nil
	}
	var b buckets
	if err := v.section("buckets", func() (err error) { b, err = openBuckets(btx); return err }); err != nil || b.actors == nil {
		v.emit(Finding{Where: "library.db", Text: fmt.Sprint("buckets: ", err)})
		return nil
	}
	f := newFold()
	return errors.Join(
		v.section("last change", func() error { v.total = b.last()*2 + uint64(len(v.files)); return nil }),
		v.section("changes", func() error { return v.changes(&b, f) }),
		v.section("state", func() error { return v.state(&b, f) }),
		v.section("index", func() error { return v.index(&b) }),
		v.section("aliases", func() error { return v.small(&b, f) }))
}

// pages checks the structure of the file.
func (v *verifier) pages(c *pageCheck) error {
	c.emit = func(text string) { v.emit(Finding{Where: "library.db", Text: text}) }
	c.step = func() error { return v.step(0) }
	if err := c.tree(c.meta.root, nil, nil); err != nil {
		return err
	}
	return c.free()
}

// vault hashes every file.
func (v *verifier) vault(vault *Vault) error {
	for _, path := range v.files {
		if err := v.step(1); err != nil {
			return err
		}
		if text := vault.fault(path); text != "" {
			v.emit(Finding{Where: "vault " + path, Text: text})
		}
	}
	v.progress(max(v.done, v.total), max(v.done, v.total))
	return nil
}

// sortedKeys makes findings come in an order that does not depend on map order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
