package bib_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenet/survey/bib"
)

func parse(t testing.TB, in string) (bib.Entries, []bib.Warning) {
	t.Helper()
	return bib.Parse("refs.bib", strings.NewReader(in))
}

// bare drops what depends on the place in a file.
func bare(es bib.Entries) bib.Entries {
	var out bib.Entries
	for _, e := range es {
		c := bib.Entry{Type: e.Type, Key: e.Key}
		for _, f := range e.Fields {
			c.Fields = append(c.Fields, bib.Field{Name: f.Name, Value: f.Value})
		}
		out = append(out, c)
	}
	return out
}

func TestEntriesAreReadInEveryForm(t *testing.T) {
	cases := []struct {
		name, in  string
		typ, key  string
		field     string
		want      string
		warnings  int
		wantTitle string
	}{
		{name: "braces", in: "@article{k, title = {A {B} c}}", typ: "article", key: "k", field: "title", want: "A {B} c"},
		{name: "quotes", in: `@Article{k, title = "A {"}B{"} c", year=1999}`, typ: "article", key: "k", field: "title", want: `A {"}B{"} c`},
		{name: "quotes in quotes", in: `@article{k, title = "so "called" so", year = 1}`, typ: "article", key: "k", field: "title", want: `so "called" so`},
		{name: "escaped quote", in: `@article{k, title = "R\"ossler", year = 1}`, typ: "article", key: "k", field: "title", want: `R\"ossler`},
		{name: "parentheses", in: `@book(k, title = {A (b) c}, note = "x)y")`, typ: "book", key: "k", field: "note", want: "x)y"},
		{name: "number", in: "@book{k, year = 1999}", typ: "book", key: "k", field: "year", want: "1999"},
		{name: "macro", in: "@string{acm = {ACM}} @book{k, publisher = acm # \" Press\"}", typ: "book", key: "k", field: "publisher", want: "ACM Press"},
		{name: "macro of macro", in: "@string{a = {A}}\n@STRING(b = a # {B})\n@book{k, note = B}", typ: "book", key: "k", field: "note", want: "AB"},
		{name: "month", in: "@book{k, month = jan}", typ: "book", key: "k", field: "month", want: "jan"},
		{name: "unknown macro", in: "@book{k, journal = nature}", typ: "book", key: "k", field: "journal", want: "nature", warnings: 1},
		{name: "no comma", in: "@book{k, title = {A}\n year = 1999}", typ: "book", key: "k", field: "year", want: "1999", warnings: 1},
		{name: "no value", in: "@book{k, title = , year = 1999}", typ: "book", key: "k", field: "year", want: "1999", warnings: 1},
		{name: "no key", in: "@book{title = {A}}", typ: "book", field: "title", want: "A"},
		{name: "empty key", in: "@book{, title = {A}}", typ: "book", field: "title", want: "A"},
		{name: "key alone", in: "@book{k}", typ: "book", key: "k"},
		{name: "comment in an entry", in: "@book{k,\n% title = {no},\n title = {yes}}", typ: "book", key: "k", field: "title", want: "yes"},
		{name: "comment before", in: "@comment{@book{x, title = {no}}}\nfree text\n@book{k, title = {yes}}", typ: "book", key: "k", field: "title", want: "yes"},
		{name: "spaces everywhere", in: "@ book {\n k ,\n title\t=\n {A}\n ,\n}", typ: "book", key: "k", field: "TITLE", want: "A"},
		{name: "carriage returns", in: "@book{k,\r\n title = {A},\r\n}", typ: "book", key: "k", field: "title", want: "A"},
		{name: "byte order mark", in: "\ufeff@book{k, title = {A}}", typ: "book", key: "k", field: "title", want: "A"},
		{name: "Latin-1", in: "@book{k, title = {caf\xe9}}", typ: "book", key: "k", field: "title", want: "café", warnings: 1},
		{name: "UTF-16", in: "\xff\xfe@\x00b\x00{\x00k\x00,\x00t\x00=\x00{\x00\xe9\x00}\x00}\x00", typ: "b", key: "k", field: "t", want: "é"},
		{name: "mail address before", in: "mail me@home.org\n@book{k, title = {A}}", typ: "book", key: "k", field: "title", want: "A"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			es, ws := parse(t, c.in)
			if len(es) != 1 {
				t.Fatalf("input %q\n got %d entries, warnings %v\nwant 1", c.in, len(es), ws)
			}
			e := es[0]
			if e.Type != c.typ || e.Key != c.key || e.Get(c.field) != c.want || len(ws) != c.warnings || e.Broken != "" {
				t.Errorf("input %q\n got @%s{%s, %s = %q}, broken %q, warnings %v\nwant @%s{%s, %s = %q}, %d warnings",
					c.in, e.Type, e.Key, c.field, e.Get(c.field), e.Broken, ws, c.typ, c.key, c.field, c.want, c.warnings)
			}
		})
	}
}

func TestBrokenBracesAreNamedWithTheirLine(t *testing.T) {
	cases := []struct {
		name, in, want string
		keys           []string
	}{
		{"never closed", "@book{a,\n title = {A}}\n@book{b,\n title = {B},\n\n@book{c, title = {C}}\n", "refs.bib:3: @book{b: its opening brace is never closed; kept as it is", []string{"a", "b", "c"}},
		{"value never closed", "@book{a,\n title = {A,\n year = 1999,\n}\n@book{b, title = {B}}", "refs.bib:1: @book{a: its opening brace is never closed", []string{"a", "b"}},
		{"closed too early", "@book{a,\n title = {A}}, year = 1999}\n@book{b, title = {B}}", "refs.bib:1: @book{a: text follows its closing brace", []string{"a", "b"}},
		{"cut off", "@book{a, title = {A}}\n@book{b, tit", "refs.bib:2: @book{b: its opening brace is never closed", []string{"a", "b"}},
		{"parenthesis never closed", "@book(a, title = {A}\n@book{b, title = {B}}", "refs.bib:1: @book{a: its opening parenthesis is never closed", []string{"a", "b"}},
		{"no field", "@book{a, %%% what is this, title = {A}}", "", []string{"a"}},
		{"words between fields", "@book{a, some words here, title = {A}}", "refs.bib:1: @book{a: text that is no field: some words here", []string{"a"}},
		{"key twice", "@book{a, title = {A}}\n@book{a, title = {B}}", "refs.bib:2: key a is used at line 1 too", []string{"a", "a"}},
		{"nothing", "no entries here", "refs.bib:1: no BibTeX entry found", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			es, ws := parse(t, c.in)
			var keys []string
			for _, e := range es {
				keys = append(keys, e.Key)
			}
			var all []string
			for _, w := range ws {
				all = append(all, w.String())
			}
			if d := cmp.Diff(c.keys, keys); d != "" || !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("input %q\n got keys %v, warnings %q\nwant keys %v, warning %q", c.in, keys, all, c.keys, c.want)
			}
			for _, e := range es {
				if e.Broken != "" && !strings.Contains(c.in, e.Raw) {
					t.Errorf("the source of %s was not kept: %q", e.Key, e.Raw)
				}
			}
		})
	}
}

func TestNoEntryIsLost(t *testing.T) {
	entry := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{
			"@book{k, title = {A}}", "@book{k, title = {A", "@book(k, title = {A})", "@misc{k, t = \"x\"", "@article{k}", "@misc{, a = b}",
			"@book{k, title = {A}}}", "@book{k, title = {A}}, year = 1}", "@misc{k, {x} y = z}",
		}).Draw(t, "entry")
	})
	between := rapid.SampledFrom([]string{"\n", "\n\n", "\ntext\n", "\n% a remark\n", "\n@comment{x}\n", "\n@string{a = {b}}\n"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "entries")
		var in strings.Builder
		for range n {
			in.WriteString(entry.Draw(t, "entry") + between.Draw(t, "between"))
		}
		// Braces left open and braces too many can pair up over entries; what
		// was swallowed must then stand in the source of the entry that has it.
		es, _ := bib.Parse("refs.bib", strings.NewReader(in.String()))
		var kept strings.Builder
		for _, e := range es {
			kept.WriteString(e.Raw)
		}
		want := strings.Count(in.String(), "@") - strings.Count(in.String(), "@comment") - strings.Count(in.String(), "@string")
		if got := strings.Count(kept.String(), "@") - strings.Count(kept.String(), "@comment") - strings.Count(kept.String(), "@string"); got != want {
			t.Fatalf("input %q\n got %d entries in the sources, want %d", in.String(), got, want)
		}
	})
}

func TestImportOfExportIsIdentity(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Z0-9éß\\&"%$#~^=,(). -]{0,12}`)
	value := rapid.Custom(func(t *rapid.T) string {
		s := word.Draw(t, "text")
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			s = word.Draw(t, "before") + "{" + s + "}" + word.Draw(t, "after")
		}
		return s
	})
	entry := rapid.Custom(func(t *rapid.T) bib.Entry {
		e := bib.Entry{
			Type: rapid.SampledFrom([]string{"article", "book", "talk", "inproceedings"}).Draw(t, "type"),
			Key:  rapid.StringMatching(`[a-zA-Z0-9:_+./-]{0,10}`).Draw(t, "key"),
		}
		for range rapid.IntRange(0, 4).Draw(t, "fields") {
			e.Fields = append(e.Fields, bib.Field{Name: rapid.StringMatching(`[a-zA-Z][a-zA-Z-]{0,8}`).Draw(t, "name"), Value: value.Draw(t, "value")})
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		in := bib.Entries(rapid.SliceOfN(entry, 1, 5).Draw(t, "entries"))
		var b bytes.Buffer
		if err := bib.Write(&b, in); err != nil {
			t.Fatal(err)
		}
		out, _ := bib.Parse("refs.bib", bytes.NewReader(b.Bytes()))
		if d := cmp.Diff(in, bare(out)); d != "" {
			t.Fatalf("%s\n%s", d, b.String())
		}
	})
}

func TestProtectedTextComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.StringMatching("[a-zA-Z0-9éß{}&%$#_~^\\\\'`\".,:;()-]{0,30}").Draw(t, "text")
		got := bib.Unicode(bib.Protect(in))
		if got != in {
			t.Fatalf("%q came back as %q by way of %q", in, got, bib.Protect(in))
		}
	})
}

func TestHostileInputTakesLinearTime(t *testing.T) {
	for _, unit := range []string{
		"@a{", "@a(", "@a{b,c={", "@a{b,c=\"", "\"", "{", "}", "@", "@a(b,c={)}", "@a{b,\n", "\n@a(x=\"", "@string{a=a#a}", "@a{b,c=\"\"x\"", "\\", "{\\'", "$", "a=,", "#",
	} {
		read := func(size int) time.Duration {
			in := strings.Repeat(unit, size/len(unit))
			start := time.Now()
			es, _ := parse(t, in)
			for _, e := range es[:min(len(es), 3)] {
				e.Title()
				e.Authors()
			}
			bib.Unicode(in)
			bib.Names(in)
			return time.Since(start)
		}
		// Four times the input takes four times as long, sixteen where the time
		// is quadratic. A busy machine may spoil a measurement, not five.
		var small, large time.Duration
		for range 5 {
			small, large = read(1<<15), read(1<<17)
			if large < 100*time.Millisecond || large < 10*small {
				break
			}
		}
		if large >= 100*time.Millisecond && large >= 10*small {
			t.Errorf("%q: 32 kB took %v, 128 kB took %v", unit, small, large)
		}
	}
}

func TestAReaderThatFailsGivesWhatCameBefore(t *testing.T) {
	r := io.MultiReader(strings.NewReader("@book{a, title = {A}}\n"), iotest.ErrReader(errors.New("the disk is gone")))
	es, ws := bib.Parse("refs.bib", r)
	if len(es) != 1 || len(ws) != 1 || !strings.Contains(ws[0].Text, "the disk is gone") {
		t.Errorf("got %d entries, warnings %v", len(es), ws)
	}
}

func TestChildrenTakeOverFromParents(t *testing.T) {
	in := `
@inproceedings{child, title = {Paper}, crossref = {vol}, xdata = {press}}
@proceedings{vol, title = {Volume}, subtitle = {One}, editor = {Ed, Itor}, year = 2001, doi = {10.1/x}}
@xdata{press, publisher = {Press}, xdata = {place}}
@xdata{place, address = {Here}, xdata = {press}}
@book{self, title = {S}, crossref = {self}}`
	es, _ := parse(t, in)
	child := es.Resolved()[0]
	for name, want := range map[string]string{
		"title": "Paper", "booktitle": "Volume", "booksubtitle": "One", "editor": "Ed, Itor", "year": "2001", "publisher": "Press", "address": "Here", "doi": "",
	} {
		if got := child.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := es[0].Get("year"); got != "" {
		t.Errorf("the entry itself changed: year %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"@article{k, title = {A {\\\"o} b}, author = {von A, Jr, B and others}, year = 1999}", "@book(k, t = \"x\" # y)", "@string{a = {b}}",
		"@comment{x}", "@a{", "@a{b,c={", "\xff\xfe@\x00", "@a{b, $x$ = \\'{\\i}}", "@book{k, title = {A}}, x = 1}", "@xdata{a, xdata = {a}}", "@a{b, crossref = {B}}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		es, _ := bib.Parse("f.bib", bytes.NewReader(data))
		var sound bib.Entries
		for _, e := range es.Resolved() {
			e.Title()
			e.Authors()
			e.Year()
			e.Venue()
			bib.Names(e.Get("editor"))
		}
		for _, e := range es {
			if e.Broken == "" {
				sound = append(sound, e)
			}
		}
		var b bytes.Buffer
		if err := bib.Write(&b, sound); err != nil {
			t.Fatal(err)
		}
		again, _ := bib.Parse("f.bib", bytes.NewReader(b.Bytes()))
		if d := cmp.Diff(bare(sound), bare(again)); d != "" {
			t.Errorf("input %q\nwritten %q\n%s", data, b.String(), d)
		}
	})
}
