package yamlfile

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// shape holds a parsed file against the type that it is to fill and collects
// every fault, where the library's own strict mode stops at the first and lets
// numbers pass as text.
type shape struct {
	file   string
	faults Errors
}

func (s *shape) fault(path string, tk *token.Token, format string, args ...any) {
	e := &Error{File: s.file, Field: path, Text: fmt.Sprintf(format, args...)}
	if tk != nil && tk.Position != nil {
		e.Line, e.Column = tk.Position.Line, tk.Position.Column
	}
	s.faults = append(s.faults, e)
}

var numberType = reflect.TypeFor[Number]()

// selfMade says whether a type reads its own YAML; its inside is its business.
func selfMade(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	for _, i := range []reflect.Type{
		reflect.TypeFor[yaml.InterfaceUnmarshaler](), reflect.TypeFor[yaml.BytesUnmarshaler](), reflect.TypeFor[yaml.NodeUnmarshaler](),
		reflect.TypeFor[yaml.InterfaceUnmarshalerContext](), reflect.TypeFor[yaml.BytesUnmarshalerContext](), reflect.TypeFor[yaml.NodeUnmarshalerContext](),
	} {
		if p.Implements(i) {
			return true
		}
	}
	return t == reflect.TypeFor[yaml.MapSlice]()
}

func (s *shape) check(n ast.Node, t reflect.Type, path string) {
	optional := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n == nil || optional && n.Type() == ast.NullType {
		return
	}
	switch n := n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		s.fault(path, n.GetToken(), "anchors and aliases are not read; write it out")
		return
	case *ast.TagNode:
		s.fault(path, n.GetToken(), "tags are not read")
		return
	case *ast.CommentGroupNode:
		return
	}
	switch {
	case t == numberType && plainNumber(n):
	case t == numberType:
		s.scalar(n, path, "a number", ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType, ast.NullType)
	case selfMade(t) || t.Kind() == reflect.Interface:
		s.plain(n, path)
	case t.Kind() == reflect.Struct:
		s.structure(n, t, path)
	case t.Kind() == reflect.Map:
		s.mapping(n, path, func(key *token.Token, at string) reflect.Type { return t.Elem() })
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		s.sequence(n, t, path)
	case t.Kind() == reflect.String:
		s.scalar(n, path, "text", ast.StringType, ast.LiteralType)
	case t.Kind() == reflect.Bool:
		s.scalar(n, path, "true or false", ast.BoolType)
	case t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32:
		s.scalar(n, path, "a number", ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType)
	default:
		s.scalar(n, path, "a whole number", ast.IntegerType)
	}
}

func (s *shape) scalar(n ast.Node, path, want string, allowed ...ast.NodeType) {
	for _, t := range allowed {
		if n.Type() == t {
			return
		}
	}
	hint := ""
	if want == "text" && n.Type() != ast.NullType && n.Type() != ast.MappingType && n.Type() != ast.SequenceType && n.Type() != ast.MappingValueType {
		hint = "; put it in quotes"
	}
	s.fault(path, firstToken(n), "is %s where %s is wanted%s", called(n), want, hint)
}

// plainNumber says whether n is a number without quotes that the library reads
// as text, like 1e-3.
func plainNumber(n ast.Node) bool {
	tk := n.GetToken()
	if n.Type() != ast.StringType || tk == nil || tk.Type != token.StringType {
		return false
	}
	_, err := Number(tk.Value).Float()
	return err == nil
}

func called(n ast.Node) string {
	switch n.Type() {
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number"
	case ast.BoolType:
		return "true or false"
	case ast.NullType:
		return "empty"
	case ast.StringType, ast.LiteralType:
		return "text"
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	}
	return "something else"
}

// plain looks for what no reader should meet below a field of free form.
func (s *shape) plain(n ast.Node, path string) {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		s.mapping(n, path, func(*token.Token, string) reflect.Type { return reflect.TypeFor[any]() })
	case *ast.SequenceNode:
		s.sequence(n, reflect.TypeFor[[]any](), path)
	}
}

func (s *shape) sequence(n ast.Node, t reflect.Type, path string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		if n.Type() != ast.NullType {
			s.fault(path, firstToken(n), "is %s where a list is wanted", called(n))
		}
		return
	}
	for i, v := range seq.Values {
		s.check(v, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
	}
}

// mapping walks over the fields of n; field gives the type of a field's value,
// nil when it has no place here.
func (s *shape) mapping(n ast.Node, path string, field func(key *token.Token, at string) reflect.Type) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return
	default:
		s.fault(path, firstToken(n), "is %s where a mapping is wanted", called(n))
		return
	}
	seen := map[string]int{}
	for _, v := range values {
		key := v.Key.GetToken()
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			s.fault(path, key, "anchors and aliases are not read; write it out")
			continue
		}
		at := key.Value
		if path != "" {
			at = path + "." + key.Value
		}
		if line, twice := seen[key.Value]; twice {
			s.fault(at, key, "is given at line %d already", line)
			continue
		}
		seen[key.Value] = key.Position.Line
		if t := field(key, at); t != nil {
			s.check(v.Value, t, at)
		}
	}
}

func (s *shape) structure(n ast.Node, t reflect.Type, path string) {
	fields := map[string]reflect.Type{}
	fieldsOf(t, fields)
	s.mapping(n, path, func(key *token.Token, at string) reflect.Type {
		ft, ok := fields[key.Value]
		if !ok {
			s.fault(at, key, "unknown field %q%s", key.Value, didYouMean(key.Value, fields))
			return nil
		}
		return ft
	})
}

// fieldsOf collects a struct's fields by their names in YAML.
func fieldsOf(t reflect.Type, into map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		ft := f.Type
		for ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		switch {
		case name == "-":
		case ft.Kind() == reflect.Struct && strings.Contains(options, "inline"):
			fieldsOf(ft, into)
		case !f.IsExported():
		case name == "":
			into[strings.ToLower(f.Name)] = f.Type
		default:
			into[name] = f.Type
		}
	}
}

// didYouMean names the field that differs from key by one or two letters.
func didYouMean(key string, fields map[string]reflect.Type) string {
	best, cost := "", 3
	for name := range fields {
		if c := edits(key, name); c < cost || c == cost && name < best {
			best, cost = name, c
		}
	}
	if best == "" || cost >= len(key) {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// edits counts the letters to change, add, drop or swap with a neighbour.
func edits(a, b string) int {
	if len(a) > 60 || len(b) > 60 {
		return 60
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
