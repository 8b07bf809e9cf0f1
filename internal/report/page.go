package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var pageStyle string

// page writes the HTML report. Every text goes through html/template's escaping;
// only plots and the style sheet, both made here, are inserted as they are.
func page(w io.Writer, s *study) error {
	t, err := template.New("page").Funcs(pageFuncs()).Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, s)
}

func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"css":      func() template.CSS { return template.CSS(pageStyle) }, //nolint:gosec // our own file
		"num":      func(r store.Real) string { return num(float64(r)) },
		"shown":    shown,
		"decimal":  decimal,
		"outcome":  outcome,
		"join":     strings.Join,
		"spoken":   spoken,
		"plural":   plural,
		"span":     span,
		"day":      day,
		"orWord":   orWord,
		"within":   strings.Contains,
		"inc":      func(n int) int { return n + 1 },
		"tone":     tone,
		"sign":     verdictSign,
		"mood":     mood,
		"limits":   limits,
		"settled":  settled,
		"untested": untested,
		"claims": func(title string, cs []claimView, open bool) claimList {
			return claimList{title, cs, open && len(cs) <= 8, strings.ReplaceAll(strings.ToLower(title), " ", "-")}
		},
	}
}

// claimList is one group of claims under its title.
type claimList struct {
	Title  string
	Claims []claimView
	Open   bool
	Slug   string
}

// tone is the class of a verdict or status.
func tone(word string) string {
	switch word {
	case decision.Validated, "supported":
		return "good"
	case decision.Refuted, "discarded", decision.Invalid:
		return "bad"
	case decision.Inconclusive, "refined":
		return "open"
	}
	return "none"
}

func verdictSign(word string) string {
	switch word {
	case decision.Validated:
		return "✓"
	case decision.Refuted:
		return "✗"
	case decision.Invalid:
		return "!"
	}
	return "–"
}

// mood is the class of a trace state.
func mood(s State) string {
	switch s {
	case Same, Found:
		return "good"
	case Changed, Missing, Lost:
		return "bad"
	}
	return "open"
}

func settled(s *study) int {
	n := 0
	for _, p := range s.Principles {
		if p.Status.Status != "proposed" {
			n++
		}
	}
	return n
}

func untested(p principleView) []hypothesisView {
	return slices.DeleteFunc(slices.Clone(p.Hypotheses), func(h hypothesisView) bool { return h.Verdict != nil })
}

// limits says what a reader must not take from the report.
func limits(s *study) []string {
	var out []string
	add := func(cond bool, format string, args ...any) {
		if cond {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(s.Decided < s.Hypotheses, "%d of %d hypotheses without a verdict; a principle's status rests on the others alone.", s.Hypotheses-s.Decided, s.Hypotheses)
	add(s.Verified < s.Claims, "%d of %d claims are paraphrases that nobody has compared with the paper; each says so.", s.Claims-s.Verified, s.Claims)
	add(s.Lost > 0, "%s not in the PDF that the library holds.", isAre(s.Lost, "quote"))
	add(s.WithText < s.Papers, "%d of %d papers are known by their reference only; their PDF is not in the library.", s.Papers-s.WithText, s.Papers)
	add(s.Decided > 0, "Estimates are read at a block that the data chose, so they lean away from θ₀; read them with their bounds, which hold at every block.")
	add(s.Decided > 0, "A verdict is about these arms, this task and this size of net; the status of a principle says how far it was tried elsewhere.")
	for _, c := range s.Controls {
		add(!c.Passed, "The control %s failed: %s.", spoken(c.Kind), strings.TrimSuffix(c.Text, "."))
	}
	add(s.Decided > 0 && len(s.Controls) < len(principles.ControlKinds()), "%d of %d controls of the study have been run.", len(s.Controls), len(principles.ControlKinds()))
	out = append(out, "A quote found in its paper shows that the words are there, not that the paraphrase beside it is fair.")
	return out
}

func isAre(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return fmt.Sprintf("%d %ss are", n, what)
}
