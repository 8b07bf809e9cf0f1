package survey

import (
	"fmt"
	"slices"
)

// State is how far the review has come with a paper.
//
//	identified → duplicate
//	identified → screened-in | screened-out   (two reviewers disagree: back to identified)
//	screened-in → sought → retrieved | not-retrieved
//	retrieved → assessed → included | excluded
//
// A decision may be turned around at its own step (screened-in ↔ screened-out,
// included ↔ excluded, duplicate → identified); every other way back is undo.
type State string

// The states of a paper.
const (
	Identified   State = "identified"
	Duplicate    State = "duplicate"
	ScreenedIn   State = "screened-in"
	ScreenedOut  State = "screened-out"
	Sought       State = "sought"
	Retrieved    State = "retrieved"
	NotRetrieved State = "not-retrieved"
	Assessed     State = "assessed"
	Included     State = "included"
	Excluded     State = "excluded"
)

// arrows holds every move that is allowed.
var arrows = map[State][]State{
	Identified:   {Duplicate, ScreenedIn, ScreenedOut},
	Duplicate:    {Identified},
	ScreenedIn:   {Sought, ScreenedOut, Identified},
	ScreenedOut:  {ScreenedIn, Identified},
	Sought:       {Retrieved, NotRetrieved},
	NotRetrieved: {Sought},
	Retrieved:    {Assessed},
	Assessed:     {Included, Excluded},
	Included:     {Excluded},
	Excluded:     {Included},
}

// States lists all states in the order of the review.
func States() []State {
	return []State{Identified, Duplicate, ScreenedIn, ScreenedOut, Sought, Retrieved, NotRetrieved, Assessed, Included, Excluded}
}

// Valid says whether s is a state at all.
func (s State) Valid() bool { _, ok := arrows[s]; return ok }

// May says whether a paper in state s can move to the state to in one step.
func (s State) May(to State) bool { return slices.Contains(arrows[s], to) }

// Next lists the states that s can move to.
func (s State) Next() []State { return slices.Clone(arrows[s]) }

// needsReason says whether entering s has to be explained.
func (s State) needsReason() bool {
	return s == ScreenedOut || s == Excluded || s == NotRetrieved
}

// StateError is a move that no arrow allows, or one that lacks its reason.
type StateError struct {
	Paper    string // its alias
	From, To State
	Text     string
}

// Error says what is wrong in words for people.
func (e *StateError) Error() string {
	return fmt.Sprintf("survey: %s: cannot go from %s to %s: %s", e.Paper, e.From, e.To, e.Text)
}
