package pack

import (
	"errors"
	"fmt"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/principles"
	"tenet/survey"
)

// cross checks what one file says about things of another. What a file does
// not define may be in the library already.
func (c *contents) cross(tx *store.Tx) error {
	papers := map[string]bool{}
	for _, e := range c.bib {
		papers[store.Text(e.Key)] = true
	}
	known := func(key string) bool {
		if key = store.Text(key); papers[key] {
			return true
		}
		_, err := survey.FindPaper(tx, key)
		return err == nil
	}
	rules := c.principleIDs()
	return errors.Join(c.crossSurvey(tx, known, rules), c.crossOrigins(), c.plans.Cross(tx, func(id string) bool { return rules[id] }, known))
}

func (c *contents) crossSurvey(tx *store.Tx, known func(string) bool, rules map[string]bool) error {
	if c.survey == nil {
		return nil
	}
	var ps yamlfile.Problems
	for i, p := range c.survey.Papers {
		at := fmt.Sprintf("papers[%d]", i)
		if !known(p.Key) {
			ps.Add(at+".key", "there is no entry %s in %s", p.Key, BibName)
		}
		for j, claim := range p.Claims {
			for k, b := range claim.BearsOn {
				if rules[b.Principle] {
					continue
				}
				if _, err := principles.Find(tx, b.Principle); err != nil {
					ps.Add(fmt.Sprintf("%s.claims[%d].bears_on[%d].principle", at, j, k), "there is no principle %s in %s", b.Principle, PrinciplesName)
				}
			}
		}
	}
	return yamlfile.Locate(survey.FileName, c.raw[survey.FileName], ps)
}

func (c *contents) principleIDs() map[string]bool {
	ids := map[string]bool{}
	if c.principles != nil {
		for _, p := range c.principles.Principles {
			ids[p.ID] = true
		}
	}
	return ids
}

// crossOrigins holds the two places where claims and principles meet against
// each other: bears_on of a claim is the truth, origin of a principle is made
// from it. What only origin says is a fault; what origin lacks is a warning.
func (c *contents) crossOrigins() error {
	if c.survey == nil || c.principles == nil {
		return nil
	}
	type tie struct{ claim, principle string }
	said := map[tie]string{}
	for _, p := range c.survey.Papers {
		for _, claim := range p.Claims {
			for _, b := range claim.BearsOn {
				said[tie{claim.ID, b.Principle}] = b.Relation
			}
		}
	}
	var ps yamlfile.Problems
	stated, speaks := map[tie]bool{}, map[string]bool{} // speaks: whose origin says anything; without one there is nothing to compare
	for i, p := range c.principles.Principles {
		for relation, claims := range origins(p.Origin) {
			for j, id := range claims {
				at := fmt.Sprintf("principles[%d].origin.%s[%d]", i, relation, j)
				stated[tie{id, p.ID}], speaks[p.ID] = true, true
				switch got := said[tie{id, p.ID}]; got {
				case relation:
				case "":
					ps.Add(at, "%s has no claim %s that bears on %s", survey.FileName, id, p.ID)
				default:
					ps.Add(at, "%s says that claim %s %s %s", survey.FileName, id, got, p.ID)
				}
			}
		}
	}
	missing := 0
	for t := range said {
		if !stated[t] && speaks[t.principle] {
			missing++
		}
	}
	if missing > 0 {
		c.warnings = append(c.warnings, fmt.Sprintf("%s: origin lacks %d links that claims have; they count all the same", PrinciplesName, missing))
	}
	return yamlfile.Locate(PrinciplesName, c.raw[PrinciplesName], ps)
}

func origins(o principles.Origin) map[string][]string {
	return map[string][]string{
		string(principles.Supports): o.Supports, string(principles.Contradicts): o.Contradicts, string(principles.Qualifies): o.Qualifies,
	}
}
