package report

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// pretended are sections that say something different from what stands in the documents below.
func pretended() map[string]func(string) ([]part, error) {
	say := func(name string) func(string) ([]part, error) {
		return func(arg string) ([]part, error) { return []part{words("new %s", strings.TrimSpace(name+" "+arg))}, nil }
	}
	return map[string]func(string) ([]part, error){"verdicts": say("verdicts"), "principle": say("principle"), "empty": func(string) ([]part, error) { return nil, nil }}
}

func pretendedValue(of, what string) (string, error) {
	if what == "none" {
		return "", fmt.Errorf("no such number")
	}
	return of + "’s " + what, nil
}

var named = regexp.MustCompile(`^[HRP][0-9]+$`)

// known checks the names of a value against the plans; numbers there are only where there is a verdict.
func (s *study) known(of, what string) (string, error) {
	if of == "study" {
		return s.count(what)
	}
	h, ok := s.find(of)
	switch {
	case !ok && named.MatchString(of):
		return "", nil
	case !ok:
		return "", fmt.Errorf("no hypothesis %q", of)
	}
	name := strings.TrimRight(what, "%×")
	if !slices.Contains([]string{"D", "gap", "low", "high", "size", "blocks", "p"}, name) && !slices.Contains(h.Decision.Arms, name) {
		return "", fmt.Errorf("%s has no %q", of, what)
	}
	return "", nil
}

// A document is prose and blocks in any order; what is outside of the blocks stays byte for byte, and filling twice is
// filling once.
func TestFillingADocumentTouchesNothingElseAndIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prose := rapid.SliceOfN(rapid.SampledFrom([]string{
			"# A heading\n", "\n", "words | with | bars\r\n", "<!-- a remark -->\n", "```\n<!-- tables: no block -->\n```\n", "  indented\n", "é ✓ −0.5\n", "it is <!-- = H01 D% -->H01’s D%<!-- . --> points\n",
		}), 0, 4)
		block := rapid.SampledFrom([]string{"verdicts", "principle P1", "empty"})
		old := rapid.SampledFrom([]string{"", "old\n", "\n| a | b |\n|---|---|\n\n", "old\n\nolder\n"})
		var in, want string
		for range rapid.IntRange(0, 4).Draw(t, "blocks") {
			p, name := strings.Join(prose.Draw(t, "prose"), ""), block.Draw(t, "block")
			in += p + "<!-- table: " + name + " -->\n" + old.Draw(t, "old") + "<!-- end -->\n"
			said := map[string]string{"verdicts": "new verdicts\n", "principle P1": "new principle P1\n", "empty": "Nothing yet.\n"}[name]
			want += p + "<!-- table: " + name + " -->\n\n" + said + "\n<!-- end -->\n"
		}
		tail := strings.TrimSuffix(strings.Join(prose.Draw(t, "tail"), ""), "\n") // also a file without a last line break
		once, err := fill([]byte(in+tail), pretended(), pretendedValue)
		if err != nil {
			t.Fatalf("%q: %v", in+tail, err)
		}
		if string(once) != want+tail {
			t.Fatalf("\n in   %q\n got  %q\n want %q", in+tail, once, want+tail)
		}
		twice, err := fill(once, pretended(), pretendedValue)
		if err != nil || string(twice) != string(once) {
			t.Fatalf("again: %q, %v", twice, err)
		}
	})
}

func TestANumberInASentenceIsTheLibrarys(t *testing.T) {
	lib := decidedStudy(t)
	h, _ := studyOf(t, lib).find("H01")
	old := "H01 gave <!-- = H01 D% -->99<!-- . --> points (<!-- = H01 D -->?<!-- . -->, <!-- = H01 D× --><!-- . -->) from <!-- = H01 blocks -->0<!-- . --> blocks; <!-- = study decided -->?<!-- . --> are decided.\n"
	got, err := Fill(t.Context(), lib, []byte(old))
	must(t, err)
	d := float64(h.Verdict.Estimate)
	for x, want := range map[float64]string{0.075: "7.5", 0.0749999: "7.5", 0.12: "12", -0.04375: "−4.4", 0: "0", 0.0999: "10", 0.02: "2"} {
		if got := points(x); got != want {
			t.Errorf("points of %v: got %s, want %s", x, got, want)
		}
	}
	want := fmt.Sprintf("H01 gave <!-- = H01 D%% -->%.0f<!-- . --> points (<!-- = H01 D -->%s<!-- . -->, <!-- = H01 D× -->%.2g<!-- . -->) from <!-- = H01 blocks -->%d<!-- . --> blocks; <!-- = study decided -->2<!-- . --> are decided.\n",
		100*d, num(d), math.Exp(d), h.Verdict.Stop)
	if string(got) != want {
		t.Errorf("got  %s want %s", got, want)
	}
	for _, bad := range []string{"H02 D", "H99 D", "H01 nothing", "study nothing"} {
		if _, err := Fill(t.Context(), lib, []byte("x <!-- = "+bad+" -->1<!-- . -->")); err == nil || !strings.Contains(err.Error(), "line 1: "+bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestABrokenBlockIsNamedByItsLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\n<!-- table: verdicts -->\nb\n":                    `line 2: block "verdicts" has no end`,
		"<!-- table: verdicts -->\n<!-- table: principle -->": `line 2: block "principle" begins before the one of line 1 has ended`,
		"a\n\n<!-- end -->\n":                                 "line 3: <!-- end --> ends no block",
		"<!-- table: verdict -->\n<!-- end -->":               `line 1: block "verdict": there is no such block; there are agreement, arms,`,
		"<!-- table: verdicts\n-->\n<!-- end -->":             "line 1: a block begins with <!-- table: NAME --> on a line of its own",
	} {
		out, err := fill([]byte(in), pretended(), pretendedValue)
		if err == nil || !strings.Contains(err.Error(), want) || out != nil {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

func TestEverySectionCanBeFilledFromALibrary(t *testing.T) {
	lib := decidedStudy(t)
	document := ""
	for _, name := range Sections() {
		arg := map[string]string{"principle": " P8", "hypothesis": " H23"}[name]
		document += "<!-- table: " + name + arg + " -->\n<!-- end -->\n"
	}
	once, err := Fill(t.Context(), lib, []byte(document))
	must(t, err)
	twice, err := Fill(t.Context(), lib, once)
	must(t, err)
	if string(once) != string(twice) {
		t.Error("filling twice differs")
	}
	if len(Sections()) < 12 || strings.Count(string(once), "Nothing yet.") != 0 {
		t.Errorf("%d sections\n%s", len(Sections()), once)
	}
	if strings.Contains(string(once), "<no value>") || strings.Contains(string(once), "%!") {
		t.Errorf("%s", once)
	}
	for _, bad := range []string{"principle P99", "hypothesis", "verdicts H01"} {
		if _, err := Fill(t.Context(), lib, []byte("<!-- table: "+bad+" -->\n<!-- end -->\n")); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// The findings are a person's words around blocks that the library fills; the blocks must be ones that it knows.
func TestTheFindingsAskForBlocksThatThereAre(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "findings", "*.md"))
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no findings")
	}
	s := studyOf(t, decidedStudy(t))
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err)
		sections := s.sections()
		for _, of := range []string{"hypothesis", "principle"} { // plans and principles that came later are not in the pack
			sections[of] = func(arg string) ([]part, error) {
				if !named.MatchString(arg) {
					return nil, fmt.Errorf("%q is no name", arg)
				}
				return nil, nil
			}
		}
		if _, err := fill(text, sections, s.known); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := strings.Count(string(text), blockOpen); n < 5 {
			t.Errorf("%s has %d blocks", name, n)
		}
		pictures := filepath.Join(filepath.Dir(name), "img")
		if _, err := os.Stat(pictures); err != nil {
			continue // tenet report --figures writes them
		}
		for _, m := range regexp.MustCompile(`]\(img/([^)]*)\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(pictures, m[1])); err != nil {
				t.Errorf("%s shows img/%s, which is not there", name, m[1])
			}
		}
	}
}
