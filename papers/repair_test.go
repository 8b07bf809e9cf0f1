package papers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const said = "Identity paths stay open"

var saying = "BT /F1 12 Tf 72 700 Td (" + said + ") Tj ET"

func TestDamagedFilesAreStillRead(t *testing.T) {
	good := onePage(saying, nil)
	replaced := func(old, with string) []byte {
		b := bytes.Replace(good, []byte(old), []byte(with), 1)
		if bytes.Equal(b, good) {
			t.Fatalf("%q does not stand in the file", old)
		}
		return b
	}
	startxref := func(n string) []byte {
		i := bytes.LastIndex(good, []byte("startxref\n")) + len("startxref\n")
		return append(bytes.Clone(good[:i]), n+"\n%%EOF\n"...)
	}
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"sound", good},
		{"version 2.0", replaced("%PDF-1.5", "%PDF-2.0")},
		{"version 1.9 and no line end", replaced("%PDF-1.5\n", "%PDF-1.9 ")},
		{"no header", good[9:]},
		{"dirt before the header", append([]byte("HTTP/1.1 200 OK\r\n\r\n"), good...)},
		{"dirt after the end", append(bytes.Clone(good), bytes.Repeat([]byte{0}, 5000)...)},
		{"startxref beyond the end", startxref("999999")},
		{"startxref a little off", startxref("17")},
		{"no startxref", good[:bytes.LastIndex(good, []byte("startxref"))]},
		{"the end cut off", good[:bytes.LastIndex(good, []byte("xref\n0"))]},
		{"an offset off by one", bytes.Replace(good, []byte("0000000009 00000 n"), []byte("0000000010 00000 n"), 1)},
		{"objects marked free", bytes.ReplaceAll(good, []byte(" 00000 n \n"), []byte(" 00000 f \n"))},
		{"a wrong /Length", replaced(fmt.Sprintf("/Length %d", len(saying)), "/Length 7")},
		{"a huge /Length", replaced(fmt.Sprintf("/Length %d", len(saying)), "/Length 70000000")},
		{"no /Length", replaced(fmt.Sprintf("/Length %d", len(saying)), "/Longth 7")},
		{"a reference too large", onePage(saying, map[int]string{3: strings.Replace(formPage, "/Type", "/A -3 0 R /B 4294967296 0 R /Type", 1), 6: "null", 7: "null"})},
		{"an odd escape in a dictionary", onePage(saying, map[int]string{3: strings.Replace(formPage, "/Type", `/PieceInfo (a \[ \q \777) /Type`, 1), 6: "null", 7: "null"})},
		{"an odd hex string in a dictionary", onePage(saying, map[int]string{3: strings.Replace(formPage, "/Type", `/PieceInfo <4x8> /Type`, 1), 6: "null", 7: "null"})},
		{"keys that are no names", onePage(saying, map[int]string{3: strings.Replace(formPage, "/Type", `1 (x) [2] /Type`, 1), 6: "null", 7: "null"})},
		{"no endobj", bytes.ReplaceAll(good, []byte("\nendobj"), []byte("\n"))},
		{"a catalog that is not there", replaced("/Root 1 0 R", "/Root 9 0 R")},
		{"a page tree that is not there", replaced("/Pages 2 0 R", "/Pages 9 0 R")},
		{"no trailer", replaced("trailer", "tralier")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := readText(t, c.b); got != said {
				t.Errorf("got %q, want %q", got, said)
			}
		})
	}
}

func TestObjectStreamsAreUnpacked(t *testing.T) {
	body := func(first string) []byte {
		var b bytes.Buffer
		b.WriteString("%PDF-1.5\n")
		at := map[int]int{}
		add := func(id int, s string) {
			at[id] = b.Len()
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", id, s)
		}
		parts := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", strings.ReplaceAll(formPage, "7 0 R", "null"), helveticaDict}
		var head, data string
		for i, id := range []int{1, 2, 3, 5} {
			head += fmt.Sprintf("%d %d ", id, len(data))
			data += parts[i] + " "
		}
		add(4, streamBody("", saying))
		if first == "" {
			first = fmt.Sprint(len(head))
		}
		add(6, streamBody("/Type /ObjStm /N 4 /First "+first, head+data))
		start := b.Len()
		row := func(kind, off, gen int) string {
			return string([]byte{byte(kind), byte(off >> 8), byte(off), byte(gen)})
		}
		rows := row(0, 0, 0) + row(2, 6, 0) + row(2, 6, 1) + row(2, 6, 2) + row(1, at[4], 0) + row(2, 6, 3) + row(1, at[6], 0) + row(1, start, 0)
		fmt.Fprintf(&b, "7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", streamBody("/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R", rows), start)
		return b.Bytes()
	}
	for name, b := range map[string][]byte{
		"sound":                       body(""),
		"without /First":              body("0"),
		"with a broken startxref":     bytes.Replace(body(""), []byte("startxref\n"), []byte("startxref\n1"), 1),
		"with the end cut off":        body("")[:bytes.LastIndex(body(""), []byte("7 0 obj"))],
		"with a prev that loops back": bytes.Replace(body(""), []byte("/Type /XRef"), []byte("/Type /XRef /Prev 9"), 1),
	} {
		if got := readText(t, b); got != said {
			t.Errorf("%s: got %q, want %q", name, got, said)
		}
	}
}

func TestLaterObjectsReplaceEarlierOnes(t *testing.T) {
	b := onePage("BT /F1 12 Tf 72 700 Td (old) Tj ET", nil)
	prev := bytes.LastIndex(b, []byte("xref\n0"))
	at := len(b)
	b = fmt.Appendf(b, "4 0 obj\n%s\nendobj\n", streamBody("", saying))
	start := len(b)
	b = fmt.Appendf(b, "xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", at, prev, start)
	if got := readText(t, b); got != said {
		t.Errorf("with its cross-reference: got %q, want %q", got, said)
	}
	cut := b[:len(b)-20]
	if got := readText(t, cut); got != said {
		t.Errorf("by scanning: got %q, want %q", got, said)
	}
}

func TestFilesOpenWithTheEmptyPassword(t *testing.T) {
	files, err := filepath.Glob("testdata/encrypted/*.pdf")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d encrypted files in testdata, want 6 (%v)", len(files), err)
	}
	for _, p := range files {
		d, err := Open(t.Context(), p, Options{})
		if strings.Contains(p, "needs-password") {
			if !errors.Is(err, ErrEncrypted) {
				t.Errorf("%s: got %v, want ErrEncrypted", p, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", p, err)
		} else if got := textOf(d); got != said {
			t.Errorf("%s: got %q, want %q", p, got, said)
		}
	}
}

func TestWhatIsNoPDFSaysSo(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		path string
		want error
	}{
		{write("empty.pdf", ""), ErrNotPDF},
		{write("blank.pdf", strings.Repeat("\n", 5000)), ErrNotPDF},
		{write("page.html", "<html><body>no</body></html>"), ErrNotPDF},
		{write("header.pdf", "%PDF-1.5\n"), ErrDamaged},
		{write("nothing.pdf", "%PDF-1.5\n%%EOF\n"), ErrDamaged},
		{write("nopages.pdf", string(handmade(map[int]string{1: "<< /Type /Catalog >>"}))), ErrEmpty},
		{dir, ErrNotPDF},
		{filepath.Join(dir, "absent.pdf"), os.ErrNotExist},
	} {
		d, err := Open(t.Context(), c.path, Options{})
		if !errors.Is(err, c.want) || d != nil {
			t.Errorf("%s: got %v, want %v", filepath.Base(c.path), err, c.want)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "papers: ") {
			t.Errorf("%s: %q does not start with the package", filepath.Base(c.path), err)
		}
	}
	big := write("big.pdf", string(onePage(saying, nil)))
	if _, err := Open(t.Context(), big, Options{MaxBytes: 100}); !errors.Is(err, ErrLimit) {
		t.Errorf("a file over the limit: got %v, want ErrLimit", err)
	}
}
