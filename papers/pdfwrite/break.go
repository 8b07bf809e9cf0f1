package pdfwrite

import (
	"math"
	"strings"
)

// paragraph is text with its dress.
type paragraph struct {
	text        string
	font        Font
	size        float64
	kind        string
	center      bool
	left, right float64 // indents of all lines
	indent      float64 // of the first line
	hang        float64 // of all lines but the first
}

// line is a set line: its words, its left indent and what each gap gets on top of its natural width.
type line struct {
	words []string
	x     float64
	width float64 // natural
	extra float64
}

// piece is a part of a word between two places where it may break.
type piece struct {
	text  string
	width float64
	end   bool // end of the word
}

// breakLines chooses the breaks with the least total badness over the whole paragraph (Knuth and Plass 1981, without classes of
// tightness): a gap may stretch freely at a cost and shrink by a third.
func (d *Doc) breakLines(p paragraph, width float64) []line {
	pieces := d.pieces(p)
	n := len(pieces)
	if n == 0 {
		return nil
	}
	space := d.Width(p.font, p.size, " ")
	hyphen := d.Width(p.font, p.size, "-")
	best := make([]float64, n+1)
	from := make([]int, n+1)
	for i := range best {
		best[i] = math.Inf(1)
	}
	best[0] = 0
	room := func(first bool) float64 {
		r := width - p.left - p.right
		if first {
			return r - p.indent
		}
		return r - p.hang
	}
	for i := range n {
		if math.IsInf(best[i], 1) {
			continue
		}
		natural, gaps := 0.0, 0
		for j := i; j < n; j++ {
			natural += pieces[j].width
			w := natural
			if !pieces[j].end {
				w += hyphen
			}
			slack := room(i == 0) - w
			if slack < -space/3*float64(gaps) && j > i {
				break
			}
			if cost := best[i] + badness(slack, gaps, space, p, pieces[j].end, j+1 == n); cost < best[j+1] {
				best[j+1], from[j+1] = cost, i
			}
			if pieces[j].end {
				natural += space
				gaps++
			}
		}
	}
	var cuts []int
	for at := n; at > 0; at = from[at] {
		cuts = append(cuts, at)
	}
	var lines []line
	start := 0
	for k := len(cuts) - 1; k >= 0; k-- {
		lines = append(lines, d.makeLine(p, pieces[start:cuts[k]], start == 0, cuts[k] == n, room(start == 0), space))
		start = cuts[k]
	}
	return lines
}

func badness(slack float64, gaps int, space float64, p paragraph, wordEnd, last bool) float64 {
	if last && slack >= 0 {
		return 1
	}
	ratio := slack / (space * float64(max(gaps, 1)) * 0.5)
	if slack < 0 {
		ratio = slack / (space * float64(max(gaps, 1)) / 3)
	}
	b := 1 + 100*math.Abs(ratio*ratio*ratio)
	if !wordEnd {
		b += 60
	}
	return b * b
}

func (d *Doc) makeLine(p paragraph, pieces []piece, first, last bool, room, space float64) line {
	l := line{x: p.left}
	if first {
		l.x += p.indent
	} else {
		l.x += p.hang
	}
	word := ""
	for i, pc := range pieces {
		word += pc.text
		l.width += pc.width
		switch {
		case pc.end:
			l.words = append(l.words, word)
			word = ""
			if i+1 < len(pieces) {
				l.width += space
			}
		case i+1 == len(pieces):
			l.words = append(l.words, word+breakMark)
			l.width += d.Width(p.font, p.size, "-")
		}
	}
	gaps := float64(len(l.words) - 1)
	slack := room - l.width
	if gaps > 0 && (d.o.Justify && !p.center && !last || slack < 0) {
		l.extra = slack / gaps
	}
	return l
}

// pieces splits the text into words and the words at the places where they may break.
func (d *Doc) pieces(p paragraph) []piece {
	var out []piece
	for _, w := range strings.Fields(p.text) {
		parts := strings.Split(w, "\u00ad")
		if len(parts) == 1 && d.o.Hyphenate && !p.center {
			parts = d.hyphenate(w)
		}
		for i, s := range parts {
			if d.o.Ligatures && p.font.Family <= Helvetica {
				s = strings.NewReplacer("ffi", "fﬁ", "fi", "ﬁ", "fl", "ﬂ").Replace(s)
			}
			out = append(out, piece{text: s, width: d.Width(p.font, p.size, s), end: i+1 == len(parts)})
		}
	}
	return out
}

// hyphenate divides a word by the document's list, or between two consonants that stand between vowels (con-nec-tions). The rule misses
// many breaks and is wrong for a few words, which is good enough for tests; what is printed for people uses the list.
func (d *Doc) hyphenate(word string) []string {
	core := strings.TrimFunc(word, func(r rune) bool { return !letter(r) })
	at := strings.Index(word, core)
	if len(core) < 6 {
		return []string{word}
	}
	var parts []string
	if listed, ok := d.o.Hyphens[strings.ToLower(core)]; ok {
		rest := core
		for _, s := range strings.Split(listed, "-") {
			if len(s) > len(rest) {
				break
			}
			parts = append(parts, rest[:len(s)])
			rest = rest[len(s):]
		}
		if rest != "" || len(parts) == 0 {
			parts = append(parts, rest)
		}
	} else if d.o.Hyphens != nil {
		return []string{word} // a list was given: nothing is guessed
	} else {
		start := 0
		for i := 3; i+3 < len(core); i++ {
			if i-start >= 3 && splits(core[i-2:i+2]) {
				parts = append(parts, core[start:i])
				start = i
			}
		}
		parts = append(parts, core[start:])
	}
	parts[0] = word[:at] + parts[0]
	parts[len(parts)-1] += word[at+len(core):]
	return parts
}

// splits says whether a word may break in the middle of these four letters: vowel, consonant | consonant, vowel, no digraph.
func splits(four string) bool {
	vowel := func(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }
	lower := func(c byte) bool { return c >= 'a' && c <= 'z' }
	for i := range 4 {
		if !lower(four[i]) {
			return false
		}
	}
	switch four[1:3] {
	case "th", "ch", "sh", "ph", "ck", "gh", "wh", "qu":
		return false
	}
	return vowel(four[0]) && !vowel(four[1]) && !vowel(four[2]) && vowel(four[3])
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0
}
