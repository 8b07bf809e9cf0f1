package tui

import (
	"context"
	"image"
	"time"
)

// study is what the screens need from a library: rows to show and the deeds of
// the domain packages. The real one reads and writes the ledger; tests have a
// small one of fixed content.
type study interface {
	Name() string
	// Resolve finds a thing by alias, key or id.
	Resolve(ctx context.Context, name string) (kind, id string, err error)
	Seq() uint64
	// Wake signals that the ledger has grown; call the second to stop.
	Wake() (<-chan struct{}, func())

	// Papers gives the rows that changed after a change number, or, with whole
	// set, all of them in their order.
	Papers(ctx context.Context, after uint64) (paperPatch, error)
	Paper(ctx context.Context, id string) (paperDetail, error)
	Screen(ctx context.Context, id, decision, reason string) (saved, error)
	Reasons(ctx context.Context) ([]string, error)
	AddFiles(ctx context.Context, path string, tell func(progress)) (saved, error)

	Sheets(ctx context.Context, paperID string) (sheets, error)
	// Picture draws a page of a paper's PDF or, with a label, the figure on it.
	Picture(ctx context.Context, paperID string, page int, label string) (image.Image, error)
	ClaimsOf(ctx context.Context, paperID string) ([]claimRow, error)
	Claim(ctx context.Context, id string) (claimRow, error)
	Tag(ctx context.Context, t tagOrder) (saved, error)
	Drop(ctx context.Context, claimID string) (saved, error)
	ByHand(ctx context.Context, o handOrder) (saved, error)
	Comment(ctx context.Context, kind, id, text string) (saved, error)

	Search(ctx context.Context, q searchOrder) (searchAnswer, error)
	// ClaimsFound gives the ids of all claims that a query finds.
	ClaimsFound(ctx context.Context, q searchOrder) ([]string, error)
	LinkAll(ctx context.Context, claimIDs []string, stance, principleID string) (saved, error)
	ExportClaims(ctx context.Context, claimIDs []string, query, path string) (saved, error)
	// Outside gives a file or a link of a thing's paper for another program.
	Outside(ctx context.Context, kind, id string) (string, error)

	Principles(ctx context.Context) ([]principleRow, error)
	AddPrinciple(ctx context.Context, name string) (principleRow, saved, error)
	EditPrinciple(ctx context.Context, id, text string) (saved, error)
	PrincipleText(ctx context.Context, id string) (string, error)
	// RefinePrinciple puts a narrower one in the place of a principle.
	RefinePrinciple(ctx context.Context, id, text string) (saved, error)
	DiscardPrinciple(ctx context.Context, id, why string) (saved, error)
	Score(ctx context.Context, id string, criterion string, score int, why string) (saved, error)
	Why(ctx context.Context, id string) ([]string, error)

	Hypotheses(ctx context.Context) ([]hypRow, error)
	Hypothesis(ctx context.Context, id string) (hypDetail, error)
	Template(ctx context.Context, principleID, hypID string) (string, error)
	// SaveHypothesis writes the template back: a new draft of the principle
	// when hypID is "", else a change of that draft or a new version of a
	// locked one.
	SaveHypothesis(ctx context.Context, principleID, hypID, text string) (saved, error)
	Preview(ctx context.Context, id string) ([]string, error)
	// Lock freezes a plan. One of little power asks for a reason first
	// (hypotheses.ErrUnconfirmed).
	Lock(ctx context.Context, id, why string) (saved, error)
	Run(ctx context.Context, id string, exploratory bool, tell func(runEvent)) (string, error)
	// Repeat trains recorded trials again; stopped, it gives what it came to.
	Repeat(ctx context.Context, id string, tell func(runEvent)) (repetition, error)
	// Replicate makes the draft of an independent run, or takes up the one
	// that waits.
	Replicate(ctx context.Context, id string) (saved, error)
	Curves(ctx context.Context, hypID string) ([]series, error)
	Controls(ctx context.Context, tell func(progress)) ([]string, error)
	Deviate(ctx context.Context, hypID, class, text string) (saved, error)

	Trace(ctx context.Context, name string) (traceNode, error)
	Verify(ctx context.Context, tell func(progress)) ([]string, error)
	ExportTrace(ctx context.Context, name, path string) (saved, error)

	Undo(ctx context.Context) (saved, error)
	Redo(ctx context.Context) (saved, error)
}

// saved says what a write did: its change number and a sentence for people.
// ID and Alias name the thing written, where one was.
type saved struct {
	Seq       uint64
	Text      string
	ID, Alias string
}

// progress is how far long work has come.
type progress struct {
	Done, Total int
	What        string
	Stop        string // what esc does; "" = it stops and keeps what is done
}

type paperRow struct {
	ID, Alias, Key, Title string
	Authors               string // as shown, "Aoki, Brandt +2"
	Year                  int
	State                 string
	Decision              string // in, out, maybe or ""
	Reason                string
	HasText               bool
	Pages                 int
	Fault                 string // why it could not be read
}

type paperPatch struct {
	Rows  []paperRow
	Whole bool
	Seq   uint64
}

type paperDetail struct {
	paperRow
	Venue, DOI, ArXiv, URL, Abstract string
	AllAuthors                       string
	Notes                            []string
}

type sheets struct {
	Paper     paperRow
	Pages     []page
	Proposals []proposal
	Figures   []figure
	Empty     string // why there is no text, if so
}

// proposal is a sentence worth tagging: index of page and sentence.
type proposal struct {
	Page, Sentence int
	Kind, Why      string
}

// claimRow is a claim as every screen shows it.
type claimRow struct {
	ID, Alias, Key string
	PaperID, Paper string
	Page           int
	Start, End     int // runes of its page, when located
	Text, Quote    string
	Kind           string
	Outcome        string // found moved ambiguous lost, "" = no PDF yet
	Verified       bool
	Dropped        bool
	Links          []claimLink
	Comment        string
	Quads          [][4]float64 // of its lines, in points from the top left of its page
}

type claimLink struct{ Stance, Principle, PrincipleID string }

// tagOrder is the act of two keys on the Read screen.
type tagOrder struct {
	PaperID          string
	Page, Start, End int
	Kind             string
	Stance           string // supports contradicts qualifies
	PrincipleID      string
	PrincipleAlias   string
}

// handOrder is a claim in the reader's own words.
type handOrder struct {
	PaperID                     string
	Page                        int // 0 = unknown
	Text, Kind                  string
	Stance                      string // with a principle only
	PrincipleID, PrincipleAlias string
}

type searchOrder struct {
	Query         string
	Limit, Offset int
	Sort          string
	Kinds         []string
	Filters       map[string][]string
}

type searchAnswer struct {
	Hits          []hit
	Total, Of     int
	Took          time.Duration
	Applied, Head uint64
	Rebuilding    bool
	Facets        []facet
	// BadToken and BadText are set when the query does not parse.
	BadPos            int
	BadToken, BadText string
	Off               string // why there is no index at all
}

// hit is one line of an answer. Snippet has \x01 and \x02 around matches.
type hit struct {
	Kind, ID, Alias, Title, Snippet string
	Paper, PaperID                  string
	Page, Start, End                int
	Stance, Principles, ClaimKind   string
	Standing                        string // of a claim: whether its words were compared with the paper
}

type facet struct {
	Field, Value string
	N            int
	On           bool
}

type principleRow struct {
	ID, Alias, Name, Statement, Intuition, Scope string
	Status, Reason, Grade                        string
	WhenNot                                      []string
	Executed                                     string // the scope that was run
	Supports, Contradicts, Qualifies             int
	Lost                                         int
	Discarded                                    bool
	Tally                                        tally
	Scores                                       []scoreRow
	Hyps                                         []hypRow
}

// tally counts hypotheses by how they stand.
type tally struct{ Validated, Refuted, Open, Running, Other int }

type scoreRow struct {
	Criterion, Name, Measured string
	Mine                      int // -1: not scored
	Others                    string
	Scores                    map[string]int
}

// hypRow is a hypothesis in a list.
type hypRow struct {
	ID, Alias, Title, Principle, PrincipleID string
	State, Verdict, Reason                   string
	Locked                                   bool
	Final                                    bool // no further block can change the verdict
	Note                                     string
}

// hypDetail is the plan and where it stands.
type hypDetail struct {
	hypRow
	Statement, Estimand, Direction, Metric, Task string
	Rationale                                    string
	Arms                                         []string // "plain  mlp 32×32"
	ArmNames                                     []string
	Theta0, Delta                                string
	NMin, NMax                                   int
	Lock                                         string // short digest
	LockSeq                                      uint64
	Missing                                      string // why it cannot be locked
	Expected                                     string
	Controls                                     string // how they stand on this engine
	ControlsOK                                   bool
	Version                                      int
	Blocks                                       []blockRow
	RunAlias, RunState                           string
	VerdictSeq                                   uint64
	VerdictLines                                 []string
	Beside                                       []string // it and its replications, a line each
	AtLock                                       []string // what stood against the plan when it was locked
	Departures                                   []string // from the locked plan
	T                                            float64
}

// blockRow is a finished block with the evidence after it.
type blockRow struct {
	B            int
	D            string
	V, R         float64
	TV, TR       float64 // thresholds in force at it; 0: not known
	SV, SR       float64 // evidence from signs alone
	Est, Lo, Hi  float64
	CLo, CHi     float64 // confidence sequence, two-sided; both 0: not known
	Void, Hidden bool
}

// runEvent is a step of a run as the Lab draws it.
type runEvent struct {
	Kind              string // hello step trial block verdict lost note
	Run, Arm          string
	Block, Trial      int
	Step, Steps       int
	Loss, Rate        float64
	V, R, Est, Lo, Hi float64
	T                 float64
	Row               blockRow // of a block, where the desk knows it whole
	ETA               time.Duration
	Done, Total       int
	Differ            int
	Text              string
	Verdict, WhyShort string
	D                 string
	Curve             []point
}

// traceNode is one step of the chain from verdict to sentence.
type traceNode struct {
	Kind, ID, Alias, Label, Digest, State string
	Seq                                   uint64
	Children                              []traceNode
}
