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
}

// cjkByName is nil for a name that is not predefined or maps glyph numbers.
func cjkByName(name string) *cjkCodes {
	switch {
	case strings.Contains(name, "UCS2") || strings.Contains(name, "UTF16"):
		return &cjkCodes{unicode: true}
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

func (c *cjkCodes) next(s []byte) (uint32, int) {
	n := 1
	switch {
	case c.unicode:
		n = 2
		if len(s) >= 4 && s[0]&0xFC == 0xD8 {
			n = 4
		}
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
	out, err := c.from.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return string(out)
}
