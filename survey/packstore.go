package survey

import (
	"errors"
	"fmt"

	"tenet/internal/store"
	"tenet/papers"
)

// Stored counts what storing a file did to the library.
type Stored struct{ Added, Changed, Same int }

func (s *Stored) count(fresh, changed bool) {
	switch {
	case fresh:
		s.Added++
	case changed:
		s.Changed++
	default:
		s.Same++
	}
}

// Store brings survey.yaml into the library; the papers that it names must be
// there already. What has the same key is brought up to date; links to
// principles are the caller's to make (see internal/pack). Storing the same
// file twice changes nothing.
func Store(tx *store.Tx, f File, source string) (Stored, error) {
	var n Stored
	if f.Title != "" || f.Question != "" || f.Method != nil || f.StudyID != "" {
		old, _, err := StudyOf(tx)
		if err != nil {
			return n, err
		}
		s := Study{
			Name: or(old.Name, store.Text(source)), StudyID: or(store.Text(f.StudyID), old.StudyID),
			Title: store.Text(f.Title), Question: store.Text(f.Question), Method: f.Method.normal(),
		}
		if err := PutStudy(tx, s, source); err != nil {
			return n, err
		}
	}
	order := 0
	for i, fp := range f.Papers {
		p, err := storePaper(tx, fp, i+1)
		if err != nil {
			return n, err
		}
		for _, fc := range fp.Claims {
			order++
			if err := storeClaim(tx, p, fc, order, &n); err != nil {
				return n, err
			}
		}
	}
	return n, storeTies(tx, f)
}

func storePaper(tx *store.Tx, fp FilePaper, order int) (Paper, error) {
	p, err := FindPaper(tx, store.Text(fp.Key))
	if err != nil {
		return Paper{}, err
	}
	old := p.Coding
	p.Coding = codingOf(fp, order)
	state, reason := fp.state()
	fresh := old == nil || old.Include != fp.Include || fp.State != ""
	if fresh && state != "" && state != Duplicate {
		p.State, p.Reason = state, reason
	}
	if err := putPaper(tx, "paper.coded", &p, ""); err != nil {
		return Paper{}, err
	}
	return p, storeRemarks(tx, KindPaper, p.ID, fp.Remarks)
}

// state is what the file says about how far the review came with a paper. An
// import may set it outright: the steps were taken where the pack was made.
func (p FilePaper) state() (State, string) {
	if p.State != "" {
		return p.State, store.Text(p.Because)
	}
	return impliedState(p.Include, p.Reason, p.Criteria)
}

func impliedState(include, reason string, criteria []string) (State, string) {
	switch include {
	case "core", "context":
		return Included, ""
	case "excluded":
		reason = store.Text(reason)
		if reason == "" && len(criteria) > 0 {
			reason = "criterion " + criteria[0]
		}
		return Excluded, reason
	}
	return "", ""
}

func codingOf(fp FilePaper, order int) *Coding {
	c := &Coding{
		Include: fp.Include, Criteria: normalAll(fp.Criteria), Reason: store.Text(fp.Reason), SkipType: store.Text(fp.SkipType),
		Task: store.Text(fp.Task), Note: store.Text(fp.Note), Order: order,
	}
	for _, r := range fp.Results {
		c.Results = append(c.Results, Result{
			Model: store.Text(r.Model), Metric: store.Text(r.Metric), Value: string(r.Value), Where: store.Text(r.Where),
			Confidence: r.Confidence, Checked: r.Checked,
		})
	}
	return c
}

// fileClaim finds the claim that a file's id names: a key, or the alias of a
// claim that was tagged here.
func fileClaim(tx *store.Tx, id string) (c Claim, ok bool, err error) {
	id = store.Text(id)
	if c, ok, err = byKey[Claim](tx, KindClaim, id); err != nil || ok {
		return c, ok, err
	}
	c, err = FindClaim(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return Claim{}, false, nil
	}
	return c, err == nil && c.Key == "", err
}

func storeClaim(tx *store.Tx, p Paper, fc FileClaim, order int, n *Stored) error {
	c, known, err := fileClaim(tx, fc.ID)
	if err != nil {
		return err
	}
	if !known {
		c = Claim{ID: tx.NewID(), Key: store.Text(fc.ID), State: Tagged}
		if c.Alias, err = tx.NewAlias("C"); err != nil {
			return err
		}
	}
	quote := store.Text(fc.Quote)
	if quote != c.Quote || fc.Page != c.Page || c.PaperID != p.ID {
		c.Anchor, c.Located = nil, ""
	}
	if fc.Anchor != nil {
		a := fc.Anchor.anchor()
		c.Anchor, c.Located = &a, papers.Outcome(fc.Anchor.Located)
	}
	c.PaperID, c.Text, c.Quote, c.Page = p.ID, store.Text(fc.Text), quote, fc.Page
	c.Kind, c.Stance, c.Verified, c.Source = fc.Kind, fc.Stance, fc.Verified, store.Text(fc.Source)
	c.Reviewer, c.Comment, c.Tags, c.Order = store.Text(fc.Reviewer), store.Text(fc.Comment), normalAll(fc.Tags), order
	if c.Key == "" {
		c.Order = 0
	}
	if fc.State != Superseded {
		c.State, c.SupersededBy = fc.State, ""
		if c.State == "" {
			c.State = Tagged
		}
	}
	before := tx.Seq()
	if err := tx.Put("claim.imported", KindClaim, c.ID, c, ""); err != nil {
		return fmt.Errorf("survey: claim %s: %w", fc.ID, err)
	}
	n.count(!known, tx.Seq() > before)
	return storeRemarks(tx, KindClaim, c.ID, fc.Remarks)
}

func normalAll(in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, store.Text(s))
	}
	return out
}

// storeTies writes what points from one paper or claim to another, once all
// are there.
func storeTies(tx *store.Tx, f File) error {
	for _, fp := range f.Papers {
		if fp.State == Duplicate {
			p, err := FindPaper(tx, store.Text(fp.Key))
			if err != nil {
				return err
			}
			of, err := FindPaper(tx, store.Text(fp.Duplicate))
			if err != nil {
				return err
			}
			p.State, p.Reason, p.DuplicateOf = Duplicate, store.Text(fp.Because), of.ID
			if err := putPaper(tx, "paper.duplicate", &p, p.Reason); err != nil {
				return err
			}
		}
		for _, fc := range fp.Claims {
			if fc.State != Superseded {
				continue
			}
			c, _, err := fileClaim(tx, fc.ID)
			if err != nil {
				return err
			}
			by, ok, err := fileClaim(tx, fc.SupersededBy)
			if err != nil || !ok {
				return errors.Join(err, fmt.Errorf("survey: claim %s: superseded by %s, which is not there", fc.ID, fc.SupersededBy))
			}
			c.State, c.SupersededBy = Superseded, by.ID
			if err := tx.Put("claim.superseded", KindClaim, c.ID, c, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func storeRemarks(tx *store.Tx, kind, id string, rs []FileRemark) error {
	if len(rs) == 0 {
		return nil
	}
	have := map[FileRemark]bool{}
	for c, err := range CommentsOn(tx, id) {
		if err != nil {
			return err
		}
		have[FileRemark{By: c.Reviewer, At: c.At, Text: c.Text}] = true
	}
	for _, r := range rs {
		r = FileRemark{By: store.Text(r.By), At: store.Text(r.At), Text: store.Text(r.Text)}
		if have[r] {
			continue
		}
		c := Comment{ID: tx.NewID(), OnKind: kind, OnID: id, Reviewer: r.By, At: r.At, Text: r.Text}
		if err := tx.Put("comment.added", KindComment, c.ID, c, "import"); err != nil {
			return err
		}
	}
	return nil
}

func (a *FileAnchor) anchor() papers.Anchor {
	out := papers.Anchor{
		File: a.File, Engine: a.Engine, Version: a.Version, Page: a.Page, RuneStart: a.Start, RuneEnd: a.End,
		Exact: a.Exact, Prefix: a.Prefix, Suffix: a.Suffix,
	}
	for i := 0; i+3 < len(a.Quads); i += 4 {
		out.Quads = append(out.Quads, papers.Quad{X0: a.Quads[i], Y0: a.Quads[i+1], X1: a.Quads[i+2], Y1: a.Quads[i+3]})
	}
	return cleanAnchor(out)
}
