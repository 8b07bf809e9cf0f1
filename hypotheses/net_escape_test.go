package hypotheses

import (
	"encoding/json"
	"testing"

	"tenet/internal/store"
)

// Found by random packs: a mark behind an escaped letter changed the escape when the record was normalised.
func TestAMarkBehindAnEscapeStaysJSON(t *testing.T) {
	for _, key := range []string{"\t\u0307", "\n\u0303x", "\u0007\u0301\u0327", "a\u0301", "\\\u0301", "\"\u0301", "\U0001d165\t\U0001d165", "\u0301"} {
		key = store.Text(key)
		text, err := toJSON(map[string]any{key: 1})
		if err != nil {
			t.Fatal(err)
		}
		kept := store.Text(text)
		var back map[string]int
		if err := json.Unmarshal([]byte(kept), &back); err != nil || back[key] != 1 {
			t.Errorf("%q: kept as %s, which reads as %v (%v)", key, kept, back, err)
		}
		if _, err := NetDigest(kept); err != nil {
			t.Errorf("%q: digest: %v", key, err)
		}
	}
}
