package principles

import (
	"fmt"
	"slices"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// FileName is the name of the principles' file in a study pack.
const FileName = "principles.yaml"

// packComment heads a written file.
const packComment = "Principles of the study. Schema: docs/packs.md of tenet"

// File is principles.yaml, field by field.
type File struct {
	Schema     int             `yaml:"schema"`
	Unified    *Unified        `yaml:"unified,omitempty"`
	Criteria   []CriterionMet  `yaml:"criteria,omitempty"`
	Principles []PackPrinciple `yaml:"principles"`

	name string // for the places of faults that only the library shows
	data []byte
}

// PackPrinciple is one principle of a pack.
type PackPrinciple struct {
	ID            string   `yaml:"id"`
	Name          string   `yaml:"name"`
	Statement     string   `yaml:"statement"`
	Intuition     string   `yaml:"intuition"`
	Scope         string   `yaml:"scope"`
	Predicts      []string `yaml:"predicts"`
	WhenNotToUse  []string `yaml:"when_not_to_use"`
	Rivals        []string `yaml:"rivals"`
	RoleInUnified string   `yaml:"role_in_unified"`
	Origin        Origin   `yaml:"origin"`

	// Fields of principles that a library has changed; a pack made by hand has none.
	Revision int    `yaml:"revision,omitempty"`
	Parent   string `yaml:"parent,omitempty"` // id of the principle it refines, of this file or of the library
	State    State  `yaml:"state,omitempty"`
	Reason   string `yaml:"reason,omitempty"`
}

// Origin lists the claims, by key, that bear on a principle.
type Origin struct {
	Supports    []string `yaml:"supports"`
	Contradicts []string `yaml:"contradicts"`
	Qualifies   []string `yaml:"qualifies"`
}

// claims gives the list of one relation.
func (o *Origin) claims(r Relation) *[]string {
	switch r {
	case Supports:
		return &o.Supports
	case Contradicts:
		return &o.Contradicts
	}
	return &o.Qualifies
}

// ReadFile reads principles.yaml. Every fault that the file alone shows is
// given with its line, column and field.
func ReadFile(name string, data []byte) (*File, error) {
	f := &File{name: name, data: data}
	if err := yamlfile.Decode(name, data, f); err != nil {
		return nil, err
	}
	if err := yamlfile.Locate(name, data, f.check()); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) check() yamlfile.Problems {
	var ps yamlfile.Problems
	if f.Schema != 1 {
		ps.Add("schema", "is %d; this program reads schema 1", f.Schema)
	}
	ids := map[string]int{}
	for i, p := range f.Principles {
		at := fmt.Sprintf("principles[%d]", i)
		ps.Need(at+".id", p.ID)
		ps.Need(at+".name", p.Name)
		ps.Need(at+".statement", p.Statement)
		if first, twice := ids[p.ID]; twice {
			ps.Add(at+".id", "%s is the id of principles[%d] too", p.ID, first)
		} else {
			ids[p.ID] = i
		}
		if p.Revision < 0 {
			ps.Add(at+".revision", "is %d; revisions count from 1", p.Revision)
		}
		ps.OneOf(at+".state", string(p.State), "", string(Discarded), string(Refined))
		if p.State == Discarded {
			ps.Need(at+".reason", p.Reason)
		}
		seen := map[string]bool{}
		for _, r := range Relations() {
			for j, c := range *p.Origin.claims(r) {
				if seen[c] {
					ps.Add(fmt.Sprintf("%s.origin.%s[%d]", at, r, j), "claim %s bears on %s twice", c, p.ID)
				}
				seen[c] = true
			}
		}
	}
	ps = append(ps, f.circles(nil)...)
	if f.Unified != nil {
		for i, t := range f.Unified.Terms {
			for j, id := range t.Principles {
				if _, ok := ids[id]; !ok {
					ps.Add(fmt.Sprintf("unified.terms[%d].principles[%d]", i, j), "no principle %s in this file", id)
				}
			}
		}
	}
	return ps
}

// WriteFile writes principles.yaml. ReadFile(WriteFile(f)) holds what f holds.
func WriteFile(f *File) ([]byte, error) {
	data, err := yamlfile.Encode(packComment, f)
	if err != nil {
		return nil, fmt.Errorf("principles: %w", err)
	}
	return data, nil
}

// Stored counts what storing a file did to the library.
type Stored struct{ Added, Changed, Same int }

func (s *Stored) count(before, after uint64, fresh bool) {
	switch {
	case fresh:
		s.Added++
	case after > before:
		s.Changed++
	default:
		s.Same++
	}
}

// Store brings a file into the library. Principles that are there under the
// same alias are brought up to date; claims must have been stored before.
// Storing the same file twice changes nothing.
func Store(tx *store.Tx, f *File) (Stored, error) {
	var done Stored
	if ps := f.unknownClaims(tx); len(ps) > 0 {
		return done, yamlfile.Locate(f.name, f.data, ps)
	}
	byAlias := map[string]Principle{}
	for p, err := range All(tx) {
		if err != nil {
			return done, err
		}
		byAlias[p.Alias] = p
	}
	if ps := append(f.taken(byAlias), f.orphans(byAlias)...); len(ps) > 0 {
		return done, yamlfile.Locate(f.name, f.data, ps)
	}
	ids := map[string]string{}
	for alias, p := range byAlias {
		ids[alias] = p.ID
	}
	for _, pp := range f.Principles {
		if ids[pp.ID] == "" {
			ids[pp.ID] = tx.NewID()
		}
	}
	for i, pp := range f.Principles {
		order := i + 1
		if pp.Parent != "" {
			order = 0 // as Refine leaves it: behind those that came first, in whatever pack
		}
		p, err := Clean(Principle{
			ID: ids[pp.ID], Alias: pp.ID, Name: pp.Name, Statement: pp.Statement, Intuition: pp.Intuition,
			Scope: pp.Scope, Predicts: pp.Predicts, WhenNotToUse: pp.WhenNotToUse, Rivals: pp.Rivals,
			RoleInUnified: pp.RoleInUnified, Revision: f.revision(pp, byAlias), ParentID: ids[pp.Parent],
			State: pp.State, Reason: pp.Reason, Order: order,
		})
		if err != nil {
			return done, err
		}
		if have := byAlias[pp.ID]; p.State == Standing {
			p.State, p.Reason = have.State, have.Reason // what was refined or discarded here stays so
		}
		before := tx.Seq()
		if err := tx.Put("principle.imported", KindPrinciple, p.ID, p, ""); err != nil {
			return done, fmt.Errorf("principles: %s: %w", pp.ID, err)
		}
		_, old := byAlias[pp.ID]
		done.count(before, tx.Seq(), !old)
		for _, r := range Relations() {
			for _, claim := range *pp.Origin.claims(r) {
				if _, err := LinkClaim(tx, claim, p.ID, r); err != nil {
					return done, err
				}
			}
		}
	}
	for _, pp := range f.Principles {
		if err := giveWay(tx, ids[pp.Parent], pp.ID); err != nil {
			return done, err
		}
	}
	if f.Unified == nil && len(f.Criteria) == 0 {
		return done, nil
	}
	fr, err := Clean(frame{ID: frameID, Unified: f.Unified, Criteria: f.Criteria})
	if err != nil {
		return done, err
	}
	return done, tx.Put("unified.imported", KindUnified, frameID, fr, "")
}

// Collect gathers the principles of a library into a file.
func Collect(tx *store.Tx) (*File, error) {
	f := &File{Schema: 1}
	fr, err := readFrame(tx)
	if err != nil {
		return nil, err
	}
	f.Unified, f.Criteria = fr.Unified, fr.Criteria
	all, err := inOrder(tx)
	if err != nil {
		return nil, err
	}
	alias := map[string]string{}
	for _, p := range all {
		alias[p.ID] = p.Alias
	}
	for _, p := range all {
		pp := PackPrinciple{
			ID: p.Alias, Name: p.Name, Statement: p.Statement, Intuition: p.Intuition, Scope: p.Scope,
			Predicts: filled(p.Predicts), WhenNotToUse: filled(p.WhenNotToUse), Rivals: filled(p.Rivals),
			RoleInUnified: p.RoleInUnified, Parent: alias[p.ParentID], State: p.State, Reason: p.Reason,
		}
		if p.Revision > 1 {
			pp.Revision = p.Revision
		}
		if pp.Origin, err = originOf(tx, p.ID); err != nil {
			return nil, err
		}
		f.Principles = append(f.Principles, pp)
	}
	return f, nil
}

func inOrder(tx *store.Tx) ([]Principle, error) {
	var all []Principle
	for p, err := range All(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b Principle) int {
		return later(a.Order, aliasNumber(a.Alias), b.Order, aliasNumber(b.Alias))
	})
	return all, nil
}

// later compares two things by their place in the pack; those without a place
// stand behind, by number.
func later(orderA, numberA, orderB, numberB int) int {
	switch {
	case orderA == orderB:
		return numberA - numberB
	case orderA == 0:
		return 1
	case orderB == 0:
		return -1
	}
	return orderA - orderB
}

// filled turns no list into an empty one, so that it is written as [].
func filled(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
