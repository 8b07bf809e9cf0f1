package papers

import (
	"bytes"
	"maps"
	"slices"
)

// scanObjects finds every "id gen obj" of a file whose cross-reference is gone.
// Later definitions win, as an incremental update appends.
func scanObjects(b []byte) *xrefTable {
	t := newXrefTable()
	for pos := 0; pos < len(b); {
		i := bytes.Index(b[pos:], []byte("obj"))
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + 3
		if at >= 3 && string(b[at-3:at]) == "end" {
			continue
		}
		start, id, gen, ok := objectHead(b, at)
		if !ok || id <= 0 || id > maxObject {
			continue
		}
		t.entries[id] = xrefEntry{off: start, gen: gen}
		pos = skipStream(b, start, pos)
	}
	scanTrailers(b, t)
	return t
}

// objectHead reads the two numbers in front of "obj" backwards.
func objectHead(b []byte, at int) (start, id, gen int, ok bool) {
	i := at
	gen, i, ok = numberBefore(b, i)
	if !ok {
		return 0, 0, 0, false
	}
	id, i, ok = numberBefore(b, i)
	if !ok || gen > 65535 {
		return 0, 0, 0, false
	}
	return i, id, gen, true
}

func numberBefore(b []byte, i int) (v, start int, ok bool) {
	end := i
	for end > 0 && isSpaceByte(b[end-1]) && i-end < 8 {
		end--
	}
	start = end
	for start > 0 && b[start-1] >= '0' && b[start-1] <= '9' && end-start < 10 {
		start--
	}
	if start == end {
		return 0, 0, false
	}
	for _, c := range b[start:end] {
		v = v*10 + int(c-'0')
	}
	return v, start, true
}

// skipStream jumps over stream data with a sound direct /Length, so that objects
// of an embedded file are not taken for objects of this one.
func skipStream(b []byte, start, pos int) int {
	_, _, v, ok := newRawParser(b[:min(len(b), start+1<<16)], start).indirect()
	s, isStream := v.(*rawStream)
	if !ok || !isStream {
		return pos
	}
	n, isInt := s.dict["Length"].(int64)
	if !isInt || n < 0 || int(n) > len(b)-s.off {
		return pos
	}
	end := s.off + int(n)
	if bytes.HasPrefix(bytes.TrimLeft(b[end:min(len(b), end+16)], "\r\n \t"), []byte("endstream")) {
		return end
	}
	return pos
}

// scanTrailers collects the trailer dictionaries, the last one first.
func scanTrailers(b []byte, t *xrefTable) {
	for end := len(b); end > 0; {
		i := bytes.LastIndex(b[:end], []byte("trailer"))
		if i < 0 {
			break
		}
		end = i
		v, _ := newRawParser(b, i+len("trailer")).object(0)
		t.merge(v)
	}
}

func (t *xrefTable) merge(v any) {
	d, ok := v.(rawDict)
	if !ok {
		return
	}
	for k, v := range d {
		if _, have := t.trailer[k]; !have {
			t.trailer[k] = v
		}
	}
}

// eachStream calls do for every plain stream object of the given /Type, in the
// order of their numbers.
func (f *rawFile) eachStream(typ rawName, do func(id, off int, s *rawStream)) {
	for _, id := range slices.Sorted(maps.Keys(f.table.entries)) {
		e := f.table.entries[id]
		if e.stream != 0 || !bytes.Contains(f.b[e.off:min(len(f.b), e.off+1024)], []byte(typ)) {
			continue
		}
		if s, ok := f.object(id).(*rawStream); ok && s.dict["Type"] == typ {
			do(id, e.off, s)
		}
	}
}

// mergeXrefStreams takes the dictionaries of cross-reference streams as trailers.
func (f *rawFile) mergeXrefStreams() {
	f.eachStream("XRef", func(_, _ int, s *rawStream) { f.table.merge(s.dict) })
}

// addCompressed adds the objects inside object streams.
func (f *rawFile) addCompressed() {
	f.eachStream("ObjStm", func(id, off int, _ *rawStream) { f.addObjectStream(id, off) })
}

// addObjectStream adds the objects of one object stream; of two definitions the
// one later in the file counts.
func (f *rawFile) addObjectStream(id, off int) {
	s := f.objectStream(id)
	if s == nil {
		return
	}
	for i, in := range s.ids {
		if in <= 0 || in > maxObject {
			continue
		}
		e, have := f.table.entries[in]
		where := e.off
		if have && e.stream != 0 {
			where = f.table.entries[e.stream].off
		}
		if !have || where < off {
			f.table.entries[in] = xrefEntry{stream: id, index: i}
		}
	}
}

// findRoot looks for the catalog by its type.
func (f *rawFile) findRoot() {
	for _, id := range slices.Sorted(maps.Keys(f.table.entries)) {
		if d, ok := f.object(id).(rawDict); ok && d["Type"] == rawName("Catalog") {
			f.table.trailer["Root"] = rawRef{id: id}
		}
	}
}
