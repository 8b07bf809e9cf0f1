package papers

import (
	"bytes"
	"fmt"
)

// A rawFile is the repairer's view of a file: its bytes, where its objects lie,
// and how to decrypt them. It exists to hand the object library a file that the
// library can read: with a sound cross-reference, no object streams, no
// encryption and plain syntax.
type rawFile struct {
	b       []byte
	table   *xrefTable
	scanned bool // the table comes from a scan, not from the file's own
	crypt   *decrypter
	streams map[int]*objectStream // decoded object streams by number
	loading map[int]bool          // objects being resolved, against cycles
}

// An objectStream is a decoded object stream: where in data each object starts.
type objectStream struct {
	data   []byte
	ids    []int
	starts []int
}

// readRawFile finds the objects of a file, by its cross-reference or, where that
// does not hold, by scanning.
func readRawFile(b []byte) (*rawFile, error) {
	f := &rawFile{b: b, streams: map[int]*objectStream{}, loading: map[int]bool{}}
	t, err := readXref(b)
	if err == nil {
		f.table = t
		if f.sound() {
			return f, f.openCrypt()
		}
	}
	if err := f.scan(); err != nil {
		return nil, err
	}
	return f, f.openCrypt()
}

// scan drops the table and finds the objects anew.
func (f *rawFile) scan() error {
	f.table = scanObjects(f.b)
	f.scanned = true
	clear(f.streams)
	if len(f.table.entries) == 0 {
		return fmt.Errorf("no object found: %w", ErrDamaged)
	}
	f.mergeXrefStreams()
	if err := f.openCrypt(); err != nil {
		return err
	}
	f.addCompressed()
	if _, ok := f.get(f.table.trailer["Root"]).(rawDict); !ok {
		f.findRoot()
	}
	return nil
}

// sound tells whether the table fits the file: every offset points at its
// object, and there is a catalog with pages.
func (f *rawFile) sound() bool {
	for id, e := range f.table.entries {
		if e.stream == 0 && e.off != 0 && !startsObject(f.b, e.off, id) {
			return false
		}
	}
	if f.openCrypt() != nil {
		return true // said again, and better, by the caller
	}
	root, ok := f.get(f.table.trailer["Root"]).(rawDict)
	if !ok {
		return false
	}
	pages, ok := f.get(root["Pages"]).(rawDict)
	if !ok {
		return false
	}
	_, ok = f.get(pages["Kids"]).(rawArray)
	return ok
}

// startsObject tells whether "id gen obj" stands at off.
func startsObject(b []byte, off, id int) bool {
	if off < 0 || off >= len(b) {
		return false
	}
	l := lexer{b: b[off:min(len(b), off+64)]}
	t1, t2, t3 := l.next(), l.next(), l.next()
	return t1.kind == tokInt && whole(t1.num) == id && t2.kind == tokInt && t3.kind == tokWord && bytes.HasPrefix(t3.s, []byte("obj"))
}

// get resolves references, decrypting nothing but object streams.
func (f *rawFile) get(v any) any {
	for range 32 {
		r, ok := v.(rawRef)
		if !ok {
			return v
		}
		v = f.object(r.id)
	}
	return nil
}

// object reads one object by number; nil where there is none.
func (f *rawFile) object(id int) any {
	e, ok := f.table.entries[id]
	if !ok || f.loading[id] {
		return nil
	}
	f.loading[id] = true
	defer delete(f.loading, id)
	if e.stream != 0 {
		s := f.objectStream(e.stream)
		if s == nil {
			return nil
		}
		at := s.find(id, e.index)
		if at < 0 {
			return nil
		}
		v, _ := newRawParser(s.data, at).object(0)
		return v
	}
	got, _, v, ok := newRawParser(f.b, e.off).indirect()
	if !ok || got != id {
		return nil
	}
	return v
}

func (s *objectStream) find(id, index int) int {
	if index >= 0 && index < len(s.ids) && s.ids[index] == id {
		return s.starts[index]
	}
	for i, have := range s.ids {
		if have == id {
			return s.starts[i]
		}
	}
	return -1
}

// objectStream decodes the object stream with number id, once.
func (f *rawFile) objectStream(id int) *objectStream {
	if s, ok := f.streams[id]; ok {
		return s
	}
	f.streams[id] = nil
	if e := f.table.entries[id]; e.stream != 0 {
		return nil // an object stream inside an object stream is not allowed
	}
	v, ok := f.object(id).(*rawStream)
	if !ok {
		return nil
	}
	n, ok1 := f.get(v.dict["N"]).(int64)
	first, ok2 := f.get(v.dict["First"]).(int64)
	if !ok1 || !ok2 {
		return nil
	}
	data := rawStreamBytes(f.b, v, f.get)
	data = f.crypt.stream(data, id, f.table.entries[id].gen, v.dict)
	data, _ = decodeRaw(data, v.dict, f.get)
	s := &objectStream{data: data}
	l := lexer{b: data}
	if first <= 0 { // the objects start after the n pairs of numbers
		for range 2 * n {
			l.next()
		}
		first, l.pos = int64(l.pos), 0
	}
	for range n {
		num, off := l.next(), l.next()
		if num.kind != tokInt || off.kind != tokInt {
			break
		}
		at := int(first) + whole(off.num)
		if at < 0 || at > len(data) {
			continue
		}
		s.ids = append(s.ids, whole(num.num))
		s.starts = append(s.starts, at)
	}
	f.streams[id] = s
	return s
}

// end is where the object that starts at s.starts[i] stops at the latest.
func (s *objectStream) end(i int) int {
	end := len(s.data)
	for _, at := range s.starts {
		if at > s.starts[i] && at < end {
			end = at
		}
	}
	return end
}
