package papers

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Options bound the work on one file. Zero means the default.
type Options struct {
	MaxPages  int   // pages read, default 5000
	MaxGlyphs int   // glyphs a page may paint, default 400,000
	MaxOps    int   // operators a page may run, forms included, default 5,000,000
	MaxBytes  int64 // size of the file, default MostBytes

	// TextOnly leaves out what is found in the text: sentences, metadata,
	// references, citations and highlights. A fifth of the work is there.
	TextOnly bool

	// Last, when not nil, reads the pages that no other source can. It starts
	// with the first such page.
	Last *Renderer `json:"-"`

	// Progress, when not nil, is told the number of pages once it is known
	// (done 0) and after each page. It must not block.
	Progress func(done, total int) `json:"-"`

	starting func() // told before Last is started, which may take long
}

// MostBytes is the size of the largest file that is read by default.
const MostBytes = 512 << 20

func (o Options) withDefaults() Options {
	o.MaxPages = cmp.Or(o.MaxPages, 5000)
	o.MaxGlyphs = cmp.Or(o.MaxGlyphs, 400_000)
	o.MaxOps = cmp.Or(o.MaxOps, 5_000_000)
	o.MaxBytes = cmp.Or(o.MaxBytes, MostBytes)
	return o
}

// Open reads the file at path. A page that cannot be read costs that page and a
// warning, never the document; what ends the reading is wrapped around one of
// the Err values.
func Open(ctx context.Context, path string, o Options) (*Document, error) {
	o = o.withDefaults()
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("papers: %s: %w: not a regular file", filepath.Base(path), ErrNotPDF)
	}
	if err := o.checkSize(path, st.Size()); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	return Read(ctx, path, b, o)
}

// Read is Open for a file that is already in memory; name is for the messages.
func Read(ctx context.Context, name string, b []byte, o Options) (d *Document, err error) {
	defer func() {
		if r := recover(); r != nil { // nothing a file holds may end the program
			d, err = nil, fmt.Errorf("papers: %s: %w: %v", filepath.Base(name), ErrDamaged, r)
		}
	}()
	o = o.withDefaults()
	if err := o.checkSize(name, int64(len(b))); err != nil {
		return nil, err
	}
	d, err = read(ctx, b, o)
	if err != nil {
		return nil, fmt.Errorf("papers: %s: %w", filepath.Base(name), err)
	}
	return d, nil
}

func (o Options) checkSize(name string, size int64) error {
	if size > o.MaxBytes {
		return fmt.Errorf("papers: %s: %d MiB, at most %d are read: %w", filepath.Base(name), size>>20, o.MaxBytes>>20, ErrLimit)
	}
	return nil
}

// read makes a document of a file's bytes.
func read(ctx context.Context, b []byte, o Options) (*Document, error) {
	if len(bytes.TrimSpace(b[:min(len(b), 4096)])) == 0 {
		return nil, fmt.Errorf("%w: the file is empty", ErrNotPDF)
	}
	if !bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) && !bytes.Contains(b, []byte("endobj")) {
		return nil, fmt.Errorf("%w: it starts with %q", ErrNotPDF, b[:min(len(b), 8)])
	}
	f, err := readRawFile(b)
	if err != nil {
		return nil, err
	}
	best, err := readBest(ctx, f, o)
	best, err = secondOpinion(ctx, b, o, best, err)
	if err != nil {
		return nil, err
	}
	best.compose()
	d := best.doc
	sum := sha256.Sum256(b)
	d.SHA256, d.Bytes, d.Version = hex.EncodeToString(sum[:]), int64(len(b)), EngineVersion
	if !o.TextOnly {
		enrich(d, best.src)
	}
	return d, nil
}

// readBest reads the file over an overlay, and where the library stumbles or no
// page comes, rewritten, and at last with a page tree made anew.
func readBest(ctx context.Context, f *rawFile, o Options) (*reading, error) {
	var best *reading
	var lastErr error
	try := func(file *overlay, note string) bool {
		src, err := openLedongthuc(file)
		if err != nil {
			lastErr = fmt.Errorf("%w: %w", ErrDamaged, err)
			return ctx.Err() != nil
		}
		r, err := readOnce(ctx, src, newInterpreter(o), o)
		if err != nil {
			lastErr = err
			return ctx.Err() != nil
		}
		if note != "" {
			r.doc.Warnings = append(r.doc.Warnings, Warning{Code: "repaired", Text: note})
		}
		if r.better(best) {
			best = r
		}
		return r.glyphs > 0 && r.src.stumbles() == 0 && r.failed == 0
	}
	repaired := ""
	if f.scanned {
		repaired = "the cross-reference is broken; objects were found by scanning"
	}
	done := f.crypt == nil && try(f.overlay(), repaired)
	if !done {
		note := repaired
		if f.crypt == nil && note == "" {
			note = "objects that the library could not read were rewritten"
		}
		done = try(f.rewrite(false), note)
	}
	if !done && !f.scanned && (best == nil || best.glyphs == 0) {
		if err := f.scan(); err != nil {
			return nil, err
		}
		done = try(f.rewrite(false), "objects were found by scanning the file")
	}
	circles := best != nil && slices.ContainsFunc(best.src.Warnings(), func(w Warning) bool { return w.Code == onlyCircles })
	if !done && !circles && (best == nil || len(best.pages) == 0) {
		try(f.rewrite(true), "the page tree is broken; pages were collected one by one")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if best == nil {
		return nil, cmp.Or(lastErr, ErrDamaged)
	}
	if len(best.pages) == 0 {
		return nil, ErrEmpty
	}
	return best, nil
}
