package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxBytes is the largest file that is read; the built-in study's largest file
// has 76 kB.
const MaxBytes = 64 << 20

// maxNesting bounds the depth of a file: the parser recurses, and a stack
// overflow cannot be recovered from.
const maxNesting = 200

// Decode reads one YAML document into v, which points to a struct. Unknown
// and repeated keys, aliases, a second document and values of the wrong type
// are faults. The error is an [Errors] or an [*Error].
func Decode(name string, data []byte, v any) (err error) {
	if err := admit(name, data); err != nil {
		return err
	}
	defer func() {
		// goccy is fuzzed, but a pack is foreign bytes: a panic in it is a fault of the file.
		if r := recover(); r != nil {
			err = &Error{File: name, Text: fmt.Sprintf("is not readable as YAML (%v)", r)}
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return place(name, data, err)
	}
	body, err := onlyBody(name, file)
	if err != nil {
		return err
	}
	s := &shape{file: name}
	s.check(body, reflect.TypeOf(v), "")
	if len(s.faults) > 0 {
		return s.faults.sorted()
	}
	if err := yaml.NodeToValue(body, v, yaml.Strict()); err != nil {
		return place(name, data, err)
	}
	return nil
}

func onlyBody(name string, file *ast.File) (ast.Node, error) {
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.NullType {
			continue
		}
		if body != nil {
			e := &Error{File: name, Text: "holds more than one document"}
			if tk := doc.Body.GetToken(); tk != nil {
				e.Line, e.Column = tk.Position.Line, tk.Position.Column
			}
			return nil, e
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &Error{File: name, Text: "is empty"}
	}
	return body, nil
}

// Locate turns the problems of a schema check into errors with line and
// column; it gives nil when there are none. It parses the data again, so it
// costs time only for a faulty file.
func Locate(name string, data []byte, problems Problems) error {
	if len(problems) == 0 {
		return nil
	}
	where := positions(data)
	out := make(Errors, 0, len(problems))
	for _, p := range problems {
		e := &Error{File: name, Field: p.Path, Text: p.Text}
		if pos := nearest(where, p.Path); pos != nil {
			e.Line, e.Column = pos.Line, pos.Column
		}
		out = append(out, e)
	}
	return out.sorted()
}

func admit(name string, data []byte) error {
	if len(data) > MaxBytes {
		return &Error{File: name, Text: fmt.Sprintf("has %d bytes; the limit is %d", len(data), MaxBytes)}
	}
	if !utf8.Valid(data) {
		line, col := 1, 1
		for i := 0; i < len(data); {
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			col++
			if r == '\n' {
				line, col = line+1, 1
			}
			i += n
		}
		return &Error{File: name, Line: line, Column: col, Text: "is not UTF-8 here"}
	}
	if line := tooDeep(data); line > 0 {
		return &Error{File: name, Line: line, Column: 1, Text: fmt.Sprintf("is nested more than %d deep", maxNesting)}
	}
	return nil
}

// tooDeep gives the first line on which more than maxNesting containers could
// be open, or 0. It over-counts brackets inside text, which is harmless at
// this limit: the running count falls with each closing one.
func tooDeep(data []byte) int {
	open, line := 0, 0
	for l := range bytes.Lines(data) {
		line++
		dashes, lead := 0, true
		for i, c := range l {
			switch c {
			case '[', '{':
				open++
				lead = false
			case ']', '}':
				open = max(0, open-1)
				lead = false
			case '-', '?', ':':
				// "- - - x" opens a sequence per dash; so do "? ? ?" and "a: b: c:".
				if i+1 < len(l) && (l[i+1] == ' ' || l[i+1] == '\t') && (lead || c == '?') {
					dashes++
				}
			case ' ', '\t':
			default:
				lead = false
			}
		}
		if open > maxNesting || dashes > maxNesting {
			return line
		}
	}
	indents := 0
	line = 0
	var stack []int
	for l := range bytes.Lines(data) {
		line++
		body := bytes.TrimLeft(l, " ")
		if len(bytes.TrimSpace(body)) == 0 {
			continue
		}
		indent := len(l) - len(body)
		for len(stack) > 0 && stack[len(stack)-1] >= indent {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, indent)
		if indents = len(stack); indents > maxNesting {
			return line
		}
	}
	return 0
}

// place rewrites an error of the YAML library in our form.
func place(name string, data []byte, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return &Error{File: name, Text: err.Error()}
	}
	e := &Error{File: name, Text: say(ye)}
	if tk := ye.GetToken(); tk != nil && tk.Position != nil {
		e.Line, e.Column = tk.Position.Line, tk.Position.Column
		e.Field = fieldAt(data, tk.Position)
	}
	return e
}

// say puts the library's message into words without Go's type names.
func say(err yaml.Error) string {
	switch e := err.(type) {
	case *yaml.UnknownFieldError:
		return e.Message
	case *yaml.TypeError:
		got, want := e.SrcType.String(), e.DstType.String()
		if i := strings.LastIndex(want, "."); i >= 0 {
			want = want[i+1:]
		}
		words := strings.NewReplacer("float64", "a number", "uint64", "a number", "int", "a whole number", "string", "text", "bool", "true or false")
		if strings.HasPrefix(got, "map") {
			got = "a mapping"
		} else if strings.HasPrefix(got, "[]") {
			got = "a list"
		}
		return fmt.Sprintf("is %s where %s is wanted", words.Replace(got), words.Replace(want))
	case *yaml.UnexpectedNodeTypeError:
		return fmt.Sprintf("is a %s where a %s is wanted", strings.ToLower(e.Actual.YAMLName()), strings.ToLower(e.Expected.YAMLName()))
	}
	return strings.ReplaceAll(err.GetMessage(), "\n", " ")
}

// positions maps each field path to the place of its key or value.
func positions(data []byte) map[string]*token.Position {
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil
	}
	out := map[string]*token.Position{}
	for _, doc := range file.Docs {
		walk(doc.Body, "", func(path string, pos *token.Position) {
			if _, seen := out[path]; !seen {
				out[path] = pos
			}
		})
	}
	return out
}

func fieldAt(data []byte, pos *token.Position) string {
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return ""
	}
	found := ""
	for _, doc := range file.Docs {
		walk(doc.Body, "", func(path string, p *token.Position) {
			if p.Line == pos.Line && p.Column == pos.Column {
				found = path
			}
		})
	}
	return found
}

// walk calls visit for every key and list item with its path.
func walk(n ast.Node, path string, visit func(string, *token.Position)) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			walk(v, path, visit)
		}
	case *ast.MappingValueNode:
		tk := n.Key.GetToken()
		p := tk.Value
		if path != "" {
			p = path + "." + tk.Value
		}
		visit(p, tk.Position)
		if n.Value != nil {
			if tk := firstToken(n.Value); tk != nil {
				visit(p, tk.Position)
			}
			walk(n.Value, p, visit)
		}
	case *ast.SequenceNode:
		for i, v := range n.Values {
			p := path + "[" + strconv.Itoa(i) + "]"
			if tk := firstToken(v); tk != nil {
				visit(p, tk.Position)
			}
			walk(v, p, visit)
		}
	case *ast.TagNode:
		walk(n.Value, path, visit)
	case *ast.AnchorNode:
		walk(n.Value, path, visit)
	}
}

// firstToken gives where a node starts; a mapping's own token is its colon.
func firstToken(n ast.Node) *token.Token {
	switch m := n.(type) {
	case *ast.MappingNode:
		if !m.IsFlowStyle && len(m.Values) > 0 {
			return m.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return m.Key.GetToken()
	}
	return n.GetToken()
}

// nearest gives the place of path, or of the closest parent that exists: a
// missing field has none of its own.
func nearest(where map[string]*token.Position, path string) *token.Position {
	for {
		if pos := where[path]; pos != nil {
			return pos
		}
		i := strings.LastIndexAny(path, ".[")
		if i <= 0 {
			return nil
		}
		path = path[:i]
	}
}
