package report

import (
	"slices"

	"tenet/principles"
)

// cross hands each principle the plans of others that bear on it.
func (s *study) cross() {
	for i := range s.Principles {
		p := &s.Principles[i]
		p.Lender = s.lender(*p)
		for _, o := range s.Principles {
			for _, h := range o.Hypotheses {
				if o.ID != p.ID && h.Verdict != nil && slices.Contains(h.AlsoBearsOn, p.ID) {
					p.Also = append(p.Also, h)
				}
				p.RivalPlans = append(p.RivalPlans, rivalPlans(h, p.Alias, principles.SameAlias)...)
			}
		}
	}
}

// lender finds whose claims a principle without any rests on: the nearest of those that it narrows.
func (s *study) lender(p principleView) string {
	for at := p; len(at.For)+len(at.Against)+len(at.Qualify) == 0; {
		i := slices.IndexFunc(s.Principles, func(q principleView) bool { return q.ID == at.ParentID })
		if i < 0 {
			return ""
		}
		if at = s.Principles[i]; at.ID == p.ID {
			return ""
		}
		p.Lender = at.Alias
	}
	return p.Lender
}
