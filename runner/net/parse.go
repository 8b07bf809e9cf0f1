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

// Parse reads a net's JSON object strictly and fills in defaults. Errors name the field.
func Parse(text []byte) (Spec, error) {
	obj, err := object(text)
	if err != nil {
		return Spec{}, fmt.Errorf("runner/net: %w", err)
	}
	var s Spec
	f := &fields{obj: obj}
	s.Family = f.word("family", "", nil)
	switch {
	case f.err != nil:
		return Spec{}, f.err
	case s.Family == "":
		return Spec{}, fieldError("family", "is missing")
	case slices.Contains(later, s.Family):
		return Spec{}, fmt.Errorf("runner/net: family %s is not in this version", s.Family)
	case s.Family == FamilyMLP:
		s.Width = f.size("width")
		s.Norm = f.word("norm", "none", norms())
		affine := f.flag("affine")
		s.Affine = &affine
		s.Order = f.word("order", orderPreact, []string{orderPreact, orderPost, orderBranch})
	case s.Family == FamilyDenseMLP:
		s.Stem, s.Growth = f.size("stem"), f.size("growth")
		s.Norm = f.word("norm", "none", []string{"none"})
		s.Order = f.word("order", orderPreact, []string{orderPreact})
	default:
		return Spec{}, fieldError("family", "%q is unknown; it is %s, %s or one of a later version", s.Family, FamilyMLP, FamilyDenseMLP)
	}
	s.Depth = f.size("depth")
	s.Init = f.word("init", "he", []string{"he", "glorot", "lecun", "orthogonal"})
	s.Act = f.word("act", "relu", []string{"relu", "tanh"})
	s.Optimiser = f.word("optimiser", OptimiserAdam, []string{OptimiserAdam, OptimiserUnit})
	for i, raw := range f.list("skip") {
		k, err := parseSkip(i, raw, s)
		if err != nil {
			return Spec{}, err
		}
		s.Skip = append(s.Skip, k)
	}
	if err := f.done(""); err != nil {
		return Spec{}, err
	}
	if _, err := s.Edges(); err != nil {
		return Spec{}, err
	}
	return s, nil
}

func norms() []string {
	all := []string{"none"}
	for _, n := range []string{"layernorm", "batchnorm"} {
		all = append(all, n, n+" in branch", n+" after add")
	}
	return all
}

func parseSkip(i int, raw json.RawMessage, s Spec) (Skip, error) {
	at := skipField(i)
	obj, err := object(raw)
	if err != nil {
		return Skip{}, fieldError(at, "%v", err)
	}
	f := &fields{obj: obj, at: at + "."}
	k := Skip{
		From: f.word("from", "", nil), To: f.word("to", "", nil),
		Join:      f.word("join", JoinAdd, []string{JoinAdd, JoinConcat, JoinGate}),
		Transform: f.word("transform", transformIdentity, []string{transformIdentity, transformRandom, transformEye}),
	}
	k.Each = f.word("each", "1", nil)
	if n, err := strconv.Atoi(k.Each); f.err == nil && (err != nil || n < 1) {
		f.fail("each", "%s is not a whole number from 1", k.Each)
	}
	switch k.Join {
	case JoinAdd:
		k.BranchScale = f.expression("branch_scale", "1")
		k.Trainable = f.flag("trainable")
		if _, err := Scale(k, s.Depth); f.err == nil && s.Depth > 0 && err != nil {
			return Skip{}, fieldError(f.at+"branch_scale", "%v", err)
		}
	case JoinGate:
		k.GateBias = f.expression("gate_bias", "-1")
		if _, err := evaluate(k.GateBias, nil); f.err == nil && err != nil {
			return Skip{}, fieldError(f.at+"gate_bias", "%v", err)
		}
	}
	return k, f.done(k.Join)
}

// Scale is the number that a skip's branch_scale stands for in a stack of depth blocks.
func Scale(k Skip, depth int) (float64, error) {
	return evaluate(k.BranchScale, map[string]float64{"depth": float64(depth)})
}

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
		if n, err := strconv.Atoi(string(raw)); err == nil { // a state's number may come bare
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

func (f *fields) size(field string) int {
	raw, ok := f.raw(field)
	if !ok {
		f.fail(field, "is missing")
		return 0
	}
	var n int
	if json.Unmarshal(raw, &n) != nil || n < 1 || n > maxSize {
		f.fail(field, "%s is not a whole number from 1 to %d", raw, maxSize)
		return 0
	}
	return n
}

func (f *fields) flag(field string) bool {
	raw, ok := f.raw(field)
	var b bool
	if ok && json.Unmarshal(raw, &b) != nil {
		f.fail(field, "%s is neither true nor false", raw)
	}
	return b
}

// expression reads a number or a text, as text.
func (f *fields) expression(field, absent string) string {
	raw, ok := f.raw(field)
	if !ok {
		return absent
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
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
func (f *fields) done(join string) error {
	if f.err != nil {
		return f.err
	}
	for _, k := range slices.Sorted(maps.Keys(f.obj)) {
		if !slices.Contains(f.got, k) {
			if join != "" {
				return fieldError(f.at+k, "unknown field for join %s", join)
			}
			return fieldError(f.at+k, "unknown field")
		}
	}
	return nil
}
