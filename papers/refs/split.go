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
	if starts, end := numbered(lines); len(starts) >= 2 {
		return entries(lines[:end], starts)
	}
	return entries(lines, hanging(lines))
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

// lastEnd lets the last entry run to the end of its block, or further if that block is only its first line and the next is as long as
// entries are here.
func lastEnd(lines []Line, starts []int) int {
	last := starts[len(starts)-1]
	longest := 3
	for i := range len(starts) - 1 {
		longest = max(longest, starts[i+1]-starts[i])
	}
	for i := last + 1; i < len(lines); i++ {
		if i-last >= longest || lines[i].First && strings.HasSuffix(lines[i-1].Text, ".") {
			return i
		}
	}
	return len(lines)
}

// hanging finds first lines by the left edge: in each column, lines further left than the usual continuation start an entry. Without
// indents, blocks are entries.
func hanging(lines []Line) []int {
	var starts []int
	for from := 0; from < len(lines); {
		to := column(lines, from)
		part := lines[from:to]
		left, indents := part[0].X0, 0
		for _, l := range part {
			left = min(left, l.X0)
		}
		for _, l := range part {
			if l.X0 > left+3 || l.X0 > left+0.5 && l.X1 == 0 {
				indents++
			}
		}
		hangs := indents*4 >= len(part)
		for i, l := range part {
			switch {
			case hangs && l.X0 <= left+3 && (l.X1 != 0 || l.X0 == left), !hangs && l.First && begins(l.Text):
				starts = append(starts, from+i)
			}
		}
		from = to
	}
	if len(starts) == 0 || starts[0] != 0 && len(lines) > 0 {
		starts = slices.Insert(starts, 0, 0)
	}
	return starts
}

// column gives the end of the run of lines of one column: a page change, or a jump of the left edge by more than an indent.
func column(lines []Line, from int) int {
	left := lines[from].X0
	for i := from + 1; i < len(lines); i++ {
		if lines[i].Page != lines[from].Page || lines[i].X0 > left+100 || lines[i].X0 < left-100 {
			return i
		}
	}
	return len(lines)
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
