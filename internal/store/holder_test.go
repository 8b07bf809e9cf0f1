package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestASecondProcessIsToldWhoHoldsTheLibrary(t *testing.T) {
	l := newLibrary(t, Options{})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnv("hold", l.Dir(), "tenet run H05")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if line, _ := bufio.NewReader(out).ReadString('\n'); !scan(line, "open %d", &pid) {
		t.Fatalf("child says %q", line)
	}
	_, err = Open(t.Context(), l.Dir(), Options{})
	is(t, err, ErrLocked)
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || locked.PID != pid || locked.Doing != "tenet run H05" {
		t.Errorf("got %+v, want process %d", locked, pid)
	}
	want := fmt.Sprintf("store: %s is held by process %d (tenet run H05)", filepath.Join(l.Dir(), ledgerName), pid)
	if err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
	_, err = Open(t.Context(), l.Dir(), Options{ReadOnly: true})
	is(t, err, ErrLocked)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = Open(ctx, l.Dir(), Options{LockWait: time.Minute})
	is(t, err, context.DeadlineExceeded)

	opened := make(chan error, 1)
	go func() {
		again, err := Open(context.Background(), l.Dir(), Options{LockWait: time.Minute})
		if err == nil {
			err = again.Close()
		}
		opened <- err
	}()
	_ = in.Close()
	if err := errors.Join(<-opened, cmd.Wait()); err != nil {
		t.Errorf("after the holder ended: %v", err)
	}
	if _, err := os.Stat(filepath.Join(l.Dir(), holderName)); err == nil {
		t.Error("library.lock is left over")
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs RLIMIT_FSIZE")
	}
	for _, limit := range []int{1 << 20, 5 << 20, 9<<20 + 4096} {
		l := newLibrary(t, Options{})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = childEnv("full", l.Dir(), fmt.Sprint(limit))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("limit %d: %v\n%s", limit, err, out)
		}
		if !bytes.Contains(out, []byte("full true")) || !bytes.Contains(out, []byte("findings 0 ")) {
			t.Errorf("limit %d: child says\n%s", limit, out)
		}
		again, err := Open(t.Context(), l.Dir(), Options{})
		if err != nil {
			t.Fatalf("limit %d: %v", limit, err)
		}
		sound(t, again)
		puts := bytes.Count(out, []byte("put "))
		view(t, again, func(tx *Tx) error {
			if tx.Count("thing") != max(puts, 1) && tx.Count("thing") != puts {
				t.Errorf("limit %d: %d things, %d were acknowledged", limit, tx.Count("thing"), puts)
			}
			return nil
		})
		put(t, again, "ann", thing{ID: "later", Text: strings.Repeat("z", 100_000)}) // there is room again
		_ = again.Close()
	}
}

func TestAReadOnlyFolderCanBeReadAndSaysWhyNotWritten(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes of Unix")
	}
	dir, err := os.MkdirTemp("", "ro-") // t.TempDir's parents are closed to other users
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := Init(t.Context(), filepath.Join(dir, "library"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, l, "ann", thing{ID: "a"})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(dir, "child")
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.WriteFile(exe, self, 0o755), os.Chmod(dir, 0o755), os.Chmod(filepath.Join(l.Dir(), ledgerName), 0o444), os.Chmod(l.Dir(), 0o555),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(l.Dir(), 0o755)
	for how, want := range map[string]string{
		"rw": "readonly true store: " + filepath.Join(l.Dir(), ledgerName) + " cannot be opened for writing: ",
		"ro": "things 1\nreadonly false <nil>\n",
	} {
		cmd := exec.CommandContext(t.Context(), exe)
		cmd.Env, cmd.Dir = childEnv("open", l.Dir(), how), dir
		asNobody(cmd)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), want) {
			t.Errorf("%s: %v\n%swant %s", how, err, out, want)
		}
	}
}

func TestALibraryOpensWhereAddressesAreShort(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs RLIMIT_AS")
	}
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a"})
	_ = l.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnv("open", l.Dir(), "narrow")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "things 1\n") {
		t.Errorf("%v\n%s", err, out)
	}
}
