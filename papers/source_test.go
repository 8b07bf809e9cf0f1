package papers

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tenet/papers/layout"
	"tenet/papers/pdfwrite"
)

// engine is one renderer for all tests, since starting it takes seconds where its machine code is not kept.
var engine = sync.OnceValue(func() *Renderer {
	dir, err := os.UserCacheDir()
	if err != nil {
		return &Renderer{}
	}
	return &Renderer{Cache: filepath.Join(dir, "tenet", "pdfium")}
})

// everySource opens b with each source and gives what each read, by its name.
func everySource(t *testing.T, b []byte) map[string]*reading {
	t.Helper()
	o := Options{}.withDefaults()
	f, err := readRawFile(b)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*reading{}
	first, err := openLedongthuc(f.overlay())
	if err != nil {
		t.Fatal(err)
	}
	second, err := openPdfcpu(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []objectSource{first, second} {
		r, err := readOnce(t.Context(), s, newInterpreter(o), o)
		if err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		out[s.Name()] = r
	}
	last, err := engine().open(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer last.close()
	out["pdfium"] = last.reading(o)
	return out
}

func TestEverySourceReadsTheSameText(t *testing.T) {
	b := article(pdfwrite.Info{Title: "A title"}).Bytes(pdfwrite.Form{})
	var want []string
	for _, name := range []string{"ledongthuc", "pdfcpu", "pdfium"} {
		r := everySource(t, b)[name]
		if r == nil {
			t.Fatalf("%s: no text", name)
		}
		r.compose()
		got := strings.Fields(textOf(r.doc))
		if name == "ledongthuc" {
			want = got
		}
		if missing := missingWords(want, got); missing > len(want)/100 {
			t.Errorf("%s: %d of %d words are missing", name, missing, len(want))
		}
		for _, p := range r.doc.Pages {
			if p.Source != name || p.SourceVer == "" {
				t.Errorf("page %d says it was read by %q version %q, want %s", p.Number, p.Source, p.SourceVer, name)
			}
		}
	}
}

func missingWords(want, got []string) int {
	have := map[string]int{}
	for _, w := range got {
		have[w]++
	}
	n := 0
	for _, w := range want {
		if have[w]--; have[w] < 0 {
			n++
		}
	}
	return n
}

func TestTheSecondSourceGivesTheSameObjects(t *testing.T) {
	b := onePage(saying, map[int]string{
		3: strings.Replace(formPage, "/Type", "/Odd << /S (a\\051) /H <4142> /R 1.5 /I -7 /B true /N /Name /A [1 5 0 R null] >> /Type", 1), 6: "null", 7: "null",
	})
	s, err := openPdfcpu(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	s.load(Options{}.withDefaults())
	if len(s.Pages()) != 1 {
		t.Fatalf("got %d pages, want 1", len(s.Pages()))
	}
	odd := s.Pages()[0].Dict.Key("Odd")
	if v := odd.Key("S"); v.Kind() != stringKind || v.Raw() != "a)" {
		t.Errorf("a string: got %q", v.Raw())
	}
	if v := odd.Key("H"); v.Kind() != stringKind || v.Raw() != "AB" {
		t.Errorf("a hex string: got %q", v.Raw())
	}
	if r, i := odd.Key("R"), odd.Key("I"); r.Kind() != realKind || r.Float() != 1.5 || i.Kind() != intKind || i.Int() != -7 || i.Float() != -7 {
		t.Errorf("numbers: got %v and %v", r.Float(), i.Int())
	}
	if !odd.Key("B").Bool() || odd.Key("N").Name() != "Name" {
		t.Error("a boolean or a name was lost")
	}
	a := odd.Key("A")
	if a.Len() != 3 || a.Index(1).Kind() != dictKind || a.Refs()["1"] != "5 0 R" || a.Index(2).Kind() != nullKind || a.Index(9).Kind() != nullKind {
		t.Errorf("an array: got %d elements, references %v", a.Len(), a.Refs())
	}
	if c, err := s.Pages()[0].Dict.Key("Contents").Stream(); err != nil || string(c) != saying {
		t.Errorf("a stream: got %q, %v", c, err)
	}
	if _, err := odd.Stream(); !errors.Is(err, errNoStream) {
		t.Errorf("a dictionary as a stream: got %v", err)
	}
}

// The content says it is compressed and is not.
func TestThePageThatNoSourceOfObjectsReadsIsReadByTheLast(t *testing.T) {
	b := bytes.Replace(onePage(saying, nil), []byte("/Length"), []byte("/Filter /FlateDecode /Length"), 1)
	alone, err := read(t.Context(), b, Options{}.withDefaults())
	if err != nil || textOf(alone) != "" {
		t.Fatalf("without the last source: got %q, %v", textOf(alone), err)
	}
	d, err := read(t.Context(), b, Options{Last: engine()}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	if textOf(d) != said || d.Pages[0].Source != "pdfium" || d.Pages[0].SourceVer != pdfiumVersion {
		t.Errorf("got %q by %s %s, want %q by pdfium", textOf(d), d.Pages[0].Source, d.Pages[0].SourceVer, said)
	}
	if !slices.ContainsFunc(d.Warnings, func(w Warning) bool { return w.Code == "source" }) {
		t.Errorf("got warnings %+v, want one that names the source", d.Warnings)
	}
}

func TestAPageTreeThatOnlyRunsInACircleIsRefused(t *testing.T) {
	b := onePage(saying, map[int]string{2: "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"})
	if d, err := read(t.Context(), b, Options{}.withDefaults()); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %+v, %v, want ErrEmpty", d, err)
	}
}

func TestASoundFileNeverStartsTheLastSource(t *testing.T) {
	r := &Renderer{}
	for name, b := range map[string][]byte{
		"an article":         article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}),
		"a page without ink": onePage("", nil),
		"no PDF":             []byte("<html>"),
	} {
		_, _ = read(t.Context(), b, Options{Last: r}.withDefaults())
		if r.pool != nil {
			t.Fatalf("%s started the engine", name)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheRestOfAFileIsSparedASourceThatDoesNoBetter(t *testing.T) {
	r := &reading{doc: &Document{}, src: &bareSource{}, state: make([]pageState, 50)}
	for i := range r.state {
		r.state[i] = pageState{failed: true}
	}
	asked := 0
	r.mend("x", "1", func(int) (_ *layout.Page, s pageState, more bool) { asked++; return nil, s, true })
	if asked != fruitless {
		t.Errorf("%d pages were tried, want %d", asked, fruitless)
	}
}

func TestTheEngineStopsWithItsContext(t *testing.T) {
	b := article(pdfwrite.Info{}).Bytes(pdfwrite.Form{})
	ctx, cancel := context.WithCancel(t.Context())
	f, err := engine().open(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 1000 {
		if _, _, more := f.page(0, newInterpreter(Options{}.withDefaults()), Options{}.withDefaults()); !more {
			break
		}
	}
	f.close()
	// The next document gets a fresh engine.
	if _, err := engine().Picture(t.Context(), b, 1, Box{}, 20); err != nil {
		t.Errorf("after a document that was stopped: %v", err)
	}
}

func TestAPictureShowsTheRegionAskedFor(t *testing.T) {
	b := onePage("0 0 0 rg 100 600 50 50 re f", nil) // a black square, 142 points from the top
	whole, err := engine().Picture(t.Context(), b, 1, Box{}, 72)
	if err != nil {
		t.Fatal(err)
	}
	if s := whole.Bounds().Size(); s.X != 612 || s.Y != 792 {
		t.Fatalf("got %v pixels, want 612 by 792", s)
	}
	if r, _, _, _ := whole.At(125, 165).RGBA(); r != 0 {
		t.Error("the square is not black")
	}
	if r, _, _, _ := whole.At(300, 400).RGBA(); r != 0xFFFF {
		t.Error("the paper is not white")
	}
	part, err := engine().Picture(t.Context(), b, 1, Box{100, 142, 150, 192}, 144)
	if err != nil {
		t.Fatal(err)
	}
	if s := part.Bounds().Size(); s.X != 100 || s.Y != 100 {
		t.Errorf("got %v pixels, want 100 by 100", s)
	}
	if r, _, _, _ := part.At(50, 50).RGBA(); r != 0 {
		t.Error("the region does not show the square")
	}
	for page, want := range map[int]error{0: ErrNoPage, 2: ErrNoPage} {
		if _, err := engine().Picture(t.Context(), b, page, Box{}, 72); !errors.Is(err, want) {
			t.Errorf("page %d: got %v, want %v", page, err, want)
		}
	}
	if _, err := engine().Picture(t.Context(), b, 1, Box{}, 100_000); !errors.Is(err, ErrLimit) {
		t.Errorf("a picture too large: got %v, want ErrLimit", err)
	}
	if _, err := engine().Picture(t.Context(), []byte("no PDF"), 1, Box{}, 72); !errors.Is(err, ErrDamaged) {
		t.Errorf("no PDF: got %v, want ErrDamaged", err)
	}
}

func TestTheSourcesSayTheirVersions(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for path, version := range map[string]string{
		"github.com/ledongthuc/pdf": ledongthucVersion, "github.com/pdfcpu/pdfcpu": pdfcpuVersion, "github.com/klippa-app/go-pdfium": pdfiumVersion,
	} {
		m := regexp.MustCompile(regexp.QuoteMeta(path) + ` (\S+)`).FindSubmatch(mod)
		if m == nil || string(m[1]) != version {
			t.Errorf("%s is pinned to %q, and pages say %s", path, m, version)
		}
	}
}
