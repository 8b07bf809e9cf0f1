package store

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	if child() {
		return
	}
	goleak.VerifyTestMain(m)
}

// thing is the entity of these tests.
type thing struct {
	ID      string   `json:"id"`
	Alias   string   `json:"alias,omitempty"`
	Key     string   `json:"key,omitempty"`
	Text    string   `json:"text"`
	Weight  Real     `json:"weight"`
	OwnerID string   `json:"owner_id,omitempty"`
	TagIDs  []string `json:"tag_ids,omitempty"`
}

func newLibrary(t testing.TB, o Options) *Library {
	t.Helper()
	l, err := Init(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// update fails the test where the Update fails.
func update(t testing.TB, l *Library, actor string, fn func(*Tx) error) uint64 {
	t.Helper()
	seq, err := l.Update(t.Context(), actor, fn)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func put(t testing.TB, l *Library, actor string, v thing) uint64 {
	t.Helper()
	return update(t, l, actor, func(tx *Tx) error { return tx.Put("thing.set", "thing", v.ID, v, "") })
}

func view(t testing.TB, l *Library, fn func(*Tx) error) {
	t.Helper()
	if err := l.View(fn); err != nil {
		t.Fatal(err)
	}
}

// sound fails the test where Verify finds anything.
func sound(t testing.TB, l *Library) {
	t.Helper()
	found, err := l.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %s", f)
	}
}

// dump is everything that follows from the changes, and nothing else: what undo must restore.
func dump(t testing.TB, l *Library) string {
	t.Helper()
	var out bytes.Buffer
	view(t, l, func(tx *Tx) error {
		for _, kind := range tx.Kinds() {
			if n := tx.Count(kind); n != 0 {
				out.WriteString(kind + " " + string(rune('0'+n%10)) + "\n")
			}
		}
		for k, v := range walk(tx.b.state, nil, false) {
			out.WriteString(string(k) + " " + string(v[8:]) + "\n")
		}
		for k := range walk(tx.b.index, nil, false) {
			out.WriteString(string(k) + "\n")
		}
		return nil
	})
	return out.String()
}

func fixedClock() func() time.Time {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		at = at.Add(time.Second)
		return at
	}
}

func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// ctxOf is the context of a rapid check.
func ctxOf(t *rapid.T) context.Context { return t.Context() }
