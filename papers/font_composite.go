package papers

import "strings"

// loadComposite reads a Type 0 font: an Encoding CMap over one CID font.
func (f *font) loadComposite(d value) {
	f.kind = fontComposite
	f.wide = map[uint32]*glyph{}
	f.setName(d.Key("BaseFont").Name())
	cid := d.Key("DescendantFonts").Index(0)
	if f.name == "" {
		f.setName(cid.Key("BaseFont").Name())
	}
	f.doubtful = cid.Kind() != dictKind
	desc := cid.Key("FontDescriptor")
	f.flagsFrom(desc)
	f.program = newFontProgram(desc)
	if info := cid.Key("CIDSystemInfo"); info.Key("Registry").Raw() == "Adobe" {
		f.collection = collectionOf(info.Key("Ordering").Raw())
	}
	switch enc := d.Key("Encoding"); enc.Kind() {
	case nameKind:
		f.namedCMap(enc.Name())
	case streamKind:
		if b, _ := enc.Stream(); len(b) > 0 {
			f.codes = parseCMap(b)
			f.vertical = f.codes.vertical || enc.Key("WMode").Int() == 1
			use := f.codes.use
			if u := enc.Key("UseCMap"); u.Kind() == nameKind {
				use = u.Name()
			}
			if strings.HasPrefix(use, "Identity") {
				f.codes.ranges = append(f.codes.ranges, cmapRange{lo: 0, hi: 0xFFFF, isCID: true})
			}
		}
	}
	if f.codes == nil {
		f.codes = identityCMap
	}
	f.cid = readCIDWidths(cid)
	if m := cid.Key("CIDToGIDMap"); m.Kind() == streamKind {
		f.cidMap, _ = m.Stream()
	}
}

// identityCMap maps every two-byte code to itself.
var identityCMap = &cmap{
	spaces: []codeSpace{{2, 0, 0xFFFF}},
	ranges: []cmapRange{{lo: 0, hi: 0xFFFF, isCID: true}},
}

func (f *font) namedCMap(name string) {
	f.vertical = strings.HasSuffix(name, "-V")
	if strings.HasPrefix(name, "Identity") {
		f.codes = identityCMap
		return
	}
	f.cjk = cjkByName(name)
	f.doubtful = f.doubtful || f.cjk == nil
}

func (f *font) nextWide(s []byte) (*glyph, uint32, int) {
	var code uint32
	var n int
	if f.cjk != nil {
		code, n = f.cjk.next(s)
	} else {
		code, n = f.codes.next(s)
	}
	if n == 0 {
		return nullGlyph, 0, 1
	}
	key := code | uint32(n)<<28 // codes of different lengths are different codes
	g := f.wide[key]
	if g == nil {
		g = f.makeWide(code, n)
		f.wide[key] = g
	}
	return g, code, n
}

func (f *font) makeWide(code uint32, n int) *glyph {
	g := &glyph{space: n == 1 && code == ' '}
	cid, ok := f.codes.cid(code)
	if !ok {
		cid = code
	}
	if f.cjk != nil {
		cid = f.cjk.latin(code, f.collection)
	}
	g.width = f.cid.width(cid) / 1000
	if f.vertical {
		g.width = f.cid.down / 1000
	}
	if f.toUnicode != nil {
		if s, ok := f.toUnicode.lookup(code); ok && usable(s) {
			g.text, g.known = s, true
			return g
		}
	}
	switch {
	case f.cjk != nil:
		g.text = f.cjk.text(code, n)
	default:
		if g.text = f.collection.text(cid); g.text == "" {
			g.text = f.program.glyphText(f.gid(cid))
		}
	}
	g.known = g.text != ""
	return g
}

func (f *font) gid(cid uint32) int {
	if i := 2 * int(cid); f.cidMap != nil && i+1 < len(f.cidMap) {
		return be16(f.cidMap, i)
	}
	return int(cid)
}

// cidWidths are the advances of a CID font: the default, lists and ranges.
type cidWidths struct {
	normal float64
	down   float64 // vertical advance, negative
	single map[uint32]float64
	ranges []cidRange
}

type cidRange struct {
	lo, hi uint32
	w      float64
}

// readCIDWidths reads /W: "c [w1 w2 …]" and "first last w", in any mixture.
func readCIDWidths(d value) cidWidths {
	out := cidWidths{normal: 1000, down: -1000, single: map[uint32]float64{}}
	if dw := d.Key("DW"); dw.Kind() == intKind || dw.Kind() == realKind {
		out.normal = dw.Float()
	}
	if dw2 := d.Key("DW2"); dw2.Len() == 2 && dw2.Index(1).Float() != 0 {
		out.down = dw2.Index(1).Float()
	}
	w := d.Key("W")
	n := min(w.Len(), 200_000)
	for i := 0; i+1 < n; {
		first := uint32(max(0, w.Index(i).Float()))
		second := w.Index(i + 1)
		if second.Kind() == arrayKind {
			for k := range min(second.Len(), 70_000) {
				out.single[first+uint32(k)] = second.Index(k).Float()
			}
			i += 2
			continue
		}
		if i+2 >= n {
			break
		}
		last := uint32(max(0, second.Float()))
		if last >= first {
			out.ranges = append(out.ranges, cidRange{first, last, w.Index(i + 2).Float()})
		}
		i += 3
	}
	return out
}

func (c *cidWidths) width(cid uint32) float64 {
	if w, ok := c.single[cid]; ok {
		return w
	}
	for i := range c.ranges {
		if r := &c.ranges[i]; cid >= r.lo && cid <= r.hi {
			return r.w
		}
	}
	return c.normal
}
