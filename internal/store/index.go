package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// longValue is the length from which, or with a zero byte inside, a value is indexed by its hash.
const longValue = 256

func indexKey(kind, field, value, id string) []byte {
	if len(value) >= longValue || strings.IndexByte(value, 0) >= 0 {
		sum := sha256.Sum256([]byte(value))
		value = "\x01" + hex.EncodeToString(sum[:])
	}
	key := make([]byte, 0, len(kind)+len(field)+len(value)+len(id)+3)
	key = append(append(key, kind...), 0)
	key = append(append(key, field...), 0)
	key = append(append(key, value...), 0)
	return append(key, id...)
}

// indexKeys are the entries that a state gives rise to.
func indexKeys(kind, id string, state []byte) map[string]bool {
	var keys map[string]bool
	add := func(field, value string) {
		if value == "" {
			return
		}
		if keys == nil {
			keys = map[string]bool{}
		}
		keys[string(indexKey(kind, field, value, id))] = true
	}
	for field, raw := range topFields(state) {
		if strings.IndexByte(field, 0) >= 0 {
			continue
		}
		switch {
		case field == "key" || strings.HasSuffix(field, "_id"):
			add(field, decodeText(raw))
		case strings.HasSuffix(field, "_ids"):
			var values []string
			if json.Unmarshal(raw, &values) == nil {
				for _, v := range values {
					add(field, v)
				}
			}
		}
	}
	return keys
}

// reindex writes only the entries that differ.
func (b *buckets) reindex(c Change) error {
	before, after := indexKeys(c.Kind, c.ID, c.Before), indexKeys(c.Kind, c.ID, c.After)
	for key := range before {
		if !after[key] {
			if err := b.index.Delete([]byte(key)); err != nil {
				return err
			}
		}
	}
	for key := range after {
		if !before[key] {
			if err := b.index.Put([]byte(key), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// field is one indexed field of a kind.
type field struct{ kind, name string }

// indexedFields lists the reference fields in use by jumping from one to the next.
func (b *buckets) indexedFields() []field {
	var out []field
	c := b.index.Cursor()
	for k, _ := c.First(); k != nil; {
		parts := strings.SplitN(string(k), "\x00", 3)
		if parts[1] != "key" {
			out = append(out, field{parts[0], parts[1]})
		}
		k, _ = c.Seek([]byte(parts[0] + "\x00" + parts[1] + "\x01"))
	}
	return out
}
