package pack

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// A FileReport counts what one file of a pack did to the library.
type FileReport struct {
	Name                 string
	Added, Changed, Same int
}

// PlansName stands for hypotheses, tasks and published tables in a report: they
// are stored together.
const PlansName = "hypotheses.yaml, tasks.yaml, published.yaml"

// Report says what an import did.
type Report struct {
	Name     string
	Files    []FileReport
	Changes  uint64 // records in the ledger
	Located  survey.Counts
	Warnings []string

	Attachments []string // names of other files that came along
}

// Unchanged says that the library held all of the pack already.
func (r Report) Unchanged() bool { return r.Changes == 0 }

// Import brings a pack into the library as one batch: all of it or, when
// anything is wrong, nothing. What the library knows by key is brought up to
// date; what people added here stays.
func Import(ctx context.Context, lib *store.Library, actor string, fsys fs.FS, name string) (Report, error) {
	c, err := read(fsys, name)
	if err != nil {
		return Report{}, err
	}
	if err := lib.View(c.cross); err != nil {
		return Report{}, fmt.Errorf("pack: %s: %w", name, err)
	}
	kept, err := c.keep(ctx, lib)
	if err != nil {
		return Report{}, fmt.Errorf("pack: %s: %w", name, err)
	}
	rep := Report{Name: name}
	var before uint64
	after, err := lib.Update(ctx, actor, func(tx *store.Tx) error {
		rep.Files, before = nil, tx.Seq()
		return c.store(tx, &rep, kept)
	})
	if err != nil {
		return Report{}, fmt.Errorf("pack: %s: %w", name, err)
	}
	rep.Changes = after - before
	rep.Warnings = append(c.warnings, rep.Warnings...)
	if rep.Located, err = survey.RelocateWaiting(ctx, lib, actor); err != nil {
		rep.Warnings = append(rep.Warnings, fmt.Sprintf("locating quotes stopped: %v", err))
	}
	return rep, nil
}

func (c *contents) store(tx *store.Tx, rep *Report, kept []Attachment) error {
	if _, ok := c.raw[BibName]; ok {
		r, err := survey.StoreBib(tx, BibName, c.bib, true)
		if err != nil {
			return err
		}
		rep.Warnings = append(rep.Warnings, r.Warnings...)
		rep.Files = append(rep.Files, FileReport{BibName, r.Added, r.Updated, r.Same})
	}
	if c.survey != nil {
		n, err := survey.Store(tx, *c.survey, c.name)
		if err != nil {
			return err
		}
		rep.Files = append(rep.Files, FileReport{survey.FileName, n.Added, n.Changed, n.Same})
	}
	if c.principles != nil {
		f := *c.principles
		if c.survey != nil {
			f.Principles = withoutOrigin(f.Principles) // the links are made from the claims' side, whose order counts
		}
		n, err := principles.Store(tx, &f)
		if err != nil {
			return err
		}
		rep.Files = append(rep.Files, FileReport{PrinciplesName, n.Added, n.Changed, n.Same})
	}
	if c.survey != nil {
		if err := link(tx, *c.survey); err != nil {
			return err
		}
	}
	n, err := hypotheses.Store(tx, c.plans)
	if err != nil {
		return err
	}
	if c.plans != (hypotheses.Pack{}) {
		rep.Files = append(rep.Files, FileReport{PlansName, n.Added, n.Changed, n.Same})
	}
	for _, a := range kept {
		if err := putAttachment(tx, a); err != nil {
			return err
		}
		rep.Attachments = append(rep.Attachments, a.Key)
	}
	return nil
}

func withoutOrigin(ps []principles.PackPrinciple) []principles.PackPrinciple {
	ps = slices.Clone(ps)
	for i := range ps {
		ps[i].Origin = principles.Origin{}
	}
	return ps
}

// link writes what claims bear on.
func link(tx *store.Tx, f survey.File) error {
	for _, p := range f.Papers {
		for _, claim := range p.Claims {
			for _, b := range claim.BearsOn {
				if _, err := principles.LinkClaim(tx, store.Text(claim.ID), store.Text(b.Principle), principles.Relation(b.Relation)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
