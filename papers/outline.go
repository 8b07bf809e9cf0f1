package papers

import "strings"

// Bounds on an outline: real ones have a few dozen entries on three levels.
const (
	maxOutline      = 5000
	maxOutlineDepth = 12
	maxDestinations = 20_000
)

// An outlineReader follows the bookmarks and finds the page each leads to.
type outlineReader struct {
	root  value
	pages map[string]int // by reference
	named map[string]value
	out   []OutlineItem
	seen  map[string]bool
}

// readOutline reads the bookmarks in order. Entries without a title are left
// out, cycles are cut.
func readOutline(root value, pages []pageObject) []OutlineItem {
	r := &outlineReader{root: root, pages: map[string]int{}, seen: map[string]bool{}}
	for i := range pages {
		if pages[i].ref != "" {
			r.pages[pages[i].ref] = i + 1
		}
	}
	if o := root.Key("Outlines"); o.Kind() == dictKind {
		r.children(o, 1)
	}
	return r.out
}

func (r *outlineReader) children(parent value, level int) {
	if level > maxOutlineDepth {
		return
	}
	ref := parent.Refs()["First"]
	for item := parent.Key("First"); item.Kind() == dictKind && len(r.out) < maxOutline; {
		if r.seen[ref] {
			return
		}
		r.seen[ref] = true
		if t := strings.Join(strings.Fields(decodeText(item.Key("Title").Raw())), " "); t != "" {
			r.out = append(r.out, OutlineItem{Title: t, Level: level, Page: r.target(item)})
		}
		r.children(item, level+1)
		ref = item.Refs()["Next"]
		item = item.Key("Next")
	}
}

// target is the page an entry leads to, 0 where it does not say.
func (r *outlineReader) target(item value) int {
	dest := item.Key("Dest")
	if dest.Kind() == nullKind {
		if a := item.Key("A"); a.Key("S").Name() == "GoTo" {
			dest = a.Key("D")
		}
	}
	switch dest.Kind() {
	case nameKind:
		dest = r.lookup(dest.Name())
	case stringKind:
		dest = r.lookup(dest.Raw())
	}
	if dest.Kind() == dictKind {
		dest = dest.Key("D")
	}
	if dest.Kind() != arrayKind {
		return 0
	}
	if e := dest.Index(0); e.Kind() == intKind { // only allowed between files, and common
		if n := int(e.Int()) + 1; n >= 1 && n <= len(r.pages) {
			return n
		}
	}
	return r.pages[dest.Refs()["0"]]
}

// lookup finds a named destination, in the old dictionary or the name tree.
func (r *outlineReader) lookup(name string) value {
	if v := r.root.Key("Dests").Key(name); v.Kind() != nullKind {
		return v
	}
	if r.named == nil {
		r.named = map[string]value{}
		r.collect(r.root.Key("Names").Key("Dests"), 0)
	}
	if v, ok := r.named[name]; ok {
		return v
	}
	return r.root.Key("Dests").Key(name)
}

func (r *outlineReader) collect(node value, depth int) {
	if depth > 16 || len(r.named) > maxDestinations {
		return
	}
	names := node.Key("Names")
	for i := 0; i+1 < names.Len(); i += 2 {
		r.named[names.Index(i).Raw()] = names.Index(i + 1)
	}
	kids := node.Key("Kids")
	for i := range min(kids.Len(), maxDestinations) {
		r.collect(kids.Index(i), depth+1)
	}
}
