package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func shaOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestTheVaultKeepsBytesUnderTheirHash(t *testing.T) {
	v := newLibrary(t, Options{}).Vault()
	for _, want := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("page "), 100_000)} {
		sha, n, err := v.Put(t.Context(), bytes.NewReader(want))
		if err != nil || sha != shaOf(want) || n != int64(len(want)) {
			t.Fatalf("got %s %d %v, want %s %d", sha, n, err, shaOf(want), len(want))
		}
		if again, err := v.PutBytes(t.Context(), want); err != nil || again != sha {
			t.Errorf("second time: %s %v", again, err)
		}
		got, err := v.Bytes(sha)
		if err != nil || !bytes.Equal(got, want) || !v.Has(sha) {
			t.Errorf("read back %d bytes, %v", len(got), err)
		}
	}
	if files, err := v.list(); err != nil || len(files) != 3 {
		t.Errorf("files: %v %v", files, err)
	}
}

func TestTheVaultRefusesNamesThatAreNoHash(t *testing.T) {
	v := newLibrary(t, Options{}).Vault()
	for _, name := range []string{"", "../library.db", "/etc/passwd", strings.Repeat("A", 64), shaOf(nil) + "0"} {
		if _, err := v.Open(name); !errors.Is(err, ErrNotFound) || v.Has(name) {
			t.Errorf("%q: got %v, want ErrNotFound", name, err)
		}
		if filepath.Dir(v.Path(name)) != v.dir {
			t.Errorf("%q: path %s is outside", name, v.Path(name))
		}
	}
}

func TestADamagedFileIsNeverReadAsSound(t *testing.T) {
	l := newLibrary(t, Options{})
	v := l.Vault()
	sha, err := v.PutBytes(t.Context(), []byte("the text of a paper"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(v.Path(sha), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.Path(sha), []byte("the Text of a paper"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = v.Bytes(sha)
	is(t, err, ErrCorrupt)
	if err := os.WriteFile(filepath.Join(v.dir, "stray.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := l.Verify(t.Context(), nil)
	if err != nil || len(found) != 2 || !strings.Contains(found[0].Where+found[1].Where, sha) {
		t.Errorf("findings: %v %v, want the file and the stray", found, err)
	}
	if again, err := v.PutBytes(t.Context(), []byte("the text of a paper")); err != nil || again != sha {
		t.Fatal(err)
	}
	if _, err := v.Bytes(sha); err != nil {
		t.Errorf("not healed by the sound bytes: %v", err)
	}
}

func TestACancelledPutLeavesNoFile(t *testing.T) {
	v := newLibrary(t, Options{}).Vault()
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(strings.NewReader("begin"), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, nil
	}))
	_, _, err := v.Put(ctx, r)
	is(t, err, context.Canceled)
	left, err := os.ReadDir(v.dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %v %v", left, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestOpeningClearsWhatDeadWritersLeft(t *testing.T) {
	l := newLibrary(t, Options{})
	left := filepath.Join(l.Vault().dir, ".new-123")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	sound(t, l) // not a fault
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), l.Dir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := os.Lstat(left); err == nil {
		t.Error("still there")
	}
}

func TestAMissingFileIsFoundByTheFieldThatNamesIt(t *testing.T) {
	l := newLibrary(t, Options{})
	here, err := l.Vault().PutBytes(t.Context(), []byte("here"))
	if err != nil {
		t.Fatal(err)
	}
	gone := shaOf([]byte("gone"))
	update(t, l, "ann", func(tx *Tx) error {
		return errors.Join(
			tx.Put("v", "paper", "a", map[string]string{"file_sha": here, "weights_sha": gone}, ""),
			tx.Put("v", "paper", "b", map[string]string{"file_sha": "", "text_sha": gone}, ""))
	})
	found, err := l.MissingFiles(t.Context(), "file_sha", "text_sha")
	if err != nil || len(found) != 1 || found[0].String() != "paper b: its text_sha "+gone[:12]+" is not in the vault" {
		t.Errorf("got %v %v", found, err)
	}
}

func TestManyFilesAreStoredAsOneIs(t *testing.T) {
	v := newLibrary(t, Options{}).Vault()
	if _, err := v.PutBytes(t.Context(), []byte("file 7")); err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	for i := range 2*atOnce + 3 {
		files = append(files, []byte("file "+strings.Repeat("x", i%5)+string(rune('0'+i%300))))
	}
	for range 2 {
		if err := v.PutAll(t.Context(), files); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]bool{}
	for _, f := range append(files, []byte("file 7")) {
		want[shaOf(f)] = true
		if got, err := v.Bytes(shaOf(f)); err != nil || !bytes.Equal(got, f) {
			t.Fatalf("%q: %q %v", f, got, err)
		}
	}
	if got, err := v.list(); err != nil || len(got) != len(want) {
		t.Errorf("%d files %v, want %d", len(got), err, len(want))
	}
	if left, _ := filepath.Glob(filepath.Join(v.dir, tempPattern+"*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.PutAll(ctx, files); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestEachFailingCallOfManyFilesIsAnErrorAndLosesNothing(t *testing.T) {
	files := [][]byte{[]byte("one"), []byte("two"), []byte("three")}
	for fail := 0; ; fail++ {
		l := newLibrary(t, Options{})
		faulty := &faultFS{fail: fail}
		l.vault.fs = faulty
		err := l.vault.PutAll(t.Context(), files)
		if faulty.name == "" {
			if err != nil || fail < 15 {
				t.Errorf("after %d failed calls: %v", fail, err)
			}
			break
		}
		if !errors.Is(err, errDisk) && (err != nil || faulty.name != "stat") { // not seeing a file only costs work
			t.Errorf("call %d (%s): %v", fail, faulty.name, err)
		}
		l.vault.fs = osFS{}
		sound(t, l)
		if left, _ := filepath.Glob(filepath.Join(l.vault.dir, tempPattern+"*")); len(left) > 0 {
			t.Errorf("call %d (%s): left over %v", fail, faulty.name, left)
		}
		if err := l.vault.PutAll(t.Context(), files); err != nil {
			t.Errorf("call %d (%s): afterwards: %v", fail, faulty.name, err)
		}
		_ = l.Close()
	}
}

func TestALentFileIsReadUntilTheVaultHasItsOwn(t *testing.T) {
	body, wrong := []byte("a curve"), shaOf([]byte("another"))
	lent := 0
	v := newLibrary(t, Options{Spare: func(sha string) ([]byte, bool) {
		lent++
		return body, sha == shaOf(body) || sha == wrong
	}}).Vault()
	if got, err := v.Bytes(shaOf(body)); err != nil || !bytes.Equal(got, body) || !v.Has(shaOf(body)) {
		t.Errorf("lent: %q %v", got, err)
	}
	if _, err := v.Bytes(wrong); !errors.Is(err, ErrCorrupt) {
		t.Errorf("lent under another's name: %v", err)
	}
	if _, err := v.Bytes(shaOf(nil)); !errors.Is(err, ErrNotFound) || v.Has(shaOf(nil)) {
		t.Errorf("neither kept nor lent: %v", err)
	}
	if err := v.PutAll(t.Context(), [][]byte{body}); err != nil {
		t.Fatal(err)
	}
	before := lent
	if got, err := v.Bytes(shaOf(body)); err != nil || !bytes.Equal(got, body) || lent != before {
		t.Errorf("kept: %q %v, asked for %d times", got, err, lent-before)
	}
}
