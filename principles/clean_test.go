package principles

import (
	"testing"

	"pgregory.net/rapid"

	"tenet/internal/store"
)

// An accent behind a line break once melted into the r of the escape \r.
func TestCleanTextIsStoreText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"a\r\u0301b", "\x01\u0301", "e\u0301", "\xff", `\u0301`, "<\u0338"})).Draw(t, "text")
		p, err := Clean(Principle{Name: s, Rivals: []string{s}})
		if err != nil || p.Name != store.Text(s) || p.Rivals[0] != p.Name {
			t.Fatalf("%q: got %q, %v", s, p.Name, err)
		}
		again, err := Clean(p)
		if err != nil || again.Name != p.Name {
			t.Fatalf("%q: cleaned twice %q, %v", s, again.Name, err)
		}
	})
}
