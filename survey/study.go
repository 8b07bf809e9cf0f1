package survey

import (
	"fmt"

	"tenet/internal/store"
)

// KindStudy is the ledger's name for the frame of the review.
const KindStudy = "study"

// A Study is the frame of the review: what is asked, which works count, where
// they were looked for and how they are coded. A library has one.
type Study struct {
	ID       string  `json:"id"`
	Key      string  `json:"key"` // always studyKey, so that there is one
	Name     string  `json:"name,omitempty"`
	StudyID  string  `json:"study_id,omitempty"` // names the seeds of all runs; empty: Name does
	Title    string  `json:"title,omitempty"`
	Question string  `json:"question,omitempty"`
	Method   *Method `json:"method,omitempty"`
}

const studyKey = "study"

// Method is how the review was done.
type Method struct {
	Source       string      `json:"source,omitempty" yaml:"source,omitempty"`
	Inclusion    []Criterion `json:"inclusion,omitempty" yaml:"inclusion,omitempty"`
	Context      []Criterion `json:"context,omitempty" yaml:"context,omitempty"`
	Exclusion    []Criterion `json:"exclusion,omitempty" yaml:"exclusion,omitempty"`
	Searches     []string    `json:"searches,omitempty" yaml:"searches,omitempty"`
	Places       []string    `json:"places,omitempty" yaml:"places,omitempty"`
	Coding       *CodingPlan `json:"coding,omitempty" yaml:"coding,omitempty"`
	Verification string      `json:"verification,omitempty" yaml:"verification,omitempty"`
}

// Criterion is one rule by which works count or do not.
type Criterion struct {
	ID   string `json:"id" yaml:"id"`
	Text string `json:"text" yaml:"text"`
}

// CodingPlan says what is noted about claims and papers.
type CodingPlan struct {
	Kind     []string          `json:"kind,omitempty" yaml:"kind,omitempty"`
	Stance   map[string]string `json:"stance,omitempty" yaml:"stance,omitempty"`
	Relation []string          `json:"relation,omitempty" yaml:"relation,omitempty"`
	SkipType []string          `json:"skip_type,omitempty" yaml:"skip_type,omitempty"`
}

// StudyOf gives the library's study; ok is false while it has none.
func StudyOf(tx *store.Tx) (s Study, ok bool, err error) {
	return byKey[Study](tx, KindStudy, studyKey)
}

// PutStudy writes the library's study.
func PutStudy(tx *store.Tx, s Study, why string) error {
	old, ok, err := StudyOf(tx)
	switch {
	case err != nil:
		return err
	case ok:
		s.ID = old.ID
	default:
		s.ID = tx.NewID()
	}
	s.Key = studyKey
	return tx.Put("study.set", KindStudy, s.ID, s, why)
}

// criteria gives the ids of all criteria of a method.
func (m *Method) criteria() (map[string]bool, error) {
	ids := map[string]bool{}
	if m == nil {
		return ids, nil
	}
	for _, list := range [][]Criterion{m.Inclusion, m.Context, m.Exclusion} {
		for _, c := range list {
			if ids[c.ID] {
				return nil, fmt.Errorf("criterion %s is given twice", c.ID)
			}
			ids[c.ID] = true
		}
	}
	return ids, nil
}

// normal gives a copy whose texts are fit for the ledger.
func (m *Method) normal() *Method {
	if m == nil {
		return nil
	}
	rules := func(in []Criterion) []Criterion {
		var out []Criterion
		for _, c := range in {
			out = append(out, Criterion{ID: store.Text(c.ID), Text: store.Text(c.Text)})
		}
		return out
	}
	out := &Method{
		Source: store.Text(m.Source), Inclusion: rules(m.Inclusion), Context: rules(m.Context), Exclusion: rules(m.Exclusion),
		Searches: normalAll(m.Searches), Places: normalAll(m.Places), Verification: store.Text(m.Verification),
	}
	if c := m.Coding; c != nil {
		out.Coding = &CodingPlan{Kind: normalAll(c.Kind), Relation: normalAll(c.Relation), SkipType: normalAll(c.SkipType)}
		for k, v := range c.Stance {
			if out.Coding.Stance == nil {
				out.Coding.Stance = map[string]string{}
			}
			out.Coding.Stance[store.Text(k)] = store.Text(v)
		}
	}
	return out
}
