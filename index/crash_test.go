package index

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/survey"
)

// childEnv names the library that a re-executed test binary writes to until it is killed.
const childEnv = "TENET_INDEX_TEST_CHILD"

// child adds papers with texts, claims, drops and undos, as fast as it can, the
// index following all the time. It never returns.
func child(dir string) {
	ctx := context.Background()
	lib, err := store.Open(ctx, dir, store.Options{LockWait: 5 * time.Second})
	fatal(err)
	x, err := Open(ctx, lib, filepath.Join(dir, "index"))
	fatal(err)
	fmt.Println("open")
	for n := 0; ; n++ {
		_, err := lib.Update(ctx, "child", func(tx *store.Tx) error { return childStep(ctx, tx, lib, n) })
		fatal(err)
		if n%5 == 4 {
			_, err := lib.Undo(ctx, "child")
			fatal(err)
		}
		if n%3 == 0 {
			fatal(x.Wait(ctx, lib.Seq()))
		}
	}
}

func childStep(ctx context.Context, tx *store.Tx, lib *store.Library, n int) error {
	p := survey.Paper{ID: tx.NewID(), Title: fmt.Sprintf("Paper %d", n), Year: 2000 + n%20, State: survey.Included}
	p.Alias, _ = tx.NewAlias("D")
	c := survey.Claim{ID: tx.NewID(), PaperID: p.ID, Text: fmt.Sprintf("claim number n%d of this child", n), Kind: survey.Conjecture, State: survey.Tagged}
	c.Alias, _ = tx.NewAlias("C")
	return errors.Join(
		tx.Put("paper.added", survey.KindPaper, p.ID, p, ""),
		tx.Put("claim.tagged", survey.KindClaim, c.ID, c, ""))
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// killings is how often the child dies; the slow tag makes it many more.
func TestKillingTheProcessLosesAndDoublesNothing(t *testing.T) {
	lib := smallLibrary(t)
	dir := lib.Dir()
	must(t, lib.Close())
	exe, err := os.Executable()
	must(t, err)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 1))
	rebuilt := 0
	for n := range killings {
		if n%4 == 3 { // so that some die while drawing everything anew
			must(t, os.RemoveAll(filepath.Join(dir, "index")))
		}
		killed(t, exe, dir, time.Duration(chance.IntN(120))*time.Millisecond)
		lib, err := store.Open(t.Context(), dir, store.Options{LockWait: 5 * time.Second})
		must(t, err)
		x, err := Open(t.Context(), lib, filepath.Join(dir, "index"))
		must(t, err)
		wait(t, x, lib)
		same(t, contents(t, x), expected(t, lib))
		if x.Status().Why != "" {
			rebuilt++
		}
		must(t, errors.Join(x.Close(), lib.Close()))
		if t.Failed() {
			t.Fatalf("after kill %d", n+1)
		}
	}
	if rebuilt > killings/2+1 {
		t.Errorf("%d of %d times the index had to be rebuilt: a kill should not cost it", rebuilt, killings)
	}
}

// killed starts the child, waits until the library is open and kills it a while later.
func killed(t *testing.T, exe, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(exe, "-test.run", "^$")
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("child: %q %v: %s", line, err, stderr.String())
	}
	time.Sleep(after) // the point: an instant that nothing chose
	must(t, cmd.Process.Kill())
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
	if s := stderr.String(); s != "" {
		t.Fatalf("child: %s", s)
	}
}
