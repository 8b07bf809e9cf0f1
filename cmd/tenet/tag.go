package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/principles"
	"tenet/survey"
)

// kindNames are the short words for a claim's kind, with the keys of the Read screen.
var kindNames = map[string]survey.Kind{
	"e": "explicit reasoning", "explicit": "explicit reasoning",
	"i": "implicit reasoning", "implicit": "implicit reasoning",
	"c": "conjecture", "conjecture": "conjecture",
	"m": "empirical result", "measured": "empirical result", "empirical": "empirical result",
	"n": "negative result", "negative": "negative result",
}

func kindOf(word string) (survey.Kind, error) {
	if k, ok := kindNames[word]; ok {
		return k, nil
	}
	for _, k := range kindNames {
		if string(k) == word {
			return k, nil
		}
	}
	return "", usagef("%q is no kind of claim: explicit, implicit, conjecture, measured or negative", word)
}

func (a *app) tagVerb() *cobra.Command {
	var quote, text, kind string
	var page int
	relations := map[string]*string{"supports": new(string), "contradicts": new(string), "qualifies": new(string)}
	cmd := &cobra.Command{
		Use: "tag PAPER --quote WORDS", Short: "Tag a sentence of a paper as a claim",
		Long: `Tag a sentence as a claim. The quoted words are looked for in the paper's text and
anchored there; words that are not in it are refused unless the paper has no PDF yet.
The claim can be linked to a principle at once.`,
		Example: `  tenet tag D3 --quote "easier to optimize" --kind explicit --supports P1
  tenet tag D3 --page 4 --quote "does not converge" --kind negative --contradicts P2`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := kindOf(kind)
			if err != nil {
				return err
			}
			if page < 0 {
				return usagef("--page %d: pages count from 1", page)
			}
			if strings.TrimSpace(quote) == "" && strings.TrimSpace(text) == "" {
				return usagef("--quote (the paper's words) or --text (your own) is missing")
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				return a.tag(ctx, s, args[0], survey.NewClaim{Quote: quote, Text: text, Kind: k, Page: page}, relations)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&quote, "quote", "", "the paper's own words")
	f.StringVar(&text, "text", "", "the claim in your words")
	f.IntVar(&page, "page", 0, "page of the PDF, from 1")
	f.StringVar(&kind, "kind", "explicit", "explicit, implicit, conjecture, measured or negative")
	for r, into := range relations {
		f.StringVar(into, r, "", "principle that the claim "+r)
	}
	return cmd
}

func (a *app) tag(ctx context.Context, s *session, paper string, c survey.NewClaim, relations map[string]*string) error {
	var p survey.Paper
	err := s.lib.View(func(tx *store.Tx) (err error) {
		p, err = survey.FindPaper(tx, paper)
		return err
	})
	if err != nil {
		return err
	}
	c.PaperID = p.ID
	if p.TextSHA != "" && c.Quote != "" {
		if err := anchorQuote(s.lib, p, &c); err != nil {
			return err
		}
	}
	var claim survey.Claim
	seq, err := s.lib.Update(ctx, a.actor(ctx), func(tx *store.Tx) (err error) {
		if claim, err = survey.Tag(tx, c); err != nil {
			return err
		}
		for relation, name := range relations {
			if *name == "" {
				continue
			}
			pr, err := principles.Find(tx, *name)
			if err != nil {
				return err
			}
			if _, err := principles.LinkClaim(tx, claim.ID, pr.ID, principles.Relation(relation)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.saved(seq, claim, "%s in %s p. %d: “%s”", claim.Alias, p.Alias, claim.Page, claim.Quote)
}

// anchorQuote finds the quoted words in the paper; look-alikes and lost words are refused with the way out.
func anchorQuote(lib *store.Library, p survey.Paper, c *survey.NewClaim) error {
	d, err := survey.LoadDocument(lib, p)
	if err != nil {
		return err
	}
	an := papers.AnchorForQuote(d, c.Quote, c.Page)
	at := papers.Locate(d, an)
	switch at.Outcome {
	case papers.Lost:
		return fmt.Errorf("tag: these words are not in %s (%s); tenet search finds near ones", p.Alias, p.FileName)
	case papers.Ambiguous:
		return fmt.Errorf("tag: these words stand %d times in %s; give --page or a longer quote", at.Candidates, p.Alias)
	}
	a := papers.MakeAnchor(d, at.Page, at.Start, at.End)
	c.Anchor, c.Page = &a, at.Page
	return nil
}
