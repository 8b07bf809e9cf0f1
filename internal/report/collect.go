package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/report/figures"
	"tenet/internal/report/proof"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/survey"
)

// study is everything a report shows, read from one state of the ledger.
type study struct {
	PaperFigures []*paperFigure // figures of papers
	paperOf      map[string]survey.Paper

	Title, Question string
	AsOf            string // date of the last change
	Head            string
	Size            uint64
	LibraryID       string

	Unified                    *principles.Unified
	Principles                 []principleView
	Papers, Included, WithText int
	Claims, Verified, Lost     int
	Hypotheses, Decided        int
	States                     []stateCount
	Controls                   []hypotheses.ControlRecord
	Cost                       cost
	Accounts                   accounts
	References                 []reference
	Pictures                   []figure // of the study as a whole
	drawn                      []figures.Figure
}

type stateCount struct {
	State string
	N     int
}

// cost is what the runs took.
type cost struct {
	Runs, Trials, Reused int
	WallMS, CPUMS        int64
	EnergyJ, CO2G        float64
	Bases                []string // what energy and CO2e rest on, each once
}

// principleView is a principle with its status and what stands below it.
type principleView struct {
	principles.Principle
	Status     principles.Status
	Lineage    principles.Lineage
	Executed   string // the scope that was run
	Measured   []hypotheses.Measure
	Hypotheses []hypothesisView
	For        []claimView
	Against    []claimView
	Qualify    []claimView
	Also       []hypothesisView // plans of other principles that say they bear on this one
	RivalPlans []string         // how the plans came out that weigh it against another principle
	Lender     string           // the wider principle whose claims it rests on, having none of its own; "" for one that has some
}

// claimView is a claim as it is shown.
type claimView struct {
	survey.Claim
	Paper string
	Place string // "page 4"
	Note  string // how sure the words are
	Sure  bool
	// Figures are those of its paper that it stands in or speaks of.
	Figures []claimFigure
}

// hypothesisView is a hypothesis with what came of it.
type hypothesisView struct {
	hypotheses.Hypothesis
	under   string // alias of its principle
	Role    string
	Explain *hypotheses.Explanation
	Blocks  []hypotheses.Block
	Runs    []runner.Record
	Figures []figure
	Trace   Node
	Task    string
	Stamp   string // a third party's word for when the lock stood
	// Explored holds what exploratory runs said; it never counts.
	Explored []hypotheses.Verdict
}

// collector reads the study; curves lie in the vault.
type collector struct {
	ctx    context.Context //nolint:containedctx // lives for one call of collect
	lib    *store.Library
	tx     *store.Tx
	o      Options
	trace  *tracer // one for all, so that a file is hashed and the ledger read once
	papers map[string]survey.Paper
	shown  map[string]bool // papers that claims of the report come from
}

func collect(ctx context.Context, lib *store.Library, o Options) (*study, error) {
	if o.Curves == 0 {
		o.Curves = 6
	}
	s := &study{}
	err := lib.View(func(tx *store.Tx) error {
		c := &collector{ctx: ctx, lib: lib, tx: tx, o: o, papers: map[string]survey.Paper{}, shown: map[string]bool{}}
		for _, step := range []func(*study) error{c.frame, c.survey, c.principles, c.runs, c.accounts, c.references, c.pictures} {
			if err := step(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	id, err := lib.ID()
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	s.LibraryID = id
	return s, nil
}

// frame reads what the study says of itself, and the head of the ledger.
func (c *collector) frame(s *study) error {
	st, ok, err := survey.StudyOf(c.tx)
	if err != nil {
		return err
	}
	s.Title = "A study without a title"
	if ok {
		s.Title, s.Question = orWord(st.Title, s.Title), st.Question
	}
	s.Title = orWord(c.o.Title, s.Title)
	if u, _, ok, err := principles.TheUnified(c.tx); err != nil {
		return err
	} else if ok {
		s.Unified = &u
	}
	head, err := c.tx.Head()
	if err != nil {
		return err
	}
	s.Size, s.Head = head.Size, fmt.Sprintf("%x", head.Root)
	if head.Size > 0 {
		last, err := c.tx.Change(head.Size)
		if err != nil {
			return err
		}
		s.AsOf = day(last.At.UTC().Format("2006-01-02T15:04:05Z"))
	}
	s.Controls, err = hypotheses.Controls(c.tx, "", "")
	return err
}

// survey counts the papers and claims.
func (c *collector) survey(s *study) error {
	s.paperOf = c.papers
	states := map[survey.State]int{}
	for p, err := range survey.Papers(c.tx) {
		if err != nil {
			return err
		}
		c.papers[p.ID] = p
		s.Papers++
		states[p.State]++
		if p.State == survey.Included {
			s.Included++
		}
		if p.HasText() {
			s.WithText++
		}
	}
	for _, st := range survey.States() {
		if states[st] > 0 {
			s.States = append(s.States, stateCount{string(st), states[st]})
		}
	}
	for cl, err := range survey.Claims(c.tx) {
		if err != nil {
			return err
		}
		if !cl.State.Live() {
			continue
		}
		s.Claims++
		if cl.Verified {
			s.Verified++
		}
		if cl.Located == "lost" {
			s.Lost++
		}
	}
	return nil
}

// principles reads each principle with its hypotheses and claims.
func (c *collector) principles(s *study) error {
	var all []principles.Principle
	for p, err := range principles.All(c.tx) {
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b principles.Principle) int { return byAlias(a.Alias, b.Alias) })
	cover, err := principles.Cover(c.tx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		v, err := c.principle(p, cover)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Alias, err)
		}
		for _, h := range v.Hypotheses {
			s.Hypotheses++
			if h.Verdict != nil {
				s.Decided++
			}
		}
		s.Principles = append(s.Principles, v)
	}
	s.cross()
	return nil
}

func (c *collector) principle(p principles.Principle, cover principles.Coverage) (v principleView, err error) {
	v.Principle = p
	if v.Status, err = hypotheses.StatusOf(c.tx, p.ID); err != nil {
		return v, err
	}
	if v.Lineage, err = principles.LineageOf(c.tx, p); err != nil {
		return v, err
	}
	if v.Executed, err = hypotheses.ExecutedScope(c.tx, p.ID); err != nil {
		return v, err
	}
	if v.Measured, err = hypotheses.MeasuredIn(c.tx, cover, p.ID); err != nil {
		return v, err
	}
	for h, err := range hypotheses.Of(c.tx, p.ID) {
		if err != nil {
			return v, err
		}
		hv, err := c.hypothesis(h)
		if err != nil {
			return v, fmt.Errorf("%s: %w", h.Alias, err)
		}
		hv.under = p.Alias
		v.Hypotheses = append(v.Hypotheses, hv)
	}
	slices.SortStableFunc(v.Hypotheses, func(a, b hypothesisView) int { return inOrder(a.Hypothesis, b.Hypothesis) })
	claims, err := claimsOn(c.tx, p.ID)
	for _, l := range claims {
		cv := c.claim(l.Claim)
		switch l.Link.Relation {
		case principles.Supports:
			v.For = append(v.For, cv)
		case principles.Contradicts:
			v.Against = append(v.Against, cv)
		default:
			v.Qualify = append(v.Qualify, cv)
		}
	}
	return v, err
}

func (c *collector) claim(cl survey.Claim) claimView {
	p := c.papers[cl.PaperID]
	c.shown[p.ID] = true
	v := claimView{Claim: cl, Paper: p.Name(), Note: cl.Standing(), Sure: cl.Verified}
	if cl.Page > 0 {
		v.Place = fmt.Sprintf("page %d", cl.Page)
	}
	return v
}

func (c *collector) hypothesis(h hypotheses.Hypothesis) (v hypothesisView, err error) {
	v.Hypothesis = h
	if h.Decision != nil {
		v.Role = h.Decision.Role
	}
	if t, err := store.Get[hypotheses.Task](c.tx, hypotheses.KindTask, h.TaskID); err == nil {
		v.Task = t.Name
	}
	for r, err := range runner.Runs(c.tx, h.ID) {
		if err != nil {
			return v, err
		}
		v.Runs = append(v.Runs, r)
	}
	for d, err := range hypotheses.Verdicts(c.tx, h.ID) {
		if err != nil {
			return v, err
		}
		if d.Verdict == decision.Exploratory {
			v.Explored = append(v.Explored, d)
		}
	}
	all, err := hypotheses.BlocksOf(c.tx, h.ID)
	if err != nil {
		return v, err
	}
	for _, b := range all {
		if !b.Exploratory {
			v.Blocks = append(v.Blocks, b)
		}
	}
	slices.SortFunc(v.Blocks, func(a, b hypotheses.Block) int { return cmp.Compare(a.B, b.B) })
	if h.Verdict == nil {
		return v, nil
	}
	if h.Lock != nil {
		s, ok, err := proof.StampOf(c.tx, h.Lock.Seq)
		if err != nil {
			return v, err
		}
		if ok {
			v.Stamp = s.String()
		}
	}
	e := hypotheses.Explain(h, h.Verdict.Record())
	v.Explain = &e
	if !c.o.tables {
		if c.trace == nil {
			c.trace = &tracer{tx: c.tx, vault: c.lib.Vault(), files: map[string]State{}}
		}
		if v.Trace, err = c.trace.hypothesis(h); err != nil {
			return v, err
		}
	}
	if c.o.Curves > 0 {
		v.Figures, err = c.figures(v)
	}
	return v, err
}

// pictures takes the study's figures from the state that everything else is read from.
func (c *collector) pictures(s *study) error {
	if c.o.Curves < 0 {
		return nil
	}
	d, err := drawn(c.ctx, c.lib, c.tx, DrawOptions{}, false)
	s.drawn = d.Figures
	return err
}

// runs sums what the experiments cost.
func (c *collector) runs(s *study) error {
	for r, err := range store.All[runner.Record](c.tx, runner.KindRun) {
		if err != nil {
			return err
		}
		s.Cost.add(r)
	}
	return nil
}
