package index

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	bindex "github.com/blevesearch/bleve_index_api"
)

// format changes with everything that makes old documents answer differently:
// the words of a text, the fields of a document, the shape of a hit.
const format = "1"

var stateKey = []byte("tenet/state")

// state travels in every bleve batch, so that documents and the change they are
// as of are kept or lost together.
type state struct {
	Mapping string `json:"mapping"`
	Applied uint64 `json:"applied"`
	// Leaf is the hash of the applied change's record: it tells one library's
	// index from another's, and a restored library from its own future.
	Leaf string `json:"leaf"`
}

// mappingHash pins how documents are made and read.
func mappingHash() string {
	h := sha256.New()
	fmt.Fprintf(h, "format %s\nterm %d gap %d\n", format, maxTerm, partGap)
	for _, f := range fields {
		fmt.Fprintf(h, "%s %d %t\n", f.name, f.kind, f.facet)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// generation is one bleve index on disk, or in memory when dir is empty.
type generation struct {
	name string
	b    bleve.Index
	st   state

	// countsMu guards how many documents of which kinds there were at countsAt.
	countsMu sync.Mutex
	countsAt uint64
	counts   map[string]uint64
}

// mapped hands ready documents to bleve's builder, which insists on mapping them.
type mapped struct{ *mapping.IndexMappingImpl }

func (mapped) MapDocument(out *document.Document, data any) error {
	for _, f := range data.(*document.Document).Fields {
		out.AddField(f)
	}
	return nil
}

// bleveMapping is nearly empty: documents come with their fields and analyzers made.
func bleveMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	m.ScoringModel = bindex.BM25Scoring
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

func openConfig() map[string]any {
	return map[string]any{"bolt_timeout": "3s"}
}

// current opens the generation that CURRENT names.
func current(dir string) (*generation, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "CURRENT"))
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(string(raw))
	if name == "" || name != filepath.Base(name) || !strings.HasPrefix(name, "g") {
		return nil, fmt.Errorf("CURRENT names %q", name)
	}
	return openGeneration(dir, name)
}

// openGeneration opens one bleve folder. What is damaged enough makes bleve
// panic; the index is only a picture, so that is one more reason to redraw it.
func openGeneration(dir, name string) (g *generation, err error) {
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, fmt.Errorf("damaged: %v", r)
		}
	}()
	b, err := bleve.OpenUsing(filepath.Join(dir, name), openConfig())
	if err != nil {
		return nil, err
	}
	g = &generation{name: name, b: b}
	raw, err := b.GetInternal(stateKey)
	if err == nil && raw == nil {
		err = errors.New("it was never finished")
	}
	if err == nil {
		err = json.Unmarshal(raw, &g.st)
	}
	if err != nil {
		_ = b.Close()
		return nil, err
	}
	return g, nil
}

// writer builds a generation from nothing. Documents go through bleve's offline
// builder, which leaves one compact segment; in memory there is no builder.
type writer struct {
	dir, name string
	builder   bleve.Builder
	memory    bleve.Index
	batch     *bleve.Batch
	n         int
}

const batchSize = 1000

// newWriter starts generation name below dir; dir "" keeps it in memory.
func newWriter(dir, name string) (*writer, error) {
	w := &writer{dir: dir, name: name}
	if dir != "" {
		return w, os.MkdirAll(filepath.Join(dir, name), 0o700)
	}
	m, err := bleve.NewMemOnly(bleveMapping())
	if err != nil {
		return nil, err
	}
	w.memory, w.batch = m, m.NewBatch()
	return w, nil
}

func (w *writer) path() string { return filepath.Join(w.dir, w.name) }

func (w *writer) add(d *doc) error {
	out, err := d.build()
	if err != nil {
		return err
	}
	w.n++
	if w.memory != nil {
		if err := w.batch.IndexAdvanced(out); err != nil {
			return err
		}
		if w.batch.Size() < batchSize {
			return nil
		}
		err := w.memory.Batch(w.batch)
		w.batch.Reset()
		return err
	}
	if w.builder == nil { // the first document: an index of none is made another way
		w.builder, err = bleve.NewBuilder(w.path(), mapped{bleveMapping()}, map[string]any{
			"batchSize": batchSize, "mergeMax": 20, "buildPathPrefix": w.path(),
		})
		if err != nil {
			return err
		}
	}
	return w.builder.Index(out.ID(), out)
}

// finish writes the state as the last thing and opens the result. Until then
// the folder does not count as an index.
func (w *writer) finish(st state, internal map[string][]byte) (*generation, error) {
	b := w.memory
	var err error
	switch {
	case b != nil:
		err = b.Batch(w.batch)
	case w.builder != nil:
		if err = w.builder.Close(); err == nil {
			b, err = bleve.OpenUsing(w.path(), openConfig())
		}
	default:
		_ = os.RemoveAll(w.path())
		b, err = bleve.NewUsing(w.path(), bleveMapping(), bleve.Config.DefaultIndexType, bleve.Config.DefaultKVStore, nil)
	}
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	batch := b.NewBatch()
	for k, v := range internal {
		batch.SetInternal([]byte(k), v)
	}
	batch.SetInternal(stateKey, raw)
	if err := b.Batch(batch); err != nil {
		_ = b.Close()
		return nil, err
	}
	return &generation{name: w.name, b: b, st: st}, nil
}

// abandon removes what was begun.
func (w *writer) abandon() {
	if w.memory != nil {
		_ = w.memory.Close()
	} else {
		_ = os.RemoveAll(w.path())
	}
}

// point makes CURRENT name a generation: written beside, synced, renamed.
func point(dir, name string) error {
	tmp := filepath.Join(dir, "CURRENT.new")
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, "CURRENT"))
}

// sweep removes all generations but one; leftovers of a crash included.
func sweep(dir, keep string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), "g") && e.Name() != keep {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// fresh returns the name of a generation that does not exist yet.
func fresh(dir string) (string, error) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("g%06d", n)
		_, err := os.Stat(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) || dir == "" {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}
