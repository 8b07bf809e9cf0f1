package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// TextOptions say how a trace is written as text.
type TextOptions struct {
	// Full lists the trials of each block and every claim; otherwise blocks are
	// counted and the first claims stand for the rest.
	Full bool
	// Digests adds the whole hash of each step instead of its beginning.
	Digests bool
	// ASCII draws the tree without line-drawing characters.
	ASCII bool
}

// WriteText writes a trace as an indented tree, one step a line.
func WriteText(w io.Writer, n Node, o TextOptions) error {
	b := bufio.NewWriter(w)
	tee, last, bar := "├─ ", "└─ ", "│  "
	if o.ASCII {
		tee, last, bar = "|- ", "`- ", "|  "
	}
	var write func(n Node, head, tail string)
	write = func(n Node, head, tail string) {
		fmt.Fprintf(b, "%s%s\n", head, n.line(o))
		kids := n.Children
		if !o.Full {
			kids = brief(n)
		}
		for i, c := range kids {
			if i == len(kids)-1 {
				write(c, tail+last, tail+"   ")
			} else {
				write(c, tail+tee, tail+bar)
			}
		}
	}
	write(n, "", "")
	return b.Flush()
}

// fewClaims are shown where not all are asked for.
const fewClaims = 6

// brief keeps of a step's children what a first look needs: no trials, and of
// many claims those that stand best, found in their paper before verified before the rest.
func brief(n Node) []Node {
	switch {
	case n.Kind == "blocks":
		return nil
	case n.Kind != "claims" || len(n.Children) <= fewClaims+1:
		return n.Children
	}
	rank := func(c Node) int {
		switch {
		case len(c.Children) > 0 && c.Children[0].State == Found:
			return 0
		case !strings.HasSuffix(c.Label, unverified):
			return 1
		}
		return 2
	}
	order := slices.Clone(n.Children)
	slices.SortStableFunc(order, func(a, b Node) int { return cmp.Compare(rank(a), rank(b)) })
	order = order[:fewClaims]
	out := slices.DeleteFunc(slices.Clone(n.Children), func(c Node) bool {
		return !slices.ContainsFunc(order, func(k Node) bool { return k.ID == c.ID })
	})
	return append(out, Node{Label: fmt.Sprintf("… %d more claims", len(n.Children)-len(out))})
}

// line is one step on one line.
func (n Node) line(o TextOptions) string {
	var b strings.Builder
	if n.Alias != "" && !strings.Contains(n.Label, n.Alias) {
		b.WriteString(n.Alias + "  ")
	}
	b.WriteString(clean(n.Label))
	var notes []string
	if n.Digest != "" {
		d := abbreviate(n.Digest)
		if o.Digests {
			d = n.Digest
		}
		notes = append(notes, d)
	}
	if n.Seq != 0 {
		notes = append(notes, fmt.Sprintf("change %d", n.Seq))
	}
	if n.State != "" {
		notes = append(notes, string(n.State))
	}
	if len(notes) > 0 {
		b.WriteString("  [" + strings.Join(notes, ", ") + "]")
	}
	return b.String()
}

// clean keeps control characters of papers away from terminals.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// WriteDOT writes a trace as a graph for Graphviz, drawn from the verdict down.
func WriteDOT(w io.Writer, n Node) error {
	b := bufio.NewWriter(w)
	fmt.Fprint(b, "digraph trace {\n\trankdir=BT\n\tnode [shape=box, fontname=\"sans-serif\", fontsize=10]\n")
	id := 0
	var write func(n Node) int
	write = func(n Node) int {
		me := id
		id++
		fmt.Fprintf(b, "\tn%d [label=%s", me, dotText(n))
		if n.State != "" && n.State != Same && n.State != Found {
			fmt.Fprint(b, ", style=dashed")
		}
		fmt.Fprint(b, "]\n")
		for _, c := range n.Children {
			fmt.Fprintf(b, "\tn%d -> n%d\n", write(c), me)
		}
		return me
	}
	write(n)
	fmt.Fprint(b, "}\n")
	return b.Flush()
}

// dotText quotes a label, folded to lines of about forty characters.
func dotText(n Node) string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(n.line(TextOptions{})) {
		if line != "" && len([]rune(line))+len([]rune(w)) > 40 {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	text := strings.Join(append(lines, line), "\n")
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
