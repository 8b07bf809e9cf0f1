package index

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	bindex "github.com/blevesearch/bleve_index_api"
)

// record is what the index keeps of a document to show it: the hit without
// score and snippet, and the text to cut the snippet from.
type record struct {
	hit
	Text string `json:"text,omitempty"`
	// QuoteText is the paper's own words below a reviewer's.
	QuoteText string `json:"quote_text,omitempty"`
}

type hit Hit // without its MarshalJSON

// doc is one thing on its way into the index.
type doc struct {
	record
	// more is searched like the text but never shown in a snippet: names and keys.
	more []string
	// values of the fields of the query language; year and page come from the hit.
	values map[string][]string
	// facets differ from the values where those hold synonyms.
	facets map[string][]string
	// made orders by age, in milliseconds.
	made uint64
}

// docID names a thing inside bleve.
func docID(kind, id string) string { return kind + "/" + id }

const (
	wordsOptions  = bindex.IndexField | bindex.IncludeTermVectors
	valueOptions  = bindex.IndexField | bindex.SkipFreqNorm
	facetOptions  = bindex.IndexField | bindex.SkipFreqNorm | bindex.DocValues
	orderOptions  = bindex.IndexField | bindex.SkipFreqNorm | bindex.DocValues
	storedOptions = bindex.StoreField
)

// build makes the bleve document.
func (d *doc) build() (*document.Document, error) {
	d.Text, d.QuoteText, d.Title = clean(d.Text), clean(d.QuoteText), clean(oneLine(d.Title))
	rec, err := json.Marshal(d.record)
	if err != nil {
		return nil, err
	}
	out := document.NewDocument(docID(d.Kind, d.ID))
	put := func(name, value string, o bindex.FieldIndexingOptions, whole bool) {
		if value == "" {
			return
		}
		if whole {
			out.AddField(document.NewTextFieldCustom(name, nil, []byte(value), o, valueAnalyzer{}))
		} else {
			out.AddField(document.NewTextFieldCustom(name, nil, []byte(value), o, wordAnalyzer{}))
		}
	}
	put(recordField, string(rec), storedOptions, true)
	text := append([]string{d.Text, d.QuoteText}, d.more...)
	put(textField, strings.Join(text, "\n"), wordsOptions, false)

	values := d.values
	if values == nil {
		values = map[string][]string{}
	}
	values["type"] = []string{d.Kind}
	values["title"] = []string{d.Title}
	if d.Year != 0 {
		values["year"] = []string{strconv.Itoa(d.Year)}
	}
	if d.Page != 0 {
		values["page"] = []string{strconv.Itoa(d.Page)}
	}
	for _, f := range fields {
		vs := values[f.name]
		shown := vs
		if own, ok := d.facets[f.name]; ok {
			shown = own
		}
		if f.kind == wordsField {
			put(f.name, strings.Join(vs, "\n"), wordsOptions, false)
		} else {
			for _, v := range vs {
				put(f.name, v, valueOptions, true)
			}
		}
		if f.facet {
			for _, v := range distinct(shown) {
				put(facetPrefix+f.name, v, facetOptions, true)
			}
		}
	}
	order := d.PaperKey
	if order == "" {
		order = d.Alias
	}
	put(orderPaper, strings.ToLower(order)+"\x00"+pad(uint64(d.Page)), orderOptions, true)
	put(orderTime, pad(d.made), orderOptions, true)
	return out, nil
}

func distinct(vs []string) []string {
	var out []string
	for _, v := range vs {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// pad writes a number so that texts order like numbers.
func pad(n uint64) string {
	s := strconv.FormatUint(n, 10)
	return strings.Repeat("0", 15-min(15, len(s))) + s
}

// clean drops control characters, which are marks to us and harm to a terminal;
// line breaks stay as the edges of parts.
func clean(s string) string {
	bad := func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 }
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return ' '
		}
		return r
	}, s)
}
