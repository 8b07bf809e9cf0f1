package yamlfile

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/goccy/go-yaml"
)

// Difference compares two YAML documents as trees: numbers by value, mappings
// without order, and everything else exactly. It gives "" when they are equal
// and else the path and both sides of the first difference.
func Difference(a, b []byte) (string, error) {
	var ta, tb any
	if err := yaml.Unmarshal(a, &ta); err != nil {
		return "", fmt.Errorf("first document: %w", err)
	}
	if err := yaml.Unmarshal(b, &tb); err != nil {
		return "", fmt.Errorf("second document: %w", err)
	}
	return differ("", ta, tb), nil
}

func differ(path string, a, b any) string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			break
		}
		keys := slices.Sorted(maps.Keys(x))
		for _, k := range slices.Sorted(maps.Keys(y)) {
			if _, ok := x[k]; !ok {
				return fmt.Sprintf("%s.%s: only in the second", path, k)
			}
		}
		for _, k := range keys {
			if _, ok := y[k]; !ok {
				return fmt.Sprintf("%s.%s: only in the first", path, k)
			}
			if d := differ(path+"."+k, x[k], y[k]); d != "" {
				return d
			}
		}
		return ""
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			break
		}
		for i := range x {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), x[i], y[i]); d != "" {
				return d
			}
		}
		return ""
	default:
		fx, okx := Float(a)
		fy, oky := Float(b)
		if okx && oky && (fx == fy || math.IsNaN(fx) && math.IsNaN(fy)) {
			return ""
		}
		if !okx && !oky && a == b {
			return ""
		}
	}
	return fmt.Sprintf("%s: %#v in the first, %#v in the second", path, a, b)
}

// Float is a decoded YAML number, whole or not, as a float64; false for anything else.
func Float(v any) (float64, bool) {
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
