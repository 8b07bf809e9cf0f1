package papers

// A sfnt is what a TrueType or OpenType program says about its glyphs: which
// code points and which raw codes lead to each.
type sfnt struct {
	unicode map[uint16]rune   // glyph → code point, from a Unicode cmap
	codes   map[byte]uint16   // raw code → glyph, from a (3,0) or (1,0) cmap
	cff     []byte            // the CFF table of an OpenType font
	names   map[uint16]string // glyph → name, from the post table
}

// parseSFNT reads the tables that matter; nil where the bytes are no such font.
func parseSFNT(b []byte) (f *sfnt) {
	defer func() {
		if recover() != nil { // an offset outside the program
			f = nil
		}
	}()
	if len(b) < 12 {
		return nil
	}
	f = &sfnt{unicode: map[uint16]rune{}, codes: map[byte]uint16{}, names: map[uint16]string{}}
	start := 0
	if string(b[:4]) == "ttcf" {
		start = be32(b, 12)
	}
	n := be16(b, start+4)
	for i := range n {
		rec := start + 12 + 16*i
		off, length := be32(b, rec+8), be32(b, rec+12)
		if off < 0 || off > len(b) {
			continue
		}
		table := b[off:min(len(b), off+max(0, length))]
		switch string(b[rec : rec+4]) {
		case "cmap":
			f.cmaps(table)
		case "CFF ":
			f.cff = table
		case "post":
			f.post(table)
		}
	}
	return f
}

func be16(b []byte, i int) int { return int(b[i])<<8 | int(b[i+1]) }
func be32(b []byte, i int) int { return be16(b, i)<<16 | be16(b, i+2) }

func (f *sfnt) cmaps(b []byte) {
	defer func() { _ = recover() }() // a cut table: what was read so far stands
	for i := range be16(b, 2) {
		platform, encoding, off := be16(b, 4+8*i), be16(b, 6+8*i), be32(b, 8+8*i)
		if off >= len(b) {
			continue
		}
		isUnicode := platform == 0 || platform == 3 && (encoding == 1 || encoding == 10)
		eachMapping(b[off:], func(code uint32, gid uint16) {
			if gid == 0 {
				return
			}
			if isUnicode {
				if have, ok := f.unicode[gid]; !ok || preferRune(rune(code), have) {
					f.unicode[gid] = rune(code)
				}
				return
			}
			if c := code; c < 256 || c&0xFF00 == 0xF000 {
				if _, ok := f.codes[byte(c)]; !ok || platform == 3 {
					f.codes[byte(c)] = gid
				}
			}
		})
	}
}

// preferRune chooses between two code points with one glyph: the plain one over
// compatibility and private ones.
func preferRune(a, b rune) bool {
	odd := func(r rune) bool {
		return r >= 0xE000 && r < 0xF900 || r >= 0xFB00 && r < 0x10000 || r == 0xA0 || r == 0xAD || r >= 0x2F00 && r < 0x2FE0
	}
	if odd(a) != odd(b) {
		return !odd(a)
	}
	return a < b
}

// eachMapping walks a cmap subtable of format 0, 4, 6 or 12.
func eachMapping(b []byte, do func(code uint32, gid uint16)) {
	switch be16(b, 0) {
	case 0:
		for c := range 256 {
			do(uint32(c), uint16(b[6+c]))
		}
	case 4:
		mappingSegments(b, do)
	case 6:
		first, n := be16(b, 6), be16(b, 8)
		for i := range n {
			do(uint32(first+i), uint16(be16(b, 10+2*i)))
		}
	case 12:
		left := 1 << 17
		for i := range be32(b, 12) {
			lo, hi, gid := be32(b, 16+12*i), be32(b, 20+12*i), be32(b, 24+12*i)
			for c := lo; c <= hi && left > 0; c++ {
				do(uint32(c), uint16(gid+c-lo))
				left--
			}
		}
	}
}

func mappingSegments(b []byte, do func(code uint32, gid uint16)) {
	n := be16(b, 6) / 2
	ends, starts := 14, 16+2*n
	deltas, offsets := starts+2*n, starts+4*n
	for i := range n {
		lo, hi := be16(b, starts+2*i), be16(b, ends+2*i)
		delta, off := be16(b, deltas+2*i), be16(b, offsets+2*i)
		for c := lo; c <= hi && c < 0xFFFF; c++ {
			gid := c
			if off != 0 {
				at := offsets + 2*i + off + 2*(c-lo)
				if at+1 >= len(b) {
					break
				}
				if gid = be16(b, at); gid == 0 {
					continue
				}
			}
			do(uint32(c), uint16(gid+delta))
		}
	}
}

// post reads glyph names (format 2). The first 258 are the Macintosh order,
// which other tables cover; only names the font brings itself are kept.
func (f *sfnt) post(b []byte) {
	defer func() { _ = recover() }() // a cut table
	if len(b) < 34 || be32(b, 0) != 0x20000 {
		return
	}
	n := be16(b, 32)
	var names []string
	for at := 34 + 2*n; at < len(b); {
		l := int(b[at])
		names = append(names, string(b[at+1:min(len(b), at+1+l)]))
		at += 1 + l
	}
	for gid := range n {
		if i := be16(b, 34+2*gid) - 258; i >= 0 && i < len(names) {
			f.names[uint16(gid)] = names[i]
		}
	}
}

// textOf says what a glyph shows, "" where the font does not know.
func (f *sfnt) textOf(gid uint16) string {
	if r, ok := f.unicode[gid]; ok && r >= 0x20 {
		return string(r)
	}
	return glyphText(f.names[gid])
}
