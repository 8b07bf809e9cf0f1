package papers

import (
	"bytes"
	"fmt"
)

// An xrefEntry says where an object lies: at an offset of the file, or as the
// index-th object of an object stream.
type xrefEntry struct {
	off    int
	gen    int
	stream int // object number of the object stream, 0: none
	index  int
}

// An xrefTable is the cross-reference of a whole file, newest sections first
// come first served. Object numbers above maxObject are dropped: they only
// occur in files made to exhaust memory.
type xrefTable struct {
	entries map[int]xrefEntry
	freed   map[int]bool
	trailer rawDict
}

const maxObject = 1 << 20

func newXrefTable() *xrefTable {
	return &xrefTable{entries: map[int]xrefEntry{}, freed: map[int]bool{}, trailer: rawDict{}}
}

func (t *xrefTable) add(id int, e xrefEntry) {
	if id <= 0 || id > maxObject || t.freed[id] {
		return
	}
	if _, have := t.entries[id]; !have {
		t.entries[id] = e
	}
}

func (t *xrefTable) free(id int) {
	if _, have := t.entries[id]; !have && id <= maxObject {
		t.freed[id] = true
	}
}

// readXref follows startxref and the /Prev chain. An error means the chain is
// broken and the file has to be scanned.
func readXref(b []byte) (*xrefTable, error) {
	tail := b[max(0, len(b)-2048):]
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return nil, fmt.Errorf("no startxref")
	}
	lex := lexer{b: tail, pos: i + len("startxref")}
	start := lex.next()
	if start.kind != tokInt {
		return nil, fmt.Errorf("startxref without an offset")
	}
	if bytes.Contains(tail[lex.pos:], []byte(" obj")) {
		return nil, fmt.Errorf("objects follow the last startxref") // an update whose end is cut off
	}
	base := max(0, bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")))
	t := newXrefTable()
	seen := map[int]bool{}
	queue := []int{whole(start.num)}
	for len(queue) > 0 {
		off := queue[0]
		queue = queue[1:]
		if seen[off] {
			continue
		}
		seen[off] = true
		if len(seen) > 4096 {
			return nil, fmt.Errorf("more than 4096 cross-reference sections")
		}
		d, err := t.section(b, off+base)
		if err != nil && base > 0 {
			d, err = t.section(b, off)
		}
		if err != nil {
			return nil, err
		}
		for k, v := range d {
			if _, have := t.trailer[k]; !have {
				t.trailer[k] = v
			}
		}
		if x, ok := d["XRefStm"].(int64); ok {
			queue = append(queue, int(x))
		}
		if p, ok := d["Prev"].(int64); ok {
			queue = append(queue, int(p))
		}
	}
	if base > 0 {
		for id, e := range t.entries {
			e.off += base
			t.entries[id] = e
		}
	}
	return t, nil
}

// section reads one table or stream and returns its trailer dictionary.
func (t *xrefTable) section(b []byte, off int) (rawDict, error) {
	if off < 0 || off >= len(b) {
		return nil, fmt.Errorf("xref offset %d is outside the file (%d bytes)", off, len(b))
	}
	p := newRawParser(b, off)
	tok := p.next()
	if tok.kind == tokWord && string(tok.s) == "xref" {
		return t.table(p)
	}
	if tok.kind != tokInt {
		return nil, fmt.Errorf("no cross-reference at offset %d", off)
	}
	p = newRawParser(b, off)
	_, _, v, ok := p.indirect()
	s, isStream := v.(*rawStream)
	if !ok || !isStream {
		return nil, fmt.Errorf("no cross-reference stream at offset %d", off)
	}
	return s.dict, t.stream(b, s)
}

func (t *xrefTable) table(p *rawParser) (rawDict, error) {
	for {
		tok := p.next()
		if tok.kind == tokWord && string(tok.s) == "trailer" {
			v, _ := p.object(0)
			d, ok := v.(rawDict)
			if !ok {
				return nil, fmt.Errorf("trailer without a dictionary")
			}
			return d, nil
		}
		count := p.next()
		if tok.kind != tokInt || count.kind != tokInt {
			return nil, fmt.Errorf("cross-reference table is cut off")
		}
		for i := range whole(count.num) {
			off, gen, use := p.next(), p.next(), p.next()
			if off.kind != tokInt || gen.kind != tokInt || use.kind != tokWord {
				return nil, fmt.Errorf("cross-reference entry %d is damaged", whole(tok.num)+i)
			}
			if string(use.s) == "n" {
				t.add(whole(tok.num)+i, xrefEntry{off: whole(off.num), gen: whole(gen.num)})
			} else {
				t.free(whole(tok.num) + i)
			}
		}
	}
}

func (t *xrefTable) stream(b []byte, s *rawStream) error {
	data, err := rawStreamData(b, s, nil)
	if err != nil && len(data) == 0 {
		return fmt.Errorf("cross-reference stream: %w", err)
	}
	w, ok := s.dict["W"].(rawArray)
	if !ok || len(w) < 3 {
		return fmt.Errorf("cross-reference stream without /W")
	}
	var width [3]int
	for i := range width {
		n, ok := w[i].(int64)
		if !ok || n < 0 || n > 8 {
			return fmt.Errorf("cross-reference stream with a field of %v bytes", w[i])
		}
		width[i] = int(n)
	}
	row := width[0] + width[1] + width[2]
	if row == 0 {
		return fmt.Errorf("cross-reference stream with empty rows")
	}
	index, ok := s.dict["Index"].(rawArray)
	if !ok {
		size, _ := s.dict["Size"].(int64)
		index = rawArray{int64(0), size}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(int64)
		count, ok2 := index[i+1].(int64)
		if !ok1 || !ok2 {
			return fmt.Errorf("cross-reference stream with a bad /Index")
		}
		for k := int64(0); k < count && len(data) >= row; k++ {
			t.row(int(first+k), data[:row], width)
			data = data[row:]
		}
	}
	return nil
}

func (t *xrefTable) row(id int, data []byte, width [3]int) {
	field := func(i, from int) int {
		v := 0
		for _, c := range data[from : from+width[i]] {
			v = v<<8 | int(c)
		}
		return v
	}
	what := 1
	if width[0] > 0 {
		what = field(0, 0)
	}
	f2, f3 := field(1, width[0]), field(2, width[0]+width[1])
	switch what {
	case 0:
		t.free(id)
	case 1:
		t.add(id, xrefEntry{off: f2, gen: f3})
	case 2:
		t.add(id, xrefEntry{stream: f2, index: f3})
	}
}

// rawStreamData decodes a stream read by the repairer. resolve may be nil where
// the length and the filters are known to be direct.
func rawStreamData(b []byte, s *rawStream, resolve func(any) any) ([]byte, error) {
	if resolve == nil {
		resolve = func(v any) any { return v }
	}
	data := rawStreamBytes(b, s, resolve)
	return decodeRaw(data, s.dict, resolve)
}

// rawStreamBytes cuts a stream's bytes out of the file: as long as /Length says
// when "endstream" follows there, otherwise up to the next "endstream".
func rawStreamBytes(b []byte, s *rawStream, resolve func(any) any) []byte {
	length := -1
	if n, ok := resolve(s.dict["Length"]).(int64); ok {
		length = int(n)
	}
	return cutStream(b, s.off, length)
}

func cutStream(b []byte, off, length int) []byte {
	if off < 0 || off > len(b) {
		return nil
	}
	if length >= 0 && length <= len(b)-off {
		rest := b[off+length : min(len(b), off+length+16)]
		if bytes.HasPrefix(bytes.TrimLeft(rest, "\r\n \t"), []byte("endstr")) {
			return b[off : off+length]
		}
	}
	end := bytes.Index(b[off:], []byte("endstream"))
	if end < 0 {
		end = bytes.Index(b[off:], []byte("endobj"))
	}
	if end < 0 {
		return b[off:]
	}
	data := b[off : off+end]
	if n := len(data); n > 0 && data[n-1] == '\n' {
		data = data[:n-1]
	}
	if n := len(data); n > 0 && data[n-1] == '\r' {
		data = data[:n-1]
	}
	return data
}

func decodeRaw(data []byte, d rawDict, resolve func(any) any) ([]byte, error) {
	names := rawList(resolve(d["Filter"]), resolve)
	parms := rawList(resolve(d["DecodeParms"]), resolve)
	for i, n := range names {
		name, _ := n.(rawName)
		p := defaultParms()
		if i < len(parms) {
			if pd, ok := parms[i].(rawDict); ok {
				p = rawParms(pd, resolve)
			}
		}
		out, err := decodeFilter(string(name), data, p)
		if err != nil {
			return out, err
		}
		data = out
	}
	return data, nil
}

func rawParms(d rawDict, resolve func(any) any) filterParms {
	p := defaultParms()
	for key, to := range map[rawName]*int{"Predictor": &p.predictor, "Columns": &p.columns, "Colors": &p.colors, "BitsPerComponent": &p.bits} {
		if n, ok := resolve(d[key]).(int64); ok && n > 0 && n < 1<<20 {
			*to = int(n)
		}
	}
	if n, ok := resolve(d["EarlyChange"]).(int64); ok && n == 0 {
		p.early = false
	}
	return p
}

// rawList makes a list of a single object or an array.
func rawList(v any, resolve func(any) any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case rawArray:
		out := make([]any, len(v))
		for i := range v {
			out[i] = resolve(v[i])
		}
		return out
	default:
		return []any{v}
	}
}
