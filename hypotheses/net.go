package hypotheses

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"tenet/internal/store"
)

// field and ordered write a YAML mapping in a chosen order.
type field struct {
	key   string
	value any
}

type ordered []field

func (o ordered) slice() yaml.MapSlice {
	out := make(yaml.MapSlice, len(o))
	for i, f := range o {
		out[i] = yaml.MapItem{Key: f.key, Value: f.value}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// toJSON writes a decoded YAML value as JSON text with sorted keys. A net is
// not understood here; only its form is kept.
func toJSON(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // "all j<k" stays readable
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("a net must be plain values: %w", err)
	}
	return guardEscapes(strings.TrimSpace(b.String())), nil
}

// guardEscapes writes combining marks behind an escape as escapes too. The text is kept as a string of a
// record, and records hold NFC: there a raw mark would melt into the escape's last letter, so that a tab
// (\t) with a dot above (U+0307) became \ṫ, which is no JSON. A mark behind a raw letter is left to NFC.
func guardEscapes(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		n := escapeLen(text[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+size])
			i += size
			continue
		}
		b.WriteString(text[i : i+n])
		i += n
		end := i
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.Is(unicode.M, r) {
				break
			}
			end += size
		}
		for _, u := range utf16.Encode([]rune(store.Text(text[i:end]))) {
			fmt.Fprintf(&b, `\u%04x`, u)
		}
		i = end
	}
	return b.String()
}

// escapeLen is the length of the JSON escape that s begins with, 0 for none.
func escapeLen(s string) int {
	switch {
	case len(s) < 2 || s[0] != '\\':
		return 0
	case s[1] == 'u':
		return min(6, len(s))
	}
	return 2
}

// fromJSON reads JSON text into values that YAML writes back the same: whole
// numbers stay whole, and text stays text.
func fromJSON(text string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("hypotheses: not JSON: %w", err)
	}
	return plain(v)
}

func plain(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return n, nil
		}
		return v.Float64()
	case []any:
		for i := range v {
			x, err := plain(v[i])
			if err != nil {
				return nil, err
			}
			v[i] = x
		}
	case map[string]any:
		out := make(ordered, 0, len(v))
		for _, key := range netOrder(v) {
			x, err := plain(v[key])
			if err != nil {
				return nil, err
			}
			out = append(out, field{key, x})
		}
		return out.slice(), nil
	}
	return v, nil
}

// netOrder puts what a reader asks first in front: the family, then sizes,
// and skips last.
func netOrder(m map[string]any) []string {
	keys := sortedKeys(m)
	rank := func(k string) int {
		switch k {
		case "family", "each":
			return 0
		case "from":
			return 1
		case "to":
			return 2
		case "join":
			return 3
		case "skip":
			return 9
		}
		return 5
	}
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
	return keys
}

// netTag keeps the digest of a net apart from other uses of the same bytes.
const netTag = "tenet/net/v1\x00"

// NetDigest is the digest of a net's JSON text: equal for equal nets, whatever
// the order of keys or the spelling of numbers.
func NetDigest(spec string) (string, error) {
	dec := json.NewDecoder(strings.NewReader(spec))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return "", fmt.Errorf("hypotheses: net is not JSON: %w", err)
	}
	return tagged(netTag, noReals(v))
}

// noReals turns numbers with a fraction into decimal strings marked as such,
// which is the one way canonical JSON has for them.
func noReals(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return "real " + string(v)
		}
		if f == float64(int64(f)) && f < 1<<53 && f > -(1<<53) {
			return int64(f)
		}
		return "real " + store.Real(f).String()
	case []any:
		for i := range v {
			v[i] = noReals(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = noReals(v[k])
		}
	}
	return v
}

// tagged is SHA-256 over a tag and the canonical bytes of v, in hex.
func tagged(tag string, v any) (string, error) {
	canonical, err := store.Canonical(v)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write([]byte(tag))
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil)), nil
}
