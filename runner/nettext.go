package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tenet/internal/store"
	"tenet/runner/net"
)

// realMark stands before a number with a fraction in the net of a job: canonical JSON, which keys are made
// of, has no such numbers.
const realMark = "real "

// netText writes a net as it stands in jobs and their keys.
func netText(s net.Spec) (json.RawMessage, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("runner: net: %w", err)
	}
	return rewrite(b, func(v any) any {
		n, ok := v.(json.Number)
		if !ok {
			return v
		}
		f, err := n.Float64()
		if err != nil || f == float64(int64(f)) {
			return v
		}
		return realMark + store.Real(f).String()
	})
}

// netOf reads what netText wrote.
func netOf(text json.RawMessage) (net.Spec, error) {
	b, err := rewrite(text, func(v any) any {
		s, ok := v.(string)
		if !ok {
			return v
		}
		rest, ok := strings.CutPrefix(s, realMark)
		if _, err := strconv.ParseFloat(rest, 64); !ok || err != nil {
			return v
		}
		return json.Number(rest)
	})
	if err != nil {
		return net.Spec{}, err
	}
	return net.Parse(b)
}

// rewrite changes the leaves of a JSON text.
func rewrite(text []byte, leaf func(any) any) (json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("runner: net: %w", err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
			return v
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
			return v
		}
		return leaf(v)
	}
	b, err := json.Marshal(walk(v))
	if err != nil {
		return nil, fmt.Errorf("runner: net: %w", err)
	}
	return b, nil
}
