package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strconv"
	"strings"

	"tenet/internal/store"
	"tenet/papers"
)

// PaperOfFile finds the paper that has exactly the file at path, by its hash, before anything is spent on
// reading it. A file that cannot be opened is no paper's: the reader says why, and says it better.
func PaperOfFile(lib *store.Library, path string) (p Paper, ok bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return p, false, nil
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return p, false, nil
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if !lib.Vault().Has(sum) {
		return p, false, nil
	}
	err = lib.View(func(tx *store.Tx) error {
		for found, err := range store.Refs[Paper](tx, KindPaper, "match_ids", "sha:"+sum) {
			if err != nil {
				return err
			}
			p, ok = found, true
		}
		return nil
	})
	return p, ok && err == nil, err
}

// TextIsOld tells whether an older text engine than this program's read the
// paper. Adding its file again replaces the text and moves the anchors.
func (p Paper) TextIsOld() bool {
	was, known := engineNumber(p.Engine)
	is, _ := engineNumber(papers.EngineVersion)
	return known && was < is
}

func engineNumber(version string) (int, bool) {
	_, digits, _ := strings.Cut(version, "/")
	n, err := strconv.Atoi(digits)
	return n, err == nil
}
