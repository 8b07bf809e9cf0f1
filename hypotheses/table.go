package hypotheses

import (
	"fmt"
	"iter"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// Table is a published table, used for rank correlation only.
type Table struct {
	ID  string `json:"id"`
	Key string `json:"key"` // "T1"

	Title      string            `json:"title"`
	Reference  string            `json:"reference"` // bibliography key
	Where      string            `json:"where"`
	Metric     string            `json:"metric"`
	Better     string            `json:"better"`
	Scale      string            `json:"scale"` // numeric, ordinal
	Confidence string            `json:"confidence"`
	Checked    string            `json:"checked"`
	UsedBy     []string          `json:"used_by"`
	Rows       []Row             `json:"rows"`
	MapToArms  map[string]string `json:"map_to_small_arms,omitempty"` // row → arm
	Note       string            `json:"note,omitempty"`
	Order      int               `json:"order,omitempty"`
}

// Row is one row of a table: a model, its value where there is one, and
// whatever further columns this table has.
type Row struct {
	Model  string      `json:"model"`
	Value  *store.Real `json:"value"` // nil: no number, see Status
	Status string      `json:"status,omitempty"`
	Note   string      `json:"note,omitempty"`
	// Columns hold numbers, texts and null as JSON text: {"at_18": "28.1"}.
	Columns map[string]string `json:"columns,omitempty"`

	faults map[string]string // by column, for the check of the file
}

// UnmarshalYAML keeps the columns that only this table has. What has the wrong
// type is left to the check of the file, which knows its place.
func (r *Row) UnmarshalYAML(read func(any) error) error {
	var all map[string]any
	if err := read(&all); err != nil {
		return err
	}
	*r = Row{Columns: map[string]string{}, faults: map[string]string{}}
	for key, v := range all {
		ok := true
		switch key {
		case "model":
			r.Model, ok = v.(string)
		case "status":
			r.Status, ok = v.(string)
		case "note":
			r.Note, ok = v.(string)
		case "value":
			var f float64
			if f, ok = yamlfile.Float(v); ok {
				x := store.Real(f)
				r.Value = &x
			}
			ok = ok || v == nil
		default:
			r.Columns[key], ok = scalarJSON(v)
		}
		if !ok {
			r.faults[key] = fmt.Sprintf("is %v, which has the wrong type", v)
		}
	}
	return nil
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (r Row) MarshalYAML() (any, error) {
	out := ordered{{"model", r.Model}}
	if r.Value != nil {
		out = append(out, field{"value", float64(*r.Value)})
	} else {
		out = append(out, field{"value", nil})
	}
	if r.Status != "" {
		out = append(out, field{"status", r.Status})
	}
	for _, key := range sortedKeys(r.Columns) {
		v, err := fromJSON(r.Columns[key])
		if err != nil {
			return nil, err
		}
		out = append(out, field{key, v})
	}
	if r.Note != "" {
		out = append(out, field{"note", r.Note})
	}
	return out.slice(), nil
}

// scalarJSON writes a number, a text or null; a list or a mapping is no cell.
func scalarJSON(v any) (string, bool) {
	switch v.(type) {
	case nil, string, bool, float64, uint64, int64, int:
		text, err := toJSON(v)
		return text, err == nil
	}
	return "", false
}

// Tables gives every published table in the order of entry.
func Tables(tx *store.Tx) iter.Seq2[Table, error] { return store.All[Table](tx, KindTable) }

// FindTable gives the published table with the id or the key.
func FindTable(tx *store.Tx, name string) (Table, error) {
	return keyed(tx, KindTable, name, func(t Table) string { return t.Key })
}
