package store

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// encoder remembers which Go types were found free of floating fields; the zero value works.
//
// A float64 field that happens to hold 1 would pass as an integer today and fail at 0.5 in a year, so the type is
// refused, not the value. Interfaces are judged by their value.
type encoder struct{ checked sync.Map }

func (e *encoder) refuseFloats(t reflect.Type) error {
	if t == nil {
		return nil
	}
	if found, ok := e.checked.Load(t); ok {
		err, _ := found.(error)
		return err
	}
	err := floatIn(t, map[reflect.Type]bool{})
	if err == nil {
		e.checked.Store(t, true)
		return nil
	}
	e.checked.Store(t, err)
	return err
}

func floatIn(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || writesItself(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return fmt.Errorf("%s is a floating type; use store.Real", t)
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return floatIn(t.Elem(), seen)
	case reflect.Struct:
		for f := range fields(t) {
			if err := floatIn(f.Type, seen); err != nil {
				return fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err)
			}
		}
	}
	return nil
}

func writesItself(t reflect.Type) bool {
	marshaler, text := reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()
	p := reflect.PointerTo(t)
	return t.Implements(marshaler) || t.Implements(text) || p.Implements(marshaler) || p.Implements(text)
}

// fields are the struct fields that encoding/json writes.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if (!f.IsExported() && !f.Anonymous) || f.Tag.Get("json") == "-" {
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}
