package survey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
	"tenet/survey/bib"
)

var errRolledBack = errors.New("rolled back")

// spoil makes every record of a kind unreadable: a member gets a value of a type that it never has.
func spoil(t *testing.T, tx *store.Tx, kind string) (n int) {
	t.Helper()
	bad := map[string]map[string]any{
		survey.KindPaper: {"year": "x"}, survey.KindClaim: {"page": "x"}, survey.KindComment: {"text": 5}, survey.KindScreening: {"decision": 5},
		survey.KindStudy: {"title": 5}, survey.KindBibExtra: {"bib": 5},
	}[kind]
	for raw, err := range store.All[json.RawMessage](tx, kind) {
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		maps.Copy(m, bad)
		if err := tx.PutFinal("spoilt", kind, m["id"].(string), m, ""); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// richLibrary has papers with and without entries, text, screenings, comments, duplicates and superseded claims.
func richLibrary(t *testing.T) (*store.Library, *papers.Document) {
	t.Helper()
	lib := newLibrary(t)
	importBib(t, lib, `@misc{he2015, title = {Deep Residual Learning for Image Recognition}, author = {He, Kaiming}, year = {2015}, eprint = {1512.03385}, archivePrefix = {arXiv}}
@article{two, title = {Another paper on depth}, author = {Doe, Jane}, year = 2016, doi = {10.1000/xyz}}
@article{three, title = {Another paper on depth, again}, author = {Doe, Jane and others}, year = 2016}
@xdata{frame, publisher = {A press}}`)
	path, d := pdf(t, "own.pdf", "1", papers.Meta{Title: "A paper that only its PDF tells of", Authors: []string{"Ng, Ada"}, Year: 2020}, "Depth helps a lot. Width helps a little. ")
	add(t, lib, path, d)
	update(t, lib, func(tx *store.Tx) error {
		if err := survey.PutStudy(tx, survey.Study{Name: "s", Title: "On depth", StudyID: "s/1"}, ""); err != nil {
			return err
		}
		for _, text := range []string{"depth helps", "depth hurts", "depth matters"} {
			if _, err := survey.Tag(tx, survey.NewClaim{PaperID: "he2015", Text: text, Kind: survey.EmpiricalResult}); err != nil {
				return err
			}
		}
		if _, err := survey.Tag(tx, survey.NewClaim{PaperID: "ng2020paper", Text: "it helps", Quote: "Depth helps a lot.", Page: 1, Kind: survey.EmpiricalResult}); err != nil {
			return err
		}
		if _, err := survey.AddComment(tx, survey.KindPaper, paperOf(t, tx, "two").ID, "read twice"); err != nil {
			return err
		}
		if _, err := survey.Screen(tx, paperOf(t, tx, "two").ID, survey.In, ""); err != nil {
			return err
		}
		if _, err := survey.MarkDuplicate(tx, paperOf(t, tx, "three").ID, paperOf(t, tx, "two").ID, "the same work"); err != nil {
			return err
		}
		return survey.Supersede(tx, claimOf(t, tx, "C3").ID, claimOf(t, tx, "C1").ID, "says less")
	})
	return lib, d
}

func paperOf(t *testing.T, tx *store.Tx, name string) survey.Paper {
	t.Helper()
	p, err := survey.FindPaper(tx, name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func claimOf(t *testing.T, tx *store.Tx, name string) survey.Claim {
	t.Helper()
	c, err := survey.FindClaim(tx, name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func second[T any](_ T, err error) error { return err }

// A record that cannot be read is an error, or it did not matter: no answer changes in silence, and nothing panics.
func TestWhatCannotBeReadIsNeverPassedOverInSilence(t *testing.T) {
	lib, d := richLibrary(t)
	var he, two, own, c1, c2 string
	view(t, lib, func(tx *store.Tx) error {
		he, two, own = paperOf(t, tx, "he2015").ID, paperOf(t, tx, "two").ID, paperOf(t, tx, "ng2020paper").ID
		c1, c2 = claimOf(t, tx, "C1").ID, claimOf(t, tx, "C2").ID
		return nil
	})
	var err error
	var exported survey.File
	view(t, lib, func(tx *store.Tx) (err error) { exported, err = survey.Collect(tx); return err })
	entries, _ := bib.Parse("more.bib", strings.NewReader("@article{two, title={Another paper on depth}, year=2016, doi={10.1000/xyz}}\n@article{new, title={Quite another thing}, year=2019}"))

	reads := map[string]func(tx *store.Tx) (any, error){
		"FindPaper":   func(tx *store.Tx) (any, error) { return survey.FindPaper(tx, "he2015") },
		"FindClaim":   func(tx *store.Tx) (any, error) { return survey.FindClaim(tx, "C1") },
		"StudyOf":     func(tx *store.Tx) (any, error) { s, ok, err := survey.StudyOf(tx); return []any{s, ok}, err },
		"Collect":     func(tx *store.Tx) (any, error) { return survey.Collect(tx) },
		"CollectBib":  func(tx *store.Tx) (any, error) { return survey.CollectBib(tx) },
		"CommentsOn":  func(tx *store.Tx) (any, error) { return each(survey.CommentsOn(tx, two)) },
		"Screenings":  func(tx *store.Tx) (any, error) { return each(survey.ScreeningsOf(tx, two)) },
		"ClaimsOf":    func(tx *store.Tx) (any, error) { return each(survey.ClaimsOf(tx, he)) },
		"every paper": func(tx *store.Tx) (any, error) { return each(survey.Papers(tx)) },
		"every claim": func(tx *store.Tx) (any, error) { return each(survey.Claims(tx)) },
	}
	acts := map[string]func(tx *store.Tx) error{
		"Tag": func(tx *store.Tx) error {
			return second(survey.Tag(tx, survey.NewClaim{PaperID: he, Text: "x", Kind: survey.EmpiricalResult}))
		},
		"EditClaim":     func(tx *store.Tx) error { s := "y"; return second(survey.EditClaim(tx, c1, survey.Edit{Text: &s})) },
		"Drop":          func(tx *store.Tx) error { return survey.Drop(tx, c1, "") },
		"Supersede":     func(tx *store.Tx) error { return survey.Supersede(tx, c1, c2, "") },
		"Screen":        func(tx *store.Tx) error { return second(survey.Screen(tx, he, survey.In, "")) },
		"Screen again":  func(tx *store.Tx) error { return second(survey.Screen(tx, two, survey.Out, "off topic")) },
		"SetState":      func(tx *store.Tx) error { return second(survey.SetState(tx, two, survey.Sought, "")) },
		"Advance":       func(tx *store.Tx) error { return second(survey.Advance(tx, he, survey.ScreenedOut, "off topic")) },
		"MarkDuplicate": func(tx *store.Tx) error { return second(survey.MarkDuplicate(tx, he, two, "alike")) },
		"AddComment":    func(tx *store.Tx) error { return second(survey.AddComment(tx, survey.KindClaim, c1, "hm")) },
		"Relocate":      func(tx *store.Tx) error { return second(survey.Relocate(tx, own, d)) },
		"StoreBib":      func(tx *store.Tx) error { return second(survey.StoreBib(tx, "more.bib", entries, false)) },
		"Store":         func(tx *store.Tx) error { return second(survey.Store(tx, exported, "again")) },
		"PutStudy":      func(tx *store.Tx) error { return survey.PutStudy(tx, survey.Study{Name: "s", Title: "t"}, "") },
	}
	sound, minded := map[string]any{}, map[string]bool{}
	view(t, lib, func(tx *store.Tx) error {
		for name, read := range reads {
			if sound[name], err = read(tx); err != nil {
				t.Fatalf("%s on a sound library: %v", name, err)
			}
		}
		return nil
	})
	rolledBack := func(fn func(tx *store.Tx)) {
		t.Helper()
		if _, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error { fn(tx); return errRolledBack }); !errors.Is(err, errRolledBack) {
			t.Fatal(err)
		}
	}
	for name, act := range acts {
		rolledBack(func(tx *store.Tx) {
			if err := act(tx); err != nil {
				t.Errorf("%s on a sound library: %v", name, err)
			}
		})
	}
	for _, kind := range []string{survey.KindPaper, survey.KindClaim, survey.KindComment, survey.KindScreening, survey.KindStudy, survey.KindBibExtra} {
		rolledBack(func(tx *store.Tx) {
			if spoil(t, tx, kind) == 0 {
				t.Errorf("no record of kind %s to spoil", kind)
			}
			for name, read := range reads {
				got, err := read(tx)
				if err == nil && !reflect.DeepEqual(got, sound[name]) {
					t.Errorf("%s with spoilt records of kind %s: no error and another answer", name, kind)
				}
				minded[name] = minded[name] || err != nil
			}
		})
		for name, act := range acts {
			rolledBack(func(tx *store.Tx) {
				spoil(t, tx, kind)
				minded[name] = act(tx) != nil || minded[name]
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(minded)) {
		if !minded[name] && name != "PutStudy" && name != "AddComment" { // they write without reading
			t.Errorf("%s minded no spoilt record at all", name)
		}
	}
}

// What comes in while a record cannot be read is refused with the record's name, and nothing of it stays.
func TestNothingComesInBesideARecordThatCannotBeRead(t *testing.T) {
	for _, x := range []struct {
		what string
		meta papers.Meta
		text string
	}{
		{"by its DOI", papers.Meta{Title: "Something", DOI: "10.1000/xyz"}, "x. "},
		{"by its arXiv id", papers.Meta{Title: "Something", ArXiv: "1512.03385"}, "x. "},
		{"by its title", papers.Meta{Title: "Another paper on depth", Authors: []string{"Doe, Jane"}, Year: 2016}, "x. "},
		{"by a title much like it", papers.Meta{Title: "Another papers on depth", Authors: []string{"Doe, Jane"}, Year: 2017}, "x. "},
		{"by its first page", papers.Meta{}, "Deep Residual Learning for Image Recognition Kaiming He. x. "},
	} {
		t.Run(x.what, func(t *testing.T) {
			lib, _ := richLibrary(t)
			path, d := pdf(t, "again.pdf", "1", x.meta, x.text)
			update(t, lib, func(tx *store.Tx) error { spoil(t, tx, survey.KindPaper); return nil })
			before := lib.Seq()
			if _, err := survey.AddPDF(t.Context(), lib, actor, path, d); !errors.Is(err, store.ErrCorrupt) || lib.Seq() != before {
				t.Errorf("added beside it: %v", err)
			}
			if _, err := survey.ImportBib(t.Context(), lib, actor, "x.bib", strings.NewReader("@misc{he2015, title={Deep Residual Learning for Image Recognition}, year=2015}")); !errors.Is(err, store.ErrCorrupt) || lib.Seq() != before {
				t.Errorf("imported beside it: %v", err)
			}
			if _, err := survey.RelocateWaiting(t.Context(), lib, actor); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("located beside it: %v", err)
			}
		})
	}
	lib, _ := richLibrary(t)
	update(t, lib, func(tx *store.Tx) error { spoil(t, tx, survey.KindClaim); return nil })
	if _, err := survey.RelocateWaiting(t.Context(), lib, actor); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("located beside a claim that cannot be read: %v", err)
	}
}

// A duplicate of a duplicate leads to the paper that counts; a circle is an error and no endless walk.
func TestAPDFOfADuplicateGoesToThePaperThatCounts(t *testing.T) {
	lib, _ := richLibrary(t)
	path, d := pdf(t, "dup.pdf", "1", papers.Meta{Title: "Another paper on depth, again", Authors: []string{"Doe, Jane"}, Year: 2016}, "x. ")
	if got := add(t, lib, path, d).Paper; got.ID != paper(t, lib, "two").ID {
		t.Errorf("it went to %s", got.Alias)
	}
	update(t, lib, func(tx *store.Tx) error { // written by hand: the verbs refuse it
		for a, b := range map[string]string{"two": "three", "three": "two"} {
			p := paperOf(t, tx, a)
			p.DuplicateOf = paperOf(t, tx, b).ID
			if err := tx.Put("forged", survey.KindPaper, p.ID, p, ""); err != nil {
				return err
			}
		}
		return nil
	})
	path, d = pdf(t, "dup2.pdf", "1", papers.Meta{Title: "Another paper on depth, again", Authors: []string{"Doe, Jane"}, Year: 2016}, "y. ")
	if _, err := survey.AddPDF(t.Context(), lib, actor, path, d); err == nil || !strings.Contains(err.Error(), "go round in a circle") {
		t.Errorf("got %v", err)
	}
}

func each[T any](seq func(func(T, error) bool)) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// A claim says how sure its words are, from what was compared with what.
func TestAClaimSaysHowSureItsWordsAre(t *testing.T) {
	said := map[string]bool{}
	for _, c := range []survey.Claim{
		{}, {Verified: true}, {Quote: "x"}, {Quote: "x", Verified: true}, {Located: papers.Found}, {Located: papers.Moved}, {Located: papers.Ambiguous}, {Located: papers.Lost},
	} {
		text := c.Standing()
		if text == "" {
			t.Errorf("%+v says nothing", c)
		}
		said[text] = true
	}
	if len(said) < 5 {
		t.Errorf("only %d ways of saying it: %v", len(said), said)
	}
}

// What a pack says of where the review stands is taken as it is: excluded with a reason or a criterion, a duplicate of
// a paper that is there, superseded by a claim that is there.
func TestWhereAReviewStandsComesWithItsPack(t *testing.T) {
	lib := newLibrary(t)
	importBib(t, lib, "@misc{a, title={First of all}, year=2001}\n@misc{b, title={Second thoughts}, year=2002}\n@misc{c, title={Third time}, year=2003}\n@misc{d, title={Fourth wall}, year=2004}")
	f := survey.File{Schema: 1, Title: "t", Papers: []survey.FilePaper{
		{Key: "a", Include: "core", Claims: []survey.FileClaim{
			{ID: "K1", Text: "old", Kind: survey.EmpiricalResult, State: survey.Superseded, SupersededBy: "K2"}, {ID: "K2", Text: "new", Kind: survey.EmpiricalResult},
		}},
		{Key: "b", Include: "excluded", Criteria: []string{"E2"}},
		{Key: "c", Include: "excluded", Reason: "no experiment"},
		{Key: "d", State: survey.Duplicate, Duplicate: "a", Because: "a reprint", Remarks: []survey.FileRemark{{By: "Eve", At: "2026-01-01T00:00:00Z", Text: "sure"}}},
	}}
	update(t, lib, func(tx *store.Tx) error { return second(survey.Store(tx, f, "pack")) })
	for key, want := range map[string][2]string{"a": {"included", ""}, "b": {"excluded", "criterion E2"}, "c": {"excluded", "no experiment"}, "d": {"duplicate", "a reprint"}} {
		if p := paper(t, lib, key); string(p.State) != want[0] || p.Reason != want[1] {
			t.Errorf("%s is %s, %q; want %v", key, p.State, p.Reason, want)
		}
	}
	if c := claim(t, lib, "K1"); c.State != survey.Superseded || c.SupersededBy != claim(t, lib, "K2").ID {
		t.Errorf("K1: %+v", c)
	}
	if paper(t, lib, "d").DuplicateOf != paper(t, lib, "a").ID {
		t.Error("d is a duplicate of nothing")
	}
	// It comes out as it went in, and again changes nothing.
	var out survey.File
	view(t, lib, func(tx *store.Tx) (err error) { out, err = survey.Collect(tx); return err })
	seq := lib.Seq()
	update(t, lib, func(tx *store.Tx) error { return second(survey.Store(tx, out, "pack")) })
	if lib.Seq() != seq {
		t.Errorf("%d changes on the way back", lib.Seq()-seq)
	}
	for name, bad := range map[string]survey.FilePaper{
		"superseded by nothing": {Key: "a", Claims: []survey.FileClaim{{ID: "K9", Text: "x", Kind: survey.EmpiricalResult, State: survey.Superseded, SupersededBy: "K99"}}},
		"a duplicate of none":   {Key: "c", State: survey.Duplicate, Duplicate: "zzz"},
		"a paper of no entry":   {Key: "zzz"},
	} {
		if _, err := lib.Update(t.Context(), actor, func(tx *store.Tx) error {
			return second(survey.Store(tx, survey.File{Schema: 1, Papers: []survey.FilePaper{bad}}, "pack"))
		}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// A paper that came as a PDF has an entry when the bibliography goes out, with everything that is known of it.
func TestAPaperWithoutAnEntryGoesOutWithAllThatIsKnown(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "own.pdf", "1", papers.Meta{Title: "On {Braces} and depth", Authors: []string{"Ng, Ada", "The Consortium"}, Year: 2020, DOI: "10.1000/abc", ArXiv: "2001.00001"}, "Depth helps. ")
	add(t, lib, path, d)
	var es bib.Entries
	view(t, lib, func(tx *store.Tx) (err error) { es, err = survey.CollectBib(tx); return err })
	if len(es) != 1 {
		t.Fatalf("%d entries", len(es))
	}
	got := map[string]string{}
	for _, f := range es[0].Fields {
		got[f.Name] = f.Value
	}
	if got["year"] != "2020" || got["doi"] != "10.1000/abc" || got["eprint"] != "2001.00001" || got["archivePrefix"] != "arXiv" || !strings.Contains(got["author"], "Ng, Ada and ") {
		t.Errorf("got %v", got)
	}
}

// The names in a PDF come as people write them; a bibliography has the family first, with what belongs to it.
func TestNamesOfAPDFHaveTheFamilyFirst(t *testing.T) {
	lib := newLibrary(t)
	path, d := pdf(t, "names.pdf", "1", papers.Meta{Title: "Names and how they stand", Authors: []string{"Kaiming He", "Laurens van der Maaten", "Ng, Ada", "Plato"}}, "x. ")
	d.Warnings = []papers.Warning{{Page: 3, Code: "font", Text: "a font without a map"}, {Code: "no-text", Text: "a scan"}}
	p := add(t, lib, path, d).Paper
	if want := []string{"He, Kaiming", "van der Maaten, Laurens", "Ng, Ada", "Plato"}; !slices.Equal(p.Authors, want) {
		t.Errorf("got %q, want %q", p.Authors, want)
	}
	if !p.NeedsOCR || !slices.Equal(p.Warnings, []string{"page 3: a font without a map", "a scan"}) {
		t.Errorf("needs OCR %v, warnings %q", p.NeedsOCR, p.Warnings)
	}
}

// A key that two works claim stays with the first; the second gets a number, and that is said. A work without a key gets one.
func TestAKeyBelongsToOneWork(t *testing.T) {
	lib := newLibrary(t)
	importBib(t, lib, "@misc{k, title={On the growth of mountain pines}, author={Doe, Jane}, year=1999}")
	rep := importBib(t, lib, "@misc{k, title={Quantum tunnelling in cold gases}, author={Roe, Richard}, year=2015}\n@misc{, title={Unkeyed thoughts on everything}, author={Poe, Edgar}, year=2001}")
	if rep.Added != 2 || len(rep.Warnings) == 0 || !strings.Contains(strings.Join(rep.Warnings, "\n"), "key k is taken; kept as k-2") {
		t.Errorf("got %+v", rep)
	}
	if p := paper(t, lib, "k-2"); p.Year != 2015 || paper(t, lib, "k").Year != 1999 || paper(t, lib, "poe2001unkeyed").Title != "Unkeyed thoughts on everything" {
		t.Errorf("got %+v", p)
	}
}
