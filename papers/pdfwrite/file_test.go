package pdfwrite

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func forms() map[string]Form {
	return map[string]Form{
		"classic": {}, "compressed": {Compress: true}, "streams": {XrefStream: true}, "streams compressed": {XrefStream: true, Compress: true},
		"locked 40": {Password: "pw", KeyBits: 40}, "locked 128": {Password: "pw"}, "locked streams": {Password: "pw", XrefStream: true, Compress: true}, "windows lines": {EOL: "\r\n"},
	}
}

// sample sets one of everything.
func sample() *Doc {
	d := New(Options{
		Info:    Info{Title: "A Test of Setting", Authors: []string{"Ada Löw", "Bob Ng"}, Subject: "θ", DOI: "10.1234/x", XMP: true},
		Columns: 2, Justify: true, Hyphenate: true, Ligatures: true, PageNumbers: true, RunningHead: "A test", LineNumbers: true, Moves: true,
	})
	d.Front("A Test of Setting", []string{"Ada Löw", "Bob Ng"}, "We test whether efficient connections find their reader.")
	for i := range 6 {
		d.Heading(1, fmt.Sprintf("%d Section", i+1))
		for range 3 {
			d.Paragraph("The official definition of efficient fluid connections says that θ and ∑ should differ from 5 %, as He et al. (2015) wrote in Fig. 2. Nevertheless “quotes” stand in the final summary, and the network is normally connected with “accents” like é and ü.")
		}
		d.Footnote("¹", "A footnote that explains something about the current problem in many words, to have two lines.")
	}
	d.Table([][]string{{"net", "error"}, {"plain", "28.54"}})
	d.Caption("Table 1: Some numbers.")
	d.Reference("[1]", "K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning for image recognition. In CVPR, 2016.")
	return d
}

func TestEqualInputGivesEqualBytes(t *testing.T) {
	for name, form := range forms() {
		if a, b := sample().Bytes(form), sample().Bytes(form); !bytes.Equal(a, b) {
			t.Errorf("%s: got two different files of %d and %d bytes for the same document", name, len(a), len(b))
		}
	}
}

var (
	start = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	row   = regexp.MustCompile(`(\d{10}) 00000 n`)
)

func TestEveryOffsetPointsAtItsObject(t *testing.T) {
	for name, form := range forms() {
		pdf := sample().Bytes(form)
		at, _ := strconv.Atoi(string(start.FindSubmatch(pdf)[1]))
		if form.XrefStream {
			checkXrefStream(t, name, pdf, at)
			continue
		}
		if !bytes.HasPrefix(pdf[at:], []byte("xref")) {
			t.Errorf("%s: startxref %d points at %q", name, at, pdf[at:at+10])
		}
		for i, m := range row.FindAllSubmatch(pdf[at:], -1) {
			offset, _ := strconv.Atoi(string(m[1]))
			if want := fmt.Sprintf("%d 0 obj", i+1); !bytes.HasPrefix(pdf[offset:], []byte(want)) {
				t.Errorf("%s: offset %d of object %d points at %q", name, offset, i+1, pdf[offset:offset+10])
			}
		}
	}
}

func checkXrefStream(t *testing.T, name string, pdf []byte, at int) {
	t.Helper()
	_, body, _ := bytes.Cut(pdf[at:], []byte("stream\n"))
	if bytes.Contains(pdf[at:], []byte("/FlateDecode")) {
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if body, err = io.ReadAll(z); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	} else {
		body, _, _ = bytes.Cut(body, []byte("\nendstream"))
	}
	plain, packed := 0, 0
	for n := 1; 7*n+7 <= len(body); n++ {
		e := body[7*n : 7*n+7]
		offset := int(e[1])<<24 | int(e[2])<<16 | int(e[3])<<8 | int(e[4])
		switch e[0] {
		case 1:
			plain++
			if want := fmt.Sprintf("%d 0 obj", n); !bytes.HasPrefix(pdf[offset:], []byte(want)) {
				t.Errorf("%s: offset %d of object %d points at %q", name, offset, n, pdf[offset:offset+10])
			}
		case 2:
			packed++
		}
	}
	if plain < 5 || packed < 20 {
		t.Errorf("%s: got %d plain and %d packed objects", name, plain, packed)
	}
}

func TestAnEncryptedFileHidesItsText(t *testing.T) {
	for name, form := range forms() {
		pdf := sample().Bytes(form)
		hidden := !bytes.Contains(pdf, []byte("A Test of Setting")) && !bytes.Contains(pdf, []byte("(The)"))
		if form.Password != "" && !hidden {
			t.Errorf("%s: the title or a word can be read in the file", name)
		}
		if form.Password == "" && !form.Compress && hidden {
			t.Errorf("%s: the title cannot be found in an open file, so the test above proves nothing", name)
		}
	}
}

// The numbers are those of RFC 6229 for a 40-bit key and offset 0, and follow from algorithm 4: U is the padding under the file key.
func TestTheUserEntryOpensWithThePassword(t *testing.T) {
	key := []byte{1, 2, 3, 4, 5}
	stream := make([]byte, 16)
	xorRC4(key, stream)
	if want := "b2396305f03dc027ccc3524a0a1118a8"; fmt.Sprintf("%x", stream) != want {
		t.Errorf("RC4 with key %x: got %x, want %s", key, stream, want)
	}
	id := []byte("0123456789abcdef")
	c := newCrypt("secret", 40, id)
	back := append([]byte(nil), c.user...)
	xorRC4(c.key, back)
	if string(back) != pad {
		t.Errorf("U under the file key: got %x, want the padding", back)
	}
	if other := newCrypt("secret2", 40, id); bytes.Equal(other.key, c.key) {
		t.Error("two passwords give one key")
	}
}

func TestTextStringsKeepEveryRune(t *testing.T) {
	for in, want := range map[string]string{"plain": "plain", "θ": "\xfe\xff\x03\xb8", "a\u00e9": "\xfe\xff\x00a\x00\xe9"} {
		if got := string(Text(in)); got != want {
			t.Errorf("Text(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestNumbersHaveNoExponent(t *testing.T) {
	for in, want := range map[float64]string{0: "0", -0.0001: "0", 12.5: "12.5", 1e6: "1000000", 1.0 / 3: "0.333", -2: "-2"} {
		if got := num(in); got != want {
			t.Errorf("num(%v): got %q, want %q", in, got, want)
		}
	}
}

func TestEachDamageChangesTheFile(t *testing.T) {
	pdf := Simple("A title", "Some words of text in a paragraph.")
	keep := bytes.Clone(pdf)
	for _, d := range Damages() {
		if got := d.Apply(pdf); bytes.Equal(got, pdf) {
			t.Errorf("%s: the file is as it was", d.Name)
		}
		if !bytes.Equal(pdf, keep) {
			t.Fatalf("%s: changed its input", d.Name)
		}
	}
	if g := Garbage(1000); !bytes.Equal(g, Garbage(1000)) || bytes.HasPrefix(g, []byte("%PDF")) {
		t.Error("garbage is not the same each time, or is a PDF")
	}
}

func TestALongDocumentHasItsPages(t *testing.T) {
	pdf := Long(2000, Form{Compress: true, XrefStream: true})
	if n := bytes.Count(pdf, []byte("endstream")); n < 2000 {
		t.Errorf("got %d streams, want one for each of 2,000 pages", n)
	}
	if pdf = Long(2000, Form{}); strings.Count(string(pdf), "/Type /Page>>") != 2000 {
		t.Errorf("got %d page objects, want 2000", strings.Count(string(pdf), "/Type /Page>>"))
	}
}
