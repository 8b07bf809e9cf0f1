package hypotheses

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// Measure is one criterion of the scorecard as far as it can be measured.
type Measure struct {
	Criterion principles.Criterion
	Share     float64 // 0 to 1; meaningful where Known
	Known     bool
	Short     string // a few words, for a column
	Text      string
}

// Measured rates a principle, by its id, from what is in the ledger: verdicts,
// readers' marks, contexts, boundaries and the graph of links.
func Measured(tx *store.Tx, principleID string) ([]Measure, error) {
	cover, err := principles.Cover(tx)
	if err != nil {
		return nil, err
	}
	return MeasuredIn(tx, cover, principleID)
}

// MeasuredIn is Measured where the graph of links has been read: it is the same
// for all principles, and reading it passes over every link.
func MeasuredIn(tx *store.Tx, cover principles.Coverage, principleID string) ([]Measure, error) {
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, principleID)
	if err != nil {
		return nil, fmt.Errorf("hypotheses: scorecard: %w", err)
	}
	var m tally
	for h, err := range Of(tx, p.ID) {
		if err != nil {
			return nil, err
		}
		if h.Decision != nil {
			m.add(h)
		}
	}
	card, err := principles.Scorecard(tx, p.ID)
	if err != nil {
		return nil, err
	}
	points, readers := 0, 0
	for _, r := range card {
		if r.Criterion == principles.Accessibility {
			points, readers = r.Points, r.Readers
		}
	}
	share := func(n, of int) float64 {
		if of == 0 {
			return 0
		}
		return float64(n) / float64(of)
	}
	slices.Sort(m.settings)
	settings := slices.Compact(m.settings)
	needed := slices.Contains(cover.Smallest, p.Alias)
	unity := fmt.Sprintf("%d of %d principles explain all %d supported claims (%s)", len(cover.Smallest), cover.All, cover.Claims, strings.Join(cover.Smallest, ", "))
	if needed {
		unity += fmt.Sprintf("; this one is among them, with %s that no other explains", counting(cover.Only[p.Alias], "claim"))
	} else {
		unity += "; the others explain its claims too"
	}
	short := "not needed for the claims"
	if needed {
		short = fmt.Sprintf("one of the %d that cover all", len(cover.Smallest))
	}
	own, err := principles.Support(tx, p.ID)
	if err != nil {
		return nil, err
	}
	borrows := p.ParentID != "" && own[principles.Supports] == 0
	if borrows {
		short, unity = "the claims of what it narrows", "it rests on the claims of the principle that it narrows, and they count there"
	}
	return []Measure{
		{principles.Validity, share(m.expected, m.decided), m.decided > 0, fmt.Sprintf("%d of %d as foretold", m.expected, m.decided), fmt.Sprintf("%d of %d decided core hypotheses came out as foretold; %d are open", m.expected, m.decided, m.open)},
		{principles.Accessibility, share(points, readers*principles.MaxPoints), readers > 0, fmt.Sprintf("%d of %d points", points, readers*principles.MaxPoints), fmt.Sprintf("%s gave %d of %d points", counting(readers, "reader"), points, readers*principles.MaxPoints)},
		{principles.Generality, min(1, share(len(settings), 4)), m.decided > 0, counting(len(settings), "setting"), fmt.Sprintf("decided in %s (%s); four count as full", counting(len(settings), "setting"), orElse(strings.Join(settings, ", "), "none"))},
		{principles.Guidance, share(m.bounded, m.boundaries), m.boundaries > 0, fmt.Sprintf("%d of %d boundaries", m.bounded, m.boundaries), fmt.Sprintf("%d of %d boundaries decided; %s refuted, which says when not to", m.bounded, m.boundaries, counting(m.refuted, "statement"))},
		{principles.Unity, share(boolInt(needed), 1), cover.Claims > 0 && !borrows, short, unity},
	}, nil
}

func counting(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tally counts what became of the hypotheses of a principle.
type tally struct {
	expected, decided, open, boundaries, bounded, refuted int
	settings                                              []string
}

func (m *tally) add(h Hypothesis) {
	done := h.Verdict != nil && (h.Verdict.Verdict == decision.Validated || h.Verdict.Verdict == decision.Refuted)
	if done {
		m.settings = append(m.settings, h.Decision.Setting)
		m.refuted += boolInt(h.Verdict.Verdict == decision.Refuted)
	}
	switch {
	case h.Decision.Role == "boundary":
		m.boundaries++
		m.bounded += boolInt(done)
	case done:
		m.decided++
		m.expected += boolInt(h.Verdict.Verdict == orElse(h.Decision.Expect, decision.Validated))
	default:
		m.open++
	}
}

// ExecutedScope is the sentence of what was really run for a principle, by its
// id: families, depths and widths of the nets, the tasks, the verdicts. It
// grows by new runs only; "" before the first verdict.
func ExecutedScope(tx *store.Tx, principleID string) (string, error) {
	type extent struct{ depth, width [2]int }
	families, tasks, names := map[string]extent{}, []string{}, []string{}
	for h, err := range Of(tx, principleID) {
		if err != nil {
			return "", err
		}
		if h.Verdict == nil || !h.State.Decided() || h.State == Invalid || h.Decision == nil {
			continue
		}
		names = append(names, h.Alias)
		t, err := store.Get[Task](tx, KindTask, h.TaskID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		for _, name := range h.Decision.Arms {
			a, _ := h.Arm(name)
			var net struct {
				Family string `json:"family"`
				Depth  int    `json:"depth"`
				Width  int    `json:"width"`
				Data   string `json:"data"` // of the task: other data than its own
			}
			known := json.Unmarshal([]byte(a.Spec), &net) == nil
			if on := orElse(t.Name, t.Key); on != "" && net.Data != "" {
				tasks = append(tasks, on+" with data "+net.Data)
			} else if on != "" {
				tasks = append(tasks, on)
			}
			if !known || net.Family == "" {
				continue // a net that says its sizes in another way
			}
			e := families[net.Family]
			e.depth, e.width = widened(e.depth, net.Depth), widened(e.width, net.Width)
			families[net.Family] = e
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	var nets []string
	for _, f := range sortedKeys(families) {
		text := f
		if e := families[f]; e.depth[1] > 0 {
			text += " of depth " + span(e.depth)
			if e.width[1] > 0 {
				text += " and width " + span(e.width)
			}
		}
		nets = append(nets, text)
	}
	slices.Sort(tasks)
	slices.Sort(names)
	return fmt.Sprintf("executed in %s, on %s (%s); nothing beyond is claimed", orElse(strings.Join(nets, "; "), "the nets of the plans"),
		orElse(strings.Join(slices.Compact(tasks), ", "), "the tasks of the plans"), strings.Join(names, ", ")), nil
}

func widened(r [2]int, n int) [2]int {
	switch {
	case n == 0:
	case r[1] == 0:
		r = [2]int{n, n}
	default:
		r = [2]int{min(r[0], n), max(r[1], n)}
	}
	return r
}

func span(r [2]int) string {
	if r[0] == r[1] {
		return fmt.Sprint(r[0])
	}
	return fmt.Sprintf("%d–%d", r[0], r[1])
}
