package papers

import (
	"errors"

	"tenet/papers/refs"
)

// EngineVersion names the text engine. It moves whenever the text of some page
// may come out differently, so that an anchor knows under which reading its
// offsets were taken.
const EngineVersion = "tenet-text/3"

// Errors a caller branches on. Everything else is text for people.
var (
	ErrNotPDF    = errors.New("not a PDF file")
	ErrEncrypted = errors.New("encrypted: needs a password")
	ErrEmpty     = errors.New("no pages")
	ErrLimit     = errors.New("limit reached")
	ErrDamaged   = errors.New("damaged beyond reading")
)

// A Document is what one PDF says, page by page. It is plain data: it may be
// kept as JSON, and nothing in it refers back to the file.
type Document struct {
	SHA256     string        `json:"sha256"`
	Bytes      int64         `json:"bytes"`
	Version    string        `json:"version"` // EngineVersion of the reading
	Pages      []Page        `json:"pages"`
	Meta       Meta          `json:"meta"`
	Outline    []OutlineItem `json:"outline,omitempty"`
	Highlights []Highlight   `json:"highlights,omitempty"`
	References []refs.Entry  `json:"references,omitempty"`
	Citations  []Citation    `json:"citations,omitempty"`
	Warnings   []Warning     `json:"warnings,omitempty"`
}

// A Page is the text of one page in reading order. The lines of a paragraph are
// joined with one space after undoing hyphenation, paragraphs are separated by
// an empty line, and every offset into Text counts runes.
type Page struct {
	Number    int        `json:"number"` // from 1
	Width     float64    `json:"width"`  // points, after rotation
	Height    float64    `json:"height"` // points, after rotation
	Rotate    int        `json:"rotate,omitempty"`
	Source    string     `json:"source"`                   // the library that spoke: ledongthuc, pdfcpu or pdfium
	SourceVer string     `json:"source_version,omitempty"` // of that library
	Text      string     `json:"text"`
	Blocks    []Block    `json:"blocks,omitempty"`
	Sentences []Sentence `json:"sentences,omitempty"`
	Words     Words      `json:"words,omitempty"`
}

// BlockKind says what part of a page a block plays.
type BlockKind string

// The kinds of block. Nothing is deleted: what a reader skips is only marked.
const (
	Body      BlockKind = "body"
	Heading   BlockKind = "heading"
	Caption   BlockKind = "caption"
	Footnote  BlockKind = "footnote"
	Header    BlockKind = "header"
	Footer    BlockKind = "footer"
	PageNo    BlockKind = "pageno"
	LineNo    BlockKind = "lineno"
	Table     BlockKind = "table"
	Formula   BlockKind = "formula"
	Reference BlockKind = "reference"
	Figure    BlockKind = "figure" // words inside a picture or a plot
)

// A Block is a run of lines that belong together: a paragraph, a heading, a
// caption. Blocks stand in reading order and cover Text but for separators.
type Block struct {
	Start int       `json:"start"`
	End   int       `json:"end"`
	Kind  BlockKind `json:"kind"`
	Box   Box       `json:"box"`
	Size  float64   `json:"size,omitempty"` // points, of most of its letters
	Bold  bool      `json:"bold,omitempty"`
	Font  string    `json:"font,omitempty"` // base font name without the subset tag
	Lines []Line    `json:"lines,omitempty"`
}

// A Line is one line of print. Hyphen says that the print ends in a hyphen
// which Text no longer has because a word was rejoined across the line end.
type Line struct {
	Start  int  `json:"start"`
	End    int  `json:"end"`
	Hyphen bool `json:"hyphen,omitempty"`
	Box    Box  `json:"box"`
}

// A Sentence is the unit of tagging. Its ID ("p4s17") is stable as long as the
// engine's version is.
type Sentence struct {
	ID    string    `json:"id"`
	Start int       `json:"start"`
	End   int       `json:"end"`
	Kind  BlockKind `json:"kind"`
}

// A Word says where a run of letters is printed. A word broken over a line end
// has one entry for each half.
type Word struct {
	Start int `json:"start"`
	End   int `json:"end"`
	Box   Box `json:"box"`
}

// A Box is a rectangle on the page as it is shown: points, origin top left.
type Box struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}

// Meta is what the paper says about itself. TitleSource names where the title
// came from; Confidence is between 0 and 1.
type Meta struct {
	Title       string   `json:"title,omitempty"`
	Authors     []string `json:"authors,omitempty"`
	Year        int      `json:"year,omitempty"`
	YearGuessed bool     `json:"year_guessed,omitempty"` // from the youngest work cited: nothing states it
	DOI         string   `json:"doi,omitempty"`
	ArXiv       string   `json:"arxiv,omitempty"`
	Abstract    string   `json:"abstract,omitempty"`
	TitleSource string   `json:"title_source,omitempty"`
	Confidence  float64  `json:"confidence,omitempty"`
}

// An OutlineItem is one bookmark; Level starts at 1, Page at 1 (0: unknown).
type OutlineItem struct {
	Title string `json:"title"`
	Level int    `json:"level"`
	Page  int    `json:"page,omitempty"`
}

// A Highlight is a mark that a reader left in the file with another program.
type Highlight struct {
	Page  int    `json:"page"`
	Kind  string `json:"kind"` // highlight underline squiggly strikeout note
	Text  string `json:"text,omitempty"`
	Note  string `json:"note,omitempty"`
	Boxes []Box  `json:"boxes,omitempty"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

// A Warning is something that went wrong without stopping the reading. Page 0
// means the whole file.
type Warning struct {
	Page int    `json:"page,omitempty"`
	Code string `json:"code"` // repaired source page-failed limit no-text unmapped outline
	Text string `json:"text"`
}
