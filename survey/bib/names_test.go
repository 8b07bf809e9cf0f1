package bib_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenet/survey/bib"
)

func TestNamesAreTakenApartAsBibTeXDoes(t *testing.T) {
	cases := []struct {
		in     string
		want   []bib.Name
		others bool
	}{
		{"Kaiming He", []bib.Name{{Family: "He", Given: "Kaiming"}}, false},
		{"He, Kaiming and Zhang, Xiangyu", []bib.Name{{Family: "He", Given: "Kaiming"}, {Family: "Zhang", Given: "Xiangyu"}}, false},
		{"Laurens van der Maaten", []bib.Name{{Family: "Maaten", Given: "Laurens", Prefix: "van der"}}, false},
		{"van der Maaten, Laurens", []bib.Name{{Family: "Maaten", Given: "Laurens", Prefix: "van der"}}, false},
		{"de la Vall{\\'e}e Poussin, Charles", []bib.Name{{Family: "Vallée Poussin", Given: "Charles", Prefix: "de la"}}, false},
		{"King, Jr., Martin Luther", []bib.Name{{Family: "King", Given: "Martin Luther", Suffix: "Jr."}}, false},
		{"{Barnes and Noble, Inc.}", []bib.Name{{Literal: "Barnes and Noble, Inc."}}, false},
		{"{\\'E}mile Zola", []bib.Name{{Family: "Zola", Given: "Émile"}}, false},
		{"Plato", []bib.Name{{Family: "Plato"}}, false},
		{"family=Gompel, given=Roger, prefix=van", []bib.Name{{Family: "Gompel", Given: "Roger", Prefix: "van"}}, false},
		{"A. Author AND others", []bib.Name{{Family: "Author", Given: "A."}}, true},
		{"Author, A. and et al.", []bib.Name{{Family: "Author", Given: "A."}}, true},
		{"Donald~E. Knuth", []bib.Name{{Family: "Knuth", Given: "Donald E."}}, false},
		{"", nil, false},
		{" and ", nil, false},
		{",", []bib.Name{{Literal: ","}}, false},
	}
	for _, c := range cases {
		got, others := bib.Names(c.in)
		if d := cmp.Diff(c.want, got); d != "" || others != c.others {
			t.Errorf("input %q, others %v\n%s", c.in, others, d)
		}
	}
}

func TestTeXBecomesTextForPeople(t *testing.T) {
	for in, want := range map[string]string{
		`J{\"u}rgen`: "Jürgen", `J\"urgen`: "Jürgen", `{\'\i}`: "í", `\'{\i}`: "í", `\c{c}`: "ç", `\c c`: "ç", `\v{S}`: "Š", `\H{o}`: "ő", `\k{a}`: "ą",
		`{\o}re`: "øre", `\o re`: "øre", `\ss{}e`: "ße", `Stra{\ss}e`: "Straße", `\AA ngstr\"om`: "Ångström", `{\L}ukasz`: "Łukasz",
		`{U-Net}: a {{net}}`: "U-Net: a net", `\emph{so} \textbf{it {\em is}}`: "so it is", `{\it x}`: "x", `a~b`: "a\u00a0b", `1--2 --- 3`: "1–2 — 3",
		"``quoted''": "“quoted”", `\mkbibquote{x}`: "“x”", `50\% \& \$5 \#1 a\_b`: "50% & $5 #1 a_b", `$O(n^2)$`: "O(n²)", `H$_2$O`: "H₂O", `$\alpha$-nets`: "α-nets",
		`\url{http://a.b/~c_d}`: "http://a.b/~c_d", `\unknown{kept}`: "kept", `\unknown`: `\unknown`, "two\n  lines": "two lines", `\textsuperscript{2}`: "²", `$x`: "$x", `\`: `\`,
		"e\u0301": "é", `{`: "", `}`: "",
	} {
		if got := bib.Unicode(in); got != want {
			t.Errorf("input %q\n got %q\nwant %q", in, got, want)
		}
	}
}

func ExampleParse() {
	es, ws := bib.Parse("refs.bib", strings.NewReader(`
@article{he2016, author = {He, Kaiming and others}, title = {Identity {M}appings}, year = 2016}
@book{oops, title = {Never closed`))
	for _, e := range es {
		fmt.Println(e.Key, "|", e.Title(), "|", e.Year())
	}
	fmt.Println(ws[0])
	// Output:
	// he2016 | Identity Mappings | 2016
	// oops | Never closed | 0
	// refs.bib:3: @book{oops: its opening brace is never closed; kept as it is
}
