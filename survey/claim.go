package survey

import (
	"slices"

	"tenet/papers"
)

// KindClaim is the ledger's name for claims.
const KindClaim = "claim"

// Kind says how a claim argues.
type Kind string

// The kinds of claim.
const (
	ExplicitReasoning Kind = "explicit reasoning"
	ImplicitReasoning Kind = "implicit reasoning"
	Conjecture        Kind = "conjecture"
	EmpiricalResult   Kind = "empirical result"
	NegativeResult    Kind = "negative result"
)

// Kinds lists the kinds in the order in which screens offer them.
func Kinds() []Kind {
	return []Kind{ExplicitReasoning, ImplicitReasoning, Conjecture, EmpiricalResult, NegativeResult}
}

// Valid says whether k is one of the five kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Stances lists what a claim may say about the use of a skip.
func Stances() []string { return []string{"pro", "con", "mixed"} }

// ClaimState is where a claim stands in its life.
//
//	candidate → tagged → superseded | dropped
//	candidate → dropped
type ClaimState string

// The states of a claim.
const (
	Candidate  ClaimState = "candidate"
	Tagged     ClaimState = "tagged"
	Superseded ClaimState = "superseded"
	Dropped    ClaimState = "dropped"
)

// Valid says whether s is one of the four states.
func (s ClaimState) Valid() bool {
	return s == Candidate || s == Tagged || s == Superseded || s == Dropped
}

// Live says whether a claim in this state still counts.
func (s ClaimState) Live() bool { return s == Candidate || s == Tagged }

// A Claim is what a paper says, tagged by a person.
type Claim struct {
	ID       string         `json:"id"`
	Alias    string         `json:"alias"` // "C104"
	Key      string         `json:"key,omitempty"`
	PaperID  string         `json:"paper_id"`
	Text     string         `json:"text"`            // in the reviewer's words
	Quote    string         `json:"quote,omitempty"` // in the paper's words
	Page     int            `json:"page,omitempty"`  // counted from 1, 0 = unknown
	Kind     Kind           `json:"kind"`
	Stance   string         `json:"stance,omitempty"`
	Anchor   *papers.Anchor `json:"anchor,omitempty"`
	Located  papers.Outcome `json:"located,omitempty"` // "" while the paper has no PDF
	Verified bool           `json:"verified"`
	Source   string         `json:"source,omitempty"` // what the quote was compared with

	State        ClaimState `json:"state"`
	SupersededBy string     `json:"superseded_by_id,omitempty"`
	Reviewer     string     `json:"reviewer,omitempty"`
	Comment      string     `json:"comment,omitempty"`
	Tags         []string   `json:"tags,omitempty"`
	Order        int        `json:"order,omitempty"` // place in its pack, 0 = after those that have one
}

// Standing says in words for people how sure the claim's place is.
func (c Claim) Standing() string {
	switch {
	case c.Located == papers.Found && c.Verified:
		return "verified, found in the PDF"
	case c.Located == papers.Found:
		return "found in the PDF, not yet verified"
	case c.Located == papers.Moved:
		return "moved, check"
	case c.Located == papers.Ambiguous:
		return "ambiguous, check"
	case c.Located == papers.Lost:
		return "lost, the quote is not in the PDF"
	case c.Verified:
		return "verified, no PDF here"
	}
	return "not yet verified"
}
