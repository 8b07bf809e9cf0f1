package net

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxSize bounds depth, width and their kin: beyond it a net is a slip of the keyboard.
const maxSize = 4096

func fieldError(field, format string, args ...any) error {
	return fmt.Errorf("runner/net: %s: %s", field, fmt.Sprintf(format, args...))
}

func skipField(i int) string { return fmt.Sprintf("skip[%d]", i) }

func object(text []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	var obj map[string]json.RawMessage
	if err := dec.Decode(&obj); err != nil {
		return nil, fmt.Errorf("the net is no JSON object: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the net's JSON object")
	}
	return obj, nil
}

// fields reads an object's fields one by one, remembers the first error and what was not asked for.
type fields struct {
	obj map[string]json.RawMessage
	at  string
	err error
	got []string
}

func (f *fields) fail(field, format string, args ...any) {
	if f.err == nil {
		f.err = fieldError(f.at+field, format, args...)
	}
}

func (f *fields) raw(field string) (json.RawMessage, bool) {
	f.got = append(f.got, field)
	raw, ok := f.obj[field]
	return raw, ok
}

func (f *fields) has(field string) bool {
	_, ok := f.obj[field]
	return ok
}

// word reads a string, one of allowed unless that is nil; absent with no default is an error.
func (f *fields) word(field, absent string, allowed []string) string {
	raw, ok := f.raw(field)
	if !ok {
		if absent == "" {
			f.fail(field, "is missing")
		}
		return absent
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		if n, err := strconv.Atoi(string(raw)); err == nil && allowed == nil { // a state's number may come bare
			return strconv.Itoa(n)
		}
		f.fail(field, "%s is not a word", raw)
		return absent
	}
	if allowed != nil && !slices.Contains(allowed, s) {
		f.fail(field, "%q is not one of %s", s, strings.Join(allowed, ", "))
	}
	return s
}

// size reads a whole number from 1; absent 0 means that it must stand.
func (f *fields) size(field string, absent int) int {
	raw, ok := f.raw(field)
	if !ok {
		if absent == 0 {
			f.fail(field, "is missing")
		}
		return absent
	}
	var n int
	if json.Unmarshal(raw, &n) != nil || n < 1 || n > maxSize {
		f.fail(field, "%s is not a whole number from 1 to %d", raw, maxSize)
		return 0
	}
	return n
}

// sizes reads a list of whole numbers from 1, at least least of them.
func (f *fields) sizes(field string, absent []int, least int) []int {
	raw, ok := f.raw(field)
	if !ok {
		if absent == nil && least > 0 {
			f.fail(field, "is missing")
		}
		return absent
	}
	var list []int
	if json.Unmarshal(raw, &list) != nil || len(list) < least || len(list) > maxSize {
		f.fail(field, "%s is no list of at least %d whole numbers", raw, least)
		return nil
	}
	for _, n := range list {
		if n < 1 || n > maxSize {
			f.fail(field, "%d is not a whole number from 1 to %d", n, maxSize)
			return nil
		}
	}
	return list
}

func (f *fields) flag(field string, absent bool) *bool {
	raw, ok := f.raw(field)
	b := absent
	if ok && json.Unmarshal(raw, &b) != nil {
		f.fail(field, "%s is neither true nor false", raw)
	}
	return &b
}

// share reads a number from 0 to below 1; absent it is 0.
func (f *fields) share(field string) float64 {
	raw, ok := f.raw(field)
	x := 0.0
	if ok && (json.Unmarshal(raw, &x) != nil || !(x >= 0 && x < 1)) {
		f.fail(field, "%s is not a number from 0 to below 1", raw)
		return 0
	}
	return x
}

// expression reads a number or a text, as text.
func (f *fields) expression(field, absent string) string {
	raw, ok := f.raw(field)
	if !ok {
		return absent
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		if strings.TrimSpace(s) == "" {
			f.fail(field, "%s is no expression", raw)
		}
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	f.fail(field, "%s is neither a number nor an expression", raw)
	return absent
}

func (f *fields) list(field string) []json.RawMessage {
	raw, ok := f.raw(field)
	var l []json.RawMessage
	if ok && json.Unmarshal(raw, &l) != nil {
		f.fail(field, "%s is no list", raw)
	}
	return l
}

// done reports the first error, or the first field in alphabetical order that nobody asked for.
func (f *fields) done(where string) error {
	if f.err != nil {
		return f.err
	}
	for _, k := range slices.Sorted(maps.Keys(f.obj)) {
		if !slices.Contains(f.got, k) {
			known := slices.Clone(f.got)
			slices.Sort(known)
			return fieldError(f.at+k, "unknown field for %s, which has %s", where, strings.Join(slices.Compact(known), ", "))
		}
	}
	return nil
}
