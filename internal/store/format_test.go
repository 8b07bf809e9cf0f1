package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestASecondReaderAgrees runs testdata/reader.py, written from FORMAT.md alone, over a library that has seen all there
// is: undo and redo, conflicts, long values, deletions, unicode, the vault.
func TestASecondReaderAgrees(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3 to run the second reader")
	}
	l := newLibrary(t, Options{})
	read := func() string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), python, "testdata/reader.py", l.Dir()).CombinedOutput()
		if err != nil {
			return "fault: " + strings.TrimSpace(string(out))
		}
		return strings.TrimSpace(string(out))
	}
	agrees := func() {
		t.Helper()
		head, err := l.Head()
		if err != nil {
			t.Fatal(err)
		}
		things := 0
		view(t, l, func(tx *Tx) error {
			for _, kind := range tx.Kinds() {
				things += tx.Count(kind)
			}
			return nil
		})
		want := fmt.Sprintf("changes %d root %s things %d", head.Size, hex.EncodeToString(head.Root[:]), things)
		if got := read(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	agrees()
	for n := range 40 {
		busy(t, l, n)
		if n%6 == 5 {
			if _, err := l.Redo(t.Context(), "ann"); err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrNothingToUndo) {
				t.Fatal(err)
			}
		}
	}
	put(t, l, "Zoë <z@example.org>", thing{
		ID: "ü\u2028<&>", Alias: "ÄÖ007", Key: strings.Repeat("long ", 60), Text: "tab\tbell\a \"q\" \\ \x7f 𝜆", Weight: 1e-9,
		TagIDs: []string{"x", "", "x", "y"}, OwnerID: "a\x00b",
	})
	update(t, l, "bob", func(tx *Tx) error {
		return tx.PutFinal("thing.locked", "thing", "ü\u2028<&>", map[string]any{"alias": "T5000000000", "n": 1, "b": true, "z": nil, "key": 3}, "why not\n")
	})
	if _, err := l.Vault().PutBytes(t.Context(), []byte("a paper")); err != nil {
		t.Fatal(err)
	}
	agrees()
	sound(t, l)
	if err := l.db.Update(edited(bucketChanges, be64(4), func(v []byte) []byte { v[60] ^= 1; return v })); err != nil {
		t.Fatal(err)
	}
	if got := read(); !strings.HasPrefix(got, "fault: change 4") {
		t.Errorf("after damage: %s", got)
	}
}

// TestARecordHasTheseBytes pins the record and its leaf: they may change only with the schema.
func TestARecordHasTheseBytes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 670_000_000, time.UTC)
	l := newLibrary(t, Options{Now: func() time.Time { return at }})
	update(t, l, "Ann <ann@example.org>", func(tx *Tx) error {
		return tx.Put("claim.tagged", "claim", "c", thing{ID: "c", Alias: "C1", Text: "x", Weight: .5}, "because")
	})
	const record = `{"actor":"Ann <ann@example.org>","after":{"alias":"C1","id":"c","text":"x","weight":"0.5"},"at":"2026-01-02T03:04:05.67Z",` +
		`"batch":1,"before":null,"final":false,"id":"c","kind":"claim","seq":1,"undoes":0,"verb":"claim.tagged","why":"because"}`
	e := viewEntry(t, l, 1)
	if got := string(e.record()); got != record {
		t.Errorf("got  %s\nwant %s", got, record)
	}
	// printf '\0%s' "$record" | sha256sum
	const leaf = "cc0447643fc72e942c501e591e29282a1778eb2571c21429f2480bbe68523aca"
	if got := hex.EncodeToString(e.hashes()); got != leaf {
		t.Errorf("leaf %s, want %s", got, leaf)
	}
}
