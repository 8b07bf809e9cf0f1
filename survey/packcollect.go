package survey

import (
	"cmp"
	"slices"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// Collect gathers the survey of a library into a file: every paper that was
// coded, decided on or tagged. What claims bear on is the caller's to fill in.
func Collect(tx *store.Tx) (File, error) {
	f := File{Schema: 1, Papers: []FilePaper{}}
	s, ok, err := StudyOf(tx)
	if err != nil {
		return File{}, err
	}
	if ok {
		f.StudyID, f.Title, f.Question, f.Method = s.StudyID, s.Title, s.Question, s.Method
	}
	var ps []Paper
	for p, err := range Papers(tx) {
		if err != nil {
			return File{}, err
		}
		ps = append(ps, p)
	}
	slices.SortStableFunc(ps, func(a, b Paper) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(aliasNumber(a.Alias), aliasNumber(b.Alias)))
	})
	for _, p := range ps {
		fp, err := collectPaper(tx, p)
		if err != nil {
			return File{}, err
		}
		if p.Coding != nil || p.State != Identified || len(fp.Claims) > 0 || len(fp.Remarks) > 0 {
			f.Papers = append(f.Papers, fp)
		}
	}
	return f, nil
}

// place is a paper's place in survey.yaml; those that had none come after.
func (p Paper) place() int {
	if p.Coding == nil {
		return orderKey(0)
	}
	return orderKey(p.Coding.Order)
}

func collectPaper(tx *store.Tx, p Paper) (FilePaper, error) {
	fp := FilePaper{Key: p.Key, Criteria: []string{}, Claims: []FileClaim{}}
	if c := p.Coding; c != nil {
		fp.Include, fp.Reason, fp.SkipType, fp.Task, fp.Note = c.Include, c.Reason, c.SkipType, c.Task, c.Note
		fp.Criteria = append(fp.Criteria, c.Criteria...)
		for _, r := range c.Results {
			fp.Results = append(fp.Results, FileResult{
				Model: r.Model, Metric: r.Metric, Value: yamlfile.Number(r.Value), Where: r.Where, Confidence: r.Confidence, Checked: r.Checked,
			})
		}
	}
	implied, why := impliedState(fp.Include, fp.Reason, fp.Criteria)
	if p.State != implied && (implied != "" || p.State != Identified) || p.Reason != why {
		fp.State, fp.Because = p.State, p.Reason
	}
	if p.State == Duplicate {
		of, err := store.Get[Paper](tx, KindPaper, p.DuplicateOf)
		if err != nil {
			return FilePaper{}, err
		}
		fp.Duplicate = of.Key
	}
	var cs []Claim
	for c, err := range ClaimsOf(tx, p.ID) {
		if err != nil {
			return FilePaper{}, err
		}
		cs = append(cs, c)
	}
	sortClaims(cs)
	for _, c := range cs {
		fc, err := collectClaim(tx, c)
		if err != nil {
			return FilePaper{}, err
		}
		fp.Claims = append(fp.Claims, fc)
	}
	var err error
	fp.Remarks, err = collectRemarks(tx, p.ID)
	return fp, err
}

// PackID is what a pack calls a claim: its key, or its alias when it was
// tagged in the program.
func (c Claim) PackID() string {
	if c.Key != "" {
		return c.Key
	}
	return c.Alias
}

func collectClaim(tx *store.Tx, c Claim) (FileClaim, error) {
	fc := FileClaim{
		ID: c.PackID(), Text: c.Text, Kind: c.Kind, Stance: c.Stance, BearsOn: []Bearing{}, Quote: c.Quote, Verified: c.Verified,
		Page: c.Page, Source: c.Source, Reviewer: c.Reviewer, Comment: c.Comment, Tags: c.Tags,
	}
	if c.State != Tagged {
		fc.State = c.State
	}
	if c.State == Superseded {
		by, err := store.Get[Claim](tx, KindClaim, c.SupersededBy)
		if err != nil {
			return FileClaim{}, err
		}
		fc.SupersededBy = by.PackID()
	}
	if a := c.Anchor; a != nil {
		fc.Anchor = &FileAnchor{
			File: a.File, Engine: a.Engine, Version: a.Version, Page: a.Page, Start: a.RuneStart, End: a.RuneEnd,
			Exact: a.Exact, Prefix: a.Prefix, Suffix: a.Suffix, Located: string(c.Located),
		}
		for _, q := range a.Quads {
			fc.Anchor.Quads = append(fc.Anchor.Quads, q.X0, q.Y0, q.X1, q.Y1)
		}
	}
	var err error
	fc.Remarks, err = collectRemarks(tx, c.ID)
	return fc, err
}

func collectRemarks(tx *store.Tx, id string) ([]FileRemark, error) {
	var out []FileRemark
	for c, err := range CommentsOn(tx, id) {
		if err != nil {
			return nil, err
		}
		out = append(out, FileRemark{By: c.Reviewer, At: c.At, Text: c.Text})
	}
	return out, nil
}
