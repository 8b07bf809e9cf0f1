package hypotheses

import (
	"encoding/json"
	"fmt"
	"iter"

	"tenet/internal/store"
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
}

// UnmarshalYAML keeps the columns that only this table has; a value that is
// neither number, text nor null is refused.
func (r *Row) UnmarshalYAML(read func(any) error) error {
	var known struct {
		Model  string      `yaml:"model"`
		Value  *store.Real `yaml:"value"`
		Status string      `yaml:"status"`
		Note   string      `yaml:"note"`
	}
	var all map[string]any
	if err := read(&all); err != nil {
		return err
	}
	*r = Row{}
	for key, v := range all {
		var ok bool
		switch key {
		case "model":
			known.Model, ok = v.(string)
		case "status":
			known.Status, ok = v.(string)
		case "note":
			known.Note, ok = v.(string)
		case "value":
			var f float64
			if f, ok = asFloat(v); ok {
				x := store.Real(f)
				known.Value = &x
			}
			ok = ok || v == nil
		default:
			text, err := scalarJSON(v)
			if err != nil {
				return fmt.Errorf("column %s: %w", key, err)
			}
			if r.Columns == nil {
				r.Columns = map[string]string{}
			}
			r.Columns[key], ok = text, true
		}
		if !ok {
			return fmt.Errorf("%s is %v, which has the wrong type", key, v)
		}
	}
	r.Model, r.Value, r.Status, r.Note = known.Model, known.Value, known.Status, known.Note
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

func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case uint64:
		return float64(v), true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	}
	return 0, false
}

func scalarJSON(v any) (string, error) {
	switch v.(type) {
	case nil, string, bool, float64, uint64, int64, int:
		raw, err := json.Marshal(v)
		return string(raw), err
	}
	return "", fmt.Errorf("%v is neither number nor text", v)
}

// Tables gives every published table in the order of entry.
func Tables(tx *store.Tx) iter.Seq2[Table, error] { return store.All[Table](tx, KindTable) }

// FindTable gives the published table with the id or the key.
func FindTable(tx *store.Tx, name string) (Table, error) {
	return keyed(tx, KindTable, name, func(t Table) string { return t.Key })
}
