package papers_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tenet/papers"
	"tenet/papers/pdfwrite"
)

// A quote is anchored in one copy of a paper and found again in another, where it stands elsewhere.
func ExampleLocate() {
	first := pdfwrite.Simple("Why depth is hard", "Gradients shatter. A skip keeps a part of the signal unchanged. More follows.")
	second := pdfwrite.Simple("Why depth is hard", "A new beginning of the paper. Gradients shatter. A skip keeps a part of the signal un\u00adchanged. More follows.")
	a := papers.AnchorForQuote(open(first), "A skip keeps a part of the signal unchanged.", 1)
	l := papers.Locate(open(second), a)
	fmt.Println(l.Outcome, "on page", l.Page)
	fmt.Println(papers.Locate(open(second), papers.Anchor{Exact: "A gate keeps nothing at all.", Page: 1}).Outcome)
	// Output:
	// found on page 1
	// lost
}

func open(pdf []byte) *papers.Document {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		panic(err)
	}
	d, err := papers.Open(context.Background(), path, papers.Options{})
	if err != nil {
		panic(err)
	}
	return d
}
