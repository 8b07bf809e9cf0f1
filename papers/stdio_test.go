package papers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tenet/papers/pdfwrite"
)

// talk runs Serve on pipes and sends it requests.
type talk struct {
	in     io.WriteCloser
	frames *bufio.Reader
	ended  chan error
}

func newTalk(t *testing.T) *talk {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &talk{in: inW, frames: bufio.NewReader(outR), ended: make(chan error, 1)}
	go func() {
		err := Serve(context.Background(), inR, outW, nil)
		_ = outW.Close()
		c.ended <- err
	}()
	t.Cleanup(func() { _ = inW.Close(); _ = outR.Close() })
	var h hello
	c.read(t, &h)
	if h != (hello{"papers", protocol, EngineVersion}) {
		t.Fatalf("got hello %+v", h)
	}
	return c
}

func (c *talk) read(t *testing.T, v any) {
	t.Helper()
	b, err := readFrame(c.frames)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

func (c *talk) send(t *testing.T, v any) {
	t.Helper()
	if err := writeFrame(bufio.NewWriter(c.in), v); err != nil {
		t.Fatal(err)
	}
}

// answer gathers the replies to one request.
func (c *talk) answer(t *testing.T) (d *Document, progress int, err error) {
	t.Helper()
	for {
		var r reply
		c.read(t, &r)
		switch r.Type {
		case "progress":
			progress = r.Total
		case "document":
			d = r.Document
		case "page":
			d.Pages = append(d.Pages, *r.Page)
		case "error":
			return nil, progress, errorOf(r.Code, r.Text)
		case "end":
			return d, progress, nil
		}
	}
}

func written(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheChildAnswersWithTheSameDocument(t *testing.T) {
	path := written(t, "x.pdf", article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}))
	want, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := newTalk(t)
	for id := range 3 {
		c.send(t, request{ID: id, Path: path})
		got, _, err := c.answer(t)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		if !bytes.Equal(a, b) || !reflect.DeepEqual(got.Meta, want.Meta) {
			t.Errorf("request %d: got a document that differs from the one read here", id)
		}
	}
	_ = c.in.Close()
	if err := <-c.ended; err != nil {
		t.Errorf("end of input: got %v, want a clean end", err)
	}
}

func TestErrorsKeepTheirKindOverTheWire(t *testing.T) {
	c := newTalk(t)
	for _, b := range badInputs(t) {
		c.send(t, request{ID: 1, Path: b.path, Options: b.options})
		_, _, err := c.answer(t)
		if !errors.Is(err, b.want) {
			t.Errorf("%s: got %v, want %v", b.name, err, b.want)
		}
	}
	for _, code := range codes {
		if err := errorOf(code.code, "x"); !errors.Is(err, code.err) || err.Error() != "x" {
			t.Errorf("%s: got %v", code.code, err)
		}
	}
	if err := errorOf("from a newer version", "x"); err.Error() != "x" || errors.Is(err, ErrNotPDF) {
		t.Errorf("unknown code: got %v", err)
	}
}

func TestAChildWhoseParentIsGoneStops(t *testing.T) {
	c := newTalk(t)
	c.send(t, request{ID: 1, Path: written(t, "long.pdf", pdfwrite.Long(2000, pdfwrite.Form{}))})
	_ = c.in.Close()
	go func() { _, _ = io.Copy(io.Discard, c.frames) }()
	select {
	case <-c.ended:
	case <-time.After(10 * time.Second):
		t.Error("Serve still runs ten seconds after its input has ended")
	}
}

func TestGarbageOnTheInputEndsTheChildWithAnError(t *testing.T) {
	for _, in := range []string{"GET / HTTP/1.1\r\n", "\x00\x00\x00\x02{]", "\x00\x00\x00\x00", "\x00\x00"} {
		if err := Serve(t.Context(), strings.NewReader(in), io.Discard, nil); err == nil {
			t.Errorf("%q: got no error", in)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x05{}"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		b, err := readFrame(bytes.NewReader(in))
		if err != nil {
			return
		}
		if n := int(binary.BigEndian.Uint32(in)); len(b) != n || !bytes.Equal(b, in[4:4+n]) {
			t.Fatalf("%q: got %q", in, b)
		}
		var r reply
		_ = json.Unmarshal(b, &r) // must not panic
	})
}

func TestAFrameComesBackAsItWent(t *testing.T) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	for _, s := range []string{"", "ä\n", strings.Repeat("x", 100_000)} {
		if err := writeFrame(w, s); err != nil {
			t.Fatal(err)
		}
		raw, err := readFrame(&b)
		var got string
		if err != nil || json.Unmarshal(raw, &got) != nil || got != s {
			t.Errorf("got %q, %v, want %q", got, err, s)
		}
	}
	if err := writeFrame(w, strings.Repeat("x", longestFrame)); !errors.Is(err, ErrLimit) {
		t.Errorf("a frame too long: got %v, want ErrLimit", err)
	}
}

// badInput is a row of the table of bad inputs.
type badInput struct {
	name    string
	path    string
	options Options
	want    error
	text    string // must stand in the message
}

func badInputs(t testing.TB) []badInput {
	t.Helper()
	good := article(pdfwrite.Info{}).Bytes(pdfwrite.Form{})
	rows := []badInput{
		{name: "not a PDF", path: written(t, "notes.txt", []byte("Just some notes.\n")), want: ErrNotPDF, text: "notes.txt: not a PDF"},
		{name: "random bytes", path: written(t, "random.pdf", pdfwrite.Garbage(5000)), want: ErrNotPDF, text: "random.pdf"},
		{name: "an empty file", path: written(t, "empty.pdf", nil), want: ErrNotPDF, text: "empty"},
		{name: "locked with 40 bits", path: written(t, "locked.pdf", article(pdfwrite.Info{}).Bytes(pdfwrite.Form{Password: "secret", KeyBits: 40})), want: ErrEncrypted, text: "password"},
		{name: "locked with 128 bits", path: written(t, "locked.pdf", article(pdfwrite.Info{}).Bytes(pdfwrite.Form{Password: "secret", XrefStream: true, Compress: true})), want: ErrEncrypted, text: "password"},
		{name: "too many bytes", path: written(t, "big.pdf", good), options: Options{MaxBytes: 1000}, want: ErrLimit, text: "big.pdf"},
		{name: "a folder", path: t.TempDir(), want: ErrNotPDF, text: "not a regular file"},
		{name: "no such file", path: filepath.Join(t.TempDir(), "gone.pdf"), want: fs.ErrNotExist, text: "gone.pdf"},
	}
	if os.Getuid() != 0 { // root may read everything
		locked := written(t, "secret.pdf", good)
		if err := os.Chmod(locked, 0); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, badInput{name: "a file one may not read", path: locked, want: fs.ErrPermission, text: "secret.pdf"})
	}
	return rows
}

func TestBadInputGetsAClearError(t *testing.T) {
	for _, b := range badInputs(t) {
		d, err := Open(t.Context(), b.path, b.options)
		if d != nil || !errors.Is(err, b.want) || !strings.Contains(err.Error(), b.text) || !strings.HasPrefix(err.Error(), "papers: ") {
			t.Errorf("%s: got %v, want an error about %q", b.name, err, b.text)
		}
	}
}

func TestATruncatedFileGivesWhatIsThere(t *testing.T) {
	whole := pdfwrite.Long(20, pdfwrite.Form{})
	for _, d := range pdfwrite.Damages() {
		got, err := Open(t.Context(), written(t, "x.pdf", d.Apply(whole)), Options{})
		switch {
		case d.Lost:
			if err == nil && len(got.Pages) == 0 {
				t.Errorf("%s: got a document without pages and no error", d.Name)
			}
		case err != nil:
			t.Errorf("%s: got %v, want the text", d.Name, err)
		case !strings.Contains(got.Pages[0].Text, "page 1 of a long document") || len(got.Pages) < 8:
			t.Errorf("%s: got %d pages, the first with %.80q", d.Name, len(got.Pages), got.Pages[0].Text)
		case strings.HasPrefix(d.Name, "truncated") && len(got.Warnings) == 0:
			t.Errorf("%s: read without a warning", d.Name)
		}
	}
}

func TestTwoThousandPagesAreReadOrRefused(t *testing.T) {
	path := written(t, "long.pdf", pdfwrite.Long(2000, pdfwrite.Form{Compress: true}))
	d, err := Open(t.Context(), path, Options{})
	if err != nil || len(d.Pages) != 2000 || !strings.Contains(d.Pages[1999].Text, "page 2000 of a long document") {
		t.Fatalf("got %v, want 2,000 pages", err)
	}
	d, err = Open(t.Context(), path, Options{MaxPages: 100})
	if err != nil && !errors.Is(err, ErrLimit) || err == nil && (len(d.Pages) != 100 || len(d.Warnings) != 1 || d.Warnings[0].Code != "limit") {
		t.Errorf("with at most 100 pages: got %v, want ErrLimit, or 100 pages and a warning", err)
	}
}

func TestAScanSaysThatItNeedsOCR(t *testing.T) {
	d := opened(t, pdfwrite.Empty(3))
	said := false
	for _, w := range d.Warnings {
		said = said || w.Code == "no-text"
	}
	if !said || len(d.Pages) != 3 {
		t.Errorf("got %d pages and warnings %+v, want 3 and no-text", len(d.Pages), d.Warnings)
	}
}
