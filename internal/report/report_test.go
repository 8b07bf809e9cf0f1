package report

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

var rewrite = flag.Bool("update", false, "write the golden files anew")

// golden compares with testdata/name; hashes and change numbers, which move with
// every field of every record, are blotted out.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = regexp.MustCompile(`[0-9a-f]{64}|[0-9a-f]{8}…`).ReplaceAllString(got, "#")
	got = regexp.MustCompile(`change \d+`).ReplaceAllString(got, "change N")
	path := filepath.Join("testdata", name)
	if *rewrite {
		must(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got)\n%s", name, d)
	}
}

func inHTML(t *testing.T, lib *store.Library) string {
	t.Helper()
	var b strings.Builder
	must(t, HTML(t.Context(), &b, lib, Options{}))
	return b.String()
}

func text(t *testing.T, lib *store.Library, name string, o TextOptions) string {
	t.Helper()
	n, err := Trace(lib, name)
	must(t, err)
	var b strings.Builder
	must(t, WriteText(&b, n, o))
	return b.String()
}

func TestAReportReadsAsItDid(t *testing.T) {
	lib := decidedStudy(t)
	var b strings.Builder
	must(t, Markdown(t.Context(), &b, lib, Options{}))
	md := b.String()
	top, _, _ := strings.Cut(md, "## P2 ")
	golden(t, "report.md", top)
	golden(t, "why-h01.txt", text(t, lib, "H01", TextOptions{}))
	golden(t, "why-h23-full.txt", text(t, lib, "H23", TextOptions{Full: true, ASCII: true}))
	golden(t, "why-p8.txt", text(t, lib, "P8", TextOptions{}))
}

func TestAReportFetchesNothing(t *testing.T) {
	page := inHTML(t, decidedStudy(t))
	for _, bad := range []string{"<script", "<link", "<img", "<iframe", "<object", "src=", "@import", "url(", `="http`} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("%s in …%s…", bad, page[max(0, i-40):min(len(page), i+60)])
		}
	}
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") {
			t.Errorf("a link out of the page: %s", m[1])
		} else if !strings.Contains(page, `id="`+m[1][1:]+`"`) {
			t.Errorf("a link to nowhere: %s", m[1])
		}
	}
}

func TestTextNeverBecomesMarkup(t *testing.T) {
	lib := decidedStudy(t)
	const evil = `"><script>alert(1)</script><b onmouseover='x'>&amp; {{.}} ](javascript:x) | \x1b`
	update(t, lib, func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, "H01")
		if err != nil {
			return err
		}
		h.Title, h.Confounds = evil, []string{evil}
		var c survey.Claim
		for c, err = range survey.Claims(tx) {
			break
		}
		c.Text, c.Quote, c.Comment = evil, evil, evil
		st, _, err2 := survey.StudyOf(tx)
		st.Title, st.Question = evil, evil
		_, err3 := principles.Edit(tx, "P1", func(p *principles.Principle) { p.Name, p.Statement, p.WhenNotToUse = evil, evil, []string{evil} })
		return errors.Join(err, err2, err3, tx.PutFinal("x", hypotheses.KindHypothesis, h.ID, h, ""),
			tx.Put("x", survey.KindClaim, c.ID, c, ""), tx.Put("x", survey.KindStudy, st.ID, st, ""))
	})
	page := inHTML(t, lib)
	for _, bad := range []string{"<script>alert", "<b onmouse", "onmouseover='x'"} {
		if strings.Contains(page, bad) {
			t.Errorf("%s stands in the page as markup", bad)
		}
	}
	if n := strings.Count(page, "alert(1)"); n < 8 {
		t.Errorf("the text itself is shown %d times", n)
	}
	var md strings.Builder
	must(t, Markdown(t.Context(), &md, lib, Options{}))
	for line := range strings.Lines(md.String()) {
		if strings.Contains(line, "─") {
			continue // the trace, in a code block
		}
		if strings.Contains(line, "<script") || regexp.MustCompile(`[^\\]\]\(java`).MatchString(line) {
			t.Errorf("markup in Markdown: %s", line)
		}
	}
	n, err := Trace(lib, "P1")
	must(t, err)
	var dot strings.Builder
	must(t, WriteDOT(&dot, n))
	if q := strings.Count(strings.ReplaceAll(dot.String(), `\"`, ""), `"`); q%2 != 0 {
		t.Errorf("%d quotes in the graph", q)
	}
}

func TestTheSameLibraryGivesTheSameReport(t *testing.T) {
	lib := decidedStudy(t)
	a := inHTML(t, lib)
	if again := inHTML(t, lib); a != again {
		t.Error("two reports of one library differ")
	}
	if b := inHTML(t, freshlyDecided(t)); a != b {
		t.Error("reports of two libraries made alike differ")
	}
}

func TestEveryPlotHasWords(t *testing.T) {
	page := inHTML(t, decidedStudy(t))
	plots := regexp.MustCompile(`(?s)<figure>(<svg.*?</svg>)<figcaption><b>[^<]+</b> ([^<]+)</figcaption>`).FindAllStringSubmatch(page, -1)
	if len(plots) != 8 || strings.Count(page, "<svg") != 8 { // evidence, blocks, confidence sequence and curves of two hypotheses
		t.Errorf("%d figures, %d pictures", len(plots), strings.Count(page, "<svg"))
	}
	for _, p := range plots {
		var svg struct {
			Role  string   `xml:"role,attr"`
			Label string   `xml:"aria-label,attr"`
			Desc  string   `xml:"desc"`
			Paths []string `xml:"path"`
		}
		must(t, xml.Unmarshal([]byte(p[1]), &svg))
		if svg.Role != "img" || svg.Label == "" || len(svg.Desc) < 30 || len(p[2]) < 30 {
			t.Errorf("without words: %.200s", p[0])
		}
	}
	well := xml.NewDecoder(strings.NewReader(page))
	well.Strict, well.AutoClose, well.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := well.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the page does not nest: %v", err)
		}
	}
}

func TestAnUnverifiedClaimSaysSo(t *testing.T) {
	lib := decidedStudy(t)
	page := inHTML(t, lib)
	if n := strings.Count(page, "○ not yet verified"); n < 50 {
		t.Errorf("%d claims say so in the page", n)
	}
	if !strings.Contains(page, "64 of 138 claims are paraphrases") {
		t.Error("the limits do not count them")
	}
	if s := text(t, lib, "hochreiter1997lstm", TextOptions{}); strings.Count(s, "(not yet verified)") != 2 {
		t.Errorf("in a trace:\n%s", s)
	}
}

func TestAnEmptyLibraryHasAReport(t *testing.T) {
	lib, err := store.Init(t.Context(), filepath.Join(t.TempDir(), "lib"), store.Options{})
	must(t, err)
	t.Cleanup(func() { lib.Close() })
	if page := inHTML(t, lib); !strings.Contains(page, "No principle has been written down yet.") || !strings.Contains(page, "No experiment has been run yet.") {
		t.Errorf("%.2000s", page)
	}
}
