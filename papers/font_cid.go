package papers

import (
	"sync"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A collection says what the glyph numbers of one of Adobe's four character
// collections stand for. Each lists the characters of a national standard in the
// order of that standard, row after row, so that a few runs and the standard's
// encoding stand for a table of thousands. What the collections hold beyond it
// (other forms of the same characters, later supplements) is not known here.
type collection struct {
	from encoding.Encoding
	big5 bool // rows of 157 cells, not of 94
	runs []cidRun
	half uint32 // glyph number of the narrow "!"; "~" is 93 further
	kana uint32 // of the first half-width katakana, 0 for none
	yen  bool   // a yen sign stands at the backslash

	once    sync.Once
	chinese []string // the standard's Chinese characters, read off when the first is asked for (hanja)
}

// A cidRun: cid stands for code, cid+1 for the next code, n of them.
type cidRun struct {
	cid, code, n uint32
}

// collectionOf is nil for an ordering that is not one of the four.
func collectionOf(ordering string) *collection {
	switch ordering {
	case "Japan1":
		return &collection{from: japanese.EUCJP, half: 232, kana: 327, yen: true, runs: []cidRun{
			{633, 0xA1A1, 94},
			{727, 0xA2A1, 14},
			{741, 0xA2BA, 8},
			{749, 0xA2CA, 7},
			{756, 0xA2DC, 15},
			{771, 0xA2F2, 8},
			{779, 0xA2FE, 1},
			{780, 0xA3B0, 10},
			{790, 0xA3C1, 26},
			{816, 0xA3E1, 26},
			{842, 0xA4A1, 83},
			{925, 0xA5A1, 86},
			{1011, 0xA6A1, 24},
			{1035, 0xA6C1, 24},
			{1059, 0xA7A1, 33},
			{1092, 0xA7D1, 33},
			{1125, 0xB0A1, 2965},
			{4090, 0xD0A1, 3388},
			{8284, 0xF4A5, 2},
		}}
	case "GB1":
		return &collection{from: simplifiedchinese.GBK, half: 814, runs: []cidRun{
			{96, 0xA1A1, 94},
			{190, 0xA2B1, 50},
			{240, 0xA2E5, 10},
			{250, 0xA2F1, 12},
			{262, 0xA3A1, 177},
			{439, 0xA5A1, 86},
			{525, 0xA6A1, 24},
			{549, 0xA6C1, 24},
			{602, 0xA7A1, 33},
			{635, 0xA7D1, 33},
			{668, 0xA8A1, 26},
			{700, 0xA8C5, 37},
			{738, 0xA9A4, 76},
			{940, 0xB0A1, 3755},
			{4695, 0xD8A1, 3008},
		}}
	case "Korea1":
		return &collection{from: korean.EUCKR, half: 8095, runs: []cidRun{
			{101, 0xA1A1, 8},
			{110, 0xA1AA, 154},
			{264, 0xA3A1, 145},
			{409, 0xA4D5, 52},
			{461, 0xA5B0, 10},
			{471, 0xA5C1, 24},
			{495, 0xA5E1, 24},
			{519, 0xA6A1, 68},
			{587, 0xA7A1, 79},
			{666, 0xA8A1, 4},
			{670, 0xA8A6, 1},
			{671, 0xA8A8, 8},
			{679, 0xA8B1, 255},
			{934, 0xABA1, 86},
			{1020, 0xACA1, 33},
			{1053, 0xACD1, 33},
			{1086, 0xB0A1, 2350},
		}}
	case "CNS1":
		return &collection{from: traditionalchinese.Big5, big5: true, half: 13649, runs: []cidRun{ // Big5 and CNS 11643 order some characters otherwise
			{99, 0xA140, 25},
			{128, 0xA15D, 67},
			{196, 0xA1C3, 47},
			{259, 0xA243, 103},
			{365, 0xA2CF, 138},
			{595, 0xA440, 1412},
			{2007, 0xAD40, 424},
			{2432, 0xAFD0, 1876},
			{4309, 0xBBC8, 387},
			{4696, 0xBE53, 525},
			{5222, 0xC1AB, 189},
			{5411, 0xC2CC, 84},
			{5496, 0xC361, 54},
			{5552, 0xC3BB, 90},
			{5642, 0xC457, 354},
			{5996, 0xC940, 10},
			{6006, 0xC94B, 33},
			{6040, 0xC96C, 48},
			{6088, 0xC9BF, 46},
			{6135, 0xC9ED, 167},
			{6302, 0xCAF8, 1840},
			{8143, 0xD6CD, 108},
			{8251, 0xD77B, 537},
			{8789, 0xDAE0, 100},
			{8890, 0xDBA7, 399},
			{9289, 0xDDFD, 1637},
			{10927, 0xE8A3, 146},
			{11074, 0xE976, 287},
			{11362, 0xEB5B, 116},
			{11478, 0xEBF2, 137},
			{11615, 0xECDF, 104},
			{11720, 0xEDAA, 222},
			{11942, 0xEEEC, 198},
			{12140, 0xF057, 82},
			{12222, 0xF0CC, 86},
			{12317, 0xF16C, 153},
			{12470, 0xF269, 56},
			{12527, 0xF2C3, 113},
			{12641, 0xF375, 142},
			{12784, 0xF466, 45},
			{12829, 0xF4B6, 71},
			{12901, 0xF4FD, 194},
			{13095, 0xF664, 490},
			{13586, 0xF977, 43},
			{13630, 0xF9C7, 11},
		}}
	}
	return nil
}

// text is "" for a glyph number of which nothing is known.
func (c *collection) text(cid uint32) string {
	switch {
	case c == nil || cid == 0:
		return ""
	case c.yen && (cid == 61 || cid == 291):
		return "¥"
	case cid <= 95:
		return string(rune(cid + 31))
	case cid >= c.half && cid < c.half+94:
		return string(rune('!' + cid - c.half))
	case c.kana > 0 && cid >= c.kana && cid < c.kana+63:
		return string(rune(0xFF61 + cid - c.kana))
	case c.from == korean.EUCKR && cid >= 3436 && cid < 8056:
		return c.hanja(cid - 3436)
	}
	for _, r := range c.runs {
		if cid >= r.cid && cid < r.cid+r.n {
			return c.decode(r.code, cid-r.cid)
		}
	}
	return ""
}

// decode reads the character that stands by cells after code.
func (c *collection) decode(code, by uint32) string {
	hi, lo := code>>8, code&0xFF
	if c.big5 {
		cell := lo - 0x40
		if lo >= 0xA1 {
			cell = lo - 0xA1 + 63
		}
		cell += by
		hi, cell = hi+cell/157, cell%157
		if lo = cell + 0x40; cell >= 63 {
			lo = cell - 63 + 0xA1
		}
	} else {
		cell := lo - 0xA1 + by
		hi, lo = hi+cell/94, cell%94+0xA1
	}
	out, err := c.from.NewDecoder().Bytes([]byte{byte(hi), byte(lo)})
	if err != nil || string(out) == "\uFFFD" {
		return ""
	}
	return string(out)
}

// hanja finds the nth Chinese character of the Korean standard, which lists those
// of several readings several times; the collection has each once.
func (c *collection) hanja(n uint32) string {
	c.once.Do(func() {
		for by := range uint32(4888) {
			s := c.decode(0xCAA1, by)
			if r := []rune(s); len(r) != 1 || r[0] < 0xF900 || r[0] > 0xFAFF {
				c.chinese = append(c.chinese, s)
			}
		}
	})
	if int(n) >= len(c.chinese) {
		return ""
	}
	return c.chinese[n]
}
