package papers

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeText reads a PDF text string: UTF-16 or UTF-8 after a byte order mark, else PDFDocEncoding (ISO 32000-1, 7.9.2 and D.2).
// Line ends become \n, other control characters go.
func decodeText(raw string) string {
	var s string
	switch {
	case strings.HasPrefix(raw, "\xfe\xff"):
		s = decodeUTF16(raw[2:], 0, 1)
	case strings.HasPrefix(raw, "\xff\xfe"):
		s = decodeUTF16(raw[2:], 1, 0)
	case strings.HasPrefix(raw, "\xef\xbb\xbf"):
		s = strings.ToValidUTF8(raw[3:], "\uFFFD")
	case utf8.ValidString(raw) && !ascii(raw):
		s = raw // not allowed, and common
	default:
		var b strings.Builder
		for i := range len(raw) {
			b.WriteRune(pdfDoc(raw[i]))
		}
		s = b.String()
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) && r != '\ufeff' {
			return r
		}
		return -1
	}, s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func decodeUTF16(s string, hi, lo int) string {
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i+hi])<<8|uint16(s[i+lo]))
	}
	return string(utf16.Decode(units))
}

// pdfDoc is PDFDocEncoding where it differs from Latin-1.
func pdfDoc(c byte) rune {
	const high = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž"
	switch {
	case c >= 0x80 && int(c)-0x80 < utf8.RuneCountInString(high):
		return []rune(high)[c-0x80]
	case c == 0xa0:
		return '€'
	case c >= 0x18 && c < 0x20:
		return []rune("˘ˇˆ˙˝˛˚˜")[c-0x18]
	}
	return rune(c)
}
