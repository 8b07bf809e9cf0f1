package refs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Line is one line of print of a bibliography.
type Line struct {
	Text   string
	Joined bool    // the last word goes on in the next line without a space
	First  bool    // first line of its block
	X0, X1 float64 // left and right end in points; 0 where not known
	Page   int
}

// Split cuts the text of a bibliography, with its lines as lines, into entries.
func Split(text string) []string {
	var lines []Line
	first := true
	for l := range strings.Lines(text) {
		s := strings.TrimSpace(l)
		if s == "" {
			first = true
			continue
		}
		lines = append(lines, Line{Text: s, First: first, X0: float64(len(l) - len(strings.TrimLeft(l, " \t")))})
		first = false
	}
	return SplitLines(lines)
}

// SplitLines cuts the lines of a bibliography into entries: by their numbers where those run upwards, else by the hanging indent, else
// by blocks.
func SplitLines(lines []Line) []string {
	if starts, end := numbered(lines); len(starts) >= 2 && starts[0] < 4 {
		return entries(lines[:end], starts)
	}
	lines = withoutStrays(lines)
	return slices.DeleteFunc(entries(lines, hanging(lines)), func(e string) bool {
		return len(e) < 30 && !year.MatchString(e) // a heading, a cell of a table, a page number
	})
}

// entries joins the lines from each start to the next.
func entries(lines []Line, starts []int) []string {
	var out []string
	for i, from := range starts {
		to := len(lines)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		var b strings.Builder
		for k, l := range lines[from:to] {
			b.WriteString(l.Text)
			if !l.Joined && from+k+1 < to {
				b.WriteByte(' ')
			}
		}
		if s := strings.Join(strings.Fields(b.String()), " "); s != "" {
			out = append(out, s)
		}
	}
	return out
}

var (
	bracketed = regexp.MustCompile(`^\[(\d{1,3})\]`)
	dotted    = regexp.MustCompile(`^(\d{1,3})\.\s+\D`)
)

// numbered finds the lines whose numbers count upwards from the first; a year or a page number that happens to stand at the start of a
// line breaks the count and is skipped. The end is where the last entry ends, so that text after the bibliography does not swell it.
func numbered(lines []Line) (starts []int, end int) {
	for _, form := range []*regexp.Regexp{bracketed, dotted} {
		starts = nil
		next := 1
		for i, l := range lines {
			m := form.FindStringSubmatch(l.Text)
			if m == nil {
				continue
			}
			if n, _ := strconv.Atoi(m[1]); n == next || n == next+1 && len(starts) > 0 {
				starts = append(starts, i)
				next = n + 1
			}
		}
		if len(starts) >= 2 {
			return starts, lastEnd(lines, starts)
		}
	}
	return nil, len(lines)
}

// lastEnd lets the last entry run on while it has no year yet, and to the end of its block; never for longer than the longest entry
// before it.
func lastEnd(lines []Line, starts []int) int {
	last := starts[len(starts)-1]
	longest := 3
	for i := range len(starts) - 1 {
		longest = max(longest, starts[i+1]-starts[i])
	}
	dated := false
	for i := last; i < len(lines); i++ {
		if i > last && (i-last >= longest || dated && lines[i].First && !strings.HasSuffix(lines[i-1].Text, ",")) {
			return i
		}
		dated = dated || year.MatchString(lines[i].Text)
	}
	return len(lines)
}

// column is a column of one page with its left edge.
type column struct {
	page  int
	right bool
}

// fewLines is the length up to which a column's leftmost line is taken for its edge; in a longer one an edge is where two lines stand,
// since one may stick out by chance.
const fewLines = 8

// columns tells for each line its column, and for each column its left edge.
func columns(lines []Line) ([]column, map[column]float64) {
	type extent struct{ from, to float64 }
	pages := map[int]extent{}
	for _, l := range lines {
		e, ok := pages[l.Page]
		if !ok {
			e = extent{l.X0, l.X1}
		}
		pages[l.Page] = extent{min(e.from, l.X0), max(e.to, l.X1)}
	}
	of := make([]column, len(lines))
	starts := map[column][]float64{}
	for i, l := range lines {
		e := pages[l.Page]
		of[i] = column{l.Page, e.to > 0 && l.X0 > (e.from+e.to)/2-12}
		starts[of[i]] = append(starts[of[i]], l.X0)
	}
	left := map[column]float64{}
	for c, xs := range starts {
		slices.Sort(xs)
		left[c] = xs[0]
		for i := range len(xs) - 1 {
			if len(xs) > fewLines && xs[i+1]-xs[i] < 1.5 {
				left[c] = xs[i]
				break
			}
		}
	}
	return of, left
}

// withoutStrays drops page numbers and running heads that stand alone in the middle of a column.
func withoutStrays(lines []Line) []Line {
	of, left := columns(lines)
	var out []Line
	for i, l := range lines {
		if l.First && l.X1 > 0 && l.X0 > left[of[i]]+40 && !l.Joined && (i+1 == len(lines) || lines[i+1].First) {
			continue
		}
		out = append(out, l)
	}
	return out
}

// hanging finds first lines by the left edge: lines at the edge of their column start an entry where the others are indented. Without
// indents, blocks are entries.
func hanging(lines []Line) []int {
	of, left := columns(lines)
	indents := 0
	for i, l := range lines {
		if l.X0 > left[of[i]]+edge(l) {
			indents++
		}
	}
	hangs := indents*4 >= len(lines)
	var starts []int
	for i, l := range lines {
		if hangs && l.X0 <= left[of[i]]+edge(l) || !hangs && l.First && begins(l.Text) {
			starts = append(starts, i)
		}
	}
	if len(lines) > 0 && (len(starts) == 0 || starts[0] != 0) {
		starts = slices.Insert(starts, 0, 0)
	}
	return starts
}

// edge is how far from the left edge a line may start and still stand at it; plain text counts characters.
func edge(l Line) float64 {
	if l.X1 == 0 {
		return 0.5
	}
	return 3
}

// begins says whether a line may begin an entry: a capital, or a particle of a name.
func begins(s string) bool {
	r := []rune(s)
	if len(r) == 0 {
		return false
	}
	for _, p := range []string{"van ", "von ", "de ", "den ", "der ", "d’", "d'", "t’", "’t", "'t"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return r[0] >= 'A' && r[0] <= 'Z' || r[0] >= 'À'
}
