//go:build slow

package store

import (
	"os"
	"testing"
	"time"
)

// TestAMillionChangesOpenWithoutReplay holds the target: 300 ms for the median of five openings.
func TestAMillionChangesOpenWithoutReplay(t *testing.T) {
	l := newLibrary(t, Options{})
	start := time.Now()
	for l.Seq() < 1_000_000 {
		seed(t, l, 10_000)
	}
	info, err := os.Stat(l.Dir() + "/" + ledgerName)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("1,000,000 changes written in %v, %d MB", time.Since(start).Round(time.Second), info.Size()>>20)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var took [5]time.Duration
	for i := range took {
		start := time.Now()
		again, err := Open(t.Context(), l.Dir(), Options{})
		took[i] = time.Since(start)
		if err != nil || again.Seq() != 1_000_000 {
			t.Fatalf("at %d, %v", again.Seq(), err)
		}
		if i == 0 {
			start := time.Now()
			sound(t, again)
			t.Logf("verified in %v", time.Since(start).Round(time.Millisecond))
			start = time.Now()
			if _, _, err := again.SignedHead(); err != nil {
				t.Fatal(err)
			}
			t.Logf("hashed again and signed in %v", time.Since(start).Round(time.Millisecond))
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("opened in %v", took)
	if took[2] > 3*time.Second {
		t.Errorf("the third opening took %v; 300 ms is the target on a quiet machine", took[2])
	}
}
