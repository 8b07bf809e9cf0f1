package papers

import "context"

// Options bound the work on one file. Zero means the default.
type Options struct {
	MaxPages  int   // pages read, default 5000
	MaxGlyphs int   // glyphs a page may paint, default 400,000
	MaxOps    int   // operators a page may run, forms included, default 5,000,000
	MaxBytes  int64 // size of the file, default 512 MiB

	// Progress, when not nil, is told the number of pages once it is known
	// (done 0) and after each page. It must not block.
	Progress func(done, total int) `json:"-"`
}

// Open reads the file at path. A page that cannot be read costs that page and a
// warning, never the document; what ends the reading is wrapped around one of
// the Err values.
func Open(ctx context.Context, path string, o Options) (*Document, error) {
	return nil, ErrDamaged
}
