package index

import (
	"slices"
	"strings"
)

// fieldKind is how a field's values are stored and asked for.
type fieldKind int

const (
	wordsField  fieldKind = iota // words of the value, phrases possible
	signField                    // one of + - *
	numberField                  // whole numbers and ranges
)

// field is one name that may stand before a colon in a query.
type field struct {
	name    string
	kind    fieldKind
	facet   bool   // values can be counted and ticked
	example string // shown when a value is missing
}

// textField is what bare words are looked up in; recordField keeps the hit.
const (
	textField   = "text"
	recordField = "_hit"
	facetPrefix = "f."
	orderPaper  = "o.paper"
	orderTime   = "o.time"
)

// fields is the query language's table; compile, facets and completion read it.
var fields = []field{
	{name: "claim", kind: wordsField, example: "claim:C12"},
	{name: "stance", kind: signField, facet: true, example: "stance:+"},
	{name: "kind", kind: wordsField, facet: true, example: "kind:empirical"},
	{name: "type", kind: wordsField, facet: true, example: "type:passage"},
	{name: "principle", kind: wordsField, facet: true, example: "principle:P2"},
	{name: "paper", kind: wordsField, facet: true, example: "paper:he2016identity"},
	{name: "author", kind: wordsField, facet: true, example: "author:he"},
	{name: "year", kind: numberField, facet: true, example: "year:2015..2019"},
	{name: "page", kind: numberField, example: "page:3"},
	{name: "by", kind: wordsField, facet: true, example: "by:ben"},
	{name: "tag", kind: wordsField, facet: true, example: "tag:vision"},
	{name: "verdict", kind: wordsField, facet: true, example: "verdict:refuted"},
	{name: "title", kind: wordsField, example: "title:residual"},
	{name: "status", kind: wordsField, facet: true, example: "status:included"},
}

// signs maps what people write for a stance to the sign it is stored under.
var signs = map[string]string{
	"+": "+", "supports": "+", "support": "+", "pro": "+", "for": "+",
	"-": "-", "−": "-", "–": "-", "contradicts": "-", "contradict": "-", "con": "-", "contra": "-", "against": "-",
	"*": "*", "qualifies": "*", "qualify": "*", "mixed": "*",
}

func fieldNamed(name string) (field, bool) {
	name = strings.ToLower(name)
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// FieldNames lists the fields of the query language, for completion and help.
func FieldNames() []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}

// FacetFields lists the fields whose values can be counted.
func FacetFields() []string {
	var out []string
	for _, f := range fields {
		if f.facet {
			out = append(out, f.name)
		}
	}
	return out
}

// Kinds are the kinds of document, in the order they are shown.
func Kinds() []string {
	return []string{"claim", "passage", "paper", "principle", "hypothesis", "run"}
}
