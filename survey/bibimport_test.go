package survey_test

import (
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/survey"
	"tenet/survey/bib"
)

func TestABibliographyComesInOnce(t *testing.T) {
	const refs = `
@inproceedings{he2016, title = {Identity Mappings in Deep Residual Networks}, author = {He, Kaiming}, crossref = {eccv}}
@proceedings{eccv, title = {Computer Vision -- ECCV}, year = 2016}
@article{he2016copy, title = {Identity mappings in deep residual networks.}, author = {K. He}, year = 2016}
@article{he2016, title = {Something Else Entirely, Honestly}, author = {He, Kaiming}, year = 2016}
@article{doi1, title = {One}, doi = {https://doi.org/10.1000/XYZ}}
@article{doi2, title = {One, with another title}, doi = {10.1000/xyz}}
@book{broken, title = {Never closed
`
	lib := newLibrary(t)
	rep := importBib(t, lib, refs)
	if rep.Entries != 7 || rep.Added != 4 || rep.Merged != 2 || rep.Extras != 1 {
		t.Errorf("got %+v", rep)
	}
	all := strings.Join(rep.Warnings, "\n")
	for _, want := range []string{
		"refs.bib:4: he2016copy is the same work as he2016 (same title)", "refs.bib:5: key he2016 is used at line 2 too", "refs.bib:5: key he2016 is used twice; kept as he2016-2",
		"refs.bib:7: doi2 is the same work as doi1 (same doi)", "refs.bib:8: @book{broken: its opening brace is never closed",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("got warnings\n%s\nwant %s", all, want)
		}
	}
	if p := paper(t, lib, "he2016"); p.Year != 2016 || p.Venue != "Computer Vision – ECCV" || p.State != survey.Identified {
		t.Errorf("got %+v", p)
	}
	if p := paper(t, lib, "broken"); p.Bib == nil || !strings.Contains(p.Bib.Raw, "Never closed") {
		t.Errorf("the broken entry lost its source: %+v", p.Bib)
	}
	seq := lib.Seq()
	again := importBib(t, lib, refs)
	if lib.Seq() != seq || again.Added != 0 {
		t.Errorf("the second import made %d changes: %+v", lib.Seq()-seq, again)
	}
	changed := importBib(t, lib, strings.Replace(refs, "title = {One}", "title = {One!}", 1))
	if changed.Updated != 1 || paper(t, lib, "doi1").Title != "One!" {
		t.Errorf("got %+v and %q", changed, paper(t, lib, "doi1").Title)
	}
}

func TestAFileWithoutEntriesIsAnError(t *testing.T) {
	lib := newLibrary(t)
	for _, in := range []string{"", "no entries", "\x00\x01\x02", "%PDF-1.4 binary"} {
		_, err := survey.ImportBib(t.Context(), lib, actor, "refs.bib", strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), "survey: refs.bib:1: ") {
			t.Errorf("input %q: got %v", in, err)
		}
	}
	if lib.Seq() != 0 {
		t.Errorf("the library changed")
	}
}

func TestABibliographyMeetsAPaperThatCameAsPDF(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "he.pdf", "v1", paperMeta, "Text.")
	a := add(t, lib, path, d)
	rep := importBib(t, lib, "@misc{he2015, title = {Deep Residual Learning for Image Recognition}, author = {He, Kaiming}, year = {2015}, eprint = {1512.03385}, archivePrefix = {arXiv}, note = {CVPR}}")
	p := paper(t, lib, a.Paper.ID)
	if rep.Merged != 1 || p.Bib == nil || p.Year != 2015 || !p.HasText() {
		t.Errorf("got %+v and %+v", rep, p)
	}
}

// A pack's other files speak of its papers by key, so that a paper which only its PDF made known takes the pack's.
func TestAPackMeetsPapersThatCameAsPDF(t *testing.T) {
	const entry = "@misc{resnet, title = {Deep Residual Learning for Image Recognition}, author = {He, Kaiming}, year = {2015}, eprint = {1512.03385}}"
	for _, c := range []struct {
		name, title, before string
		joined              bool
	}{
		{"known from its PDF alone", paperMeta.Title, "", true},
		{"another work that names the same id", "A Survey of Quite Something Else", "", false},
		{"a work with an entry of its own", paperMeta.Title, strings.Replace(entry, "{resnet,", "{mine,", 1), false},
	} {
		lib := newLibrary(t)
		if c.before != "" {
			importBib(t, lib, c.before)
		}
		path, d := pdf(t, "he.pdf", "v1", paperMeta, "Text.")
		d.Meta.Title = c.title
		a := add(t, lib, path, d)
		es, _ := bib.Parse("references.bib", strings.NewReader(entry))
		update(t, lib, func(tx *store.Tx) error {
			_, err := survey.StoreBib(tx, "references.bib", es, true)
			return err
		})
		if p := paper(t, lib, "resnet"); (p.ID == a.Paper.ID) != c.joined || p.HasText() != c.joined {
			t.Errorf("%s: joined %v, with text %v; want %v", c.name, p.ID == a.Paper.ID, p.HasText(), c.joined)
		}
	}
}

func TestPapersWithoutAnEntryAreExportedToo(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "100% {odd} & strange_name.pdf", "v1", paperMeta, "Text.")
	d.Meta.Title = "100% {Odd} & Strange_Title"
	add(t, lib, path, d)
	var es bib.Entries
	view(t, lib, func(tx *store.Tx) (err error) {
		es, err = survey.CollectBib(tx)
		return err
	})
	if len(es) != 1 || es[0].Title() != d.Meta.Title || es[0].Get("eprint") != "1512.03385" {
		t.Errorf("got %+v", es)
	}
}
