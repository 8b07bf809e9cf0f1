package papers

import "fmt"

// maxTreeDepth bounds the page tree's height. Real trees have four levels, but
// one page under thousands of nodes is no reason to lose it.
const maxTreeDepth = 10_000

// A treeWalker collects the leaves of a page tree. It trusts neither /Count nor
// /Type nor that the tree is one: a node seen before is skipped.
type treeWalker struct {
	pages    []pageObject
	seen     map[string]bool
	limit    int
	visits   int
	circles  bool // a node was met twice
	warnings []Warning
}

// walkPages lists the pages of a document, at most limit of them.
func walkPages(root value, limit int) ([]pageObject, []Warning) {
	w := &treeWalker{seen: map[string]bool{}, limit: limit}
	letter := [4]float64{0, 0, 612, 792}
	from := pageObject{MediaBox: letter, media: letter}
	if tree := root.Key("Pages"); tree.Kind() == dictKind {
		w.node(tree, root.Refs()["Pages"], from, 0)
	}
	if w.circles && len(w.pages) == 0 {
		w.warnings = append(w.warnings, Warning{Code: onlyCircles, Text: "the page tree leads only back to itself"})
	}
	return w.pages, w.warnings
}

// onlyCircles marks a page tree that was read and holds no page. Such a file was
// made so: nothing says which loose pages belong to it, and none are collected.
const onlyCircles = "page-tree-circle"

func (w *treeWalker) warn(format string, args ...any) {
	if len(w.warnings) < 20 {
		w.warnings = append(w.warnings, Warning{Code: "page-tree", Text: fmt.Sprintf(format, args...)})
	}
}

// cut says once that the file has more pages than are read.
func (w *treeWalker) cut() {
	for _, said := range w.warnings {
		if said.Code == "limit" {
			return
		}
	}
	w.warnings = append(w.warnings, Warning{Code: "limit", Text: fmt.Sprintf("the file has more than %d pages; the rest is not read", w.limit)})
}

func (w *treeWalker) node(n value, ref string, from pageObject, depth int) {
	if w.visits++; w.visits > 4*w.limit+1000 || len(w.pages) >= w.limit {
		return
	}
	if ref != "" && w.seen[ref] {
		w.circles = true
		w.warn("page tree node %s occurs twice; the second is skipped", ref)
		return
	}
	w.seen[ref] = true
	inherit(&from, n)
	kids := n.Key("Kids")
	if kids.Kind() != arrayKind || n.Key("Type").Name() == "Page" {
		from.Dict, from.ref = n, ref
		w.pages = append(w.pages, from)
		return
	}
	if depth >= maxTreeDepth {
		w.warn("page tree deeper than %d levels", maxTreeDepth)
		return
	}
	refs := kids.Refs()
	for i := range kids.Len() {
		kid := kids.Index(i)
		if kid.Kind() != dictKind {
			w.warn("page tree entry %s is no page", refs[fmt.Sprint(i)])
			continue
		}
		w.node(kid, refs[fmt.Sprint(i)], from, depth+1)
		if len(w.pages) >= w.limit {
			if i+1 < kids.Len() {
				w.cut()
			}
			return
		}
	}
}

// inherit takes over what n sets of the inheritable attributes.
func inherit(p *pageObject, n value) {
	if r := n.Key("Resources"); r.Kind() == dictKind {
		p.Resources = r
		p.resourcesRef = n.Refs()["Resources"]
	}
	if b, ok := rectangle(n.Key("MediaBox")); ok {
		p.media, p.MediaBox = b, b
	}
	if b, ok := rectangle(n.Key("CropBox")); ok {
		p.MediaBox = p.media
		if c := intersect(b, p.media); c[2]-c[0] >= 1 && c[3]-c[1] >= 1 {
			p.MediaBox = c
		}
	}
	if r := n.Key("Rotate"); r.Kind() == intKind || r.Kind() == realKind {
		p.Rotate = ((int(r.Float())%360+360)%360 + 45) / 90 * 90 % 360
	}
}

func intersect(a, b [4]float64) [4]float64 {
	return [4]float64{max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])}
}

// rectangle reads a box and puts its corners in order.
func rectangle(v value) (b [4]float64, ok bool) {
	if v.Kind() != arrayKind || v.Len() < 4 {
		return b, false
	}
	for i := range b {
		e := v.Index(i)
		if e.Kind() != intKind && e.Kind() != realKind {
			return b, false
		}
		b[i] = e.Float()
	}
	if b[0] > b[2] {
		b[0], b[2] = b[2], b[0]
	}
	if b[1] > b[3] {
		b[1], b[3] = b[3], b[1]
	}
	return b, b[2]-b[0] >= 1 && b[3]-b[1] >= 1 && b[2]-b[0] < 1e6 && b[3]-b[1] < 1e6
}
