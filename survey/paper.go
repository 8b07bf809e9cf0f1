package survey

import (
	"tenet/internal/store"
)

// KindPaper is the ledger's name for papers.
const KindPaper = "paper"

// A Paper is a work that the review knows of.
type Paper struct {
	ID      string   `json:"id"`
	Alias   string   `json:"alias"`         // "D12"
	Key     string   `json:"key,omitempty"` // of the bibliography, unique in a library
	Title   string   `json:"title"`
	Authors []string `json:"authors,omitempty"` // "Family, Given"
	Others  bool     `json:"others,omitempty"`  // the author list ends in "and others"
	Year    int      `json:"year,omitempty"`
	Venue   string   `json:"venue,omitempty"`
	DOI     string   `json:"doi,omitempty"`   // lower case, without resolver
	ArXiv   string   `json:"arxiv,omitempty"` // without version
	URL     string   `json:"url,omitempty"`

	Abstract string     `json:"abstract,omitempty"`
	Bib      *BibFields `json:"bib,omitempty"`
	Coding   *Coding    `json:"coding,omitempty"`
	Source   string     `json:"source,omitempty"` // the file or pack it came from

	State       State  `json:"state"`
	Reason      string `json:"reason,omitempty"` // of the last decision, when it needs one
	DuplicateOf string `json:"duplicate_of_id,omitempty"`

	FileSHA    string      `json:"file_sha,omitempty"` // the PDF in the vault, "" while there is none
	FileName   string      `json:"file_name,omitempty"`
	OtherFiles []OtherFile `json:"other_files,omitempty"` // further copies or versions of the same work
	TextSHA    string      `json:"text_sha,omitempty"`    // the extracted document in the vault
	Engine     string      `json:"engine,omitempty"`      // which text engine read it
	Pages      int         `json:"pages,omitempty"`
	NeedsOCR   bool        `json:"needs_ocr,omitempty"`
	Warnings   []string    `json:"warnings,omitempty"`

	// Matches holds what this paper can be recognised by (see matchKeys); the
	// store indexes it because its name ends in _ids.
	Matches []string `json:"match_ids,omitempty"`
}

// BibFields is a bibliography entry as it was written, for a lossless export.
type BibFields struct {
	Type   string     `json:"type"`
	Key    string     `json:"entry_key"`
	Fields []BibField `json:"fields,omitempty"`
	Raw    string     `json:"raw,omitempty"` // the source text of an entry that could not be understood
	Broken string     `json:"broken,omitempty"`
	Order  int        `json:"order"` // place in its file
}

// BibField is one field; Value is TeX as written, macros expanded.
type BibField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Coding is what the study's coding form says about a paper.
type Coding struct {
	Include  string   `json:"include,omitempty"` // core, context, excluded
	Criteria []string `json:"criteria,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	SkipType string   `json:"skip_type,omitempty"`
	Task     string   `json:"task,omitempty"`
	Note     string   `json:"note,omitempty"`
	Results  []Result `json:"results,omitempty"`
	Order    int      `json:"order"` // place in survey.yaml
}

// Result is a number that a paper reports.
type Result struct {
	Model      string `json:"model"`
	Metric     string `json:"metric"`
	Value      string `json:"value"` // as spelled, a decimal number
	Where      string `json:"where,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Checked    bool   `json:"checked_against_text"`
}

// OtherFile is a second PDF of the same work; quotes are located in the first.
type OtherFile struct {
	SHA  string `json:"sha"`
	Name string `json:"name"`
}

// HasText says whether the paper's extracted text is in the vault.
func (p Paper) HasText() bool { return p.TextSHA != "" }

// Name is what people call the paper: its key, else its alias.
func (p Paper) Name() string {
	if p.Key != "" {
		return p.Key
	}
	return p.Alias
}

// putPaper writes a paper with its match keys brought up to date.
func putPaper(tx *store.Tx, verb string, p *Paper, why string) error {
	p.Matches = matchKeys(*p)
	return tx.Put(verb, KindPaper, p.ID, *p, why)
}
