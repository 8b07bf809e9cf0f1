package layout

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Text is a page made readable: its text in reading order and where in it, in
// runes, every block, line and word stands.
type Text struct {
	Text   string
	Blocks []Block
	Words  []Word
}

// A Block of text; Start and End count runes.
type Block struct {
	Start, End int
	Kind       Kind
	Box        Box
	Size       float64
	Bold       bool
	Font       string
	Lines      []Line
}

// A Line of print. Hyphen: the print ends in a hyphen that the text leaves out.
type Line struct {
	Start, End int
	Hyphen     bool
	Box        Box
}

// A Word, or the part of a word before or after a line end.
type Word struct {
	Start, End int
	Box        Box
}

// Compose makes text of all pages of a document: it needs them together, because
// running heads show only by returning, and because whether a hyphen at a line
// end belongs to the word shows from how the document writes that word elsewhere.
func Compose(pages []*Page) []Text {
	markRunning(pages)
	voc := vocabulary(pages)
	kinds := classifier{body: bodyStyle(pages)}
	out := make([]Text, len(pages))
	for i, p := range pages {
		c := composer{page: p, voc: voc, blocks: p.blocks()}
		kinds.page(p, c.blocks)
		out[i] = c.compose()
	}
	return out
}

type composer struct {
	page   *Page
	blocks []block
	voc    map[string]int
	out    strings.Builder
	n      int // runes written
	text   Text
}

func (c *composer) compose() Text {
	nwords := 0
	for i := range c.page.lines {
		nwords += len(c.page.lines[i].words)
	}
	c.text.Words = make([]Word, 0, nwords)
	for i := range c.blocks {
		c.block(i)
	}
	c.text.Text = c.out.String()
	return c.text
}

func (c *composer) write(s string) {
	c.out.WriteString(s)
	c.n += utf8.RuneCountInString(s)
}

func (c *composer) block(at int) {
	p, b := c.page, &c.blocks[at]
	runsOn := c.runsOn(at)
	out := Block{Start: c.n, Kind: b.kind, Box: p.lines[b.from].box}
	var t tally
	for i := b.from; i < b.to; i++ {
		l := &p.lines[i]
		out.Box = out.Box.union(l.box)
		for range min(l.count, 200) {
			t.add(l.font, l.size)
		}
		drop := false
		next := i + 1
		if next < b.to || runsOn {
			drop = c.rejoins(l, &p.lines[next])
		}
		start := c.n
		c.line(l, drop)
		out.Lines = append(out.Lines, Line{Start: start, End: c.n, Hyphen: drop, Box: l.box})
		if next < b.to && !c.endsHyphenated(l, &p.lines[next]) {
			c.write(" ")
		}
	}
	out.End = c.n
	switch last := &p.lines[b.to-1]; {
	case at+1 == len(c.blocks):
	case !runsOn:
		c.write("\n\n")
	case !c.endsHyphenated(last, &p.lines[b.to]):
		c.write(" ")
	}
	if t.used > 0 {
		out.Size = t.sizes[t.best]
		if f := int(t.fonts[t.best]); f < len(p.fonts) {
			out.Bold, out.Font = p.fonts[f].Bold, p.fonts[f].Name
		}
	}
	c.text.Blocks = append(c.text.Blocks, out)
}

// runsOn tells whether the paragraph that a block ends goes on in the next one,
// in the next column: it does not end like a sentence, and the next block does
// not start like one.
func (c *composer) runsOn(at int) bool {
	if at+1 >= len(c.blocks) {
		return false
	}
	a, b := &c.blocks[at], &c.blocks[at+1]
	if a.kind != b.kind || a.kind != Body && a.kind != Reference {
		return false
	}
	p := c.page
	last, next := &p.lines[a.to-1], &p.lines[b.from]
	if last.angle != next.angle || p.endsSentence(last) || math.Abs(last.size-next.size) > 0.1*last.size {
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.wordText(&next.words[0]))
	return unicode.IsLower(r) && next.base < last.base && last.count > 12
}

// line writes one line; with drop its last character, a hyphen, is left out.
func (c *composer) line(l *line, drop bool) {
	for i := range l.words {
		w := &l.words[i]
		if i > 0 {
			c.write(" ")
		}
		s := string(c.page.text[w.a:w.b])
		if drop && i == len(l.words)-1 {
			_, size := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-size]
		}
		start := c.n
		c.write(s)
		c.text.Words = append(c.text.Words, Word{start, c.n, w.box})
	}
}

func isHyphen(r rune) bool { return r == '-' || r == 0xAD || r == 0x2010 || r == 0x2011 }

// breaks gives the halves of a word that a hyphen at the end of l parts.
func (c *composer) breaks(l, next *line) (left, right string, hyphen rune, ok bool) {
	if l.angle != next.angle || l.angle == 0 && math.Abs(next.base-l.base) < 0.5*l.size {
		return "", "", 0, false
	}
	left = c.page.wordText(&l.words[len(l.words)-1])
	hyphen, size := utf8.DecodeLastRuneInString(left)
	if !isHyphen(hyphen) {
		return "", "", 0, false
	}
	left = left[:len(left)-size]
	right = c.page.wordText(&next.words[0])
	before, _ := utf8.DecodeLastRuneInString(left)
	after, _ := utf8.DecodeRuneInString(right)
	if !unicode.IsLetter(before) || !(unicode.IsLetter(after) || unicode.IsDigit(after)) {
		return "", "", 0, false
	}
	return left, right, hyphen, true
}

// rejoins tells whether the hyphen at the end of l was put there to break the
// word. A capital or a digit after it, or a document that writes the word with
// the hyphen and never without, says that it was not.
func (c *composer) rejoins(l, next *line) bool {
	left, right, hyphen, ok := c.breaks(l, next)
	if !ok {
		return false
	}
	if hyphen == 0xAD {
		return true
	}
	if r, _ := utf8.DecodeRuneInString(right); !unicode.IsLower(r) {
		return false
	}
	left, right = lettersEnd(left), lettersStart(right)
	joined := c.voc[left+right]
	parted := c.voc[left+"-"+right]
	return joined > 0 || parted == 0
}

// endsHyphenated tells whether the next line goes on right after this one's
// hyphen.
func (c *composer) endsHyphenated(l, next *line) bool {
	_, _, _, ok := c.breaks(l, next)
	return ok
}

// lettersEnd is the run of letters (and inner hyphens) at the end of s, lower case.
func lettersEnd(s string) string {
	i := len(s)
	for i > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if !unicode.IsLetter(r) && r != '-' {
			break
		}
		i -= size
	}
	return strings.ToLower(s[i:])
}

func lettersStart(s string) string {
	for i, r := range s {
		if !unicode.IsLetter(r) && r != '-' {
			return strings.ToLower(s[:i])
		}
	}
	return strings.ToLower(s)
}

// vocabulary counts the document's words that no line end touches.
func vocabulary(pages []*Page) map[string]int {
	voc := make(map[string]int, 4096)
	var buf []byte
	for _, p := range pages {
		for i := range p.lines {
			words := p.lines[i].words
			for k := range words {
				w := p.text[words[k].a:words[k].b]
				if k == len(words)-1 && isHyphen(lastRune(w)) {
					continue
				}
				buf = appendFolded(buf[:0], w)
				if len(buf) > 3 {
					voc[string(buf)]++
				}
			}
		}
	}
	return voc
}

func lastRune(b []byte) rune {
	r, _ := utf8.DecodeLastRune(b)
	return r
}

// appendFolded appends w in lower case without what is no letter at its ends.
func appendFolded(out, w []byte) []byte {
	for len(w) > 0 {
		r, size := utf8.DecodeRune(w)
		if unicode.IsLetter(r) {
			break
		}
		w = w[size:]
	}
	for len(w) > 0 {
		r, size := utf8.DecodeLastRune(w)
		if unicode.IsLetter(r) {
			break
		}
		w = w[:len(w)-size]
	}
	for i := 0; i < len(w); {
		if c := w[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			out = append(out, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(w[i:])
		if isHyphen(r) {
			r = '-'
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
		i += size
	}
	return out
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}
