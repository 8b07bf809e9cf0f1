package store

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

var errDisk = errors.New("disk: no answer")

// faultFS fails one call, the one numbered fail, counted from 0. A failing Write has written half.
type faultFS struct {
	osFS
	calls, fail int
	name        string   // of the call that failed
	log         []string // names of all calls
}

func (f *faultFS) next(name string) error {
	f.calls++
	f.log = append(f.log, name)
	if f.calls-1 != f.fail {
		return nil
	}
	f.name = name
	return errDisk
}

func (f *faultFS) MkdirAll(dir string) error {
	return errors.Join(f.next("mkdir"), f.osFS.MkdirAll(dir))
}

func (f *faultFS) CreateTemp(dir, pattern string) (file, error) {
	if err := f.next("create"); err != nil {
		return nil, err
	}
	under, err := f.osFS.CreateTemp(dir, pattern)
	return &faultFile{under, f}, err
}

func (f *faultFS) Open(path string) (io.ReadCloser, error) {
	if err := f.next("open"); err != nil {
		return nil, err
	}
	return f.osFS.Open(path)
}

func (f *faultFS) Rename(from, to string) error {
	if err := f.next("rename"); err != nil {
		return err
	}
	return f.osFS.Rename(from, to)
}

func (f *faultFS) Link(from, to string) error {
	if err := f.next("link"); err != nil {
		return err
	}
	return f.osFS.Link(from, to)
}

func (f *faultFS) Stat(path string) (fs.FileInfo, error) {
	if err := f.next("stat"); err != nil {
		return nil, err
	}
	return f.osFS.Stat(path)
}

func (f *faultFS) Remove(path string) error {
	if err := f.next("remove"); err != nil {
		return err
	}
	return f.osFS.Remove(path)
}

func (f *faultFS) SyncDir(dir string) error {
	if err := f.next("syncdir"); err != nil {
		return err
	}
	return f.osFS.SyncDir(dir)
}

type faultFile struct {
	file
	fs *faultFS
}

func (f *faultFile) Write(p []byte) (int, error) {
	if err := f.fs.next("write"); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	return f.file.Write(p)
}

func (f *faultFile) Sync() error  { return errors.Join(f.fs.next("sync"), f.file.Sync()) }
func (f *faultFile) Close() error { return errors.Join(f.fs.next("close"), f.file.Close()) }

func TestEachFailingCallOfTheVaultIsAnErrorAndLosesNothing(t *testing.T) {
	for _, had := range []bool{false, true} { // the bytes are new, or stored already
		names := map[string]bool{}
		for fail := 0; ; fail++ {
			l := newLibrary(t, Options{})
			kept, err := l.vault.PutBytes(t.Context(), []byte("kept from before"))
			if err != nil {
				t.Fatal(err)
			}
			body := bytes.Repeat([]byte("new bytes "), 10_000)
			if had {
				if _, err := l.vault.PutBytes(t.Context(), body); err != nil {
					t.Fatal(err)
				}
			}
			faulty := &faultFS{fail: fail}
			l.vault.fs = faulty
			sha, err := l.vault.PutBytes(t.Context(), body)
			if faulty.name == "" {
				if err != nil {
					t.Fatalf("no call failed: %v", err)
				}
				t.Logf("%d calls failed one by one: %v", fail, sortedKeys(names))
				break
			}
			names[faulty.name] = true
			if err == nil && faulty.name != "stat" && faulty.name != "open" { // not seeing the copy only costs work
				t.Errorf("call %d (%s) failed in silence", fail, faulty.name)
			}
			if err != nil && !errors.Is(err, errDisk) {
				t.Errorf("call %d (%s): %v", fail, faulty.name, err)
			}
			l.vault.fs = osFS{}
			sound(t, l)
			if again, err := l.vault.PutBytes(t.Context(), body); err != nil || again != shaOf(body) || (sha != "" && sha != again) {
				t.Errorf("call %d (%s): the next Put: %s %v", fail, faulty.name, again, err)
			}
			if _, err := l.vault.Bytes(kept); err != nil {
				t.Errorf("call %d (%s): %v", fail, faulty.name, err)
			}
			_ = l.Close()
		}
	}
}

func TestEachFailingCallOfInitLeavesNoHalfLibrary(t *testing.T) {
	for fail := 0; ; fail++ {
		dir := t.TempDir()
		faulty := &faultFS{fail: fail}
		l, err := Init(t.Context(), dir, Options{fs: faulty})
		if faulty.name == "" {
			_ = l.Close()
			break
		}
		if l != nil {
			_ = l.Close()
		}
		if err == nil && faulty.name != "link" { // falls back to a rename
			t.Errorf("call %d (%s) failed in silence", fail, faulty.name)
		}
		l, err = Open(t.Context(), dir, Options{})
		if errors.Is(err, ErrNotFound) {
			l, err = Init(t.Context(), dir, Options{})
		}
		if err != nil {
			t.Fatalf("call %d (%s): afterwards: %v", fail, faulty.name, err)
		}
		sound(t, l)
		_ = l.Close()
		if left, _ := filepath.Glob(filepath.Join(dir, ".init-*")); len(left) > 0 {
			t.Errorf("call %d (%s): left over %v", fail, faulty.name, left)
		}
	}
}

// TestEachFailingPageWriteIsAnErrorAndLosesNothing fails every write of a commit in turn, half written.
func TestEachFailingPageWriteIsAnErrorAndLosesNothing(t *testing.T) {
	failed := 0
	for fail := 0; ; fail++ {
		l := newLibrary(t, Options{})
		for i := range 10 {
			busy(t, l, i)
		}
		before, seq := dump(t, l), l.Seq()
		n := 0
		hookWrites(l.db, func(next writeAt, b []byte, off int64) (int, error) {
			n++
			if n-1 == fail {
				done, _ := next(b[:len(b)/2], off)
				return done, errDisk
			}
			return next(b, off)
		})
		_, err := l.Update(t.Context(), "ann", func(tx *Tx) error {
			return tx.Put("thing.set", "thing", "new", thing{ID: "new", Alias: "N1"}, "")
		})
		if err == nil {
			if n > fail {
				t.Fatalf("write %d failed in silence", fail)
			}
			break
		}
		failed++
		is(t, err, errDisk)
		// Half a meta page holds the whole meta record, so that this commit is seen: then the library must refuse to
		// go on. Otherwise all is as before.
		if again, err := l.Update(t.Context(), "ann", func(tx *Tx) error {
			return tx.Put("thing.set", "thing", "new", thing{ID: "new", Alias: "N1"}, "")
		}); err == nil && again != seq+1 {
			t.Errorf("write %d: the next Update gave %d, want %d", fail, again, seq+1)
		} else if err != nil && !errors.Is(err, errDisk) {
			t.Errorf("write %d: the next Update: %v", fail, err)
		}
		_ = l.Close()
		reopenAs(t, l.Dir(), before, seq)
	}
	if failed < 5 {
		t.Errorf("only %d writes were failed", failed)
	}
}

// reopenAs opens a library after a failure: it must be sound and be as before or one change further.
func reopenAs(t *testing.T, dir, before string, seq uint64) {
	t.Helper()
	l, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sound(t, l)
	if l.Seq() == seq && dump(t, l) != before {
		t.Errorf("state changed without a change record")
	}
	if l.Seq() != seq && l.Seq() != seq+1 {
		t.Errorf("at change %d, want %d or the next", l.Seq(), seq)
	}
	put(t, l, "ann", thing{ID: "later"})
	sound(t, l)
}

func TestEachFailingCallOfACopyStopsTheMigration(t *testing.T) {
	steps := []migration{{to: 2, run: func(btx *bbolt.Tx) error {
		_, err := btx.CreateBucket([]byte("two"))
		return err
	}}}
	for fail := 0; ; fail++ {
		l := newLibrary(t, Options{})
		put(t, l, "ann", thing{ID: "a"})
		before := dump(t, l)
		_ = l.Close()
		faulty := &faultFS{fail: fail}
		next, err := Open(t.Context(), l.Dir(), Options{fs: faulty, migrations: steps})
		if faulty.name == "" {
			_ = next.Close()
			if fail < 5 {
				t.Errorf("only %d calls were failed", fail)
			}
			break
		}
		is(t, err, errDisk)
		again, err := Open(t.Context(), l.Dir(), Options{}) // still the old schema
		if err != nil {
			t.Fatalf("call %d (%s): %v", fail, faulty.name, err)
		}
		if got := dump(t, again); got != before {
			t.Errorf("call %d (%s): got\n%s", fail, faulty.name, got)
		}
		_ = again.Close()
		if left, _ := filepath.Glob(filepath.Join(l.Dir(), ".backup-*")); len(left) > 0 {
			t.Errorf("call %d (%s): left over %v", fail, faulty.name, left)
		}
	}
}

func TestAFileThatCannotBeOpenedIsAnError(t *testing.T) {
	_, err := Open(t.Context(), t.TempDir(), Options{openFile: func(string, int, os.FileMode) (*os.File, error) { return nil, errDisk }})
	is(t, err, ErrNotFound)
	l := newLibrary(t, Options{})
	_ = l.Close()
	_, err = Open(t.Context(), l.Dir(), Options{openFile: func(string, int, os.FileMode) (*os.File, error) { return nil, errDisk }})
	is(t, err, errDisk)
}

// What has been written is synced before it gets its name, and the name after.
func TestNamesComeAfterBytesAndAreSynced(t *testing.T) {
	made := &faultFS{fail: -1}
	l, err := Init(t.Context(), t.TempDir(), Options{fs: made})
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if got := strings.Join(made.log, " "); got != "link syncdir" {
		t.Errorf("init: %s", got)
	}
	copied := &faultFS{fail: -1}
	next, err := Open(t.Context(), l.Dir(), Options{fs: copied, migrations: []migration{{to: 2, run: func(*bbolt.Tx) error { return nil }}}})
	if err != nil {
		t.Fatal(err)
	}
	_ = next.Close()
	if got := strings.Join(copied.log, " "); !strings.HasPrefix(got, "create write ") || !strings.HasSuffix(got, " write sync close rename syncdir") {
		t.Errorf("copy: %s", got)
	}
}
