package report

import (
	"fmt"
	"slices"
	"strings"
)

// part is a piece of a report that both of its forms show: words, a list or a table.
type part struct {
	Text  string
	List  []string
	Table *table
}

// table is a table of texts. The first column holds names that the page has anchors for, where Linked says so.
type table struct {
	Head   []string
	Right  []bool // columns of numbers
	Linked bool
	Rows   [][]string
}

// newTable makes a table; a head that ends in > is a column of numbers.
func newTable(head ...string) *table {
	t := &table{}
	for _, h := range head {
		name, right := strings.CutSuffix(h, ">")
		t.Head, t.Right = append(t.Head, name), append(t.Right, right)
	}
	return t
}

// Number reports a column of numbers, which stands to the right.
func (t *table) Number(column int) bool { return t.Right[column] }

func (t *table) add(cells ...string) { t.Rows = append(t.Rows, cells) }

func words(format string, args ...any) part { return part{Text: fmt.Sprintf(format, args...)} }

// listed is a list under a line of words, or nothing.
func listed(title string, items []string) []part {
	if len(items) == 0 {
		return nil
	}
	return []part{{Text: title, List: items}}
}

// writeParts writes them as Markdown.
func writeParts(p func(string, ...any), parts []part) {
	for _, x := range parts {
		if x.Text != "" {
			p("%s\n\n", esc(x.Text))
		}
		for _, item := range x.List {
			p("- %s\n", esc(item))
		}
		if len(x.List) > 0 {
			p("\n")
		}
		if x.Table != nil && len(x.Table.Rows) > 0 {
			x.Table.write(p)
		}
	}
}

func (t *table) write(p func(string, ...any)) {
	row := func(cells []string) {
		for _, c := range cells {
			p("| %s ", esc(c))
		}
		p("|\n")
	}
	row(t.Head)
	for _, right := range t.Right {
		if right {
			p("|---:")
		} else {
			p("|---")
		}
	}
	p("|\n")
	for _, r := range t.Rows {
		row(r)
	}
	p("\n")
}

// sections gives the parts that a block of a document can ask for by name, see [Fill].
func (s *study) sections() map[string]func(arg string) ([]part, error) {
	plain := func(make func() []part) func(string) ([]part, error) {
		return func(arg string) ([]part, error) {
			if arg != "" {
				return nil, fmt.Errorf("it takes no name, and %q is given", arg)
			}
			return make(), nil
		}
	}
	return map[string]func(string) ([]part, error){
		"state":       plain(s.StateParts),
		"principles":  plain(s.PrincipleTable),
		"verdicts":    plain(s.VerdictParts),
		"arms":        plain(s.ArmParts),
		"missed":      plain(s.MissedParts),
		"calibration": plain(s.CalibrationParts),
		"agreement":   plain(s.AgreementParts),
		"cost":        plain(s.CostParts),
		"flow":        plain(s.FlowParts),
		"scale":       plain(s.ScaleParts),
		"limits":      plain(func() []part { return []part{{List: limits(s)}} }),
		"principle": func(arg string) ([]part, error) {
			i := slices.IndexFunc(s.Principles, func(p principleView) bool { return p.Alias == arg })
			if i < 0 {
				return nil, fmt.Errorf("no principle %q", arg)
			}
			return s.Principles[i].summary(), nil
		},
		"hypothesis": func(arg string) ([]part, error) {
			h, ok := s.find(arg)
			if !ok {
				return nil, fmt.Errorf("no hypothesis %q", arg)
			}
			return h.summary(), nil
		},
	}
}

func (s *study) find(alias string) (hypothesisView, bool) {
	for _, p := range s.Principles {
		for _, h := range p.Hypotheses {
			if h.Alias == alias {
				return h, true
			}
		}
	}
	return hypothesisView{}, false
}

// byName gives all hypotheses, replications last.
func (s *study) byName() []hypothesisView {
	var out []hypothesisView
	for _, p := range s.Principles {
		out = append(out, p.Hypotheses...)
	}
	slices.SortStableFunc(out, func(a, b hypothesisView) int { return inOrder(a.Hypothesis, b.Hypothesis) })
	return out
}
