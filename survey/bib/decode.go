package bib

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var declared = regexp.MustCompile(`(?i)(?:encoding|coding)[:=\s]+([A-Za-z0-9_\-]+)`)

// decode makes UTF-8 text with "\n" line ends of a file in whatever encoding;
// the note says what was guessed, "" when nothing was.
func decode(raw []byte) (text, note string) {
	text, note = toUTF8(raw)
	text = strings.ReplaceAll(text, "\x00", "") // never text, and taken for UTF-16 by the next reader
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return strings.TrimPrefix(text, "\ufeff"), note
}

func toUTF8(raw []byte) (string, string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return fromUTF16(raw[2:], false), ""
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return fromUTF16(raw[2:], true), ""
	}
	head := raw[:min(len(raw), 400)]
	if zeros := bytes.Count(head, []byte{0}); len(head) >= 4 && zeros > len(head)/4 {
		even := 0
		for i := 0; i < len(head); i += 2 {
			if head[i] == 0 {
				even++
			}
		}
		return fromUTF16(raw, even > zeros-even), "no byte order mark; read as UTF-16"
	}
	if utf8.Valid(raw) {
		return string(raw), ""
	}
	if m := declared.FindSubmatch(raw[:min(len(raw), 1000)]); m != nil {
		if enc, err := htmlindex.Get(encodingName(string(m[1]))); err == nil && !strings.EqualFold(string(m[1]), "utf-8") {
			if out, err := enc.NewDecoder().Bytes(raw); err == nil {
				return string(out), ""
			}
		}
	}
	if looksGBK(raw) {
		if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw); err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
			return string(out), "not UTF-8 and no encoding declared; read as GB18030"
		}
	}
	return mixed(raw)
}

// encodingName turns Emacs's names into those of the web: latin-9-unix.
func encodingName(s string) string {
	s = strings.ToLower(s)
	for _, end := range []string{"-unix", "-dos", "-mac"} {
		s = strings.TrimSuffix(s, end)
	}
	s = strings.TrimPrefix(s, "iso-latin-")
	s = strings.TrimPrefix(s, "latin-")
	s = strings.TrimPrefix(s, "latin")
	if parts := map[string]string{"1": "1", "2": "2", "3": "3", "4": "4", "5": "9", "6": "10", "7": "13", "8": "14", "9": "15", "10": "16"}; parts[s] != "" {
		return "iso-8859-" + parts[s]
	}
	return s
}

// mixed reads valid UTF-8 as such and every other byte as Windows-1252, as in
// files that two programs wrote to.
func mixed(raw []byte) (string, string) {
	enc, err := htmlindex.Get("windows-1252")
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\ufffd"), "not UTF-8; bytes that make no sense were replaced"
	}
	dec := enc.NewDecoder()
	var b strings.Builder
	n := 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r != utf8.RuneError || size > 1 {
			b.WriteRune(r)
		} else {
			one, err := dec.Bytes(raw[:1])
			if err != nil {
				one = []byte("\ufffd")
			}
			b.Write(one)
			n++
		}
		raw = raw[size:]
	}
	return b.String(), fmt.Sprintf("not UTF-8; %d bytes were read as Windows-1252", n)
}

// looksGBK says whether high bytes come in pairs, as they do in Chinese text
// and hardly ever do in Latin-1.
func looksGBK(raw []byte) bool {
	pairs := 0
	for i := 0; i < len(raw); {
		if raw[i] < 0x80 {
			i++
			continue
		}
		run := 0
		for i < len(raw) && raw[i] >= 0xa1 {
			i, run = i+1, run+1
		}
		if run == 0 || run%2 == 1 {
			return false
		}
		pairs += run / 2
	}
	return pairs >= 2
}

func fromUTF16(raw []byte, bigEndian bool) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		a, b := raw[2*i], raw[2*i+1]
		if bigEndian {
			a, b = b, a
		}
		units[i] = uint16(a) | uint16(b)<<8
	}
	return string(utf16.Decode(units))
}
