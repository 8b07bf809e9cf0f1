package papers

// A fontProgram is the embedded font file, opened only when the dictionary
// leaves a code unexplained: most fonts never need it.
type fontProgram struct {
	desc   value
	loaded bool
	type1  map[byte]string
	cff    *cffFont
	sfnt   *sfnt
	isT1   bool
	broken bool // embedded, but nothing in it could be understood
}

func newFontProgram(desc value) *fontProgram {
	return &fontProgram{desc: desc}
}

var programKeys = [...]string{"FontFile", "FontFile2", "FontFile3"}

func (p *fontProgram) embedded() bool {
	if p.desc == nil {
		return false
	}
	for _, k := range programKeys {
		if p.desc.Key(k).Kind() == streamKind {
			return true
		}
	}
	return false
}

func (p *fontProgram) load() {
	if p.loaded || p.desc == nil {
		return
	}
	p.loaded = true
	for _, k := range programKeys {
		s := p.desc.Key(k)
		if s.Kind() != streamKind {
			continue
		}
		b, _ := s.Stream() // a damaged program may still have its head
		switch {
		case len(b) < 4:
		case k == "FontFile":
			p.isT1 = true
			p.type1 = type1Encoding(b)
		case k == "FontFile3" && b[0] == 1 && b[1] == 0 && s.Key("Subtype").Name() != "OpenType":
			p.cff = parseCFF(b)
		default:
			p.sfnt = parseSFNT(b)
			if p.sfnt != nil && p.sfnt.cff != nil {
				p.cff = parseCFF(p.sfnt.cff)
			}
		}
		p.broken = !p.isT1 && p.cff == nil && p.sfnt == nil
		return
	}
}

// encoded says what a code of a simple font shows by the program's own encoding.
func (p *fontProgram) encoded(c byte) string {
	p.load()
	switch {
	case p.type1 != nil:
		return glyphText(p.type1[c])
	case p.cff != nil && p.cff.encoding != nil:
		return glyphText(p.cff.encoding[c])
	case p.cff != nil && p.sfnt == nil || p.isT1:
		return tableText(&standardEncoding, c)
	case p.sfnt != nil:
		if gid, ok := p.sfnt.codes[c]; ok {
			if s := p.sfnt.textOf(gid); s != "" {
				return s
			}
		}
		return tableText(&winAnsiEncoding, c)
	}
	return tableText(&standardEncoding, c)
}

func tableText(t *[256]rune, c byte) string {
	if t[c] == 0 {
		return ""
	}
	return string(t[c])
}

// glyphText says what glyph gid (of CID cid) of a composite font shows.
func (p *fontProgram) glyphText(gid int) string {
	p.load()
	if p.sfnt != nil && gid <= 0xFFFF {
		if s := p.sfnt.textOf(uint16(gid)); s != "" {
			return s
		}
	}
	if p.cff != nil {
		return p.cff.textOf(gid)
	}
	return ""
}
