package papers

import "strconv"

// A cffFont is what a Compact Font Format program (Adobe Technical Note 5176)
// says about its glyphs' names.
type cffFont struct {
	b        []byte
	strings  [][]byte
	names    []string        // by glyph, where the font is not CID-keyed
	cids     []int           // by glyph, where it is
	encoding map[byte]string // built-in, nil: standard
	standard bool
}

// parseCFF reads names and encoding; nil where the bytes are no CFF font.
func parseCFF(b []byte) (f *cffFont) {
	defer func() {
		if recover() != nil { // an offset outside the program: the font says nothing
			f = nil
		}
	}()
	if len(b) < 4 || b[0] != 1 {
		return nil
	}
	f = &cffFont{b: b}
	_, pos := f.index(int(b[2])) // names
	tops, pos := f.index(pos)
	f.strings, _ = f.index(pos)
	if len(tops) == 0 {
		return nil
	}
	top := cffDict(tops[0])
	charStrings := top[17]
	if len(charStrings) == 0 {
		return nil
	}
	at := int(charStrings[0])
	glyphs := int(b[at])<<8 | int(b[at+1])
	_, isCID := top[12<<8|30]
	f.charset(glyphs, offset(top[15]), isCID)
	if !isCID {
		f.readEncoding(offset(top[16]))
	}
	return f
}

func offset(operands []float64) int {
	if len(operands) == 0 {
		return 0
	}
	return int(operands[0])
}

// index reads an INDEX and returns the position after it.
func (f *cffFont) index(pos int) ([][]byte, int) {
	n := int(f.b[pos])<<8 | int(f.b[pos+1])
	if n == 0 {
		return nil, pos + 2
	}
	size := int(f.b[pos+2])
	at := func(i int) int {
		v := 0
		for _, c := range f.b[pos+3+i*size : pos+3+(i+1)*size] {
			v = v<<8 | int(c)
		}
		return v
	}
	data := pos + 3 + (n+1)*size - 1
	out := make([][]byte, n)
	for i := range n {
		out[i] = f.b[data+at(i) : data+at(i+1)]
	}
	return out, data + at(n)
}

// cffDict reads a DICT into its operators; two-byte operators are 12<<8|second.
func cffDict(b []byte) map[int][]float64 {
	out := map[int][]float64{}
	var operands []float64
	for i := 0; i < len(b); {
		c := int(b[i])
		switch {
		case c <= 21:
			op := c
			if c == 12 && i+1 < len(b) {
				i++
				op = 12<<8 | int(b[i])
			}
			out[op] = operands
			operands = nil
			i++
		case c == 28 && i+2 < len(b):
			operands = append(operands, float64(int16(uint16(b[i+1])<<8|uint16(b[i+2]))))
			i += 3
		case c == 29 && i+4 < len(b):
			operands = append(operands, float64(int32(uint32(b[i+1])<<24|uint32(b[i+2])<<16|uint32(b[i+3])<<8|uint32(b[i+4]))))
			i += 5
		case c == 30: // a real in nibbles; none of the operators read here has one
			for i++; i < len(b) && b[i]&15 != 15 && b[i]>>4 != 15; i++ {
			}
			operands = append(operands, 0)
			i++
		case c >= 32 && c <= 246:
			operands = append(operands, float64(c-139))
			i++
		case c >= 247 && c <= 250 && i+1 < len(b):
			operands = append(operands, float64((c-247)*256+int(b[i+1])+108))
			i += 2
		case c >= 251 && c <= 254 && i+1 < len(b):
			operands = append(operands, float64(-(c-251)*256-int(b[i+1])-108))
			i += 2
		default:
			i++
		}
	}
	return out
}

// charset reads which name or CID each glyph has.
func (f *cffFont) charset(glyphs, pos int, isCID bool) {
	sids := make([]int, 0, glyphs)
	sids = append(sids, 0)
	if pos <= 2 { // predefined: ISOAdobe is the identity
		for i := 1; i < glyphs; i++ {
			sids = append(sids, i)
		}
	} else {
		format := f.b[pos]
		pos++
		for len(sids) < glyphs {
			first := int(f.b[pos])<<8 | int(f.b[pos+1])
			pos += 2
			left := 0
			switch format {
			case 1:
				left = int(f.b[pos])
				pos++
			case 2:
				left = int(f.b[pos])<<8 | int(f.b[pos+1])
				pos += 2
			}
			for i := 0; i <= left && len(sids) < glyphs; i++ {
				sids = append(sids, first+i)
			}
		}
	}
	if isCID {
		f.cids = sids
		return
	}
	f.names = make([]string, len(sids))
	for i, sid := range sids {
		f.names[i] = f.sid(sid)
	}
}

// sid gives the string with the given number: 391 standard ones, then the font's.
func (f *cffFont) sid(n int) string {
	if n < len(cffStandardStrings) {
		return cffStandardStrings[n]
	}
	if n -= 391; n >= 0 && n < len(f.strings) {
		return string(f.strings[n])
	}
	return ""
}

func (f *cffFont) readEncoding(pos int) {
	if pos <= 1 {
		f.standard = true
		return
	}
	f.encoding = map[byte]string{}
	format := f.b[pos]
	n := int(f.b[pos+1])
	pos += 2
	glyph := 1
	put := func(code, g int) {
		if g < len(f.names) {
			f.encoding[byte(code)] = f.names[g]
		}
	}
	for range n {
		first, left := int(f.b[pos]), 0
		pos++
		if format&127 == 1 {
			left = int(f.b[pos])
			pos++
		}
		for i := 0; i <= left; i++ {
			put(first+i, glyph)
			glyph++
		}
	}
	if format&128 != 0 {
		for k := int(f.b[pos]); k > 0; k-- {
			f.encoding[f.b[pos+1]] = f.sid(int(f.b[pos+2])<<8 | int(f.b[pos+3]))
			pos += 3
		}
	}
}

// glyphOf says what the glyph numbered gid of a font without CIDs is.
func (f *cffFont) textOf(gid int) string {
	if gid < 0 || gid >= len(f.names) {
		return ""
	}
	if s := glyphText(f.names[gid]); s != "" {
		return s
	}
	if n := f.names[gid]; len(n) > 3 && n[:3] == "cid" {
		if _, err := strconv.Atoi(n[3:]); err == nil {
			return ""
		}
	}
	return ""
}
