package papers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenet/papers/layout"
)

// poor says that another source may read a page better: its text was lost, or a
// fifth of it is signs of fonts that could not be read whole. A page that shows
// no text is not poor, nor are fonts that were read and explain nothing.
func (s pageState) poor() bool {
	return s.failed || s.damaged || s.glyphs == 0 && s.shown > 0 || s.doubt*5 > s.glyphs
}

// clearlyBetter asks for a twentieth more letters: sources differ by a few in
// what they take for painted.
func (s pageState) clearlyBetter(than pageState) bool {
	return !s.failed && s.letters > than.letters+than.letters/20
}

// fruitless is after how many poor pages that a source read no better the rest
// of the file is not tried with it: a paper in nameless bitmap fonts has nothing
// that any source could read.
const fruitless = 3

// lastPatience bounds the last source, on top of lastPerPage for each page it is asked for.
const (
	lastPatience = 8 * time.Second
	lastPerPage  = 250 * time.Millisecond
)

// secondOpinion asks the other sources about what the first could not read: all
// of a file it could not open or found no page in, otherwise the poor pages.
func secondOpinion(ctx context.Context, b []byte, o Options, best *reading, err error) (*reading, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil && !slices.ContainsFunc(best.state, pageState.poor) {
		return best, nil
	}
	if err != nil && !worthAsking(err) {
		return nil, err
	}
	if other := pdfcpuReading(ctx, b, o, best); other != nil {
		best, err = other, nil
	}
	if o.Last != nil && (err != nil || slices.ContainsFunc(best.state, pageState.poor)) {
		if other := lastReading(ctx, b, o, best); other != nil {
			best, err = other, nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return best, err
}

// worthAsking: a file that wants a password or is over a limit is so for every source.
func worthAsking(err error) bool {
	code := wireCode(err)
	return code == wireCode(ErrDamaged) || code == wireCode(ErrEmpty)
}

// pdfcpuReading is what pdfcpu makes of the file, nil where it is no better.
func pdfcpuReading(ctx context.Context, b []byte, o Options, best *reading) (out *reading) {
	defer func() {
		if recover() != nil { // the library's own guard has holes
			out = nil
		}
	}()
	src, err := openPdfcpu(ctx, b)
	if err != nil {
		return nil
	}
	if best == nil {
		r, err := readOnce(ctx, src, newInterpreter(o), o)
		if err != nil || r.glyphs == 0 {
			return nil
		}
		r.warn(0, "source", "only pdfcpu could open it")
		return r
	}
	src.load(o)
	if len(src.pages) != len(best.pages) {
		return nil
	}
	in := newInterpreter(o)
	in.layers = readLayers(src.Trailer().Key("Root"))
	in.table = slices.Clip(best.in.table) // one numbering of fonts for all pages
	best.mend(src.Name(), src.Version(), func(i int) (*layout.Page, pageState, bool) {
		laid, state, _ := in.layPage(ctx, i+1, src.pages[i])
		return laid, state, ctx.Err() == nil
	})
	best.in.table = in.table
	return best
}

// lastReading is what the last source makes of the file, nil where it is no better.
func lastReading(ctx context.Context, b []byte, o Options, best *reading) (out *reading) {
	poor := 1
	if best != nil {
		poor = len(best.pages)
	}
	if o.starting != nil && !o.Last.running() {
		o.starting()
	}
	if o.Last.Start(ctx) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lastPatience+time.Duration(min(poor, 200))*lastPerPage)
	defer cancel()
	f, err := o.Last.open(ctx, b)
	if err != nil {
		return nil
	}
	defer f.close()
	if best == nil {
		return f.reading(o)
	}
	if f.count != len(best.pages) {
		return nil
	}
	best.mend("pdfium", pdfiumVersion, func(i int) (*layout.Page, pageState, bool) {
		return f.page(i, best.in, o)
	})
	return best
}

// mend reads the poor pages again and keeps what came out better. read says
// whether there is a point in going on.
func (r *reading) mend(source, version string, read func(i int) (*layout.Page, pageState, bool)) {
	misses, mended := 0, []string(nil)
	for i, was := range r.state {
		if !was.poor() || misses >= fruitless {
			continue
		}
		laid, state, more := read(i)
		if !state.clearlyBetter(was) {
			misses++
		} else {
			state.source, state.version = source, version
			r.laid[i], r.state[i] = laid, state
			r.glyphs += state.glyphs - was.glyphs
			r.doc.Warnings = slices.DeleteFunc(r.doc.Warnings, func(w Warning) bool {
				return w.Page == i+1 && (w.Code == "page-failed" || w.Code == "page-damaged" || w.Code == "unmapped")
			})
			mended = append(mended, fmt.Sprint(i+1))
		}
		if !more {
			break
		}
	}
	if len(mended) > 0 {
		r.warn(0, "source", fmt.Sprintf("%s read what %s could not: page %s", source, r.src.Name(), strings.Join(mended, ", ")))
	}
}
