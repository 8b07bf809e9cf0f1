package papers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tenet/papers/pdfwrite"
)

// manyPages is a document of n pages that say "page 1", "page 2" and so on.
func manyPages(n int, change func(objects map[int]string)) []byte {
	objects := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 3: helveticaDict}
	kids := ""
	for i := range n {
		objects[10+2*i] = fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 11+2*i)
		objects[11+2*i] = streamBody("", fmt.Sprintf("BT /F1 12 Tf 72 500 Td (words of page %d) Tj ET", i+1))
		kids += fmt.Sprintf("%d 0 R ", 10+2*i)
	}
	objects[2] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, n)
	if change != nil {
		change(objects)
	}
	return handmade(objects)
}

func TestABadPageCostsThatPage(t *testing.T) {
	for name, bad := range map[string]string{
		"an unknown filter":    streamBody("/Filter /Mystery", "BT"),
		"damaged data":         streamBody("/Filter /FlateDecode", "no zlib data at all"),
		"no stream":            "(text)",
		"a filter of no kind":  streamBody("/Filter [[/X] 1 null]", "BT"),
		"a predictor too wide": streamBody("/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 1000000000 /Colors 100000 >>", string(deflated(t, "BT"))),
	} {
		d, err := read(t.Context(), manyPages(3, func(o map[int]string) { o[13] = bad }), Options{}.withDefaults())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(d.Pages) != 3 || d.Pages[0].Text != "words of page 1" || d.Pages[2].Text != "words of page 3" {
			t.Errorf("%s: pages say %q", name, textOf(d))
		}
	}
}

func TestPageTreesAreWalkedWithoutTrust(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(map[int]string)
	}{
		{"flat", "1 2 3", nil},
		{"count of nought", "1 2 3", func(o map[int]string) { o[2] = strings.Replace(o[2], "/Count 3", "/Count 0", 1) }},
		{"huge count", "1 2 3", func(o map[int]string) { o[2] = strings.Replace(o[2], "/Count 3", "/Count 2147483647", 1) }},
		{"a kid that is its own parent", "1 2 3", func(o map[int]string) { o[2] = strings.Replace(o[2], "[", "[2 0 R ", 1) }},
		{"kids that are nothing", "1 2 3", func(o map[int]string) { o[2] = strings.Replace(o[2], "[", "[null 99 0 R 17 (s) ", 1) }},
		{"a page twice", "1 2 3", func(o map[int]string) { o[2] = strings.Replace(o[2], "[", "[10 0 R ", 1) }},
		{"nested", "1 2 3", func(o map[int]string) {
			o[2] = "<< /Type /Pages /Kids [5 0 R 14 0 R] /Count 3 >>"
			o[5] = "<< /Type /Pages /Kids [6 0 R] /Count 2 >>"
			o[6] = "<< /Type /Pages /Kids [10 0 R 12 0 R 5 0 R] /Count 2 >>"
		}},
		{"inherited resources", "1 2 3", func(o map[int]string) {
			for _, id := range []int{10, 12, 14} {
				o[id] = strings.Replace(o[id], "/Resources << /Font << /F1 3 0 R >> >>", "", 1)
			}
			o[2] = strings.Replace(o[2], "/Type", "/Resources << /Font << /F1 3 0 R >> >> /Type", 1)
		}},
		{"no types", "1 2 3", func(o map[int]string) {
			for id := range o {
				o[id] = strings.NewReplacer("/Type /Pages", "", "/Type /Page", "").Replace(o[id])
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.TrimSpace(strings.ReplaceAll(readText(t, manyPages(3, c.change)), "words of page ", ""))
			if got != c.want {
				t.Errorf("pages %s, want %s", got, c.want)
			}
		})
	}
	d, err := read(t.Context(), manyPages(9, nil), Options{MaxPages: 4}.withDefaults())
	if err != nil || len(d.Pages) != 4 {
		t.Errorf("at most 4 pages asked for: got %d, %v", len(d.Pages), err)
	}
}

func TestPageBoxesAreCropped(t *testing.T) {
	for boxes, want := range map[string][2]float64{
		"/MediaBox [0 0 612 792]":                                {612, 792},
		"/MediaBox [612 792 0 0]":                                {612, 792},
		"/MediaBox [0 0 612 792] /CropBox [100 100 200 300]":     {100, 200},
		"/MediaBox [0 0 612 792] /CropBox [2000 2000 2100 2100]": {612, 792},
		"/MediaBox [0 0 612 792] /CropBox [-50 0 300 9999]":      {300, 792},
		"/MediaBox [/a /b (c) null]":                             {612, 792},
		"/MediaBox [0 0 0 0]":                                    {612, 792},
		"":                                                       {612, 792},
	} {
		b := onePage(saying, map[int]string{3: "<< /Type /Page /Parent 2 0 R " + boxes + " /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"})
		_, w, h := pageMatrix(sourceOf(t, b).Pages()[0])
		if w != want[0] || h != want[1] {
			t.Errorf("%s: %v by %v, want %v", boxes, w, h, want)
		}
	}
}

func TestAFileOfPicturesSaysThatItHasNoText(t *testing.T) {
	d, err := read(t.Context(), onePage("q 1 0 0 1 0 0 cm Q", nil), Options{}.withDefaults())
	if err != nil || !slices.ContainsFunc(d.Warnings, func(w Warning) bool { return w.Code == "no-text" }) {
		t.Errorf("got %v, %v; want a warning no-text", d, err)
	}
}

func TestACancelledReadingStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	o := Options{Progress: func(done, total int) {
		n++
		if done == 2 {
			cancel()
		}
	}}.withDefaults()
	if _, err := read(ctx, manyPages(50, nil), o); !errors.Is(err, context.Canceled) || n > 4 {
		t.Errorf("cancelled after page 2: %d reports, error %v; want it to stop there", n, err)
	}
}

func TestTheLibrarysTextFunctionsAreNotUsed(t *testing.T) {
	forbidden := regexp.MustCompile(`\.(GetPlainText|GetTextByRow|GetTextByColumn|GetStyledTexts|Content\(\)|Interpret\()`)
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if m := forbidden.Find(b); m != nil {
			t.Errorf("%s uses %s", path, m)
		}
		f, err := parser.ParseFile(gotoken.NewFileSet(), path, b, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			if i.Path.Value == `"github.com/ledongthuc/pdf"` && path != "source_ledongthuc.go" {
				t.Errorf("%s imports the library; only source_ledongthuc.go may", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkOffsets tells what is wrong with the offsets of a document's pages.
func checkOffsets(t testing.TB, d *Document) {
	t.Helper()
	for i := range d.Pages {
		p := &d.Pages[i]
		n, last := utf8.RuneCountInString(p.Text), 0
		for _, b := range p.Blocks {
			if b.Start < last || b.End < b.Start || b.End > n || len(b.Lines) == 0 {
				t.Fatalf("page %d: block %d–%d after %d in %d runes", p.Number, b.Start, b.End, last, n)
			}
			last = b.Start
			for _, l := range b.Lines {
				if l.Start < last || l.End < l.Start || l.End > b.End {
					t.Fatalf("page %d: line %d–%d after %d in block %d–%d", p.Number, l.Start, l.End, last, b.Start, b.End)
				}
				last = l.End
			}
			last = b.End
		}
		last = 0
		for _, w := range p.Words {
			if w.Start < last || w.End < w.Start || w.End > n {
				t.Fatalf("page %d: word %d–%d after %d in %d runes", p.Number, w.Start, w.End, last, n)
			}
			last = w.End
		}
		for _, s := range p.Sentences {
			if s.Start < 0 || s.End < s.Start || s.End > n {
				t.Fatalf("page %d: sentence %s %d–%d in %d runes", p.Number, s.ID, s.Start, s.End, n)
			}
		}
	}
}

func TestOffsetsLieInsideTheText(t *testing.T) {
	d := opened(t, article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}))
	if len(d.Pages) == 0 || len(d.Pages[0].Words) < 20 {
		t.Fatalf("%d pages, want one with words", len(d.Pages))
	}
	checkOffsets(t, d)
}

func TestWriteTextSaysWhatThePagesSay(t *testing.T) {
	d := opened(t, article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}))
	var b bytes.Buffer
	if err := WriteText(&b, d); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), "\f"); got != len(d.Pages) {
		t.Errorf("%d form feeds for %d pages", got, len(d.Pages))
	}
	squeeze := func(s string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(s, "\f", " ")), "")
	}
	want := squeeze(textOf(d))
	got := b.String()
	for i := range d.Pages { // hyphens that only broke the line are in the print
		for _, bl := range d.Pages[i].Blocks {
			for _, l := range bl.Lines {
				if l.Hyphen {
					got = strings.Replace(got, "-\n", "", 1)
				}
			}
		}
	}
	if len(squeeze(got)) != len(want) {
		t.Errorf("written %d letters, the pages have %d", len(squeeze(got)), len(want))
	}
	if lines := strings.Count(b.String(), "\n"); lines < 10 {
		t.Errorf("%d lines, want one for each line of print", lines)
	}
}

func TestTextAloneIsTheSameText(t *testing.T) {
	b := article(pdfwrite.Info{}).Bytes(pdfwrite.Form{})
	whole, err := Read(t.Context(), "x.pdf", b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := Read(t.Context(), "x.pdf", b, Options{TextOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var want, got strings.Builder
	if err := errors.Join(WriteText(&want, whole), WriteText(&got, alone)); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() || got.Len() == 0 {
		t.Error("the text differs where nothing else is asked for")
	}
	if alone.Meta.Title != "" || len(alone.Pages[0].Sentences) != 0 || whole.Meta.Title == "" {
		t.Error("more was read than the text, or less than all")
	}
}
