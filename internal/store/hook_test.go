package store

import (
	"reflect"
	"unsafe"

	"go.etcd.io/bbolt"
)

type writeAt = func(b []byte, off int64) (int, error)

// hookWrites puts fn in front of every write that bbolt makes to its file. bbolt has this seam for its own tests and
// does not export it; there is no other way to see single page writes.
func hookWrites(db *bbolt.DB, fn func(next writeAt, b []byte, off int64) (int, error)) {
	field := reflect.ValueOf(db).Elem().FieldByName("ops").FieldByName("writeAt")
	at := (*writeAt)(unsafe.Pointer(field.UnsafeAddr()))
	next := *at
	*at = func(b []byte, off int64) (int, error) { return fn(next, b, off) }
}
