package papers

import (
	"maps"
	"slices"
	"strconv"
)

// rewrite builds the file for the library from scratch: every object parsed
// with our own tolerant parser, decrypted, and written in plain syntax with a
// right /Length. It costs a second pass over the file and is used where the
// library stumbles over the original: encryption, odd escapes, wrong lengths.
// With newTree the page tree is made anew from every page object found.
func (f *rawFile) rewrite(newTree bool) *overlay {
	prefix := []byte(overlayHeader)
	var out []byte
	offsets := make(map[int]int, len(f.table.entries))
	var pages []int
	for _, id := range slices.Sorted(maps.Keys(f.table.entries)) {
		v := f.object(id)
		if v == nil {
			continue
		}
		e := f.table.entries[id]
		if e.stream == 0 {
			v = f.decrypted(v, id, e.gen)
		}
		if d, ok := v.(rawDict); ok && newTree && isPageDict(d) {
			pages = append(pages, id)
			f.inheritRaw(d)
		}
		at := len(out)
		out = appendHead(out, id, 0)
		s, isStream := v.(*rawStream)
		if !isStream {
			out = appendRaw(out, withZeroGens(v))
			out = append(out, "\nendobj\n"...)
			offsets[id] = len(prefix) + at
			continue
		}
		if t := s.dict["Type"]; t == rawName("ObjStm") || t == rawName("XRef") {
			out = out[:at]
			continue
		}
		data := f.streamBytes(s, id, e.gen)
		s.dict["Length"] = int64(len(data))
		out = appendRaw(out, withZeroGens(s.dict))
		out = append(out, "\nstream\n"...)
		out = append(out, data...)
		out = append(out, "\nendstream\nendobj\n"...)
		offsets[id] = len(prefix) + at
	}
	extra := ""
	if newTree {
		out, extra = f.appendTree(out, len(prefix), offsets, pages)
	}
	out = f.appendXref(out, len(prefix), offsets, func(int) int { return 0 }, extra)
	return &overlay{parts: [3][]byte{prefix, out, nil}, size: int64(len(prefix) + len(out))}
}

func isPageDict(d rawDict) bool {
	if d["Type"] == rawName("Page") {
		return true
	}
	return d["Type"] == nil && d["Contents"] != nil && (d["MediaBox"] != nil || d["Resources"] != nil)
}

// inheritRaw gives a page what its old parents had for it.
func (f *rawFile) inheritRaw(page rawDict) {
	parent, _ := f.get(page["Parent"]).(rawDict)
	for range 64 {
		if parent == nil {
			return
		}
		for _, key := range []rawName{"Resources", "MediaBox", "CropBox", "Rotate"} {
			if page[key] == nil && parent[key] != nil {
				page[key] = parent[key]
			}
		}
		parent, _ = f.get(parent["Parent"]).(rawDict)
	}
}

func (f *rawFile) decrypted(v any, id, gen int) any {
	if s, ok := v.(*rawStream); ok {
		f.crypt.walk(s.dict, id, gen)
		return s
	}
	return f.crypt.walk(v, id, gen)
}

// streamBytes is the decrypted data of a stream; pictures, which say nothing to
// a reader of text, come back empty.
func (f *rawFile) streamBytes(s *rawStream, id, gen int) []byte {
	if s.dict["Subtype"] == rawName("Image") {
		return nil
	}
	return f.crypt.stream(rawStreamBytes(f.b, s, f.get), id, gen, s.dict)
}

// withZeroGens makes every reference one of generation 0, as the rewritten
// objects are.
func withZeroGens(v any) any {
	switch v := v.(type) {
	case rawRef:
		return rawRef{id: v.id}
	case rawArray:
		for i := range v {
			v[i] = withZeroGens(v[i])
		}
	case rawDict:
		for k := range v {
			v[k] = withZeroGens(v[k])
		}
	}
	return v
}

// appendTree adds a catalog and a flat page tree over the given page objects.
func (f *rawFile) appendTree(out []byte, base int, offsets map[int]int, pages []int) ([]byte, string) {
	next := 1
	for id := range offsets {
		next = max(next, id+1)
	}
	kids := rawArray{}
	for _, id := range pages {
		kids = append(kids, rawRef{id: id})
	}
	tree := rawDict{"Type": rawName("Pages"), "Kids": kids, "Count": int64(len(kids))}
	offsets[next] = base + len(out)
	out = appendHead(out, next, 0)
	out = append(appendRaw(out, tree), "\nendobj\n"...)
	offsets[next+1] = base + len(out)
	out = appendHead(out, next+1, 0)
	out = append(appendRaw(out, rawDict{"Type": rawName("Catalog"), "Pages": rawRef{id: next}}), "\nendobj\n"...)
	return out, " /Root " + strconv.Itoa(next+1) + " 0 R"
}
