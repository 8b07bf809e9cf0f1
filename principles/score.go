package principles

import (
	"fmt"
	"iter"
	"slices"

	"tenet/internal/store"
)

// Criterion is one of the five on which a principle is rated.
type Criterion string

// The criteria, in the order of the scorecard.
const (
	Validity      Criterion = "validity"
	Accessibility Criterion = "accessibility"
	Generality    Criterion = "generality"
	Guidance      Criterion = "guidance"
	Unity         Criterion = "unity"
)

// ScoreCriteria lists the criteria in the order of the scorecard.
func ScoreCriteria() []Criterion {
	return []Criterion{Validity, Accessibility, Generality, Guidance, Unity}
}

// Question says what a reader answers when scoring a criterion.
func (c Criterion) Question() string {
	switch c {
	case Validity:
		return "Did its hypotheses come out as predicted?"
	case Accessibility:
		return "Would a newcomer understand why it should hold?"
	case Generality:
		return "Does it hold across tasks and families?"
	case Guidance:
		return "Does it say when not to use it?"
	case Unity:
		return "Does it fit into the one explanation of the study?"
	}
	return ""
}

// MaxPoints is the best mark; 0 is the worst.
const MaxPoints = 4

// Score is one reviewer's mark on one criterion of one principle.
type Score struct {
	ID          string    `json:"id"`
	PrincipleID string    `json:"principle_id"`
	Criterion   Criterion `json:"criterion"`
	Points      int       `json:"points"`
	Reviewer    string    `json:"reviewer"`
	Comment     string    `json:"comment,omitempty"`
}

// SetScore records the mark of the acting reviewer; a later mark replaces an
// earlier one.
func SetScore(tx *store.Tx, principle string, c Criterion, points int, comment string) (Score, error) {
	p, err := Find(tx, principle)
	if err != nil {
		return Score{}, err
	}
	if !slices.Contains(ScoreCriteria(), c) {
		return Score{}, fmt.Errorf("principles: %q is not one of the five criteria", c)
	}
	if points < 0 || points > MaxPoints {
		return Score{}, fmt.Errorf("principles: %s: %d points; marks go from 0 to %d", p.Alias, points, MaxPoints)
	}
	s := Score{PrincipleID: p.ID, Criterion: c, Reviewer: tx.Actor()}
	for old, err := range Scores(tx, p.ID) {
		if err != nil {
			return Score{}, err
		}
		if old.Criterion == c && old.Reviewer == s.Reviewer {
			s.ID = old.ID
		}
	}
	if s.ID == "" {
		s.ID = tx.NewID()
	}
	s.Points, s.Comment = points, store.Text(comment)
	return s, tx.Put("score.set", KindScore, s.ID, s, "")
}

// Scores gives the marks on a principle, by its id.
func Scores(tx *store.Tx, principleID string) iter.Seq2[Score, error] {
	return store.Refs[Score](tx, KindScore, "principle_id", principleID)
}

// Rating is the sum of the marks on one criterion; the mean is Points/Readers.
type Rating struct {
	Criterion       Criterion
	Points, Readers int
}

// Scorecard sums the marks on a principle, one row per criterion.
func Scorecard(tx *store.Tx, principleID string) ([]Rating, error) {
	rows := make([]Rating, 0, len(ScoreCriteria()))
	for _, c := range ScoreCriteria() {
		rows = append(rows, Rating{Criterion: c})
	}
	for s, err := range Scores(tx, principleID) {
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if rows[i].Criterion == s.Criterion {
				rows[i].Points += s.Points
				rows[i].Readers++
			}
		}
	}
	return rows, nil
}
