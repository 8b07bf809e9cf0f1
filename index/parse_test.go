package index

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAQueryReadsAsItIsMeant(t *testing.T) {
	for q, want := range map[string]string{
		``:                            `everything`,
		`  `:                          `everything`,
		`skip`:                        `skip`,
		`Skip DEPTH`:                  `(skip depth)`,
		`"identity path"`:             `"identity path"`,
		`“identity path”`:             `"identity path"`,
		`self-attention`:              `"self attention"`,
		`Rényi`:                       `renyi`,
		`unscal*`:                     `unscal*`,
		`self-att*`:                   `self-att*`,
		`residul~`:                    `residul~1`,
		`residul~2`:                   `residul~2`,
		`a or b c`:                    `(a or (b c))`,
		`a AND b`:                     `(a b)`,
		`(a or b) c`:                  `((a or b) c)`,
		`-a`:                          `-a`,
		`a -b`:                        `(a -b)`,
		`a -(b or c)`:                 `(a -(b or c))`,
		`NOT a`:                       `-a`,
		`- a`:                         `a`,
		`a - b`:                       `(a b)`,
		`a —`:                         `a`,
		`NEAR/5(skip depth)`:          `NEAR/5(skip depth)`,
		`NEAR(skip "deep nets" w*)`:   `NEAR/10(skip "deep nets" w*)`,
		`NEAR/5(skip)`:                `skip`,
		`near`:                        `near`,
		`year:2019..2023`:             `year:2019..2023`,
		`year:2019..`:                 `year:2019..`,
		`year:..2019`:                 `year:..2019`,
		`year:2019`:                   `year:2019`,
		`page:(3 or 4)`:               `(page:3 or page:4)`,
		`stance:+`:                    `stance:+`,
		`stance:- depth`:              `(stance:- depth)`,
		`stance:*`:                    `stance:*`,
		`stance:contradicts`:          `stance:-`,
		`-stance:-`:                   `-stance:-`,
		`tag:vision`:                  `tag:vision`,
		`-tag:vision`:                 `-tag:vision`,
		`tag:"skip connection"`:       `tag:"skip connection"`,
		`author:(he or huang)`:        `(author:he or author:huang)`,
		`author:sriv*`:                `author:sriv*`,
		`YEAR:2019`:                   `year:2019`,
		`claim:he2016identity.c1`:     `claim:"he2016identity c1"`,
		`3:1`:                         `"3 1"`,
		`残差 net`:                      `("残 差" net)`,
		`stance:- NEAR/5(a b) -tag:x`: `(stance:- NEAR/5(a b) -tag:x)`,
		`title:"deep residual"`:       `title:"deep residual"`,
	} {
		if got, err := Reading(q); err != nil || got != want {
			t.Errorf("%s\n got %s (%v)\nwant %s", q, got, err, want)
		}
	}
}

func TestAParseErrorNamesThePlace(t *testing.T) {
	for q, want := range map[string]ParseError{
		`skip year:abc`:       {10, "abc", "number or a range"},
		`skip foo:bar`:        {5, "foo:", "no such field"},
		`"open`:               {0, `"open`, "never closed"},
		`a (b`:                {2, "(", "never closed"},
		`a b)`:                {3, ")", "closes nothing"},
		`year:`:               {0, "year:", "needs a value"},
		`year: 2019`:          {0, "year:", "needs a value"},
		`or b`:                {0, "or", "nothing stands before"},
		`b or`:                {2, "or", "nothing stands after"},
		`NEAR/500(a b)`:       {0, "NEAR/500(", "at most 100"},
		`NEAR/5(a (b))`:       {9, "(", "only words and phrases"},
		`NEAR/5(a b~)`:        {9, "b~", "similar"},
		`NEAR/5(`:             {0, "NEAR/5(", "never closed"},
		`stance:maybe`:        {7, "maybe", "supports"},
		`a~9`:                 {0, "a~9", "~1 and ~2"},
		`author:(title:x)`:    {8, "title:", "inside the value of author"},
		`é “x” year:19x9`:     {11, "19x9", "number or a range"},
		`year:99999999999999`: {5, "99999999999999", "number or a range"},
	} {
		_, err := Reading(q)
		got, ok := errors.AsType[*ParseError](err)
		if !ok || got.Pos != want.Pos || got.Token != want.Token || !strings.Contains(got.Msg, want.Msg) {
			t.Errorf("%s\n got %+v (%v)\nwant %+v", q, got, err, want)
		}
	}
}

func TestWhatIsUnfinishedIsForgivenWhileTyping(t *testing.T) {
	for q, want := range map[string]string{
		`"identity pa`:       `"identity pa"`,
		`unsca`:              `unsca*`,
		`deep unsca`:         `(deep unsca*)`,
		`deep `:              `deep`,
		`(a or`:              `a`,
		`a or`:               `a`,
		`year:`:              `everything`,
		`year: skip `:        `skip`,
		`year:20.`:           `everything`,
		`NEAR/5(a b`:         `NEAR/5(a b*)`,
		`NEAR/5(`:            `everything`,
		`a -`:                `a`,
		`tag:vis`:            `tag:vis*`,
		`"identity path" x~`: `("identity path" x~1)`,
	} {
		e, err := parse(q, true)
		if err != nil || e.String() != want {
			t.Errorf("%s\n got %v (%v)\nwant %s", q, e, err, want)
		}
	}
}

func TestAPastedMegabyteIsRefusedQuickly(t *testing.T) {
	for _, typing := range []bool{false, true} {
		_, err := parse(strings.Repeat("skip ", 200_000), typing)
		if e, ok := errors.AsType[*ParseError](err); !ok || !strings.Contains(e.Msg, "at most 4096 characters") {
			t.Errorf("typing %t: got %v", typing, err)
		}
	}
	for _, q := range []string{strings.Repeat("(", 4000), strings.Repeat("-(", 2000), strings.Repeat("a ", 2000)} {
		if _, err := parse(q, true); err == nil {
			t.Errorf("%.20s…: read without complaint", q)
		}
	}
}

// FuzzParse holds that no query panics, that an error points into the query, and
// that the reading of a reading is the reading.
func FuzzParse(f *testing.F) {
	for _, q := range []string{
		``, `a b`, `"x y`, `(a or b) -c`, `year:2019..2023`, `stance:-`, `NEAR/5(a "b c" d*)`, `a~2`, `field:x`,
		`-(-(a))`, `or or or`, `a:b:c`, `:`, `*`, `~`, `"`, `)(`, `NEAR/`, `page:(1 or 2)`, "a\x00b", "\xff\xfe", `“”„`, `year:-5..5`,
	} {
		f.Add(q, false)
		f.Add(q, true)
	}
	f.Fuzz(func(t *testing.T, q string, typing bool) {
		e, err := parse(q, typing)
		if err != nil {
			p, ok := errors.AsType[*ParseError](err)
			if !ok || p.Pos < 0 || p.Pos > utf8.RuneCountInString(q) || p.Msg == "" {
				t.Fatalf("%q: error %#v", q, err)
			}
			return
		}
		compile(e)
		newHighlighter(e)
		s := e.String()
		if s == "everything" || strings.Contains(s, "everything") {
			return
		}
		again, err := parse(s, false)
		if err != nil || again.String() != s {
			t.Fatalf("%q reads as %q, which reads as %v (%v)", q, s, again, err)
		}
	})
}
