package store

import (
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"go.etcd.io/bbolt"
)

// boltFD is the descriptor of bbolt's file.
func boltFD(db *bbolt.DB) int {
	field := reflect.ValueOf(db).Elem().FieldByName("file")
	return int((*(**os.File)(unsafe.Pointer(field.UnsafeAddr()))).Fd())
}

// TestAFailedSyncIsAnError puts a pipe under bbolt's descriptor just before it syncs: fdatasync fails on a pipe. It
// shows that a commit waits for both syncs, and that no meta page is written before the data pages are known to be on
// the disk.
func TestAFailedSyncIsAnError(t *testing.T) {
	for _, at := range []string{"data", "meta"} {
		t.Run(at, func(t *testing.T) {
			l := newLibrary(t, Options{})
			put(t, l, "ann", thing{ID: "a"})
			before, seq := dump(t, l), l.Seq()
			fd := boltFD(l.db)
			var pipe [2]int
			if err := syscall.Pipe(pipe[:]); err != nil {
				t.Fatal(err)
			}
			real, err := syscall.Dup(fd) // also keeps the lock, which belongs to the open file
			if err != nil {
				t.Fatal(err)
			}
			metas := 0
			hookWrites(l.db, func(_ writeAt, b []byte, off int64) (int, error) {
				n, err := syscall.Pwrite(real, b, off)
				if off < 2*pageSize {
					metas++
				}
				if (off < 2*pageSize) == (at == "meta") {
					err = syscall.Dup3(pipe[1], fd, 0)
				}
				return n, err
			})
			_, err = l.Update(t.Context(), "ann", func(tx *Tx) error {
				return tx.Put("thing.set", "thing", "b", thing{ID: "b"}, "")
			})
			is(t, err, syscall.EINVAL)
			if want := map[string]int{"data": 0, "meta": 1}[at]; metas != want {
				t.Errorf("%d meta pages written, want %d", metas, want)
			}
			if err := syscall.Dup3(real, fd, 0); err != nil {
				t.Fatal(err)
			}
			_, err = l.Update(t.Context(), "ann", func(tx *Tx) error {
				return tx.Put("thing.set", "thing", "c", thing{ID: "c"}, "")
			})
			if refused := err != nil && strings.Contains(err.Error(), "reopen the library"); refused != (at == "meta") {
				t.Errorf("the next Update: %v", err)
			}
			_ = l.Close()
			for _, d := range []int{real, pipe[0], pipe[1]} {
				_ = syscall.Close(d)
			}
			reopenAs(t, l.Dir(), before, seq)
		})
	}
}
