package index

import (
	"encoding/json"
	"strings"
	"time"
)

// Mark characters around the hits of a snippet.
const (
	MarkOn  = "\x01"
	MarkOff = "\x02"
)

// SearchOptions narrows and orders an answer. The zero value asks for the
// twenty best hits of every kind, without facets.
type SearchOptions struct {
	// Kinds keeps only these kinds of document: claim passage paper principle hypothesis run.
	Kinds []string
	// Limit is the most hits returned, 20 when zero; Offset skips that many first.
	Limit, Offset int
	// Sort is "score" (default), "year", "paper" or "newest".
	Sort string
	// Facets names the fields to count values of, see FacetFields.
	Facets []string
	// Filters keeps documents whose field has one of the values; as a reader
	// ticks facet boxes. A facet's own filter does not narrow its own counts.
	Filters map[string][]string
	// Typing reads the query as unfinished: an open quote or parenthesis is
	// closed, and the last word also matches as the beginning of a word.
	Typing bool
	// SnippetRunes is the length of a snippet, 160 when zero.
	SnippetRunes int
}

// Results is one answer.
type Results struct {
	Query string `json:"query"`
	Hits  []Hit  `json:"hits"`
	// Total counts all that match, Of all documents of the asked kinds.
	Total uint64        `json:"total"`
	Of    uint64        `json:"of"`
	Took  time.Duration `json:"took_ns"`
	// Applied is the change this answer is as of, Head the ledger's last.
	Applied    uint64             `json:"applied"`
	Head       uint64             `json:"head"`
	Rebuilding bool               `json:"rebuilding,omitempty"`
	Facets     map[string][]Count `json:"facets,omitempty"`
}

// Count is one line of a facet.
type Count struct {
	Value string `json:"value"`
	N     int    `json:"n"`
	On    bool   `json:"on,omitempty"`
}

// Hit is one document found.
type Hit struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Alias string `json:"alias,omitempty"`
	// Title is one line that names the thing.
	Title string `json:"title"`
	// Snippet is the best part of the text with MarkOn and MarkOff around what matched.
	Snippet string `json:"-"`
	// Quote says that the snippet comes from the paper's own words.
	Quote      bool     `json:"quote,omitempty"`
	PaperID    string   `json:"paper_id,omitempty"`
	PaperAlias string   `json:"paper,omitempty"`
	PaperKey   string   `json:"key,omitempty"`
	Year       int      `json:"year,omitempty"`
	Page       int      `json:"page,omitempty"`
	Start      int      `json:"start,omitempty"` // rune offsets in the page's text, passages only
	End        int      `json:"end,omitempty"`
	Stance     []string `json:"stance,omitempty"`
	ClaimKind  string   `json:"claim_kind,omitempty"`
	Principles []string `json:"principles,omitempty"`
	Verdict    string   `json:"verdict,omitempty"`
	Status     string   `json:"status,omitempty"`
	Score      float64  `json:"score"`
}

// PlainSnippet is the snippet without its marks.
func (h Hit) PlainSnippet() string {
	return strings.NewReplacer(MarkOn, "", MarkOff, "").Replace(h.Snippet)
}

// Marks are the rune ranges of PlainSnippet that matched.
func (h Hit) Marks() [][2]int {
	marks := [][2]int{}
	n, start := 0, 0
	for _, r := range h.Snippet {
		switch string(r) {
		case MarkOn:
			start = n
		case MarkOff:
			marks = append(marks, [2]int{start, n})
		default:
			n++
		}
	}
	return marks
}

// MarshalJSON writes the snippet as plain text with its marks as rune ranges,
// so that no control character reaches a script.
func (h Hit) MarshalJSON() ([]byte, error) {
	type bare Hit
	return json.Marshal(struct {
		bare
		Text  string   `json:"snippet"`
		Marks [][2]int `json:"marks"`
	}{bare(h), h.PlainSnippet(), h.Marks()})
}
