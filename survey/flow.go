package survey

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"tenet/internal/store"
)

// A Flow is how many papers came how far in the review, as PRISMA 2020 draws it. Nothing of it is typed: it is
// counted from the states that the recorded decisions left.
type Flow struct {
	Identified  int
	Sources     []Counted // where they came from
	Duplicates  int
	ToScreen    int // nobody has decided, or the reviewers disagree
	Screened    int
	ScreenedOut int
	Out         []Counted // why
	Sought      int
	NoPDF       int // not retrieved
	Missing     []Counted
	Awaited     int // screened in, their PDF neither here nor given up
	ToAssess    int
	Assessed    int
	Excluded    int
	Against     []Counted // why
	Included    int
	Roles       []Counted // core, context
	For         []Counted // criteria that included papers meet; one may meet several

	// Brought counts the papers whose decision came with a study pack: how they were screened is known
	// where the pack was made, and here only what came of it.
	Brought int
}

// Counted is a word with how many papers it holds for.
type Counted struct {
	Text string
	N    int
}

// FlowOf counts the papers of a library.
func FlowOf(tx *store.Tx) (Flow, error) {
	s, _, err := StudyOf(tx)
	if err != nil {
		return Flow{}, err
	}
	words := map[string]string{}
	if m := s.Method; m != nil {
		for _, c := range slices.Concat(m.Inclusion, m.Context, m.Exclusion) {
			words[c.ID] = c.ID + ": " + strings.TrimSuffix(c.Text, ".")
		}
	}
	c := flowCount{words: words, sources: tally{}, out: tally{}, missing: tally{}, against: tally{}, roles: tally{}, pro: tally{}}
	for p, err := range Papers(tx) {
		if err != nil {
			return Flow{}, err
		}
		c.paper(p)
		if p.State == Identified || p.State == Duplicate {
			continue
		}
		decided := false
		for _, err := range ScreeningsOf(tx, p.ID) {
			if err != nil {
				return Flow{}, err
			}
			decided = true
			break
		}
		if !decided {
			c.f.Brought++
		}
	}
	f := &c.f
	f.Sources, f.Out, f.Missing, f.Against = c.sources.list(), c.out.list(), c.missing.list(), c.against.list()
	f.Roles, f.For = c.roles.list(), c.pro.list()
	f.Screened = f.Identified - f.Duplicates - f.ToScreen
	f.Sought = f.Screened - f.ScreenedOut
	f.Assessed = f.Excluded + f.Included
	return *f, nil
}

type flowCount struct {
	f                                          Flow
	words                                      map[string]string // of criteria, by id
	sources, out, missing, against, roles, pro tally
}

func (c *flowCount) paper(p Paper) {
	f := &c.f
	f.Identified++
	source := or(p.Source, "unknown")
	if strings.EqualFold(filepath.Ext(source), ".pdf") {
		source = "PDFs" // each is its own file; their names say nothing here
	}
	c.sources.add(source)
	switch p.State {
	case Identified:
		f.ToScreen++
	case Duplicate:
		f.Duplicates++
	case ScreenedOut:
		f.ScreenedOut++
		c.out.add(c.why(p))
	case ScreenedIn, Sought:
		f.Awaited++
	case NotRetrieved:
		f.NoPDF++
		c.missing.add(c.why(p))
	case Retrieved, Assessed:
		f.ToAssess++
	case Excluded:
		f.Excluded++
		c.against.add(c.why(p))
	case Included:
		f.Included++
		if p.Coding != nil {
			c.roles.add(or(p.Coding.Include, "without a role"))
			for _, id := range p.Coding.Criteria {
				c.pro.add(or(c.words[id], id))
			}
		}
	}
}

// why gives the one reason under which a paper that was left out is counted: the first criterion that it fails,
// else the words of the decision.
func (c *flowCount) why(p Paper) string {
	if p.State == Excluded && p.Coding != nil && len(p.Coding.Criteria) > 0 {
		id := p.Coding.Criteria[0]
		return or(c.words[id], id)
	}
	return or(c.words[p.Reason], or(p.Reason, "no reason on record"))
}

// tally counts words.
type tally map[string]int

func (t tally) add(s string) { t[s]++ }

// list gives the words, those that hold for most papers first.
func (t tally) list() []Counted {
	var out []Counted
	for _, s := range slices.Sorted(maps.Keys(t)) {
		out = append(out, Counted{s, t[s]})
	}
	slices.SortStableFunc(out, func(a, b Counted) int { return cmp.Compare(b.N, a.N) })
	return out
}

// FlowStep is one box of the drawn flow with what leaves it sideways.
type FlowStep struct {
	Name string
	N    int
	Of   []Counted // what its papers are
	Side []FlowSide
}

// FlowSide is a box beside the flow: papers that go no further, or not yet.
type FlowSide struct {
	Name string
	N    int
	Why  []Counted
}

// Steps gives the boxes from the top down; side boxes without papers are left out.
func (f Flow) Steps() []FlowStep {
	side := func(sides ...FlowSide) []FlowSide {
		return slices.DeleteFunc(sides, func(s FlowSide) bool { return s.N == 0 })
	}
	return []FlowStep{
		{"identified", f.Identified, f.Sources, side(FlowSide{"duplicates", f.Duplicates, nil}, FlowSide{"still to be screened", f.ToScreen, nil})},
		{"screened", f.Screened, nil, side(FlowSide{"left out by title and abstract", f.ScreenedOut, f.Out})},
		{"sought", f.Sought, nil, side(FlowSide{"not retrieved", f.NoPDF, f.Missing}, FlowSide{"PDF not here yet", f.Awaited, nil}, FlowSide{"still to be assessed", f.ToAssess, nil})},
		{"assessed", f.Assessed, nil, side(FlowSide{"excluded", f.Excluded, f.Against})},
		{"included", f.Included, f.Roles, nil},
	}
}
