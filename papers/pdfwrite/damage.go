package pdfwrite

import (
	"bytes"
	"fmt"
	"regexp"
)

// Damage is a way in which files break in the world, made on purpose.
type Damage struct {
	Name  string
	Apply func(pdf []byte) []byte
	Lost  bool // no text can be expected back
}

// Damages lists the kinds; each leaves its input untouched.
func Damages() []Damage {
	return []Damage{
		{"truncated to half", func(p []byte) []byte { return Truncate(p, 0.5) }, false},
		{"truncated in the trailer", func(p []byte) []byte { return Truncate(p, 0.99) }, false},
		{"wrong startxref", WrongStart, false},
		{"shifted xref", WrongXref, false},
		{"no xref", NoXref, false},
		{"junk before the header", func(p []byte) []byte { return append([]byte("HTTP/1.1 200 OK\r\n\r\n"), p...) }, false},
		{"junk after the end", func(p []byte) []byte { return append(bytes.Clone(p), bytes.Repeat([]byte("\x00junk\n"), 300)...) }, false},
		{"wrong stream length", WrongLength, false},
		{"header 2.0", func(p []byte) []byte { return replaceHeader(p, "%PDF-2.0") }, false},
		{"no header", func(p []byte) []byte { return replaceHeader(p, "%XYZ-1.4") }, true},
		{"cyclic page tree", CyclicTree, true},
		{"zero bytes in the middle", ZeroMiddle, true},
	}
}

// Truncate keeps a share of the file, as a broken download does.
func Truncate(pdf []byte, share float64) []byte {
	return bytes.Clone(pdf[:int(float64(len(pdf))*share)])
}

var startxref = regexp.MustCompile(`startxref\s+(\d+)`)

// WrongStart points startxref into the void.
func WrongStart(pdf []byte) []byte {
	return startxref.ReplaceAll(pdf, []byte("startxref\n99999999"))
}

var xrefRow = regexp.MustCompile(`\d{10} 00000 n`)

// WrongXref moves each offset of a classic table, as a file does that was edited by hand or sent as text.
func WrongXref(pdf []byte) []byte {
	return xrefRow.ReplaceAllFunc(pdf, func(row []byte) []byte {
		n := 0
		_, _ = fmt.Sscanf(string(row[:10]), "%d", &n) // the pattern has ten digits
		return fmt.Appendf(nil, "%010d 00000 n", n+7)
	})
}

// NoXref cuts everything from the cross-reference on.
func NoXref(pdf []byte) []byte {
	if i := bytes.LastIndex(pdf, []byte("\nxref")); i >= 0 {
		return bytes.Clone(pdf[:i+1])
	}
	if m := startxref.FindIndex(pdf); m != nil {
		return bytes.Clone(pdf[:m[0]])
	}
	return bytes.Clone(pdf)
}

var streamLength = regexp.MustCompile(`/Length (\d+)`)

// WrongLength says of each stream that it is one byte long, and keeps the file's length.
func WrongLength(pdf []byte) []byte {
	return streamLength.ReplaceAllFunc(pdf, func(m []byte) []byte {
		out := bytes.Repeat([]byte(" "), len(m))
		copy(out, "/Length 1")
		return out
	})
}

func replaceHeader(pdf []byte, header string) []byte {
	out := bytes.Clone(pdf)
	copy(out, header)
	return out
}

var (
	kids     = regexp.MustCompile(`/Kids \[(\d+) 0 R`)
	pagesRef = regexp.MustCompile(`/Pages (\d+) 0 R`)
)

// CyclicTree makes the page tree its own child.
func CyclicTree(pdf []byte) []byte {
	m := pagesRef.FindSubmatch(pdf)
	if m == nil {
		return bytes.Clone(pdf)
	}
	return kids.ReplaceAllFunc(pdf, func(old []byte) []byte {
		out := fmt.Appendf(nil, "/Kids [%s 0 R", m[1])
		for len(out) < len(old) {
			out = append(out, ' ')
		}
		return out[:max(len(old), len(out))]
	})
}

// ZeroMiddle overwrites the middle third with zero bytes, as a crashed disk does.
func ZeroMiddle(pdf []byte) []byte {
	out := bytes.Clone(pdf)
	clear(out[len(out)/3 : 2*len(out)/3])
	return out
}

// Garbage is no PDF at all: bytes that look random and are the same each time.
func Garbage(n int) []byte {
	out := make([]byte, n)
	x := uint32(2463534242)
	for i := range out {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		out[i] = byte(x)
	}
	return out
}
