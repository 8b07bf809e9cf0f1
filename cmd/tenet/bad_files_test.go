package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"tenet/papers/pdfwrite"
)

// rawFile writes bytes that a text archive cannot hold: raw FILE WORDS, with the escapes of a Go string.
func rawFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: raw FILE WORDS")
	}
	s, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(s), 0o644))
}

// swapBytes puts other bytes of the same length where OLD stands: swap FILE OLD NEW.
func swapBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: swap FILE OLD NEW")
	}
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if !bytes.Contains(data, []byte(args[1])) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.ReplaceAll(data, []byte(args[1]), []byte(args[2])), 0o644))
}

// cutFile keeps the first N bytes: cut FILE N.
func cutFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FILE N")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// formBomb is a PDF of 3 kB whose one page paints 12 to the power of 14 forms.
func formBomb() []byte {
	var f pdfwrite.File
	form := func(inner pdfwrite.Dict, content string) pdfwrite.Ref {
		return f.AddStream(pdfwrite.Dict{
			"Type": pdfwrite.Name("XObject"), "Subtype": pdfwrite.Name("Form"), "BBox": pdfwrite.Raw("[0 0 9 9]"),
			"Resources": pdfwrite.Dict{"XObject": inner},
		}, []byte(content))
	}
	next := form(pdfwrite.Dict{}, "q Q")
	for range 14 {
		next = form(pdfwrite.Dict{"X": next}, strings.Repeat("/X Do ", 12))
	}
	content := f.AddStream(nil, []byte("/X Do"))
	pages := f.Add(nil)
	page := f.Add(pdfwrite.Dict{
		"Type": pdfwrite.Name("Page"), "Parent": pages, "MediaBox": pdfwrite.Raw("[0 0 612 792]"), "Contents": content,
		"Resources": pdfwrite.Dict{"XObject": pdfwrite.Dict{"X": next}},
	})
	f.Set(pages, pdfwrite.Dict{"Type": pdfwrite.Name("Pages"), "Count": 1, "Kids": pdfwrite.Array{page}})
	f.Root = f.Add(pdfwrite.Dict{"Type": pdfwrite.Name("Catalog"), "Pages": pages})
	return f.Bytes(pdfwrite.Form{})
}
