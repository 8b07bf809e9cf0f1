package report

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/papers/pdfwrite"
	"tenet/principles"
	"tenet/survey"
)

// studyWithAPaper is the decided study with a paper of our own making: a figure, a table, and claims that lead to them or do not.
func studyWithAPaper(t *testing.T) *store.Library {
	t.Helper()
	lib := decidedStudy(t)
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Text(60, 740, pdfwrite.Font{}, 16, "On the Width of Made Rivers")
	c.Text(60, 712, pdfwrite.Font{}, 10, "The loss falls with depth, as Fig. 1 shows for all of the nets that were trained here.")
	c.Text(60, 700, pdfwrite.Font{}, 10, "Nothing else is said in this sentence, which stands alone on its line of the page.")
	c.Raw("0.2 g 80 520 180 120 re f 0 g")
	c.Text(60, 500, pdfwrite.Font{}, 9, "Figure 1: The shape of the loss over the depth of made rivers.")
	c.Text(60, 440, pdfwrite.Font{}, 9, "Table 2: The errors at every width that was tried in the field.")
	for i := range 4 {
		c.Text(80, 420-float64(i)*12, pdfwrite.Font{}, 9, "12.5      13.1      14.7      15.0")
	}
	path := filepath.Join(t.TempDir(), "rivers.pdf")
	must(t, os.WriteFile(path, b.Bytes(pdfwrite.Form{}), 0o600))
	d, err := papers.Open(t.Context(), path, papers.Options{})
	must(t, err)
	a, err := survey.AddPDF(t.Context(), lib, "ben", path, d)
	must(t, err)
	update(t, lib, func(tx *store.Tx) error {
		for _, quote := range []string{
			"The loss falls with depth, as Fig. 1 shows", "Nothing else is said in this sentence", "The errors at every width that was tried in the field",
		} {
			anchor := papers.AnchorForQuote(d, quote, 1)
			c, err := survey.Tag(tx, survey.NewClaim{PaperID: a.Paper.ID, Anchor: &anchor, Page: 1, Quote: quote, Kind: survey.Conjecture})
			if err != nil {
				return err
			}
			if _, err := principles.LinkClaim(tx, c.ID, "P1", principles.Supports); err != nil {
				return err
			}
		}
		return nil
	})
	return lib
}

// grey draws every figure as a grey picture and notes what was asked for.
func grey(asked *[]string) func(context.Context, []byte, int, string) (image.Image, error) {
	return func(_ context.Context, pdf []byte, page int, label string) (image.Image, error) {
		*asked = append(*asked, fmt.Sprintf("%s %d %s", pdf[:4], page, label))
		m := image.NewGray(image.Rect(0, 0, 1200, 500))
		for i := range m.Pix {
			m.Pix[i] = 0x80
		}
		return m, nil
	}
}

func TestAClaimShowsTheFigureItStandsInOrSpeaksOf(t *testing.T) {
	lib := studyWithAPaper(t)
	var asked []string
	var b strings.Builder
	must(t, HTML(t.Context(), &b, lib, Options{Curves: -1, Draw: grey(&asked)}))
	page := html.UnescapeString(b.String())
	if got := strings.Join(asked, "; "); got != "%PDF 1 Table 2; %PDF 1 Figure 1" {
		t.Errorf("drawn: %s; want the table that was tagged, then the figure that is spoken of", got)
	}
	images := regexp.MustCompile(`<img class="paper" src="data:image/png;base64,([A-Za-z0-9+/=]+)"`).FindAllStringSubmatch(page, -1)
	if len(images) != 2 || strings.Count(page, "src=") != 2 {
		t.Fatalf("%d pictures in the page, want 2", len(images))
	}
	raw, err := base64.StdEncoding.DecodeString(images[0][1])
	must(t, err)
	if m, err := png.Decode(bytes.NewReader(raw)); err != nil || m.Bounds().Dx() != 960 || m.Bounds().Dy() != 400 {
		t.Errorf("the picture is %v, error %v; want it 960 wide and in shape", m, err)
	}
	for _, want := range []string{"img-src data:", "The errors at every width", `<a href="#paper-figure-1">Table 2</a>`, `<a href="#paper-figure-2">Figure 1</a>`, "belong to their authors", ", page 1; "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("a link to nowhere: %s", m[1])
		}
	}
	var md strings.Builder
	must(t, Markdown(t.Context(), &md, lib, Options{Draw: func(context.Context, []byte, int, string) (image.Image, error) {
		t.Error("the Markdown report has something drawn")
		return nil, errors.New("no")
	}}))
	if !strings.Contains(md.String(), "; Figure 1, page 1") || !strings.Contains(md.String(), "; Table 2, page 1") || strings.Contains(md.String(), "data:") {
		t.Error("the Markdown report does not name the figures, or holds them")
	}
}

func TestAPictureThatCannotBeMadeIsSaidAndCostsNothingElse(t *testing.T) {
	lib := studyWithAPaper(t)
	var b strings.Builder
	must(t, HTML(t.Context(), &b, lib, Options{Curves: -1, Draw: func(context.Context, []byte, int, string) (image.Image, error) {
		return nil, errors.New("Table 2 on page 1 cannot be drawn: <killed>")
	}}))
	page := b.String()
	if n := strings.Count(page, "Its picture could not be made: Table 2 on page 1 cannot be drawn: &lt;killed&gt;."); n != 2 || strings.Contains(page, "<img") {
		t.Errorf("said %d times, want 2 and no picture", n)
	}
	if !strings.Contains(page, "The errors at every width") || !strings.Contains(page, "Papers cited") {
		t.Error("the caption or the rest of the report is gone")
	}
}

func TestAReportWithoutAPainterOnlyNamesTheFigures(t *testing.T) {
	page := inHTML(t, studyWithAPaper(t))
	if strings.Contains(page, "<img") || strings.Contains(page, "img-src") || strings.Contains(page, "Figures and tables of the papers") {
		t.Error("there are pictures, or room for them")
	}
	if !strings.Contains(page, `<span class="small">Figure 1<span class="dim">, page 1`) {
		t.Error("the figure is not named beside its claim")
	}
}

func TestAPictureInTheReportIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := image.NewRGBA(image.Rect(0, 0, 1500, 1100))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.Uint32()) | uint8(i%4/3*255)
	}
	kind, data, ok := fit(noise)
	if !ok || len(data) > paperFigureBytes || kind != "image/jpeg" {
		t.Fatalf("noise became %d bytes of %s, %v", len(data), kind, ok)
	}
	if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	thin := image.NewRGBA(image.Rect(5, 5, 6, 6))
	thin.Set(5, 5, color.Black)
	if kind, data, ok := fit(thin); !ok || kind != "image/png" || len(data) == 0 {
		t.Errorf("one pixel became %d bytes of %s", len(data), kind)
	}
	if _, _, ok := fit(image.NewRGBA(image.Rectangle{})); ok {
		t.Error("an empty picture was taken")
	}
}

func TestFiguresAreFoundInTheWordsOfClaims(t *testing.T) {
	all := []papers.FigureItem{{Label: "Figure 1"}, {Label: "Figure 3"}, {Label: "Figure 3b"}, {Label: "Table 2"}, {Label: "Table IV"}}
	for _, c := range []struct {
		quote string
		want  []string
	}{
		{"as Fig. 1 shows", []string{"Figure 1"}},
		{"Figures 1 and 3 agree", []string{"Figure 1", "Figure 3"}},
		{"(fig 3a)", []string{"Figure 3"}},
		{"(Fig. 3b, left)", []string{"Figure 3b"}},
		{"Tab. 2 and TABLE IV", []string{"Table 2", "Table IV"}},
		{"the figure of 3 nets on a table", nil},
		{"Figure 13 and prefig 1", nil},
	} {
		var got []string
		for _, f := range all {
			if isNamed(labelsNamed(survey.Claim{Quote: c.quote}, all), f) {
				got = append(got, f.Label)
			}
		}
		if strings.Join(got, ";") != strings.Join(c.want, ";") {
			t.Errorf("%q: got %v, want %v", c.quote, got, c.want)
		}
	}
}
