package index

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

func TestEachFieldFindsWhatItNames(t *testing.T) {
	lib := smallLibrary(t)
	x := openIndex(t, lib)
	for q, want := range map[string][]string{
		`identity path`:                       {"C1", "P1", "he2016identity p1"},
		`"identity path" type:claim`:          {"C1"},
		`claim:C2`:                            {"C2"},
		`C2`:                                  {"C2"},
		`paper:he2016identity type:passage`:   {"he2016identity p1", "he2016identity p2"},
		`paper:D2`:                            {"C3", "D2"},
		`author:he type:paper`:                {"D1", "D2"},
		`year:2017`:                           {"C3", "D2"},
		`year:..2016 type:paper`:              {"D1"},
		`page:2`:                              {"he2016identity p2"},
		`by:ben`:                              {"C1", "C2", "C3"},
		`tag:vision`:                          {"C2"},
		`stance:+ type:claim`:                 {"C1", "C2", "C3"},
		`stance:-`:                            {"C2"},
		`principle:P2`:                        {"C2", "P2"},
		`title:"densely connected"`:           {"C3", "D2"},
		`kind:empirical`:                      {"C1", "C2", "C3"},
		`status:verified`:                     {"C1"},
		`status:unverified`:                   {"C2", "C3"},
		`status:included type:paper`:          {"D1", "D2"},
		`NEAR/4(scaling fails) -type:passage`: {},
		`NEAR/8(scaling fails) type:claim`:    {"C2"},
		`propagat*`:                           {"C1", "he2016identity p1"},
		`gradeints~2`:                         {"C1"},
		`concatenation or dropout`:            {"C3", "he2016identity p2"},
		`type:claim -principle:P1`:            {"C3"},
		`densenet`:                            {},
	} {
		got := found(t, x, q, SearchOptions{})
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", q, got, want)
		}
	}
}

func TestASnippetShowsWhatMatched(t *testing.T) {
	long := strings.Repeat("word after word of no interest at all ", 20) + "and here the identity path is left clean, which is the point " + strings.Repeat("and so on and on ", 20)
	for _, c := range []struct{ text, q, want string }{
		{"A clean identity path keeps gradients.", "path", "A clean identity \x01path\x02 keeps gradients."},
		{"A clean identity path keeps gradients.", `"identity path"`, "A clean \x01identity path\x02 keeps gradients."},
		{"A clean Identity-Path.", `identity path`, "A clean \x01Identity\x02-\x01Path\x02."},
		{"A clean identity path.", `ident* -gate`, "A clean \x01identity\x02 path."},
		{"Rényi entropy", `renyi`, "\x01Rényi\x02 entropy"},
		{"gradients vanish", `gradient~`, "\x01gradients\x02 vanish"},
		{"no match here", `year:2019`, "no match here"},
		{"one line\nand another", `another`, "one line and \x01another\x02"},
		{"", `x`, ""},
		{long, `"identity path"`, "…after word of no interest at all and here the \x01identity path\x02 is left clean, which is the point and so on and on and so on and on and so on and on and so on and…"},
	} {
		e, err := parse(c.q, false)
		must(t, err)
		if got, _ := newHighlighter(e).snippet(c.text, 0); got != c.want {
			t.Errorf("%.40q, %s\n got %q\nwant %q", c.text, c.q, got, c.want)
		}
	}
}

func TestNoControlByteReachesASnippet(t *testing.T) {
	lib := newLibrary(t)
	p := somePaper(t, lib, "evil2020", "Evil \x1b[31mtitle", 2020, "a passage with \x1b]0;owned\x07 and \x01 marks of its own, and \u009b31m")
	someClaim(t, lib, p, "claim with \x01 marks \x02 and \x1b[2J", func(c *survey.Claim) { c.Quote = "quote \x00 with\x7f more" })
	x := openIndex(t, lib)
	res, err := x.Search(t.Context(), "with or evil", SearchOptions{})
	must(t, err)
	if len(res.Hits) != 3 {
		t.Errorf("%d hits", len(res.Hits))
	}
	for _, h := range res.Hits {
		on := 0
		for _, r := range h.Snippet {
			switch {
			case string(r) == MarkOn:
				on++
			case string(r) == MarkOff:
				on--
			case unicode.IsControl(r):
				t.Errorf("%s: %q", h.Kind, h.Snippet)
			}
			if on < 0 || on > 1 {
				t.Errorf("%s: marks of %q do not pair", h.Kind, h.Snippet)
			}
		}
		if strings.ContainsFunc(h.Title+h.PlainSnippet(), unicode.IsControl) {
			t.Errorf("%s: %q", h.Kind, h.Title)
		}
	}
}

// FuzzSnippet holds that a snippet of any text stays within its length, pairs its
// marks, and without them is a part of the text.
func FuzzSnippet(f *testing.F) {
	f.Add("A clean identity path keeps gradients.", "path", 20)
	f.Add("ﬁne\u00adtuning 残差 e\u0301t", `"fine tuning" or 残`, 5)
	f.Add("a b c a b c", `NEAR/3(a "b c") a*`, 0)
	f.Fuzz(func(t *testing.T, text, q string, runes int) {
		e, err := parse(q, true)
		if err != nil || runes > 1000 || !utf8.ValidString(text) {
			return
		}
		text = clean(text)
		s, _ := newHighlighter(e).snippet(text, runes)
		plain := Hit{Snippet: s}.PlainSnippet()
		if strings.Count(s, MarkOn) != strings.Count(s, MarkOff) {
			t.Fatalf("%q: marks do not pair", s)
		}
		if body := strings.TrimSuffix(strings.TrimPrefix(plain, "…"), "…"); !strings.Contains(oneLine(text), strings.TrimSpace(body)) {
			t.Fatalf("%q is no part of %q", body, text)
		}
	})
}

func TestFacetsCountAsIfTheirOwnBoxWereEmpty(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	ask := func(q string, o SearchOptions) map[string][]Count {
		t.Helper()
		o.Kinds = []string{"claim"}
		o.Facets = []string{"principle", "stance", "year"}
		res, err := x.Search(t.Context(), q, o)
		must(t, err)
		return res.Facets
	}
	want := map[string][]Count{
		"principle": {{Value: "P1", N: 2}, {Value: "P2", N: 1}},
		"stance":    {{Value: "+", N: 3}, {Value: "-", N: 1}},
		"year":      {{Value: "2016", N: 2}, {Value: "2017", N: 1}},
	}
	if d := cmp.Diff(want, ask("", SearchOptions{})); d != "" {
		t.Errorf("without boxes (-want +got)\n%s", d)
	}
	want = map[string][]Count{
		"principle": {{Value: "P1", N: 2}, {Value: "P2", N: 1, On: true}},
		"stance":    {{Value: "+", N: 1}, {Value: "-", N: 1}},
		"year":      {{Value: "2016", N: 1}},
	}
	if d := cmp.Diff(want, ask("", SearchOptions{Filters: map[string][]string{"principle": {"P2"}}})); d != "" {
		t.Errorf("P2 ticked (-want +got)\n%s", d)
	}
	want["principle"][1].On = false
	if d := cmp.Diff(want, ask("principle:P2", SearchOptions{})); d != "" {
		t.Errorf("P2 written (-want +got)\n%s", d)
	}
	if got := ask("", SearchOptions{Filters: map[string][]string{"principle": {"P9"}}}); !slices.Contains(got["principle"], Count{Value: "P9", On: true}) {
		t.Errorf("a ticked box without hits vanished: %v", got["principle"])
	}
}

func TestAnAnswerSaysHowManyOfHowMany(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	res, err := x.Search(t.Context(), "identity", SearchOptions{Kinds: []string{"claim"}, Limit: 1})
	must(t, err)
	if res.Total != 1 || res.Of != 3 || len(res.Hits) != 1 || res.Took <= 0 || res.Applied != res.Head {
		t.Errorf("got %+v", res)
	}
	all, err := x.Search(t.Context(), "", SearchOptions{Limit: 4, Offset: 2, Sort: "newest"})
	must(t, err)
	if all.Total != 9 || all.Of != 9 || len(all.Hits) != 4 {
		t.Errorf("everything: %d of %d, %d hits", all.Total, all.Of, len(all.Hits))
	}
}

func TestAHitIsPlainJSON(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	res, err := x.Search(t.Context(), `"any block"`, SearchOptions{Kinds: []string{"claim"}})
	must(t, err)
	raw, err := json.Marshal(res)
	must(t, err)
	if strings.Contains(string(raw), `\u0001`) {
		t.Errorf("a mark in %s", raw)
	}
	var back struct {
		Hits []struct {
			Kind, Alias, Snippet, Paper, Key string
			Quote                            bool
			Page, Year                       int
			Marks                            [][2]int
			Stance, Principles               []string
		}
	}
	must(t, json.Unmarshal(raw, &back))
	h := back.Hits[0]
	if h.Alias != "C1" || h.Key != "he2016identity" || h.Page != 1 || h.Year != 2016 || !h.Quote || !slices.Equal(h.Principles, []string{"P1"}) {
		t.Errorf("got %+v", h)
	}
	if got := string([]rune(h.Snippet)[h.Marks[0][0]:h.Marks[0][1]]); got != "any block" {
		t.Errorf("marked %q", got)
	}
}

func TestSortingAndWrongOptions(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	for sort, want := range map[string][]string{"year": {"D2", "D1"}, "paper": {"D1", "D2"}, "newest": {"D2", "D1"}} {
		if got := found(t, x, "type:paper", SearchOptions{Sort: sort}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", sort, got, want)
		}
	}
	for _, o := range []SearchOptions{{Sort: "luck"}, {Kinds: []string{"poem"}}, {Facets: []string{"page"}}, {Filters: map[string][]string{"mood": nil}}, {Limit: -1}, {Offset: 1 << 40}} {
		if _, err := x.Search(t.Context(), "a", o); err == nil {
			t.Errorf("%+v: accepted", o)
		}
	}
}

func TestASearchEndsWithItsContext(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, "identity", SearchOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAClaimKnowsTheVerdictOfItsPrinciple(t *testing.T) {
	lib := smallLibrary(t)
	x := openIndex(t, lib)
	update(t, lib, func(tx *store.Tx) {
		p, err := principles.Find(tx, "P2")
		must(t, err)
		h, err := hypotheses.Add(tx, hypotheses.Hypothesis{PrincipleID: p.ID, Kind: hypotheses.Confirmatory, Title: "Thirty-two layers", Statement: "Deeper is better."})
		must(t, err)
		h.State, h.Verdict = hypotheses.Refuted, &hypotheses.Verdict{Verdict: "refuted", Reason: "absent"}
		put(t, tx, hypotheses.KindHypothesis, h.ID, h)
	})
	wait(t, x, lib)
	got := found(t, x, "verdict:refuted", SearchOptions{})
	slices.Sort(got)
	if want := []string{"C2", "H1", "P2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOpeningReturnsAtOnceAndSearchWaits(t *testing.T) {
	lib := smallLibrary(t)
	must(t, openIndex(t, lib).Close())
	x, err := Open(t.Context(), lib, lib.Dir()+"/index")
	must(t, err)
	defer x.Close()
	if got := found(t, x, "claim:C1", SearchOptions{}); len(got) != 1 {
		t.Errorf("right after opening: %v", got)
	}
}
