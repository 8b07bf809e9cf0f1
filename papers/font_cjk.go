package papers

import (
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// cjkCodes reads the predefined CMaps whose codes are characters of a national
// or Unicode encoding (ISO 32000-1 table 118): the code itself says the text.
type cjkCodes struct {
	unicode bool              // big-endian UTF-16
	from    encoding.Encoding // otherwise
	seven   bool              // two bytes without their high bits
	cns     *collection       // EUC-TW: planes of CNS 11643
	narrow  bool              // Latin letters are the half-width ones
}

// cjkByName is nil for a name that is not predefined or maps glyph numbers.
func cjkByName(name string) *cjkCodes {
	c := cjkNamed(name)
	if c != nil {
		switch base := strings.TrimSuffix(strings.TrimSuffix(name, "-H"), "-V"); base {
		case "GB-EUC", "GBK-EUC", "GBpc-EUC", "ETen-B5", "CNS-EUC", "90ms-RKSJ", "Add-RKSJ", "Ext-RKSJ", "EUC", "KSC-EUC":
			c.narrow = true
		default:
			c.narrow = strings.HasSuffix(base, "-HW")
		}
	}
	return c
}

func cjkNamed(name string) *cjkCodes {
	switch {
	case strings.Contains(name, "UCS2") || strings.Contains(name, "UTF16"):
		return &cjkCodes{unicode: true}
	case name == "H" || name == "V":
		return &cjkCodes{from: japanese.EUCJP, seven: true}
	case strings.HasPrefix(name, "CNS-EUC"):
		return &cjkCodes{cns: collectionOf("CNS1")}
	case strings.HasPrefix(name, "GBK2K"):
		return &cjkCodes{from: simplifiedchinese.GB18030}
	case strings.HasPrefix(name, "GB"):
		return &cjkCodes{from: simplifiedchinese.GBK}
	case strings.HasPrefix(name, "B5") || strings.HasPrefix(name, "ETen") || strings.HasPrefix(name, "HKscs"):
		return &cjkCodes{from: traditionalchinese.Big5}
	case strings.Contains(name, "RKSJ"):
		return &cjkCodes{from: japanese.ShiftJIS}
	case strings.HasPrefix(name, "KSC"):
		return &cjkCodes{from: korean.EUCKR}
	case strings.HasPrefix(name, "EUC"):
		return &cjkCodes{from: japanese.EUCJP}
	}
	return nil
}

// latin is the glyph number of a Latin letter, whose width differs from that of
// the ideographs, and a number that no font has for everything else: there the
// code says the text, not the glyph.
func (c *cjkCodes) latin(code uint32, of *collection) uint32 {
	switch {
	case of == nil || c.seven || code < ' ' || code > '~':
		return 0xFFFFFFFF
	case !c.narrow:
		return code - ' ' + 1
	case code == ' ' && of.half == 814:
		return 7716
	}
	return of.half + code - '!'
}

func (c *cjkCodes) next(s []byte) (uint32, int) {
	n := 1
	switch {
	case c.unicode:
		n = 2
		if len(s) >= 4 && s[0]&0xFC == 0xD8 {
			n = 4
		}
	case c.seven:
		n = 2
	case c.cns != nil && s[0] == 0x8E:
		n = 4
	case c.from == simplifiedchinese.GB18030 && len(s) > 1 && s[0] >= 0x81 && s[1] >= '0' && s[1] <= '9':
		n = 4
	case c.from == japanese.ShiftJIS:
		if s[0] >= 0x81 && s[0] <= 0x9F || s[0] >= 0xE0 {
			n = 2
		}
	case s[0] >= 0x80:
		n = 2
	}
	n = min(n, len(s))
	return charCode(s[:n]), n
}

func (c *cjkCodes) text(code uint32, n int) string {
	b := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		b[i] = byte(code)
		code >>= 8
	}
	if c.unicode {
		units := make([]uint16, 0, 2)
		for i := 0; i+1 < n; i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(units))
	}
	switch {
	case c.cns != nil:
		return c.planes(b)
	case c.seven:
		for i := range b {
			b[i] |= 0x80
		}
	}
	out, err := c.from.NewDecoder().Bytes(b)
	if err != nil || string(out) == "\uFFFD" {
		return ""
	}
	return string(out)
}

// planes reads EUC-TW: two bytes of the first plane, or four that name the plane.
func (c *cjkCodes) planes(b []byte) string {
	plane := byte(1)
	if len(b) == 4 {
		plane, b = b[1]-0xA0, b[2:]
	}
	if len(b) == 1 && b[0] < 0x80 {
		return string(rune(b[0]))
	}
	if len(b) != 2 || b[0] < 0xA1 || b[1] < 0xA1 {
		return ""
	}
	row, cell := uint32(b[0])-0xA1, uint32(b[1])-0xA1
	switch {
	case plane == 2:
		return c.cns.text(5996 + 94*row + cell)
	case plane != 1:
		return ""
	case row >= 0x23: // the first of the common characters
		return c.cns.text(595 + 94*(row-0x23) + cell)
	case row < 3:
		return c.cns.text(99 + 94*row + cell)
	case row == 3:
		return c.cns.text(333 + cell)
	}
	return ""
}
