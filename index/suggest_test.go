package index

import (
	"slices"
	"testing"
)

func TestAQueryWithoutHitsIsAnsweredWithTheNearestThatHasSome(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	for q, want := range map[string]string{
		`NEAR/2(scaling fails) type:claim`: `NEAR/20(scaling fails) type:claim`,
		`"path identity"`:                  `path identity`,
		`concatenatoin`:                    `concatenatoin~1`, // two neighbours swapped are one letter off
		`cnocatenatoin`:                    ``,
		`concatenaton`:                     `concatenaton~1`,
		`identity path year:1990`:          `identity path`,
		`gradients tag:nothing`:            `gradients`,
		`xyzzy`:                            ``,
	} {
		if found(t, x, q, SearchOptions{}); len(found(t, x, q, SearchOptions{})) > 0 {
			t.Errorf("%s has hits itself", q)
		}
		got, n, err := x.Nearest(t.Context(), q, SearchOptions{})
		if err != nil || got != want || (n > 0) != (want != "") {
			t.Errorf("%s: got %q with %d hits (%v), want %q", q, got, n, err, want)
			continue
		}
		if want == "" {
			continue
		}
		if res, err := x.Search(t.Context(), got, SearchOptions{}); err != nil || res.Total != n {
			t.Errorf("%s: %q finds %d (%v), promised %d", q, got, res.Total, err, n)
		}
	}
}

func TestCompletionOffersFieldsAndTheirValues(t *testing.T) {
	x := openIndex(t, smallLibrary(t))
	for q, want := range map[string][]string{
		`depth st`:      {"stance:", "status:"},
		`-ta`:           {"-tag:"},
		`stance:`:       {"stance:+", "stance:-"},
		`author:h`:      {"author:He"},
		`-tag:V`:        {"-tag:vision"},
		`principle:p`:   {"principle:P1", "principle:P2"},
		`kind:emp`:      {`kind:"empirical result"`},
		`(paper:huang`:  {"paper:huang2017densenet"},
		`year:201`:      {"year:2016", "year:2017"},
		`page:`:         nil,
		`nofield:x`:     nil,
		`depth `:        nil,
		`type:claim zz`: nil,
	} {
		got, err := x.Complete(t.Context(), q)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q (%v), want %q", q, got, err, want)
		}
		for _, c := range got {
			if _, err := parse(c, true); err != nil {
				t.Errorf("%s: offers %s, which does not parse: %v", q, c, err)
			}
		}
	}
}
