package pdfwrite

import "fmt"

// Simple sets a title and paragraphs in one column: the shortest way to a PDF in a test.
func Simple(title string, paragraphs ...string) []byte {
	d := New(Options{Info: Info{Title: title, Authors: []string{"A. Writer"}}, PageNumbers: true, Justify: true})
	d.Front(title, []string{"A. Writer"}, "")
	for _, p := range paragraphs {
		d.Paragraph(p)
	}
	return d.Bytes(Form{})
}

// Long makes a document of exactly n pages with one short numbered paragraph each.
func Long(n int, form Form) []byte {
	b := &Book{Info: Info{Title: fmt.Sprintf("A document of %d pages", n)}}
	for i := range n {
		c := b.Page(612, 792)
		c.Text(72, 700, Font{}, 10, fmt.Sprintf("This is page %d of a long document.", i+1))
		c.Text(72, 686, Font{}, 10, fmt.Sprintf("Its second sentence holds the number %d.", i*i))
	}
	return b.Bytes(form)
}

// Empty makes a well-formed document of n pages without a letter on them, as a scan has.
func Empty(n int) []byte {
	b := &Book{}
	for range n {
		b.Page(612, 792).Raw("0.9 g 100 100 400 500 re f")
	}
	return b.Bytes(Form{})
}
