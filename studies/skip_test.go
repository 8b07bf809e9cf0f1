package studies_test

import (
	"io/fs"
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
