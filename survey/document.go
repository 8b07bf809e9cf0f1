package survey

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"tenet/internal/store"
	"tenet/papers"
)

// maxDocument bounds what a damaged text artefact can unpack to.
const maxDocument = 1 << 30

// keepDocument stores an extracted document in the vault, packed.
func keepDocument(ctx context.Context, lib *store.Library, d *papers.Document) (sha string, err error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed) // a tenth longer than the default, in a third of the time
	if err != nil {
		return "", fmt.Errorf("survey: packing the text: %w", err)
	}
	if err := json.NewEncoder(z).Encode(d); err != nil {
		return "", fmt.Errorf("survey: packing the text: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("survey: packing the text: %w", err)
	}
	return lib.Vault().PutBytes(ctx, b.Bytes())
}

// LoadDocument gives the extracted text of a paper. It is store.ErrNotFound
// that a paper has none yet.
func LoadDocument(lib *store.Library, p Paper) (*papers.Document, error) {
	if p.TextSHA == "" {
		return nil, fmt.Errorf("survey: %s has no PDF yet: %w", p.Name(), store.ErrNotFound)
	}
	raw, err := lib.Vault().Bytes(p.TextSHA)
	if err != nil {
		return nil, fmt.Errorf("survey: text of %s: %w", p.Name(), err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("survey: text of %s: %w", p.Name(), err)
	}
	var d papers.Document
	if err := json.NewDecoder(io.LimitReader(z, maxDocument)).Decode(&d); err != nil {
		return nil, fmt.Errorf("survey: text of %s: %w", p.Name(), err)
	}
	return &d, nil
}
