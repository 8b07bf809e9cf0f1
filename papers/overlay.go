package papers

import (
	"io"
	"maps"
	"slices"
	"strconv"
)

// An overlay is the file that the object library is given: a sound header, the
// original bytes, then what is unpacked from object streams and one plain
// cross-reference for everything. The library unpacks an object stream from its
// start for each object it looks up; unpacking once makes a paper of a thousand
// compressed objects several times faster to read, and it keeps the library
// from following reference loops in a hostile cross-reference.
type overlay struct {
	parts [3][]byte // prefix, original, suffix
	size  int64
}

const overlayHeader = "%PDF-1.7\n%tenet\n"

// ReadAt gives the overlay's bytes; safe for concurrent use.
func (o *overlay) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= o.size {
		return 0, io.EOF
	}
	n := 0
	for _, part := range o.parts {
		if off >= int64(len(part)) {
			off -= int64(len(part))
			continue
		}
		n += copy(p[n:], part[off:])
		off = 0
		if n == len(p) {
			return n, nil
		}
	}
	return n, io.EOF
}

// bytesAt returns the overlay's bytes [off, off+length) without a copy where
// they lie in one part, cut at that part's end.
func (o *overlay) bytesFrom(off int) []byte {
	for _, part := range o.parts {
		if off < len(part) {
			return part[off:]
		}
		off -= len(part)
	}
	return nil
}

// overlay builds the file for the library without touching the original bytes.
func (f *rawFile) overlay() *overlay {
	prefix := []byte(overlayHeader)
	base := len(prefix) + len(f.b)
	suffix := []byte("\n")
	offsets := make(map[int]int, len(f.table.entries))
	for _, id := range slices.Sorted(maps.Keys(f.table.entries)) {
		e := f.table.entries[id]
		if e.stream == 0 {
			offsets[id] = e.off + len(prefix)
			continue
		}
		s := f.objectStream(e.stream)
		if s == nil {
			continue
		}
		i := e.index
		if i < 0 || i >= len(s.ids) || s.ids[i] != id {
			if i = slices.Index(s.ids, id); i < 0 {
				continue
			}
		}
		offsets[id] = base + len(suffix)
		suffix = appendHead(suffix, id, 0)
		suffix = append(suffix, s.data[s.starts[i]:s.end(i)]...)
		suffix = append(suffix, "\nendobj\n"...)
	}
	gens := func(id int) int {
		if e := f.table.entries[id]; e.stream == 0 {
			return e.gen
		}
		return 0
	}
	suffix = f.appendXref(suffix, base, offsets, gens, "")
	o := &overlay{parts: [3][]byte{prefix, f.b, suffix}}
	o.size = int64(base + len(suffix))
	return o
}

func appendHead(out []byte, id, gen int) []byte {
	out = strconv.AppendInt(out, int64(id), 10)
	out = append(out, ' ')
	out = strconv.AppendInt(out, int64(gen), 10)
	return append(out, " obj\n"...)
}

// appendXref writes the cross-reference as an unpacked stream, which the library
// reads ten times faster than a table, and the end of the file. extra goes into
// the trailer verbatim.
func (f *rawFile) appendXref(out []byte, base int, offsets map[int]int, gens func(int) int, extra string) []byte {
	ids := slices.Sorted(maps.Keys(offsets))
	size := 1
	if len(ids) > 0 {
		size = ids[len(ids)-1] + 1
	}
	self := size // the cross-reference stream's own number
	start := base + len(out)
	out = appendHead(out, self, 0)
	out = append(out, "<</Type /XRef /W [1 5 2] /Size "...)
	out = strconv.AppendInt(out, int64(self+1), 10)
	out = append(out, " /Length "...)
	out = strconv.AppendInt(out, int64((self+1)*8), 10)
	if extra != "" {
		out = append(out, extra...)
	}
	for _, key := range []rawName{"Root", "Info"} {
		if r, ok := f.table.trailer[key].(rawRef); ok && (extra == "" || key != "Root") {
			out = append(out, " /"+key...)
			out = append(out, ' ')
			out = appendRaw(out, r)
		}
	}
	out = append(out, ">>\nstream\n"...)
	row := func(kind byte, off, gen int) {
		out = append(out, kind, byte(off>>32), byte(off>>24), byte(off>>16), byte(off>>8), byte(off), byte(gen>>8), byte(gen))
	}
	at := 0
	for id := range self {
		if at < len(ids) && ids[at] == id {
			row(1, offsets[id], gens(id))
			at++
		} else {
			row(0, 0, 0)
		}
	}
	row(1, start, 0)
	out = append(out, "\nendstream\nendobj\nstartxref\n"...)
	out = strconv.AppendInt(out, int64(start), 10)
	// the library looks for startxref in the last 100 bytes only
	return append(out, "\n%%EOF\n"...)
}
