package index

import (
	"fmt"
	"strings"
)

// expr is a parsed query. The empty and is everything.
type expr interface{ String() string }

type (
	and []expr
	or  []expr
	not struct{ of expr }

	// term is a word, or the words of a phrase side by side. Prefix and fuzzy
	// concern the last word.
	term struct {
		field  string // textField when none was named
		words  []string
		prefix bool
		fuzzy  int
	}
	// sign is stance:+, a value that is no word.
	sign struct{ field, value string }
	// span is a range of whole numbers, both ends included; open ends are minInt and maxInt.
	span struct {
		field  string
		lo, hi int
	}
	// near holds when one occurrence of each item lies within n words from first to last.
	near struct {
		n     int
		items []term
	}
)

const (
	minInt = -1 << 31
	maxInt = 1 << 31
)

// everything matches each document.
var everything = and(nil)

func (e and) String() string {
	if len(e) == 0 {
		return "everything"
	}
	return joined([]expr(e), " ")
}

func (e or) String() string { return joined([]expr(e), " or ") }

func joined(es []expr, by string) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.String()
	}
	return "(" + strings.Join(parts, by) + ")"
}

func (e not) String() string {
	if inner, ok := e.of.(not); ok {
		return "-(" + inner.String() + ")"
	}
	return "-" + e.of.String()
}

func (e term) String() string {
	s := strings.Join(e.words, " ")
	switch {
	case e.fuzzy > 0:
		s += fmt.Sprintf("~%d", e.fuzzy)
	case e.prefix:
		s = strings.Join(e.words, "-") + "*"
	case len(e.words) > 1 || s == "or":
		s = `"` + s + `"`
	}
	if e.field != textField {
		s = e.field + ":" + s
	}
	return s
}

func (e sign) String() string { return e.field + ":" + e.value }

func (e span) String() string {
	switch {
	case e.lo == e.hi:
		return fmt.Sprintf("%s:%d", e.field, e.lo)
	case e.lo == minInt:
		return fmt.Sprintf("%s:..%d", e.field, e.hi)
	case e.hi == maxInt:
		return fmt.Sprintf("%s:%d..", e.field, e.lo)
	}
	return fmt.Sprintf("%s:%d..%d", e.field, e.lo, e.hi)
}

func (e near) String() string {
	parts := make([]string, len(e.items))
	for i, t := range e.items {
		t.field = textField
		parts[i] = t.String()
	}
	s := fmt.Sprintf("NEAR/%d(%s)", e.n, strings.Join(parts, " "))
	if f := e.items[0].field; f != textField {
		s = f + ":" + s
	}
	return s
}
