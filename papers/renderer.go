package papers

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// A Renderer draws pages, and reads text where no object source can. It is
// PDFium compiled to WebAssembly: it sees no file system and no network, only
// the bytes it is given. Nothing starts before the first page is asked for; then
// starting takes a second, or a tenth of that where Cache holds the machine code
// of an earlier start. The zero value works. It serves one document at a time,
// and may be used from many goroutines.
type Renderer struct {
	Cache string // folder for the machine code; "" keeps none

	mu   sync.Mutex // guards what follows, and is held while a document is open
	pool pdfium.Pool
	kept wazero.CompilationCache
	inst pdfium.Pdfium
	err  error // why it does not start; it is not tried again
}

// engineMemory bounds what the engine may take, in pages of 64 KiB: 256 MiB.
const engineMemory = 4096

// Start brings the engine up ahead of its first document.
func (r *Renderer) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.start(ctx)
}

func (r *Renderer) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pool != nil
}

// start brings the engine up, once; after a document that had to be killed, a fresh one.
func (r *Renderer) start(ctx context.Context) error {
	if r.err != nil {
		return r.err
	}
	if r.pool == nil {
		// Closing on ctx costs speed, but without it a hostile page could run for ever.
		rc := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithCloseOnContextDone(true).WithMemoryLimitPages(engineMemory)
		if r.Cache != "" {
			if kept, err := wazero.NewCompilationCacheWithDir(r.Cache); err == nil {
				r.kept = kept
				rc = rc.WithCompilationCache(kept)
			}
		}
		r.pool, r.err = webassembly.Init(webassembly.Config{
			MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(), RuntimeConfig: rc, Stdout: io.Discard, Stderr: io.Discard,
		})
		if r.err != nil {
			return r.err
		}
	}
	if r.inst == nil {
		inst, err := r.pool.GetInstanceWithContext(ctx)
		if err != nil {
			return err
		}
		r.inst = inst
	}
	return nil
}

// Close ends the engine; the renderer may be used again after it.
func (r *Renderer) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	if r.inst != nil {
		errs = append(errs, r.inst.Close())
	}
	if r.pool != nil {
		errs = append(errs, r.pool.Close())
	}
	if r.kept != nil {
		errs = append(errs, r.kept.Close(context.Background()))
	}
	r.inst, r.pool, r.kept = nil, nil, nil
	return errors.Join(errs...)
}

// A drawnFile is one document open in the renderer, which it locks.
type drawnFile struct {
	r     *Renderer
	doc   references.FPDF_DOCUMENT
	count int
	stop  func() bool
	ctx   context.Context
}

// open opens a document; when ctx ends before close, the engine is stopped at once.
func (r *Renderer) open(ctx context.Context, b []byte) (f *drawnFile, err error) {
	r.mu.Lock()
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("pdfium: %v", e)
		}
		if err != nil {
			r.mu.Unlock()
		}
	}()
	if err := r.start(ctx); err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	inst := r.inst
	f = &drawnFile{r: r, ctx: ctx}
	f.stop = context.AfterFunc(ctx, func() { _ = inst.Kill() })
	doc, err := inst.OpenDocument(&requests.OpenDocument{File: &b})
	if err != nil {
		f.drop(ctx.Err() != nil)
		if errors.Is(err, pdfiumerrors.ErrPassword) {
			return nil, ErrEncrypted
		}
		return nil, fmt.Errorf("%w: pdfium: %w", ErrDamaged, err)
	}
	f.doc = doc.Document
	n, err := inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		f.drop(true)
		return nil, fmt.Errorf("%w: pdfium: %w", ErrDamaged, err)
	}
	f.count = n.PageCount
	return f, nil
}

// drop ends the watch on ctx, and the instance where it is not to be used again.
func (f *drawnFile) drop(dead bool) {
	if !f.stop() || dead { // the watch has run, or memory may be in disorder
		_ = f.r.inst.Kill()
		f.r.inst = nil
	}
}

// close lets the renderer go on to the next document.
func (f *drawnFile) close() {
	defer f.r.mu.Unlock()
	_, err := f.r.inst.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: f.doc})
	f.drop(err != nil || f.ctx.Err() != nil)
}

// Picture draws one page of a file, or the part of it that region names (points
// from the top left; the zero Box means the whole page), at dpi pixels per inch.
func (r *Renderer) Picture(ctx context.Context, file []byte, page int, region Box, dpi int) (*image.RGBA, error) {
	f, err := r.open(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("papers: page %d: %w", page, err)
	}
	defer f.close()
	if page < 1 || page > f.count {
		return nil, fmt.Errorf("papers: page %d: %w; it has %d", page, ErrNoPage, f.count)
	}
	return f.picture(page, region, dpi)
}

// ErrNoPage says that the file has no page of that number.
var ErrNoPage = errors.New("no such page")

// mostPixels bounds a picture, so that a page of a mile does not take all memory.
const mostPixels = 40_000_000

func (f *drawnFile) picture(page int, region Box, dpi int) (*image.RGBA, error) {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: page - 1}}
	size, err := f.r.inst.GetPageSize(&requests.GetPageSize{Page: at})
	if err != nil {
		return nil, fmt.Errorf("papers: page %d: %w: pdfium: %w", page, ErrDamaged, err)
	}
	w, h := size.Width, size.Height
	q := &requests.RenderPageInDPI{Page: at, DPI: dpi}
	if region != (Box{}) {
		region = Box{max(0, region.X0), max(0, region.Y0), min(w, region.X1), min(h, region.Y1)}
		w, h = region.X1-region.X0, region.Y1-region.Y0
		if w < 1 || h < 1 {
			return nil, fmt.Errorf("papers: page %d: the region lies off the page", page)
		}
		q.Crop = &requests.RenderPageCrop{X: region.X0, Y: region.Y0, Width: w, Height: h}
	}
	if px := float64(dpi) / 72; w*px*h*px > mostPixels {
		return nil, fmt.Errorf("papers: page %d: %w: more than %d million pixels at %d dpi", page, ErrLimit, mostPixels/1_000_000, dpi)
	}
	got, err := f.r.inst.RenderPageInDPI(q)
	if err != nil {
		return nil, fmt.Errorf("papers: page %d: %w: pdfium: %w", page, ErrDamaged, err)
	}
	defer got.Cleanup()
	drawn, ok := got.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("papers: page %d: %w: pdfium drew nothing", page, ErrDamaged)
	}
	out := image.NewRGBA(drawn.Rect) // what was drawn lies in the engine's own memory
	for y := range drawn.Rect.Dy() {
		copy(out.Pix[y*out.Stride:(y+1)*out.Stride], drawn.Pix[y*drawn.Stride:])
	}
	return out, nil
}
