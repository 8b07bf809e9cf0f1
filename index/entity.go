package index

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// drawers says how each kind of thing becomes a document; kinds that are not
// listed are not searched.
func drawers() map[string]func(*store.Tx, string) (*drawing, error) {
	return map[string]func(*store.Tx, string) (*drawing, error){
		survey.KindPaper:          drawPaper,
		survey.KindClaim:          drawClaim,
		principles.KindPrinciple:  drawPrinciple,
		hypotheses.KindHypothesis: drawHypothesis,
		kindRun:                   drawRun,
	}
}

// read draws things as the ledger has them now.
func (x *Index) read(refs []ref) ([]*drawing, error) {
	out := make([]*drawing, 0, len(refs))
	how := drawers()
	err := x.lib.View(func(tx *store.Tx) error {
		for _, r := range refs {
			d, err := how[r.kind](tx, r.id)
			switch {
			case errors.Is(err, store.ErrNotFound):
				d = &drawing{}
			case err != nil:
				return fmt.Errorf("%s %s: %w", r.kind, r.id, err)
			}
			d.ref = r
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

// everyRef lists all things that are searched.
func everyRef(tx *store.Tx) ([]ref, error) {
	var out []ref
	for _, kind := range []string{survey.KindPaper, survey.KindClaim, principles.KindPrinciple, hypotheses.KindHypothesis, kindRun} {
		for v, err := range store.All[struct {
			ID string `json:"id"`
		}](tx, kind) {
			if err != nil {
				return nil, err
			}
			out = append(out, ref{kind, v.ID})
		}
	}
	return out, nil
}

func drawPaper(tx *store.Tx, id string) (*drawing, error) {
	p, err := store.Get[survey.Paper](tx, survey.KindPaper, id)
	if err != nil {
		return nil, err
	}
	d := &doc{made: born(p.ID), values: map[string][]string{}}
	d.hit = hit{
		Kind: "paper", ID: p.ID, Alias: p.Alias, Title: p.Title,
		PaperID: p.ID, PaperAlias: p.Alias, PaperKey: p.Key, Year: p.Year, Status: string(p.State),
	}
	d.Text = parts(p.Title, p.Abstract)
	d.more = append([]string{p.Key, p.Alias, p.Venue, p.DOI, p.ArXiv}, p.Authors...)
	if c := p.Coding; c != nil {
		d.more = append(d.more, c.Note, c.Task, c.SkipType)
	}
	status := []string{string(p.State)}
	if p.TextSHA != "" {
		status = append(status, "with text")
	}
	if p.NeedsOCR {
		status = append(status, "needs ocr")
	}
	d.values["status"] = status
	d.values["by"] = screeners(tx, p.ID)
	paperValues(d, p)
	out := &drawing{doc: d, paper: p, sig: signature(p)}
	return out, nil
}

func screeners(tx *store.Tx, paperID string) []string {
	var out []string
	for s, err := range survey.ScreeningsOf(tx, paperID) {
		if err == nil && !slices.Contains(out, s.Reviewer) {
			out = append(out, s.Reviewer)
		}
	}
	return out
}

func drawClaim(tx *store.Tx, id string) (*drawing, error) {
	c, err := store.Get[survey.Claim](tx, survey.KindClaim, id)
	if err != nil {
		return nil, err
	}
	if !c.State.Live() {
		return &drawing{}, nil
	}
	p, err := store.Get[survey.Paper](tx, survey.KindPaper, c.PaperID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	d := &doc{made: born(c.ID), values: map[string][]string{}}
	d.hit = hit{
		Kind: "claim", ID: c.ID, Alias: c.Alias, Title: p.Title,
		PaperID: c.PaperID, PaperAlias: p.Alias, PaperKey: p.Key, Year: p.Year, Page: c.Page,
		ClaimKind: string(c.Kind), Status: string(c.State),
	}
	d.Text, d.QuoteText = parts(c.Text), parts(c.Quote)
	d.more = []string{c.Alias, c.Key, parts(c.Comment)}
	if c.Located != "" {
		d.hit.Status = string(c.Located)
	}
	d.values["claim"] = []string{c.Alias, c.ID, c.Key}
	d.values["kind"] = []string{string(c.Kind)}
	d.values["by"] = []string{c.Reviewer}
	d.values["tag"] = slices.Clone(c.Tags)
	d.values["status"] = []string{string(c.State), string(c.Located), verifiedWord(c.Verified)}
	paperValues(d, p)
	return &drawing{doc: d}, d.links(tx, c)
}

func verifiedWord(yes bool) string {
	if yes {
		return "verified"
	}
	return "unverified"
}

// links adds what a claim bears on: its principles, its stance towards them, and
// what came out when they were tested. A claim on no principle keeps the stance
// that its coding gave it.
func (d *doc) links(tx *store.Tx, c survey.Claim) error {
	var names, aliases, stance, verdicts []string
	for l, err := range principles.LinksOfClaim(tx, c.ID) {
		if err != nil {
			return err
		}
		p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, l.PrincipleID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		aliases = append(aliases, p.Alias)
		names = append(names, p.Alias, p.ID)
		stance = append(stance, signs[string(l.Relation)])
		vs, err := verdictsOf(tx, p.ID)
		if err != nil {
			return err
		}
		verdicts = append(verdicts, vs...)
	}
	if len(stance) == 0 {
		stance = []string{signs[c.Stance]}
	}
	d.hit.Principles = distinct(aliases)
	d.hit.Stance = distinct(stance)
	slices.Sort(d.hit.Principles)
	slices.Sort(d.hit.Stance)
	d.values["principle"] = names
	d.facets["principle"] = aliases
	d.values["stance"] = d.hit.Stance
	d.values["verdict"] = distinct(verdicts)
	return nil
}

func drawPrinciple(tx *store.Tx, id string) (*drawing, error) {
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, id)
	if err != nil {
		return nil, err
	}
	d := &doc{made: born(p.ID), values: map[string][]string{}, facets: map[string][]string{}}
	d.hit = hit{Kind: "principle", ID: p.ID, Alias: p.Alias, Title: p.Name, Principles: []string{p.Alias}}
	d.Text = parts(append([]string{p.Name, p.Statement, p.Intuition, p.Scope}, slices.Concat(p.Predicts, p.WhenNotToUse, p.Rivals)...)...)
	d.more = []string{p.Alias, p.RoleInUnified}
	d.values["principle"] = []string{p.Alias, p.ID}
	d.facets["principle"] = []string{p.Alias}
	status, err := statusOf(tx, p)
	if err != nil {
		return nil, err
	}
	d.hit.Status = status
	d.values["status"] = []string{status, string(p.State)}
	if d.values["verdict"], err = verdictsOf(tx, p.ID); err != nil {
		return nil, err
	}
	return &drawing{doc: d}, nil
}

// parts puts texts that belong to one thing below each other, each on one line.
func parts(ss ...string) string {
	var out []string
	for _, s := range ss {
		if s = oneLine(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}
