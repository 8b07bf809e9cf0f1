package tui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// Limits of what can be typed or pasted into a box, in bytes.
const (
	queryCap   = 4 << 10
	commentCap = 64 << 10
)

// box is a one-line text field. It holds at most cap bytes; what a paste has
// more is left out and told.
type box struct {
	left, right string // text before and after the cursor
	cap         int
}

func (b *box) text() string { return b.left + b.right }

// query is the text in the form all text is stored in.
func (b *box) query() string { return norm.NFC.String(b.text()) }

func (b *box) set(s string) { b.left, b.right = clean(s), "" }

// insert adds s at the cursor and says, if not all of it fits, what was cut.
func (b *box) insert(s string) (told string) {
	limit := b.cap
	if limit == 0 {
		limit = queryCap
	}
	room := limit - len(b.left) - len(b.right)
	whole := len(s)
	// Cut before cleaning: a paste of 10 MiB must not cost a pass over it all.
	if len(s) > room {
		cut := max(room, 0)
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
		told = fmt.Sprintf("pasted text cut at %s: %s came, the box holds %s", bytesText(cut), bytesText(whole), bytesText(limit))
	}
	s = clean(s)
	if len(s) > room {
		s = strings.ToValidUTF8(s[:max(room, 0)], "")
	}
	b.left += s
	return told
}

// key applies an editing key and says whether it was one.
func (b *box) key(k string) bool {
	switch k {
	case "backspace", "ctrl+h":
		b.left = dropLast(b.left)
	case "delete":
		_, b.right = firstCluster(b.right)
	case "left", "ctrl+b":
		rest := dropLast(b.left)
		b.left, b.right = rest, b.left[len(rest):]+b.right
	case "right", "ctrl+f":
		c, rest := firstCluster(b.right)
		b.left, b.right = b.left+c, rest
	case "home", "ctrl+a":
		b.left, b.right = "", b.left+b.right
	case "end", "ctrl+e":
		b.left, b.right = b.left+b.right, ""
	case "ctrl+u":
		b.left = ""
	case "ctrl+k":
		b.right = ""
	case "ctrl+w":
		s := strings.TrimRight(b.left, " ")
		b.left = s[:strings.LastIndexByte(s, ' ')+1]
	default:
		return false
	}
	return true
}

// firstCluster splits off the first grapheme.
func firstCluster(s string) (first, rest string) {
	if s == "" {
		return "", ""
	}
	first, _ = ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return first, s[len(first):]
}

// dropLast takes away the last grapheme. Clusters are short, so it looks at
// the last few runes only.
func dropLast(s string) string {
	start := max(0, len(s)-256)
	for start > 0 && !utf8.RuneStart(s[start]) {
		start--
	}
	end := start
	for rest := s[start:]; rest != ""; {
		c, more := firstCluster(rest)
		if more == "" {
			break
		}
		end += len(c)
		rest = more
	}
	return s[:end]
}

// show gives the visible part of the text with a cursor mark, at most w cells.
func (b *box) show(w int, focused bool) string {
	mark := ""
	if focused {
		mark = "▁"
	}
	left := b.left
	if over := width(left) + 1 - w; over > 0 {
		left = ansi.TruncateLeft(left, over+1, "…")
	}
	return left + mark + b.right
}

func bytesText(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
