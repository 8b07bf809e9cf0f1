package pdfwrite

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
)

// Info is what a document says about itself.
type Info struct {
	Title    string
	Authors  []string
	Subject  string
	Keywords string
	DOI      string // XMP only
	Created  time.Time
	XMP      bool // also write an XMP packet
}

// Book is a document of pages drawn by hand, with fonts, outline and annotations.
type Book struct {
	Info   Info
	Moves  bool // words are set apart by moving the pen, without a space glyph
	Places []Place

	file    File
	pages   []*Canvas
	faces   []*face
	outline []outlineItem
	lines   int
}

type outlineItem struct {
	level, page int
	title       string
	top         float64
}

// Page starts a new page.
func (b *Book) Page(width, height float64) *Canvas {
	c := &Canvas{Width: width, Height: height, book: b, page: len(b.pages) + 1, used: map[Name]*face{}, forms: map[Name]Ref{}, kind: "body"}
	b.pages = append(b.pages, c)
	return c
}

// Pages is the number of pages so far.
func (b *Book) Pages() int { return len(b.pages) }

// Canvas gives a page by its number, counted from 1.
func (b *Book) Canvas(page int) *Canvas { return b.pages[page-1] }

// Outline adds a bookmark; level 1 is the outermost; top is in points from the top of the page.
func (b *Book) Outline(level, page int, title string, top float64) {
	b.outline = append(b.outline, outlineItem{level: level, page: page, title: title, top: top})
}

// Width is the width of a line of text in points.
func (b *Book) Width(f Font, size float64, s string) float64 {
	w := 0
	for _, r := range s {
		if r == '\u00ad' {
			r = '-'
		}
		w += b.faceFor(f, r).advance(r)
	}
	return float64(w) * size / 1000
}

// faceFor finds the font that has the rune: the one asked for, or the Unicode fallback.
func (b *Book) faceFor(f Font, r rune) *face {
	fc := b.face(f)
	if f.Family <= Courier {
		if _, ok := winAnsi(r); !ok {
			return b.face(Font{Family: Unicode})
		}
	}
	if f.Family == Type3 {
		if _, ok := fc.code(r); !ok {
			return b.face(Font{Family: Unicode})
		}
	}
	return fc
}

func (b *Book) face(f Font) *face {
	for _, fc := range b.faces {
		if fc.font == f {
			return fc
		}
	}
	fc := &face{font: f, res: Name(fmt.Sprintf("F%d", len(b.faces)+1)), codes: map[rune]int{}}
	fc.ref = b.file.Add(nil) // filled in once all runes are known
	b.faces = append(b.faces, fc)
	return fc
}

// Bytes puts the book into bytes. It ends the book: draw nothing afterwards.
func (b *Book) Bytes(form Form) []byte {
	f := &b.file
	for _, fc := range b.faces {
		made := fc.add(f)
		f.objects[fc.ref-1] = f.objects[made-1]
		f.objects[made-1] = object{}
	}
	refs := make([]Ref, len(b.pages))
	tree := f.Add(nil)
	for i, c := range b.pages {
		content := f.AddStream(nil, c.b.Bytes())
		d := Dict{"Type": Name("Page"), "Parent": tree, "MediaBox": nums(0, 0, c.Width, c.Height), "Contents": content, "Resources": c.resources()}
		if c.Rotate != 0 {
			d["Rotate"] = c.Rotate
		}
		if len(c.annots) > 0 {
			a := Array{}
			for _, an := range c.annots {
				a = append(a, f.Add(an))
			}
			d["Annots"] = a
		}
		refs[i] = f.Add(d)
	}
	b.pageTree(tree, refs)
	root := Dict{"Type": Name("Catalog"), "Pages": tree}
	if len(b.outline) > 0 {
		root["Outlines"] = b.addOutline(refs)
		root["PageMode"] = Name("UseOutlines")
	}
	if b.Info.XMP {
		root["Metadata"] = f.AddStream(Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, b.Info.xmp())
	}
	f.Root = f.Add(root)
	if d := b.Info.dict(); len(d) > 0 {
		f.Info = f.Add(d)
	}
	return f.Bytes(form)
}

// perNode keeps the page tree at two levels for up to 2,500 pages, as real producers do.
const perNode = 50

func (b *Book) pageTree(tree Ref, refs []Ref) {
	kids := Array{}
	if len(refs) <= perNode {
		for _, r := range refs {
			kids = append(kids, r)
		}
	} else {
		for part := range slices.Chunk(refs, perNode) {
			leaf := Array{}
			node := b.file.Add(nil)
			for _, r := range part {
				leaf = append(leaf, r)
				b.file.objects[r-1].value.(Dict)["Parent"] = node
			}
			b.file.Set(node, Dict{"Type": Name("Pages"), "Parent": tree, "Kids": leaf, "Count": len(part)})
			kids = append(kids, node)
		}
	}
	b.file.Set(tree, Dict{"Type": Name("Pages"), "Kids": kids, "Count": len(refs)})
}

// addOutline links the bookmarks as PDF wants them: first, last, next, previous and parent.
func (b *Book) addOutline(pages []Ref) Ref {
	root := b.file.Add(nil)
	dicts := []Dict{{"Type": Name("Outlines")}}
	refs := []Ref{root}
	last := map[int]int{} // parent → last child
	stack := []int{0}     // path of open items
	depth := map[int]int{0: 0}
	for _, o := range b.outline {
		for len(stack) > 1 && depth[stack[len(stack)-1]] >= o.level {
			stack = stack[:len(stack)-1]
		}
		parent := stack[len(stack)-1]
		me := len(dicts)
		page := min(max(o.page, 1), len(pages))
		d := Dict{"Title": Text(o.title), "Parent": refs[parent], "Dest": Array{pages[page-1], Name("XYZ"), 0.0, b.pages[page-1].Height - o.top, nil}}
		ref := b.file.Add(d)
		dicts, refs = append(dicts, d), append(refs, ref)
		if prev, ok := last[parent]; ok {
			d["Prev"] = refs[prev]
			dicts[prev]["Next"] = ref
		} else {
			dicts[parent]["First"] = ref
		}
		dicts[parent]["Last"] = ref
		last[parent] = me
		depth[me] = o.level
		stack = append(stack, me)
		n, _ := dicts[parent]["Count"].(int)
		dicts[parent]["Count"] = n + 1
	}
	b.file.Set(root, dicts[0])
	return root
}

func (in Info) dict() Dict {
	d := Dict{}
	put := func(k Name, s string) {
		if s != "" {
			d[k] = Text(s)
		}
	}
	put("Title", in.Title)
	put("Author", strings.Join(in.Authors, ", "))
	put("Subject", in.Subject)
	put("Keywords", in.Keywords)
	if !in.Created.IsZero() {
		d["CreationDate"] = Str(in.Created.UTC().Format("D:20060102150405Z"))
	}
	if len(d) > 0 {
		d["Producer"] = Str("tenet pdfwrite")
	}
	return d
}

func (in Info) xmp() []byte {
	var b strings.Builder
	esc := html.EscapeString
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n")
	b.WriteString("<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:prism=\"http://prismstandard.org/namespaces/basic/2.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n")
	fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n<dc:creator><rdf:Seq>", esc(in.Title))
	for _, a := range in.Authors {
		fmt.Fprintf(&b, "<rdf:li>%s</rdf:li>", esc(a))
	}
	b.WriteString("</rdf:Seq></dc:creator>\n")
	if in.Subject != "" {
		fmt.Fprintf(&b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n", esc(in.Subject))
	}
	if in.DOI != "" {
		fmt.Fprintf(&b, "<prism:doi>%s</prism:doi>\n", esc(in.DOI))
	}
	if !in.Created.IsZero() {
		fmt.Fprintf(&b, "<xmp:CreateDate>%s</xmp:CreateDate>\n", in.Created.UTC().Format(time.RFC3339))
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return []byte(b.String())
}

// Highlight marks the first place where the words of quote stand, with one quad a line, as readers' programs do.
// Kind is Highlight or Underline; the note may be empty.
func (b *Book) Highlight(kind, quote, note string) error {
	from, to, ok := b.find(quote)
	if !ok {
		return fmt.Errorf("pdfwrite: %q does not stand in the document", quote)
	}
	quads := map[int][]Box{}
	line := -1
	for _, p := range b.Places[from:to] {
		if !readable(p.Kind) {
			continue
		}
		q := quads[p.Page]
		if p.line == line && len(q) > 0 {
			last := &q[len(q)-1]
			last.X1, last.Y0, last.Y1 = p.Box.X1, min(last.Y0, p.Box.Y0), max(last.Y1, p.Box.Y1)
		} else {
			q = append(q, p.Box)
		}
		line = p.line
		quads[p.Page] = q
	}
	for page := range b.pages {
		if q := quads[page+1]; len(q) > 0 {
			b.HighlightBoxes(page+1, kind, q, note)
			note = ""
		}
	}
	return nil
}

// HighlightBoxes marks boxes of one page.
func (b *Book) HighlightBoxes(page int, kind string, boxes []Box, note string) {
	c := b.pages[page-1]
	quads := Array{}
	all := boxes[0]
	for _, q := range boxes {
		y0, y1 := c.Height-q.Y0, c.Height-q.Y1 // top and bottom in PDF's sense
		quads = append(quads, q.X0, y0, q.X1, y0, q.X0, y1, q.X1, y1)
		all = Box{min(all.X0, q.X0), min(all.Y0, q.Y0), max(all.X1, q.X1), max(all.Y1, q.Y1)}
	}
	d := Dict{
		"Type": Name("Annot"), "Subtype": Name(kind), "QuadPoints": quads, "C": Array{1, 0.9, 0.4}, "F": 4,
		"Rect": nums(all.X0, c.Height-all.Y1, all.X1, c.Height-all.Y0),
	}
	if note != "" {
		d["Contents"] = Text(note)
	}
	c.annots = append(c.annots, d)
}

// Note puts a sticky note on a page, x and y from the top left.
func (b *Book) Note(page int, x, y float64, text string) {
	c := b.pages[page-1]
	c.annots = append(c.annots, Dict{
		"Type": Name("Annot"), "Subtype": Name("Text"), "Contents": Text(text), "Rect": nums(x, c.Height-y-18, x+18, c.Height-y), "Name": Name("Note"),
	})
}

// find gives the range of Places whose words are those of quote; words broken by a hyphen count as one.
func (b *Book) find(quote string) (from, to int, ok bool) {
	want := strings.Join(strings.Fields(quote), "")
	starts := make([]int, 0, len(b.Places)+1)
	var all strings.Builder
	for _, p := range b.Places {
		starts = append(starts, all.Len())
		if readable(p.Kind) {
			all.WriteString(unligature(p.Text))
		}
	}
	at := strings.Index(all.String(), want)
	if at < 0 || want == "" {
		return 0, 0, false
	}
	byStart := func(s, t int) int { return cmp.Compare(s, t) }
	from, _ = slices.BinarySearchFunc(starts, at+1, byStart)
	to, _ = slices.BinarySearchFunc(starts, at+len(want), byStart)
	return from - 1, to, true
}

// readable says whether words of the kind belong to the running text, so that a quote may go on past the others.
func readable(kind string) bool {
	switch kind {
	case "header", "pageno", "lineno", "table":
		return false
	}
	return true
}

func unligature(s string) string {
	return strings.NewReplacer("ﬁ", "fi", "ﬂ", "fl").Replace(s)
}
