package principles

import "slices"

// Words that verdicts and statuses share; hypotheses/decision gives verdicts.
const (
	wordProposed  = "proposed"
	wordSupported = "supported"
	wordValidated = "validated"
	wordRefined   = "refined"
	wordDiscarded = "discarded"
	wordRefuted   = "refuted"
	wordCore      = "core"
	wordBoundary  = "boundary"
)

// Tested is what a roll-up sees of one hypothesis.
type Tested struct {
	ID      string // by which guidance names it, its alias
	Role    string // "core" or "boundary"
	Verdict string // validated, refuted, inconclusive, invalid, exploratory
	Reason  string
	Expect  string // the registered expectation: "validated" (also when empty) or "refuted"
	Setting string // task family / architecture family
	Regions []string

	Effect        float64     // estimate in units of the scale
	Bounds        *[2]float64 // one-sided bounds in units of the scale
	Imprecise     bool
	Asymmetric    bool
	DivergedShare float64 // of its blocks
	Deviation     string  // "", "none", "minor"
	Proxy         bool    // a declared proxy: metric or scale below the claim's
}

// outcome is +1 where the verdict is the expected one, −1 where it is the
// opposite, 0 without a verdict; weighs is false where it carries no weight.
func (h Tested) outcome() (o int, weighs bool) {
	expect := h.Expect
	if expect == "" {
		expect = wordValidated
	}
	switch h.Verdict {
	case "invalid", "exploratory":
		return 0, false
	case "inconclusive":
		return 0, true
	case expect:
		return 1, true
	}
	return -1, true
}

func (h Tested) decided() bool { o, _ := h.outcome(); return o != 0 }

// Control is the result of one of the three controls of a study.
type Control struct {
	Kind   string // "aa-exact", "aa-random", "known-effect"
	Passed bool
}

// ControlKinds are the controls that a study needs.
func ControlKinds() []string { return []string{"aa-exact", "aa-random", "known-effect"} }

// RollUpInput is all that the status of a principle depends on.
type RollUpInput struct {
	Scope      []string
	Hypotheses []Tested
	Controls   []Control
}

// Down counts the grades lost, by cause.
type Down struct {
	Bias, Inconsistency, Indirectness, Imprecision int
}

// Refutation is a hypothesis that failed, whatever was expected of it.
type Refutation struct{ ID, Reason string }

// Status is what verdicts make of a principle.
type Status struct {
	Status string // proposed, supported, validated, refined, discarded
	Reason string
	Grade  string // none, very-low, low, moderate, high

	Scope, Excluded, Untested []string // regions, sorted
	Down                      Down
	Doubts                    []Doubt      // what Down counts, with the causes
	Raised                    bool         // the grade gained a step because all effects are large
	Refuted                   []Refutation // sorted by id
	Guidance                  []string     // the same in sentences, where the caller has the words
}

// RollUp applies the rules of DECISION.md §7 in their order.
func RollUp(in RollUpInput) Status {
	complete, failed := controlsOf(in.Controls)
	s := Status{Status: wordProposed, Reason: "untested"}
	s.Grade, s.Doubts, s.Raised = gradeOf(in.Hypotheses, complete)
	s.Down = countDoubts(s.Doubts)
	s.Scope, s.Excluded, s.Untested = regionsOf(in)
	if failed {
		s.Reason, s.Grade = "controls-failed", "none"
		s.Scope, s.Excluded, s.Untested = sorted(in.Scope), []string{}, boundaryRegions(in.Hypotheses)
		return s
	}
	var pos, neg, open []Tested
	surprise := false
	for _, h := range in.Hypotheses {
		o, weighs := h.outcome()
		if o != 0 && h.Verdict == wordRefuted {
			s.Refuted = append(s.Refuted, Refutation{h.ID, h.Reason})
		}
		if h.Role == wordBoundary {
			surprise = surprise || o < 0 && h.Verdict == wordRefuted
			continue
		}
		switch {
		case !weighs:
		case o > 0:
			pos = append(pos, h)
		case o < 0:
			neg = append(neg, h)
		default:
			open = append(open, h)
		}
	}
	slices.SortFunc(s.Refuted, func(a, b Refutation) int {
		if a.ID+"|"+a.Reason < b.ID+"|"+b.Reason {
			return -1
		}
		return 1
	})
	switch {
	case len(pos) == 0 && len(neg) == 0:
		if len(open) > 0 {
			s.Reason = "no-verdict"
		}
	case len(pos) == 0:
		if len(neg) >= 2 || len(open) == 0 {
			s.Status, s.Reason, s.Scope = wordDiscarded, wordRefuted, []string{}
		} else {
			s.Reason = "doubted"
		}
	case len(neg) > 0:
		s.separate(pos, neg)
	case surprise:
		s.Status, s.Reason = wordRefined, wordBoundary
	default:
		s.settle(pos, len(open) > 0, complete)
	}
	return s
}

// separate is rules 5 and 6: wins and losses that lie in different regions
// narrow the principle, others leave it mixed.
func (s *Status) separate(pos, neg []Tested) {
	good, bad := map[string]bool{}, map[string]bool{}
	named := true
	for _, h := range slices.Concat(pos, neg) {
		named = named && len(h.Regions) > 0
		into := good
		if o, _ := h.outcome(); o < 0 {
			into = bad
		}
		for _, r := range h.Regions {
			into[r] = true
		}
	}
	for r := range good {
		named = named && !bad[r]
	}
	if !named {
		s.Reason = "mixed"
		return
	}
	s.Status, s.Reason = wordRefined, "separable"
	var scope []string
	for r := range good {
		scope = append(scope, r)
	}
	scope = slices.DeleteFunc(append(scope, s.Scope...), func(r string) bool {
		return bad[r] || slices.Contains(s.Excluded, r)
	})
	for r := range bad {
		s.Excluded = append(s.Excluded, r)
	}
	s.Scope, s.Excluded = sorted(scope), sorted(s.Excluded)
}

// settle is rules 8 and 9: nothing speaks against the principle.
func (s *Status) settle(pos []Tested, open, complete bool) {
	enough := len(pos) >= 2 && len(settings(pos)) >= 2
	switch {
	case open:
		s.Status, s.Reason = wordSupported, "open"
	case !enough:
		s.Status, s.Reason = wordSupported, "single-setting"
	case !complete:
		s.Status, s.Reason = wordSupported, "no-controls"
	case s.Grade != "high" && s.Grade != "moderate":
		s.Status, s.Reason = wordSupported, "low-grade"
	default:
		s.Status, s.Reason = wordValidated, "replicated"
	}
}

func controlsOf(cs []Control) (complete, failed bool) {
	passed := map[string]bool{}
	for _, c := range cs {
		if c.Passed {
			passed[c.Kind] = true
		} else {
			failed = true
		}
	}
	complete = true
	for _, k := range ControlKinds() {
		complete = complete && passed[k]
	}
	return complete, failed
}

func settings(hs []Tested) map[string]bool {
	out := map[string]bool{}
	for _, h := range hs {
		out[h.Setting] = true
	}
	return out
}

// regionsOf sorts the regions of boundary hypotheses into scope, excluded and
// untested; excluded wins a conflict.
func regionsOf(in RollUpInput) (scope, excluded, untested []string) {
	scope = slices.Clone(in.Scope)
	for _, h := range in.Hypotheses {
		if h.Role != wordBoundary || !h.decided() {
			continue
		}
		if h.Verdict == wordValidated {
			scope = append(scope, h.Regions...)
		} else {
			excluded = append(excluded, h.Regions...)
		}
	}
	boundary := boundaryRegions(in.Hypotheses)
	scope = slices.DeleteFunc(scope, func(r string) bool {
		return slices.Contains(boundary, r) && slices.Contains(excluded, r)
	})
	for _, r := range boundary {
		if !slices.Contains(scope, r) && !slices.Contains(excluded, r) {
			untested = append(untested, r)
		}
	}
	return sorted(scope), sorted(excluded), sorted(untested)
}

func boundaryRegions(hs []Tested) []string {
	var out []string
	for _, h := range hs {
		if h.Role == wordBoundary {
			out = append(out, h.Regions...)
		}
	}
	return sorted(out)
}

// sorted gives the distinct members in order, never nil.
func sorted(s []string) []string {
	out := append([]string{}, s...)
	slices.Sort(out)
	return slices.Compact(out)
}
