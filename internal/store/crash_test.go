package store

import (
	"bufio"
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
	const perLibrary = 25
	for n := range kills / perLibrary {
		t.Run(fmt.Sprintf("library %d", n), func(t *testing.T) {
			t.Parallel() // most of the time is waiting for the instant
			chance := rand.New(rand.NewPCG(seed, uint64(n)))
			dir := filepath.Join(t.TempDir(), "library")
			all := acked{puts: map[string]uint64{}}
			for kill := range perLibrary {
				killOnce(t, dir, chance, &all)
				checkAcked(t, dir, &all)
				if t.Failed() {
					t.Fatalf("at kill %d; seed %d", kill, seed)
				}
			}
			if all.opens < perLibrary/2 || len(all.puts) == 0 || len(all.vault) == 0 {
				t.Errorf("too few children came to write: %+v", all)
			}
			t.Logf("%d openings, %d puts, %d files, %d changes", all.opens, len(all.puts), len(all.vault), all.seq)
		})
	}
}

// killOnce kills a child either at a random moment of its start or shortly after a random acknowledgement, so that the
// instants are spread over its work on a machine of any speed.
func killOnce(t *testing.T, dir string, chance *rand.Rand, all *acked) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnv("write", dir, "")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	at := chance.IntN(killLines)
	later := time.Duration(chance.Int64N(int64(3 * time.Millisecond)))
	if chance.IntN(5) == 0 {
		at = -1
		time.AfterFunc(10*later, func() { _ = cmd.Process.Kill() })
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		all.take(t, lines.Text())
		if n == at {
			time.AfterFunc(later, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
}

// take reads one line of a child.
func (all *acked) take(t *testing.T, line string) {
	t.Helper()
	var seq uint64
	var word string
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
