package papers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// front is the first page as a title page: its lines with their sizes, what stands at its edges, and all of its text.
type front struct {
	page  *Page
	lines []frontLine
	edges []string // where a venue or a date is printed: headers, footers, footnotes and what stands above the abstract
	raw   string
	top   int // number of lines above the abstract, or above the first long paragraph
}

type frontLine struct {
	text  string
	cells []string // text cut where the gap between words is wide, as between the names of authors
	runOn bool     // its last word goes on in the next line
	size  float64
	bold  bool
	box   Box
	block int
	kind  BlockKind
}

// repositoryCover recognises the page that a repository puts before the paper.
var repositoryCover = regexp.MustCompile(`HAL Id:|hal\.archives-ouvertes|hal\.science|researchgate\.net/publication|To cite this version|See discussions, stats, and author profiles`)

// frontOf reads the first page that has text. A repository's cover is passed over, but what it says of date and number is kept.
func frontOf(d *Document) front {
	cover := ""
	for i := range min(3, len(d.Pages)) {
		p := &d.Pages[i]
		if strings.TrimSpace(p.Text) == "" {
			continue
		}
		if cover == "" && i+1 < len(d.Pages) && repositoryCover.MatchString(p.Text) {
			cover = p.Text
			continue
		}
		f := newFront(p)
		if cover != "" {
			f.raw = cover + "\n\n" + f.raw
			for l := range strings.Lines(cover) {
				f.edges = append(f.edges, strings.TrimSpace(l))
			}
		}
		return f
	}
	return front{}
}

// imprint is what a publisher prints at the foot of the first page.
var imprint = regexp.MustCompile(`(?i)copyright|©|permission to|proceedings of|appearing in|to appear in`)

func newFront(p *Page) front {
	f := front{page: p, raw: p.Text}
	text := []rune(p.Text)
	for k, b := range p.Blocks {
		if b.Start < 0 || b.End > len(text) || b.Start >= b.End {
			continue
		}
		all := strings.Join(strings.Fields(string(text[b.Start:b.End])), " ")
		if furniture(b.Kind) || b.Kind == Footnote || len(all) < 1500 && imprint.MatchString(all) {
			f.edges = append(f.edges, all)
		}
		if furniture(b.Kind) && b.Box.Y0 > p.Height/3 {
			continue
		}
		lines := b.Lines
		if len(lines) == 0 {
			lines = []Line{{Start: b.Start, End: b.End, Box: b.Box}}
		}
		for _, l := range lines {
			if l.Start < 0 || l.End > len(text) || l.Start >= l.End {
				continue
			}
			s := strings.Join(strings.Fields(string(text[l.Start:l.End])), " ")
			f.lines = append(f.lines, frontLine{text: s, cells: p.cells(text, l, b.Size), runOn: l.Hyphen, size: b.Size, bold: b.Bold, box: l.Box, block: k, kind: b.Kind})
		}
	}
	f.top = f.abstractLine()
	if f.top < 0 {
		f.top = f.firstLong()
	}
	for _, l := range f.lines[:f.top] {
		f.edges = append(f.edges, l.text)
	}
	return f
}

// cells cuts a line where words stand further apart than anyone sets words of one name.
func (p *Page) cells(text []rune, l Line, size float64) []string {
	var out []string
	from, right := -1, 0.0
	cut := func(to int) {
		if from >= 0 && to > from {
			out = append(out, strings.Join(strings.Fields(string(text[from:to])), " "))
		}
	}
	first, _ := slices.BinarySearchFunc(p.Words, l.Start, func(w Word, at int) int { return w.Start - at })
	for _, w := range p.Words[first:] {
		if w.Start >= l.End || w.Start < l.Start || w.End > len(text) {
			break
		}
		if from < 0 || w.Box.X0-right > 0.7*size {
			cut(w.Start)
			from = w.Start
		}
		right = w.Box.X1
	}
	cut(l.End)
	if len(out) == 0 {
		out = append(out, strings.Join(strings.Fields(string(text[l.Start:l.End])), " "))
	}
	return out
}

// abstractLine is the number of the line that opens the abstract; -1 where none does.
func (f front) abstractLine() int {
	return slices.IndexFunc(f.lines, func(l frontLine) bool { return opensAbstract(l.text) })
}

func opensAbstract(s string) bool {
	l := strings.ToLower(strings.ReplaceAll(s, " ", ""))
	return l == "abstract" || l == "summary" || l == "abstract." || l == "abstract:" || strings.HasPrefix(l, "abstract—") || strings.HasPrefix(l, "abstract–") || strings.HasPrefix(l, "abstract-") || strings.HasPrefix(l, "abstract.") || strings.HasPrefix(l, "abstract:") || strings.HasPrefix(s, "Abstract ")
}

// firstLong is the number of the first line of a block that reads like a paragraph.
func (f front) firstLong() int {
	count := map[int]int{}
	for _, l := range f.lines {
		count[l.block] += len(l.text)
	}
	for i, l := range f.lines {
		if count[l.block] > 350 {
			return i
		}
	}
	return len(f.lines)
}

// title takes the largest print above the abstract, and what the file states where that stands on the page too.
func (f front) title(s stated) (title, source string, confidence float64) {
	printed := f.largest()
	source = "info"
	if s.fromXMP {
		source = "xmp"
	}
	given := s.title
	if !plausibleTitle(given) {
		given = ""
	}
	onPage := given != "" && f.prints(given)
	switch {
	case given != "" && slices.Equal(fold(given), fold(printed)):
		return printed, "first page, " + source, 0.98
	case onPage && strings.HasPrefix(string(fold(printed)), string(fold(given))):
		return printed, "first page", 0.8 // the stated title is cut short
	case onPage:
		return given, source, 0.9
	case printed != "":
		return printed, "first page", 0.75
	case given != "":
		return given, source, 0.5
	}
	return "", "", 0
}

// prints says whether the words stand on the page, line ends and hyphens aside.
func (f front) prints(words string) bool {
	return strings.Contains(string(fold(f.raw)), string(fold(words)))
}

// largest joins the lines of the largest print above the abstract.
func (f front) largest() string {
	best := 0.0
	for _, l := range f.lines[:f.top] {
		if titleLike(l.text) && l.size > best {
			best = l.size
		}
	}
	var title strings.Builder
	last := -1
	for i, l := range f.lines[:f.top] {
		// Small capitals make the line that has few of them a little smaller.
		if l.size < best*0.92 || l.size == 0 || !titleLike(l.text) && last != i-1 {
			continue
		}
		if last >= 0 && (i-last > 1 || l.bold != f.lines[last].bold || l.box.Y0-f.lines[last].box.Y1 > 2.2*l.size) {
			break // another line of the same size further down is not the title's
		}
		if last >= 0 && !f.lines[last].runOn {
			title.WriteByte(' ')
		}
		title.WriteString(l.text)
		last = i
	}
	return strings.TrimRight(strings.TrimSpace(title.String()), "∗*†‡§¶1¹ ")
}

// titleLike refuses single letters, stamps and running heads.
func titleLike(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	l := strings.ToLower(s)
	return letters >= 4 && !strings.HasPrefix(l, "arxiv:") && !strings.HasPrefix(l, "http") && !strings.Contains(l, "@")
}

// abstract gives the text from the abstract's heading to the next heading.
func (f front) abstract() string {
	at := f.abstractLine()
	if at < 0 || f.page == nil {
		return ""
	}
	text := []rune(f.page.Text)
	var parts []string
	first := f.lines[at].block
	for k := first; k < len(f.page.Blocks); k++ {
		b := f.page.Blocks[k]
		if b.Start < 0 || b.End > len(text) || b.Start >= b.End || furniture(b.Kind) || b.Kind == Footnote || b.Kind == Caption {
			continue
		}
		s := strings.Join(strings.Fields(string(text[b.Start:b.End])), " ")
		if k == first {
			s = afterAbstract(s)
		} else if b.Kind == Heading || endsAbstract(s) {
			break
		}
		if s != "" {
			parts = append(parts, s)
		}
		if n := len(strings.Join(parts, " ")); n > 3500 || k > first && n > 400 && !strings.HasSuffix(s, "-") {
			break
		}
	}
	return strings.Join(parts, " ")
}

func afterAbstract(s string) string {
	l := strings.ToLower(s)
	if i := strings.Index(l, "abstract"); i >= 0 && i < 4 {
		s = s[i+len("abstract"):]
	}
	return strings.TrimLeft(s, " .:—–-")
}

func endsAbstract(s string) bool {
	l := strings.ToLower(s)
	for _, w := range []string{"1 introduction", "1. introduction", "introduction", "i. introduction", "keywords", "key words", "index terms", "categories and subject", "ccs concepts", "general terms"} {
		if strings.HasPrefix(l, w) {
			return true
		}
	}
	return false
}
