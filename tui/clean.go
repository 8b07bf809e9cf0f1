package tui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks one letter may carry. Real scripts need
// three or four; a stack of thousands is an attack on the terminal's layout.
const maxMarks = 8

// clean makes text from outside safe to draw on one line: no control byte, no
// escape, no zero-width or reordering control survives, tabs and line ends
// become blanks. clean(clean(s)) == clean(s).
func clean(s string) string {
	if tidy(s) {
		return s
	}
	return scrub(s, false)
}

// cleanText is clean for running text: line ends stay, as "\n".
func cleanText(s string) string { return scrub(s, true) }

// tidy says whether s is plain printable ASCII, the common case, which needs
// no copy.
func tidy(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func scrub(s string, keepLines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == 0x200c || r == 0x200d || unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks <= maxMarks {
				b.WriteRune(r)
			}
			continue
		}
		switch {
		case r == '\r' && i < len(s) && s[i] == '\n':
			continue
		case r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 || r == '\v' || r == '\f' || r == 0x85:
			if keepLines {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		case r == '\t':
			b.WriteString("    ")
		case reorders(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		case hidden(r):
			continue
		default:
			b.WriteRune(r)
		}
		marks = 0
	}
	return b.String()
}

// reorders names the controls that turn the reading order round; they are
// shown, because hiding them would hide what the author of the file tried.
func reorders(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// hidden names what draws nothing and so could smuggle: C0, C1, zero-width
// controls, tags, annotation marks. ZWJ and ZWNJ stay, scripts need them.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0xad, r == 0x61c, r == 0x180e, r == 0x200b, r == 0x200e, r == 0x200f, r == 0xfeff:
		return true
	case r >= 0x2060 && r <= 0x2065, r >= 0x206a && r <= 0x206f:
		return true
	case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
