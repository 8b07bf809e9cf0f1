package report

import (
	"fmt"
	"strings"

	"tenet/survey"
)

// criterionCount is a rule of the review with the papers that were decided by it.
type criterionCount struct {
	survey.Criterion
	Included, Excluded int
}

// criteria counts the papers in the study and those left out by the criteria that their coding names.
func (c *collector) criteria(a *accounts) error {
	study, ok, err := survey.StudyOf(c.tx)
	if err != nil {
		return err
	}
	at := map[string]int{}
	if ok && study.Method != nil {
		for _, list := range [][]survey.Criterion{study.Method.Inclusion, study.Method.Context, study.Method.Exclusion} {
			for _, rule := range list {
				at[rule.ID] = len(a.Criteria)
				a.Criteria = append(a.Criteria, criterionCount{Criterion: rule})
			}
		}
	}
	for _, p := range c.papers {
		if p.Coding == nil || p.State != survey.Included && p.State != survey.Excluded {
			continue
		}
		if p.State == survey.Included && p.Coding.Include == "core" {
			a.Core++
		}
		for _, id := range p.Coding.Criteria {
			if i, ok := at[id]; ok && p.State == survey.Included {
				a.Criteria[i].Included++
			} else if ok {
				a.Criteria[i].Excluded++
			}
		}
	}
	return nil
}

// criterionParts says by which criteria the papers were decided, where their coding names any.
func (s *study) criterionParts() []part {
	t := newTable("criterion", "included>", "excluded>", "")
	named := 0
	for _, c := range s.Accounts.Criteria {
		named += c.Included + c.Excluded
		t.add(c.ID, fmt.Sprint(c.Included), fmt.Sprint(c.Excluded), c.Text)
	}
	if named == 0 {
		return nil
	}
	return []part{words("By criterion; a paper may meet several."), {Table: t}}
}

// FlowParts is the way of the papers through the review.
func (s *study) FlowParts() []part {
	f := s.Accounts.Flow
	if f.Identified == 0 {
		return nil
	}
	t := newTable("step", "papers>", "")
	named := func(cs []survey.Counted) string {
		var out []string
		for _, c := range cs {
			out = append(out, fmt.Sprintf("%d: %s", c.N, orWord(strings.TrimSuffix(c.What, "."), "without a reason")))
		}
		return strings.Join(out, "; ")
	}
	n := func(step string, k int, note string) { t.add(step, fmt.Sprint(k), note) }
	n("identified", f.Identified, named(f.Sources))
	n("duplicates, removed", f.Duplicates, "")
	n("waiting to be screened", f.Awaiting, "")
	n("screened by title and abstract", f.Screened, "")
	n("screened out", f.ScreenedOut, "")
	n("full text sought", f.Sought, "")
	n("not retrieved", f.NotRetrieved, "")
	n("waiting to be assessed", f.Unassessed, "")
	n("assessed in full text", f.Assessed, "")
	n("excluded", f.Excluded, named(f.Reasons))
	n("included", f.Included, fmt.Sprintf("%d core, %d context", s.Accounts.Core, f.Included-s.Accounts.Core))
	out := append([]part{{Table: t}}, s.criterionParts()...)
	if f.Brought > 0 {
		out = append(out, words("Counted from the changes of the ledger, in the boxes of a PRISMA 2020 flow. Of %s the decision came with a pack: the steps before it were taken where the pack was made, and this ledger holds their outcome alone.", plural(f.Brought, "paper")))
	} else {
		out = append(out, words("Counted from the changes of the ledger, in the boxes of a PRISMA 2020 flow."))
	}
	return out
}
