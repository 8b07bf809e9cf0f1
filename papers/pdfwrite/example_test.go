package pdfwrite_test

import (
	"bytes"
	"fmt"

	"tenet/papers/pdfwrite"
)

func ExampleNew() {
	d := pdfwrite.New(pdfwrite.Options{Columns: 2, Justify: true, PageNumbers: true})
	d.Front("A title", []string{"Ada Löwe"}, "What the paper says in short.")
	d.Heading(1, "1 Introduction")
	d.Paragraph("The first sentence. The second one gives a reason.")
	if err := d.Highlight("Highlight", "gives a reason.", "compare with section 2"); err != nil {
		fmt.Println(err)
	}
	pdf := d.Bytes(pdfwrite.Form{Compress: true, XrefStream: true})
	fmt.Printf("%s, %d page, damaged: %t\n", pdf[:8], d.Pages(), bytes.Equal(pdf, pdfwrite.Truncate(pdf, 0.5)))
	// Output: %PDF-1.5, 1 page, damaged: false
}
