package studies_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"tenet/studies"
)

func TestTheSkipStudyIsComplete(t *testing.T) {
	for _, name := range []string{
		"references.bib", "survey.yaml", "principles.yaml", "hypotheses.yaml",
		"tasks.yaml", "published.yaml", "README.md", "proposal.txt", "pilot.md", "evidence/ledger.jsonl.gz", "evidence/vault.tar.gz",
	} {
		info, err := fs.Stat(studies.Skip(), name)
		if err != nil || info.Size() < 1000 {
			t.Errorf("%s: got size %v, error %v; want the whole file", name, info, err)
		}
	}
}

func TestEveryStudyHereIsInTheReadMe(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.Contains(string(text), "| `"+e.Name()+"` |") {
			t.Errorf("README.md does not name the study %s", e.Name())
		}
	}
}
