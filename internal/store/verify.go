package store

import (
	"context"
	"fmt"
	"slices"

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

// VerifyEach is Verify for a caller who wants each finding at once.
func (l *Library) VerifyEach(ctx context.Context, progress func(done, total uint64), emit func(Finding)) error {
	if progress == nil {
		progress = func(uint64, uint64) {}
	}
	files, err := l.vault.list()
	if err != nil {
		emit(Finding{Where: "vault", Text: err.Error()})
	}
	v := &verifier{ctx: ctx, emit: emit, progress: progress, files: files}
	if err := l.view(v.ledger); err != nil {
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

	done, total uint64
}

// ctxEvery bounds the work between two looks at the context.
const ctxEvery = 256

func (v *verifier) step(n uint64) error {
	v.done += n
	if v.done%ctxEvery != 0 && n == 1 {
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

func (v *verifier) ledger(btx *bbolt.Tx) error {
	defer faultsPanic()()
	b, err := openBuckets(btx)
	if err != nil {
		v.emit(Finding{Where: "library.db", Text: err.Error()})
		return nil
	}
	v.total = b.last()*2 + uint64(len(v.files))
	f := newFold()
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{"pages", func() error { return v.pages(btx) }},
		{"changes", func() error { return v.changes(&b, f) }},
		{"state", func() error { return v.state(&b, f) }},
		{"index", func() error { return v.index(&b) }},
		{"aliases", func() error { return v.small(&b, f) }},
	} {
		if err := v.section(part.name, part.run); err != nil {
			return err
		}
	}
	return nil
}

// pages is bbolt's own check of the file's structure. It must be drained to its end, or its goroutine stays.
func (v *verifier) pages(btx *bbolt.Tx) error {
	for err := range btx.Check() {
		v.emit(Finding{Where: "library.db", Text: err.Error()})
	}
	return v.step(0)
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
