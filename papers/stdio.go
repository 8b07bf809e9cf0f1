package papers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Serve is the child's side of a Pool: it says hello, then answers requests on in one after the other until in ends. When in ends or ctx
// is done during a reading, that reading is given up: a child whose parent is gone does not go on working. last reads what no other
// source can; it may be nil.
func Serve(ctx context.Context, in io.Reader, out io.Writer, last *Renderer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := bufio.NewWriterSize(out, 1<<16)
	if err := writeFrame(w, hello{Tenet: "papers", Protocol: protocol, Engine: EngineVersion}); err != nil {
		return fmt.Errorf("papers: hello: %w", err)
	}
	requests := make(chan request)
	ended := make(chan error, 1)
	go func() {
		defer cancel()
		ended <- readRequests(ctx, bufio.NewReader(in), requests)
	}()
	for {
		select {
		case r := <-requests:
			if err := serveOne(ctx, w, r, last); err != nil {
				return fmt.Errorf("papers: answer to request %d: %w", r.ID, err)
			}
		case err := <-ended:
			return err
		}
	}
}

// readRequests hands on each request; it ends with the input, and the goroutine with it.
func readRequests(ctx context.Context, in io.Reader, requests chan<- request) error {
	for {
		b, err := readFrame(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("papers: request: %w", err)
		}
		var r request
		if err := json.Unmarshal(b, &r); err != nil {
			return fmt.Errorf("papers: request: %w", err)
		}
		select {
		case requests <- r:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// patience is how long a reading that was given up may take to notice.
const patience = 2 * time.Second

func serveOne(ctx context.Context, w *bufio.Writer, r request, last *Renderer) error {
	if r.MemoryMB > 0 {
		limitMemory(r.MemoryMB)
	}
	type result struct {
		d   *Document
		err error
	}
	progress := make(chan [2]int, 1)
	starting := make(chan struct{}, 1)
	done := make(chan result, 1)
	go func() {
		o := r.Options
		o.Last = last
		o.starting = func() { starting <- struct{}{} } // at most once a request: the engine keeps running
		o.Progress = func(n, total int) {
			select {
			case progress <- [2]int{n, total}:
			default: // the parent is told as often as it can hear, not more
			}
		}
		d, err := openGuarded(ctx, r.Path, o)
		done <- result{d, err}
	}()
	gone := ctx.Done()
	var late <-chan time.Time
	for {
		select {
		case p := <-progress:
			if err := writeFrame(w, reply{ID: r.ID, Type: "progress", Done: p[0], Total: p[1]}); err != nil {
				return err
			}
		case <-starting:
			if err := writeFrame(w, reply{ID: r.ID, Type: "starting"}); err != nil {
				return err
			}
		case res := <-done:
			if res.err != nil {
				return writeFrame(w, reply{ID: r.ID, Type: "error", Code: wireCode(res.err), Text: res.err.Error()})
			}
			return writeDocument(w, r.ID, res.d)
		case <-gone:
			gone, late = nil, time.After(patience)
		case <-late:
			return ctx.Err()
		}
	}
}

// openGuarded turns what Open did not catch into an error, so that one file costs one answer.
func openGuarded(ctx context.Context, path string, o Options) (d *Document, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("papers: %s: %w: %v", path, ErrDamaged, e)
		}
	}()
	return Open(ctx, path, o)
}

func writeDocument(w *bufio.Writer, id int, d *Document) error {
	head := *d
	head.Pages = nil
	if err := writeFrame(w, reply{ID: id, Type: "document", Document: &head}); err != nil {
		return err
	}
	for i := range d.Pages {
		if err := writeFrame(w, reply{ID: id, Type: "page", Page: &d.Pages[i]}); err != nil {
			return err
		}
	}
	return writeFrame(w, reply{ID: id, Type: "end"})
}
