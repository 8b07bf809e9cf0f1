package papers

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tenet/papers/layout"
)

// handmade writes a file from object bodies, so that a test can say exactly what
// stands in it. Object 1 is the catalog.
func handmade(objects map[int]string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	ids := slices.Sorted(maps.Keys(objects))
	offset := map[int]int{}
	for _, id := range ids {
		offset[id] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", id, objects[id])
	}
	start, last := b.Len(), ids[len(ids)-1]
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", last+1)
	for id := 1; id <= last; id++ {
		if off, ok := offset[id]; ok {
			fmt.Fprintf(&b, "%010d 00000 n \n", off)
		} else {
			b.WriteString("0000000000 00000 f \n")
		}
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", last+1, start)
	return b.Bytes()
}

func streamBody(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

const helveticaDict = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

// onePage is a document with one page that paints content; more adds or replaces
// objects. 3 is the page, 4 its content, 5 its font F1.
func onePage(content string, more map[int]string) []byte {
	objects := map[int]string{
		1: "<< /Type /Catalog /Pages 2 0 R >>",
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		4: streamBody("", content),
		5: helveticaDict,
	}
	maps.Copy(objects, more)
	return handmade(objects)
}

// readText reads a file and returns its text, blocks and pages as single spaces.
func readText(t *testing.T, b []byte) string {
	t.Helper()
	d, err := read(t.Context(), b, Options{}.withDefaults())
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return textOf(d)
}

func textOf(d *Document) string {
	var all []string
	for i := range d.Pages {
		all = append(all, d.Pages[i].Text)
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// sourceOf opens a file's objects.
func sourceOf(t *testing.T, b []byte) *ledongthucSource {
	t.Helper()
	f, err := readRawFile(b)
	if err != nil {
		t.Fatal(err)
	}
	src, err := openLedongthuc(f.overlay())
	if err != nil {
		t.Fatal(err)
	}
	src.load(Options{}.withDefaults())
	return src
}

// glyphsOf runs a file's first page.
func glyphsOf(t *testing.T, b []byte) []layout.Glyph {
	t.Helper()
	in := newInterpreter(Options{}.withDefaults())
	gs, err := in.pageGlyphs(t.Context(), sourceOf(t, b).Pages()[0])
	if err != nil {
		t.Fatal(err)
	}
	return gs
}
