package store

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// acked is what a killed process had acknowledged.
type acked struct {
	puts  map[string]uint64 // id → seq
	vault []string
	seq   uint64
	opens int
}

// TestEveryAcknowledgedWriteSurvivesKill kills a writing process at random instants, from before its opening to deep
// in its work. Each time the library must open, verify, and hold every write that was acknowledged before.
func TestEveryAcknowledgedWriteSurvivesKill(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 1))
	const perLibrary = 25
	for n := 0; n < kills; n += perLibrary {
		dir := filepath.Join(t.TempDir(), "library")
		all := acked{puts: map[string]uint64{}}
		for range perLibrary {
			killOnce(t, dir, chance, &all)
			checkAcked(t, dir, &all)
			if t.Failed() {
				t.Fatalf("after %d kills in all; seed %d", n, seed)
			}
		}
		if all.opens == 0 || len(all.puts) == 0 {
			t.Fatalf("no child came to write: %+v", all)
		}
		t.Logf("%d openings, %d puts, %d files, %d changes", all.opens, len(all.puts), len(all.vault), all.seq)
	}
}

func killOnce(t *testing.T, dir string, chance *rand.Rand, all *acked) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnv("write", dir, "")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(chance.Int64N(int64(killWithin))))
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	lines := bufio.NewScanner(&out)
	for lines.Scan() {
		var seq uint64
		var word string
		line := lines.Text()
		switch {
		case line == "open":
			all.opens++
		case scan(line, "put %d %s", &seq, &word):
			all.puts[word] = seq
		case scan(line, "seq %d", &seq):
		case scan(line, "vault %s", &word):
			all.vault = append(all.vault, word)
		default:
			t.Errorf("child says: %s", line)
		}
		all.seq = max(all.seq, seq)
	}
}

func scan(line, format string, into ...any) bool {
	n, err := fmt.Sscanf(line, format, into...)
	return err == nil && n == len(into)
}

func checkAcked(t *testing.T, dir string, all *acked) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, ledgerName)); err != nil && all.opens == 0 {
		return // killed before there was a library
	}
	l, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatalf("open after kill: %v", err)
	}
	defer l.Close()
	sound(t, l)
	if l.Seq() < all.seq {
		t.Errorf("the ledger ends at %d, %d was acknowledged", l.Seq(), all.seq)
	}
	view(t, l, func(tx *Tx) error {
		for id, seq := range all.puts {
			if c, err := tx.Change(seq); err != nil || c.ID != id || c.Kind != "thing" {
				t.Errorf("change %d: got %s %s %v, acknowledged was thing %s", seq, c.Kind, c.ID, err, id)
			}
		}
		return nil
	})
	for _, sha := range all.vault {
		if _, err := l.Vault().Bytes(sha); err != nil {
			t.Errorf("file: %v", err)
		}
	}
}
