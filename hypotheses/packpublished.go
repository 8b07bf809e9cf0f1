package hypotheses

import (
	"fmt"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// PublishedFile is published.yaml, field by field.
type PublishedFile struct {
	Schema   int         `yaml:"schema"`
	HowToUse string      `yaml:"how_to_use,omitempty"`
	Tables   []PackTable `yaml:"tables"`

	src source
}

// PackTable is one published table of a pack.
type PackTable struct {
	ID         string            `yaml:"id"`
	Title      string            `yaml:"title"`
	Reference  string            `yaml:"reference"`
	Where      string            `yaml:"where"`
	Metric     string            `yaml:"metric"`
	Better     string            `yaml:"better"`
	Scale      string            `yaml:"scale"`
	Confidence string            `yaml:"confidence"`
	Checked    string            `yaml:"checked"`
	UsedBy     []string          `yaml:"used_by"`
	Rows       []Row             `yaml:"rows"`
	MapToArms  map[string]string `yaml:"map_to_small_arms,omitempty"`
	Note       string            `yaml:"note,omitempty"`
}

// ReadPublished reads published.yaml as [ReadFile] reads hypotheses.yaml.
func ReadPublished(name string, data []byte) (*PublishedFile, error) {
	f := &PublishedFile{src: source{name, data}}
	if err := yamlfile.Decode(name, data, f); err != nil {
		return nil, err
	}
	if err := f.src.locate(f.check()); err != nil {
		return nil, err
	}
	return f, nil
}

// WritePublished writes published.yaml; ReadPublished(WritePublished(f)) holds
// what f holds.
func WritePublished(f *PublishedFile) ([]byte, error) {
	return encode("Published tables for rank correlation. Schema: docs/packs.md of tenet", f)
}

func (f *PublishedFile) check() yamlfile.Problems {
	var ps yamlfile.Problems
	checkSchema(&ps, f.Schema)
	tables := ids{}
	for i, t := range f.Tables {
		at := fmt.Sprintf("tables[%d]", i)
		tables.add(&ps, at+".id", t.ID)
		ps.OneOf(at+".scale", t.Scale, "numeric", "ordinal")
		models := map[string]bool{}
		for j, r := range t.Rows {
			row := fmt.Sprintf("%s.rows[%d]", at, j)
			ps.Need(row+".model", r.Model)
			for _, column := range sortedKeys(r.faults) {
				ps.Add(row+"."+column, "%s", r.faults[column])
			}
			models[r.Model] = true
		}
		for model := range t.MapToArms {
			if !models[model] {
				ps.Add(at+".map_to_small_arms", "table %s has no row %q", t.ID, model)
			}
		}
	}
	return ps
}

func (t PackTable) table(id string, order int) Table {
	return Table{
		ID: id, Key: t.ID, Title: t.Title, Reference: t.Reference, Where: t.Where, Metric: t.Metric, Better: t.Better,
		Scale: t.Scale, Confidence: t.Confidence, Checked: t.Checked, UsedBy: listOf(t.UsedBy), Rows: listOf(t.Rows),
		MapToArms: t.MapToArms, Note: t.Note, Order: order,
	}
}

func (t Table) packed() PackTable {
	return PackTable{
		ID: t.Key, Title: t.Title, Reference: t.Reference, Where: t.Where, Metric: t.Metric, Better: t.Better,
		Scale: t.Scale, Confidence: t.Confidence, Checked: t.Checked, UsedBy: listOf(t.UsedBy), Rows: listOf(t.Rows),
		MapToArms: t.MapToArms, Note: t.Note,
	}
}

func (f *PublishedFile) store(tx *store.Tx, n *Stored) error {
	for i, t := range f.Tables {
		id, err := idOf(tx, KindTable, t.ID, func(t Table) (string, string) { return t.Key, t.ID })
		if err != nil {
			return err
		}
		if err := put(n, tx, "table.imported", KindTable, id, t.table(id, i+1)); err != nil {
			return err
		}
	}
	return mergeFrame(tx, frame{HowToUse: f.HowToUse})
}
