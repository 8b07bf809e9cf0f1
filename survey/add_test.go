package survey_test

import (
	"errors"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

func TestAPDFIsRecognised(t *testing.T) {
	const text = "This page says many things, none of them a title that anybody knows."
	cases := []struct {
		name string
		meta papers.Meta
		page string
		want string
	}{
		{"by DOI", papers.Meta{DOI: "https://doi.org/10.1000/ABC.7"}, text, survey.MatchedDOI},
		{"by arXiv id", papers.Meta{ArXiv: "arXiv:1512.03385v2"}, text, survey.MatchedArXiv},
		{"by arXiv DOI", papers.Meta{DOI: "10.48550/arXiv.1512.03385"}, text, survey.MatchedArXiv},
		{"by title", papers.Meta{Title: "DEEP RESIDUAL LEARNING for  Image-Recognition"}, text, survey.MatchedTitle},
		{"by a title that is nearly right", papers.Meta{Title: "Deep Residual Learning for Image Recogniton.", Authors: []string{"Kaiming He"}, Year: 2016}, text, survey.MatchedTitle},
		{"by its first lines", papers.Meta{}, "Deep Residual Learning\nfor Image Recognition\nKaiming He", survey.MatchedTitle},
		{"not by another author's like title", papers.Meta{Title: "Deep Residual Learning for Image Recogniton", Authors: []string{"Ann Other"}}, text, survey.MatchedNew},
		{"not by a like title of later years", papers.Meta{Title: "Deep Residual Learning for Image Recogniton", Authors: []string{"Kaiming He"}, Year: 2021}, text, survey.MatchedNew},
		{"not by an id that its own title contradicts", papers.Meta{Title: "Attention Is All You Need", Confidence: 0.95, ArXiv: "1512.03385"}, text, survey.MatchedNew},
		{"not by a mention on its first page", papers.Meta{Title: "Wide Nets"}, "We compare to Deep Residual Learning for Image Recognition by He.", survey.MatchedNew},
		{"not by nothing", papers.Meta{}, text, survey.MatchedNew},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lib := onePaper(t)
			update(t, lib, func(tx *store.Tx) error { // give the paper a DOI too
				p, err := survey.FindPaper(tx, "he2015")
				if err != nil {
					return err
				}
				p.DOI = "10.1000/abc.7"
				p.Matches = append(p.Matches, "doi:"+p.DOI)
				return tx.Put("paper.updated", survey.KindPaper, p.ID, p, "")
			})
			path, d := pdf(t, "x.pdf", "v1", c.meta, c.page)
			a := add(t, lib, path, d)
			if a.Matched != c.want || (a.Paper.Key == "he2015") != (c.want != survey.MatchedNew) {
				t.Errorf("got %s (%s), want %s", a.Matched, a.Paper.Key, c.want)
			}
			p := paper(t, lib, a.Paper.ID)
			if !p.HasText() || p.FileName != "x.pdf" || p.Pages != 1 || !lib.Vault().Has(p.FileSHA) {
				t.Errorf("stored %+v", p)
			}
			back, err := survey.LoadDocument(lib, p)
			if err != nil || back.Pages[0].Text != c.page {
				t.Errorf("the text came back as %v, error %v", back, err)
			}
		})
	}
}

func TestTheSameFileTwiceIsOnePaper(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "a.pdf", "v1", papers.Meta{Title: "A New Thing Under the Sun", Authors: []string{"Laurens van der Maaten", "Yann LeCun"}, Year: 2019}, "Text.")
	first := add(t, lib, path, d)
	if first.Matched != survey.MatchedNew || first.Paper.Key != "vandermaaten2019thing" || first.Paper.Authors[0] != "van der Maaten, Laurens" {
		t.Errorf("got %s, %+v", first.Matched, first.Paper)
	}
	seq := lib.Seq()
	again := add(t, lib, path, d)
	if again.Matched != survey.MatchedSameFile || again.Paper.ID != first.Paper.ID || lib.Seq() != seq {
		t.Errorf("the second time: %s, paper %s, %d changes", again.Matched, again.Paper.Alias, lib.Seq()-seq)
	}
	otherPath, other := pdf(t, "b.pdf", "v1", d.Meta, "Text of another print.")
	copied := add(t, lib, otherPath, other)
	p := paper(t, lib, first.Paper.ID)
	if copied.Paper.ID != first.Paper.ID || len(p.OtherFiles) != 1 || p.FileName != "a.pdf" {
		t.Errorf("another print of the work gave %s and %+v", copied.Paper.Alias, p.OtherFiles)
	}
	if again := add(t, lib, otherPath, other); again.Matched != survey.MatchedSameFile || len(paper(t, lib, first.Paper.ID).OtherFiles) != 1 {
		t.Errorf("that print again: %s", again.Matched)
	}
}

func TestALostQuoteIsNeverSilent(t *testing.T) {
	lib := onePaper(t)
	for quote, page := range map[string]int{
		"The degradation is not caused by overfitting": 1, "these words stand on the second page": 1, "words that nobody wrote": 1, "said twice in here": 0,
	} {
		tag(t, lib, survey.NewClaim{PaperID: "he2015", Quote: quote, Page: page, Kind: survey.Conjecture})
	}
	tag(t, lib, survey.NewClaim{PaperID: "he2015", Text: "a paraphrase without a quote", Kind: survey.Conjecture})
	if c := claim(t, lib, "C1"); c.Located != "" || c.Standing() != "not yet verified" {
		t.Errorf("before the PDF came: %q, %q", c.Located, c.Standing())
	}
	path, d := pdf(t, "he.pdf", "v1", paperMeta,
		"We show results. The degradation is not caused by overfitting. It is said twice in here.",
		"Later on these words stand on the second page. It is said twice in here.")
	a := add(t, lib, path, d)
	if a.ClaimsFound != 1 || a.ClaimsMoved != 1 || a.ClaimsAmbiguous != 1 || a.ClaimsLost != 1 {
		t.Errorf("got %d found, %d moved, %d ambiguous, %d lost; want one of each", a.ClaimsFound, a.ClaimsMoved, a.ClaimsAmbiguous, a.ClaimsLost)
	}
	view(t, lib, func(tx *store.Tx) error {
		for c, err := range survey.Claims(tx) {
			if err != nil {
				return err
			}
			if c.Quote != "" && (c.Located == "" || c.Anchor == nil) {
				t.Errorf("%q was not looked for", c.Quote)
			}
			if c.Quote == "" && c.Located != "" {
				t.Errorf("%q has no quote and is %s", c.Text, c.Located)
			}
			if c.Located == papers.Lost && !strings.HasPrefix(c.Standing(), "lost") {
				t.Errorf("a lost quote is shown as %q", c.Standing())
			}
		}
		return nil
	})
}

func TestANewReadingOfAFileMovesItsAnchors(t *testing.T) {
	lib := onePaper(t)
	path, d := pdf(t, "he.pdf", "v1", paperMeta, "A beginning. The degradation is not caused by overfitting. An end.")
	add(t, lib, path, d)
	a := papers.MakeAnchor(d, 1, 13, 58)
	c := tag(t, lib, survey.NewClaim{PaperID: "he2015", Anchor: &a, Kind: survey.Conjecture})
	newer := *d
	newer.Version = "v2"
	_, better := pdf(t, "he.pdf", "v2", paperMeta, "A heading that was missed before. "+d.Pages[0].Text)
	newer.Pages = better.Pages
	again := add(t, lib, path, &newer)
	if again.Matched != survey.MatchedSameFile || again.ClaimsFound+again.ClaimsMoved != 1 {
		t.Errorf("got %+v", again)
	}
	c = claim(t, lib, c.ID)
	text := []rune(newer.Pages[0].Text)
	if got := string(text[c.Anchor.RuneStart:c.Anchor.RuneEnd]); got != "The degradation is not caused by overfitting." || c.Anchor.Version != "v2" {
		t.Errorf("the anchor now stands on %q, version %s", got, c.Anchor.Version)
	}
	if p := paper(t, lib, "he2015"); p.Engine != "v2" {
		t.Errorf("the paper still says engine %s", p.Engine)
	}
}

func TestAStudyThatComesAfterItsPDFsIsLocated(t *testing.T) {
	lib := onePaper(t)
	path, d := pdf(t, "he.pdf", "v1", paperMeta, "A beginning. The degradation is not caused by overfitting. An end.")
	add(t, lib, path, d)
	c := tag(t, lib, survey.NewClaim{PaperID: "he2015", Quote: "not caused by overfitting", Page: 1, Kind: survey.Conjecture})
	n, err := survey.RelocateWaiting(t.Context(), lib, actor)
	if err != nil || n.Found != 1 || n.Total() != 1 {
		t.Errorf("got %+v, error %v", n, err)
	}
	if c = claim(t, lib, c.ID); c.Located != papers.Found {
		t.Errorf("got %q", c.Located)
	}
	if n, err = survey.RelocateWaiting(t.Context(), lib, actor); err != nil || n.Total() != 0 {
		t.Errorf("a second time: %+v, error %v", n, err)
	}
}

func TestAPDFThatIsWaitedForIsRetrieved(t *testing.T) {
	lib := onePaper(t)
	update(t, lib, func(tx *store.Tx) error {
		if _, err := survey.Screen(tx, "he2015", survey.In, ""); err != nil {
			return err
		}
		_, err := survey.SetState(tx, "he2015", survey.Sought, "")
		return err
	})
	path, d := pdf(t, "he.pdf", "v1", paperMeta, "Text.")
	if a := add(t, lib, path, d); a.Paper.State != survey.Retrieved {
		t.Errorf("got %s, want retrieved", a.Paper.State)
	}
}

func TestAFileThatChangedWhileItWasReadIsRefused(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "a.pdf", "v1", papers.Meta{}, "Text.")
	d.SHA256 = strings.Repeat("0", 64)
	if _, err := survey.AddPDF(t.Context(), lib, actor, path, d); err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("got %v", err)
	}
	if _, err := survey.AddPDF(t.Context(), lib, actor, path, nil); err == nil {
		t.Error("a file without text was added")
	}
	if _, err := survey.LoadDocument(lib, survey.Paper{Key: "k"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("text of a paper without a PDF: got %v", err)
	}
}
