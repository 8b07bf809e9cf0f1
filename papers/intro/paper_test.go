package intro

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write studies/skip/intro.pdf anew")

const inStudy = "../../studies/skip/intro.pdf"

func TestTheFileInTheStudyIsWhatThisWrites(t *testing.T) {
	want := PDF()
	if *update {
		if err := os.WriteFile(inStudy, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(inStudy)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got %d bytes that differ from the %d written now; run this test with -update", inStudy, len(got), len(want))
	}
}

// cited finds “Name et al. (2015)”, “(Name, 2000)” and “Name and Other (2016a)”.
var cited = regexp.MustCompile(`(\p{Lu}\p{L}+)(?: et al\.| and \p{Lu}\p{L}+)?(?: \(|, )((?:19|20)\d\d[a-z]?)\)`)

func TestEachCitationHasItsReference(t *testing.T) {
	used := map[string]bool{}
	for _, it := range items() {
		for _, m := range cited.FindAllStringSubmatch(it.text, -1) {
			found := false
			for _, r := range references() {
				first, _, _ := strings.Cut(r.text, ",")
				if both, _, ok := strings.Cut(first, " and "); ok {
					first = both
				}
				if strings.Contains(strings.Split(first+".", ". ")[0]+first, m[1]) && strings.Contains(r.text, m[2]+".") {
					found, used[r.key] = true, true
				}
			}
			if !found {
				t.Errorf("citation %q: no reference by %s of %s", m[0], m[1], m[2])
			}
		}
	}
	for _, r := range references() {
		if !used[r.key] {
			t.Errorf("reference %s is never cited", r.key)
		}
	}
}

var notLetters = regexp.MustCompile(`[^a-z0-9]+`)

func TestEachReferenceIsInTheStudy(t *testing.T) {
	bib, err := os.ReadFile("../../studies/skip/references.bib")
	if err != nil {
		t.Fatal(err)
	}
	plain := func(s string) string { return notLetters.ReplaceAllString(strings.ToLower(s), "") }
	for _, r := range references() {
		_, entry, ok := strings.Cut(string(bib), "{"+r.key+",")
		entry, _, _ = strings.Cut(entry, "\n@")
		if !ok {
			t.Errorf("%s: not in references.bib", r.key)
			continue
		}
		year := regexp.MustCompile(`year = \{(\d+)\}`).FindStringSubmatch(entry)[1]
		title := regexp.MustCompile(`(?m)^\s*title = \{(.*)\},$`).FindStringSubmatch(entry)[1]
		if !strings.Contains(r.text, year) || r.year != atoi(year) {
			t.Errorf("%s: year %d in %q, want %s", r.key, r.year, r.text, year)
		}
		if !strings.Contains(plain(r.text), plain(title)) {
			t.Errorf("%s: got %q, want the title %q", r.key, r.text, title)
		}
	}
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

func TestThePaperGivesReasons(t *testing.T) {
	sentences, reasons := 0, 0
	because := regexp.MustCompile(`(?i)\b(because|therefore|since|so|reason|which is why|suggests|argue|explains?)\b`)
	for _, it := range items() {
		if it.kind != paragraph {
			continue
		}
		for s := range strings.SplitSeq(strings.ReplaceAll(it.text, "et al. ", "et al "), ". ") {
			sentences++
			if because.MatchString(s) {
				reasons++
			}
		}
	}
	if sentences < 60 || reasons < 20 {
		t.Errorf("got %d sentences, %d of them with a word of reasoning; want at least 60 and 20, so that there is something to tag", sentences, reasons)
	}
}
