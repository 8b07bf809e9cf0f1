package main

import (
	"fmt"
	"os"
	"sync"
)

// results is standard output that remembers its first failed write. Most verbs print many small pieces;
// that the disk under `tenet list >file` was full must not end in exit 0.
type results struct {
	*os.File
	mu     sync.Mutex // guards failed
	failed error
}

func (r *results) Write(b []byte) (int, error) {
	n, err := r.File.Write(b)
	if err != nil {
		r.mu.Lock()
		if r.failed == nil {
			r.failed = err
		}
		r.mu.Unlock()
	}
	return n, err
}

// WriteString goes the way of Write.
func (r *results) WriteString(s string) (int, error) { return r.Write([]byte(s)) }

// lost says that results did not arrive, nil where all did.
func (r *results) lost() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		return nil
	}
	return fmt.Errorf("some results were lost: %w", r.failed)
}
