package layout

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// combining gives the combining form of the accents that TeX's old fonts paint
// as signs of their own, over or under the letter.
var combining = map[rune]rune{
	'`': 0x300, 0xB4: 0x301, '^': 0x302, 0x2C6: 0x302, '~': 0x303, 0x2DC: 0x303, 0xAF: 0x304, 0x2C9: 0x304,
	0x2D8: 0x306, 0x2D9: 0x307, 0xA8: 0x308, 0x2DA: 0x30A, 0x2DD: 0x30B, 0x2C7: 0x30C, 0xB8: 0x327, 0x2DB: 0x328,
}

// noteAccent remembers an accent that was just painted.
func (b *lineBuilder) noteAccent(r rune, g *Glyph) {
	b.accent, b.accentX = r, g.X
}

// joinAccent puts letter r after an accent. Where the two are printed over each
// other they become one character.
func (b *lineBuilder) joinAccent(r rune, g *Glyph) {
	accent := b.accent
	b.accent = 0
	at := len(b.page.text) - utf8.RuneLen(accent)
	over := g.X < b.penX-0.1*g.Size && g.X > b.accentX-g.Size
	if !over || !b.inked || at < int(b.word.a) {
		b.page.text = utf8.AppendRune(b.page.text, r)
		if combining[r] != 0 {
			b.noteAccent(r, g)
		}
		return
	}
	switch r {
	case 0x131:
		r = 'i'
	case 0x237:
		r = 'j'
	}
	joined := norm.NFC.String(string([]rune{r, combining[accent]}))
	b.page.text = append(b.page.text[:at], joined...)
}
