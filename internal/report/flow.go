package report

import (
	"fmt"
	"strings"

	"tenet/survey"
)

// brought says of how many papers the library holds the outcome of screening only; "" where of none.
func brought(f survey.Flow) string {
	if f.Brought == 0 {
		return ""
	}
	return fmt.Sprintf("Of %d of %s the decision came with a study pack: who screened them, and in which steps, is known where the pack was made.", f.Brought, plural(f.Identified, "paper"))
}

// counted is a list of words with their numbers.
func counted(cs []survey.Counted) string {
	var out []string
	for _, c := range cs {
		out = append(out, fmt.Sprintf("%d %s", c.N, c.Text))
	}
	return strings.Join(out, ", ")
}

// markdownFlow writes how many papers came how far.
func markdownFlow(p func(string, ...any), f survey.Flow) {
	if f.Identified == 0 {
		return
	}
	p("## How the papers were chosen\n\nCounted from the recorded decisions, in the steps of PRISMA 2020.")
	if b := brought(f); b != "" {
		p(" %s", esc(b))
	}
	p("\n\n| step | papers | went no further, or not yet |\n|---|---:|---|\n")
	for _, s := range f.Steps() {
		var cells []string
		if len(s.Of) > 0 {
			cells = append(cells, esc(counted(s.Of)))
		}
		for _, side := range s.Side {
			cell := fmt.Sprintf("%d %s", side.N, side.Name)
			for _, w := range side.Why {
				cell += fmt.Sprintf("; %d: %s", w.N, esc(w.Text))
			}
			cells = append(cells, cell)
		}
		p("| %s | %d | %s |\n", s.Name, s.N, strings.Join(cells, "<br>"))
	}
	p("\n")
	if len(f.For) > 0 {
		p("Why they are in (a paper may meet several criteria):\n\n")
		for _, c := range f.For {
			p("- %d: %s\n", c.N, esc(c.Text))
		}
		p("\n")
	}
}
