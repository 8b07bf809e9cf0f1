package tui

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenet/survey/bib"
)

// found gives all claims of the study that a query finds.
func found(t *testing.T, d *desk, query string) []string {
	t.Helper()
	idx := searchable(t, d)
	if err := idx.Wait(t.Context(), d.lib.Seq()); err != nil {
		t.Fatal(err)
	}
	ids, err := d.ClaimsFound(t.Context(), searchOrder{Query: query})
	if err != nil || len(ids) == 0 {
		t.Fatalf("%q finds %d claims, %v", query, len(ids), err)
	}
	return ids
}

func TestLinkingAllIsOneChangeThatOneUndoTakesBack(t *testing.T) {
	d := studyDesk(t)
	ids := found(t, d, "stance:+")
	p, _, err := d.AddPrinciple(t.Context(), "A new one")
	if err != nil {
		t.Fatal(err)
	}
	before := d.state(t)
	s, err := d.LinkAll(t.Context(), ids, "qualifies", p.ID)
	if err != nil || !strings.Contains(s.Text, plural(len(ids), "claim")) {
		t.Fatalf("%q, %v", s.Text, err)
	}
	rows, err := d.Principles(t.Context())
	if err != nil || rows[len(rows)-1].Qualifies != len(ids) {
		t.Errorf("%d of %d claims qualify, %v", rows[len(rows)-1].Qualifies, len(ids), err)
	}
	if _, err := d.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.state(t) != before {
		t.Error("one undo does not take all links back")
	}
}

func TestAPrincipleIsNarrowedAndDiscardedAndUndoneOneByOne(t *testing.T) {
	d := studyDesk(t)
	row := func(alias string) principleRow {
		t.Helper()
		rows, err := d.Principles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Alias == alias {
				return r
			}
		}
		return principleRow{}
	}
	p1, before := row("P1"), d.state(t)
	form, err := d.PrincipleText(t.Context(), p1.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.RefinePrinciple(t.Context(), p1.ID, form); err == nil || !strings.Contains(err.Error(), "needs a narrower statement or scope") {
		t.Errorf("nothing narrower: %v", err)
	}
	if _, err := d.RefinePrinciple(t.Context(), p1.ID, "statment: x"); err == nil || !strings.Contains(err.Error(), `no field "statment"`) || d.state(t) != before {
		t.Errorf("a slip of the keyboard: %v", err)
	}
	s, err := d.RefinePrinciple(t.Context(), p1.ID, "statement: Only where the plain net fails.")
	if err != nil {
		t.Fatal(err)
	}
	child := row("P10")
	if child.ID != s.ID || child.Statement != "Only where the plain net fails." || child.Intuition != p1.Intuition || len(child.Hyps) != 0 {
		t.Errorf("the narrower one is %+v", child)
	}
	if got := row("P1"); got.Status != "refined" || got.Reason != "see P10" {
		t.Errorf("P1 is %s, %s", got.Status, got.Reason)
	}
	why, err := d.Why(t.Context(), child.ID)
	if err != nil || !strings.Contains(strings.Join(why, "\n"), "Narrows P1.") {
		t.Errorf("%q, %v", why, err)
	}
	if _, err := d.DiscardPrinciple(t.Context(), child.ID, "on second thought"); err != nil {
		t.Fatal(err)
	}
	if got := row("P10"); !got.Discarded || got.Status != "discarded" || got.Reason != "on second thought" {
		t.Errorf("P10 is %+v", got)
	}
	if _, err := d.RefinePrinciple(t.Context(), child.ID, "statement: y"); err == nil {
		t.Error("a discarded principle was narrowed")
	}
	for range 2 {
		if _, err := d.Undo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if d.state(t) != before {
		t.Error("two undos do not take both back")
	}
}

func TestAClaimByHandIsLinkedAndUndoneInOne(t *testing.T) {
	d := studyDesk(t)
	rows, err := d.Papers(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := d.AddPrinciple(t.Context(), "A new one")
	if err != nil {
		t.Fatal(err)
	}
	before := d.state(t)
	s, err := d.ByHand(t.Context(), handOrder{PaperID: rows.Rows[0].ID, Page: 3, Text: "It helps.", Kind: "conjecture", Stance: "contradicts", PrincipleID: p.ID, PrincipleAlias: p.Alias})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Claim(t.Context(), s.ID)
	if err != nil || c.Text != "It helps." || c.Page != 3 || c.Outcome != "" || len(c.Links) != 1 || c.Links[0].Stance != "contradicts" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := d.Undo(t.Context()); err != nil || d.state(t) != before {
		t.Errorf("undo leaves something: %v", err)
	}
}

func TestFoundClaimsAreExported(t *testing.T) {
	d := studyDesk(t)
	ids := found(t, d, "kind:conjecture")
	dir := t.TempDir()
	read := map[string]string{}
	for _, ext := range claimFormats() {
		path := filepath.Join(dir, "claims"+ext)
		if _, err := d.ExportClaims(t.Context(), ids, "kind:conjecture", path); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read[ext] = string(data)
		if first, _, _ := strings.Cut(read[ext], "\n\n"); ext != ".md" && !strings.Contains(first, "kind:conjecture") {
			t.Errorf("%s: the head does not name the query: %q", ext, first)
		}
	}
	r := csv.NewReader(strings.NewReader(read[".csv"]))
	r.Comment = '#'
	if lines, err := r.ReadAll(); err != nil || len(lines) != len(ids)+1 {
		t.Errorf("csv: %d lines for %d claims, %v", len(lines), len(ids), err)
	}
	lines := strings.Split(strings.TrimSpace(read[".jsonl"]), "\n")
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			t.Errorf("jsonl: %q", l)
		}
	}
	if len(lines) != len(ids)+1 {
		t.Errorf("jsonl: %d lines for %d claims", len(lines), len(ids))
	}
	if n := strings.Count(read[".md"], "\n- **C"); n != len(ids) {
		t.Errorf("md: %d claims of %d", n, len(ids))
	}
	refs, warnings := bib.Parse("claims.bib", strings.NewReader(read[".bib"]))
	if len(refs) == 0 || len(refs) > len(ids) || len(warnings) > 0 {
		t.Errorf("bib: %d references, %v", len(refs), warnings)
	}
	if _, err := d.ExportClaims(t.Context(), ids, "", filepath.Join(dir, "claims.csv")); err == nil || !strings.Contains(err.Error(), "not written over") {
		t.Errorf("a file that is there: %v", err)
	}
	if _, err := d.ExportClaims(t.Context(), ids, "", filepath.Join(dir, "claims.xls")); err == nil || !strings.Contains(err.Error(), ".csv .jsonl .md .bib") {
		t.Errorf("an unknown ending: %v", err)
	}
}

func TestASpreadsheetRunsNoFormulaOfAPaper(t *testing.T) {
	for in, want := range map[string]string{"=cmd()": "'=cmd()", "-1": "'-1", "a=b": "a=b", "": ""} {
		if got := cell(in); got != want {
			t.Errorf("cell(%q) = %q", in, got)
		}
	}
}

func TestADeviationIsNotedForGood(t *testing.T) {
	d := studyDesk(t)
	hyps, err := d.Hypotheses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := hyps[0].ID
	if _, err := d.Deviate(t.Context(), id, "major", "x"); err == nil || !strings.Contains(err.Error(), "draft") {
		t.Errorf("on a draft: %v", err)
	}
	if _, err := d.Lock(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Deviate(t.Context(), id, "major", "the data was shuffled twice"); err != nil {
		t.Fatal(err)
	}
	h, err := d.Hypothesis(t.Context(), id)
	if err != nil || h.State != "invalid" || len(h.Departures) != 1 || h.Departures[0] != "major: the data was shuffled twice" {
		t.Errorf("state %q, departures %q, %v", h.State, h.Departures, err)
	}
	s := newStage(t, d, 100, 30)
	s.start(s.a.openHyp(id))
	s.until(s.idle)
	s.keys("G")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "departed") {
		t.Errorf("the Lab does not show it\n%s", got)
	}
	if s, err := d.Undo(t.Context()); err != nil || s.Seq != 0 {
		t.Errorf("undo of a deviation: %+v, %v", s, err)
	}
}

func TestWhatIsOpenedOutsideIsACopyOrALink(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	d := studyDesk(t)
	s := newStage(t, d, 100, 30)
	addIntro(t, s)
	rows, err := d.Papers(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	files, links := 0, 0
	for _, p := range rows.Rows {
		target, err := d.Outside(t.Context(), "paper", p.ID)
		switch {
		case err != nil && !strings.Contains(err.Error(), "no PDF here"):
			t.Fatal(err)
		case strings.HasPrefix(target, "https://"):
			links++
		case target != "":
			files++
			data, err := os.ReadFile(target)
			if err != nil || !strings.HasPrefix(string(data), "%PDF") || strings.HasPrefix(target, d.lib.Dir()) {
				t.Errorf("%s: %v", target, err)
			}
		}
	}
	if files != 1 || links == 0 {
		t.Errorf("%d files, %d links", files, links)
	}
}
