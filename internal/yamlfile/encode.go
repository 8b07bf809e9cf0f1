package yamlfile

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Encode writes v as one YAML document after a comment line (without "# ").
// The writer is our own because the library's loses a leading tab and other
// text that needs quotes. Structs keep the order of their fields, maps are
// sorted; lists of single values marked "flow" stay on one line.
func Encode(comment string, v any) ([]byte, error) {
	w := &writer{}
	if comment != "" {
		fmt.Fprintf(&w.b, "# %s\n", strings.ReplaceAll(comment, "\n", " "))
	}
	if err := w.value(reflect.ValueOf(v), 0, false); err != nil {
		return nil, fmt.Errorf("encoding YAML: %w", err)
	}
	return w.b.Bytes(), nil
}

type writer struct{ b bytes.Buffer }

// field is one "name: value" of a mapping about to be written.
type field struct {
	name  string
	value reflect.Value
	flow  bool
}

// value writes v. The cursor stands where a block may begin: at the start of a
// line, or, when inline, behind "- " or "name:" of the line that owns it.
func (w *writer) value(v reflect.Value, indent int, inline bool) error {
	v, raw, err := settle(v)
	if err != nil {
		return err
	}
	if raw != nil {
		w.scalar(string(raw), inline)
		return nil
	}
	if !v.IsValid() {
		w.scalar("null", inline)
		return nil
	}
	switch {
	case v.Type() == reflect.TypeFor[yaml.MapSlice]():
		var fs []field
		for _, item := range v.Interface().(yaml.MapSlice) {
			fs = append(fs, field{name: fmt.Sprint(item.Key), value: reflect.ValueOf(item.Value)})
		}
		return w.mapping(fs, indent, inline)
	case v.Kind() == reflect.Struct:
		return w.mapping(structFields(v, nil), indent, inline)
	case v.Kind() == reflect.Map:
		return w.mapping(mapFields(v), indent, inline)
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		return w.list(v, indent, inline)
	}
	s, err := scalar(v)
	if err != nil {
		return err
	}
	w.scalar(s, inline)
	return nil
}

func (w *writer) scalar(s string, inline bool) {
	if inline {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s + "\n")
}

func (w *writer) mapping(fs []field, indent int, inline bool) error {
	if len(fs) == 0 {
		w.scalar("{}", inline)
		return nil
	}
	if inline {
		w.b.WriteByte('\n')
	}
	for i, f := range fs {
		if i > 0 || inline || indent == 0 {
			w.b.WriteString(strings.Repeat("  ", indent))
		}
		w.b.WriteString(text(f.name) + ":")
		if f.flow {
			if err := w.flow(f.value); err != nil {
				return err
			}
			continue
		}
		next := indent + 1
		if k := kindOf(f.value); k == reflect.Slice || k == reflect.Array {
			next = indent // "name:" and its "- " stand below each other
		}
		if err := w.value(f.value, next, true); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

func (w *writer) list(v reflect.Value, indent int, inline bool) error {
	if v.Len() == 0 {
		w.scalar("[]", inline)
		return nil
	}
	if inline {
		w.b.WriteByte('\n')
	}
	for i := range v.Len() {
		if i > 0 || inline || indent == 0 {
			w.b.WriteString(strings.Repeat("  ", indent))
		}
		w.b.WriteString("-")
		item, raw, err := settle(v.Index(i))
		switch {
		case err != nil:
			return err
		case raw == nil && item.IsValid() && (isMapping(item) || isList(item)) && !empty(item):
			w.b.WriteByte(' ') // the first line of the block stands behind the dash
			if err := w.block(item, indent+1); err != nil {
				return err
			}
		default:
			if err := w.value(v.Index(i), indent+1, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// block writes a mapping or list whose first line goes on where the cursor is.
func (w *writer) block(v reflect.Value, indent int) error {
	return w.value(v, indent, false)
}

func (w *writer) flow(v reflect.Value) error {
	v, _, err := settle(v)
	if err != nil {
		return err
	}
	if !v.IsValid() || !isList(v) {
		return w.value(v, 0, true)
	}
	var parts []string
	for i := range v.Len() {
		s, err := scalar(v.Index(i))
		if err != nil {
			return err
		}
		parts = append(parts, s)
	}
	w.scalar("["+strings.Join(parts, ", ")+"]", true)
	return nil
}

// settle follows pointers, interfaces and a type's own way of being written,
// which gives either another value or raw YAML of one line.
func settle(v reflect.Value) (out reflect.Value, raw []byte, err error) {
	for range 100 {
		if !v.IsValid() {
			return v, nil, nil
		}
		if (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
			return reflect.Value{}, nil, nil
		}
		if v.Kind() == reflect.Interface {
			v = v.Elem()
			continue
		}
		if v.CanInterface() {
			switch m := v.Interface().(type) {
			case yaml.BytesMarshaler:
				raw, err := m.MarshalYAML()
				if err == nil && raw == nil {
					raw = []byte("null")
				}
				return v, raw, err
			case yaml.InterfaceMarshaler:
				next, err := m.MarshalYAML()
				if err != nil {
					return v, nil, err
				}
				v = reflect.ValueOf(next)
				continue
			case encoding.TextMarshaler:
				b, err := m.MarshalText()
				return v, []byte(text(string(b))), err
			}
		}
		if v.Kind() != reflect.Pointer {
			return v, nil, nil
		}
		v = v.Elem()
	}
	return v, nil, fmt.Errorf("%s: its MarshalYAML never ends", v.Type())
}

func kindOf(v reflect.Value) reflect.Kind {
	v, raw, err := settle(v)
	if err != nil || raw != nil || !v.IsValid() || isMapping(v) {
		return reflect.Invalid
	}
	return v.Kind()
}

func isMapping(v reflect.Value) bool {
	return v.Kind() == reflect.Struct || v.Kind() == reflect.Map || v.Type() == reflect.TypeFor[yaml.MapSlice]()
}

func isList(v reflect.Value) bool { return v.Kind() == reflect.Slice || v.Kind() == reflect.Array }

func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Struct {
		return len(structFields(v, nil)) == 0
	}
	return v.Len() == 0
}

func structFields(v reflect.Value, out []field) []field {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		fv := v.Field(i)
		switch {
		case name == "-":
		case strings.Contains(options, "inline") && fv.Kind() == reflect.Struct:
			out = structFields(fv, out)
		case !f.IsExported() || strings.Contains(options, "omitempty") && omitted(fv):
		default:
			if name == "" {
				name = strings.ToLower(f.Name)
			}
			out = append(out, field{name: name, value: fv, flow: strings.Contains(options, "flow")})
		}
	}
	return out
}

func omitted(v reflect.Value) bool {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
		return z.IsZero()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

func mapFields(v reflect.Value) []field {
	var out []field
	for it := v.MapRange(); it.Next(); {
		out = append(out, field{name: fmt.Sprint(it.Key().Interface()), value: it.Value()})
	}
	slices.SortFunc(out, func(a, b field) int { return cmp.Compare(a.name, b.name) })
	return out
}

func scalar(v reflect.Value) (string, error) {
	v, raw, err := settle(v)
	switch {
	case err != nil:
		return "", err
	case raw != nil:
		return string(raw), nil
	case !v.IsValid():
		return "null", nil
	}
	switch v.Kind() {
	case reflect.String:
		return text(v.String()), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		return real64(v.Float()), nil
	}
	return "", fmt.Errorf("%s has no form in YAML", v.Type())
}

// real64 spells a real so that it reads back as one, not as a whole number.
func real64(f float64) string {
	s := string(NumberOf(f))
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// text writes a string plainly where nobody can take it for anything else, and
// in double quotes everywhere else.
func text(s string) string {
	if plainText(s) {
		return s
	}
	b, err := json.Marshal(s) // JSON's escapes are YAML's
	if err != nil {
		return strconv.QuoteToASCII(s)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// reserved are plain words that mean something else than themselves.
var reserved = map[string]bool{
	"null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "inf": true, "nan": true,
}

func plainText(s string) bool {
	if s == "" || reserved[strings.ToLower(s)] || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	first := s[0]
	if !(first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z' || first >= 0x80) {
		return false // numbers, dates, signs and white space
	}
	if strings.Contains(s, "<<") {
		return false // goccy takes it for a merge key wherever it stands
	}
	for i, r := range s {
		switch {
		case r < ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffd:
			return false
		case r == ':' && (i+1 == len(s) || s[i+1] == ' '), r == '#' && s[i-1] == ' ':
			return false
		case strings.ContainsRune("{}[],&*!|>'\"%@`", r) && i == 0:
			return false
		}
	}
	return true
}
