package principles

import (
	"bytes"
	"encoding/json"
	"fmt"

	"tenet/internal/store"
)

// Clean copies v, down to the last pointer, with every text fit for the
// ledger: valid UTF-8 in NFC. It goes through the JSON tree and not through
// JSON text: an accent that follows an escape would melt into the escape.
func Clean[T any](v T) (T, error) {
	var out T
	raw, err := json.Marshal(v)
	if err != nil {
		return out, fmt.Errorf("principles: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return out, fmt.Errorf("principles: %w", err)
	}
	if raw, err = json.Marshal(normal(tree)); err != nil {
		return out, fmt.Errorf("principles: %w", err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("principles: %w", err)
	}
	return out, nil
}

func normal(v any) any {
	switch v := v.(type) {
	case string:
		return store.Text(v)
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[store.Text(k)] = normal(x)
		}
		return out
	}
	return v
}
