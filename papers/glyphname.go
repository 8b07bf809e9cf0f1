package papers

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode/utf8"
)

// glyphNames lists "name hex" lines sorted by name: the Adobe Glyph List
// (Adobe's BSD-licensed list of names, without scripts no paper of ours is
// written in) and the names that TeX's math fonts use.
//
//go:embed glyphnames.txt
var glyphNames string

// glyphText is the text a glyph name stands for, "" where nobody knows. It
// follows the Adobe Glyph List specification: suffixes after a full stop are
// dropped, "_" joins the parts of a ligature, uniXXXX and uXXXXX are code points.
func glyphText(name string) string {
	if name == "" || name == ".notdef" {
		return ""
	}
	if r := namedRune(name); r != 0 {
		return string(r)
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		return glyphText(name[:i])
	}
	if strings.IndexByte(name, '_') > 0 {
		var out strings.Builder
		for part := range strings.SplitSeq(name, "_") {
			out.WriteString(glyphText(part))
		}
		return out.String()
	}
	if s := uniName(name); s != "" {
		return s
	}
	return ""
}

// uniName reads uniXXXX[XXXX…] and uXXXX to uXXXXXX.
func uniName(name string) string {
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 && len(hex)%4 == 0 {
		var out strings.Builder
		for i := 0; i < len(hex); i += 4 {
			v, err := strconv.ParseUint(hex[i:i+4], 16, 32)
			if err != nil || !utf8.ValidRune(rune(v)) {
				return ""
			}
			out.WriteRune(rune(v))
		}
		return out.String()
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil && v > 0 && utf8.ValidRune(rune(v)) {
			return string(rune(v))
		}
	}
	return ""
}

// namedRune looks a name up in the sorted list; 0 where it is not there.
func namedRune(name string) rune {
	lo, hi := 0, len(glyphNames)
	for lo < hi {
		mid := (lo + hi) / 2
		start := strings.LastIndexByte(glyphNames[:mid], '\n') + 1
		end := start + strings.IndexByte(glyphNames[start:], '\n')
		line := glyphNames[start:end]
		space := strings.IndexByte(line, ' ')
		switch c := strings.Compare(line[:space], name); {
		case c == 0:
			v, _ := strconv.ParseUint(line[space+1:], 16, 32)
			return rune(v)
		case c < 0:
			lo = end + 1
		default:
			hi = start
		}
	}
	return 0
}
