package report

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tenet/hypotheses/decision"
)

// inline is a number within a person's sentence that the library keeps: <!-- = H01 D% -->18<!-- . -->.
var inline = regexp.MustCompile(`(<!-- = )(\S+) (\S+)( -->)[^<]*(<!-- \. -->)`)

// fillLine writes the numbers of one line anew.
func fillLine(line []byte, value func(of, what string) (string, error)) ([]byte, error) {
	if !strings.Contains(string(line), "<!-- = ") {
		return line, nil
	}
	var wrong error
	out := inline.ReplaceAllFunc(line, func(m []byte) []byte {
		g := inline.FindSubmatch(m)
		v, err := value(string(g[2]), string(g[3]))
		if err != nil && wrong == nil {
			wrong = fmt.Errorf("%s %s: %w", g[2], g[3], err)
		}
		return []byte("<!-- = " + string(g[2]) + " " + string(g[3]) + " -->" + v + "<!-- . -->")
	})
	return out, wrong
}

// value is one number of the study as text. Of a hypothesis: D, gap (D without its sign), low, high, size, blocks, p
// (foreseen) or the name of an arm (its median); of the study: hypotheses, decided, validated, refuted, inconclusive, foreseen, trials, minutes.
// A % behind D, gap, low, high or an arm gives hundredths, a × the ratio of which D is the logarithm.
func (s *study) value(of, what string) (string, error) {
	if of == "study" {
		return s.count(what)
	}
	h, ok := s.find(of)
	if !ok {
		return "", fmt.Errorf("no hypothesis %q", of)
	}
	if what == "p" {
		return num(float64(h.Expected.Probability)), nil
	}
	v := h.Verdict
	if v == nil {
		return "", fmt.Errorf("it has no verdict yet")
	}
	switch what {
	case "size":
		return num(float64(v.Effect)), nil
	case "blocks":
		return strconv.Itoa(v.Stop), nil
	}
	name, hundredths := strings.CutSuffix(what, "%")
	name, ratio := strings.CutSuffix(name, "×")
	x, err := h.real(name)
	switch {
	case err != nil:
		return "", err
	case hundredths:
		return points(x), nil
	case ratio:
		return strconv.FormatFloat(math.Exp(x), 'g', 2, 64), nil
	}
	return num(x), nil
}

// points are hundredths, below ten with one digit behind the point.
func points(x float64) string {
	digits := 0
	if math.Abs(x) < 0.0995 {
		digits = 1
	}
	text := strconv.FormatFloat(100*x+0, 'f', digits, 64)
	return strings.ReplaceAll(strings.TrimSuffix(text, ".0"), "-", "−")
}

// real is the estimate, a bound, or the median of an arm.
func (h hypothesisView) real(name string) (float64, error) {
	switch name {
	case "D":
		return float64(h.Verdict.Estimate), nil
	case "gap":
		return math.Abs(float64(h.Verdict.Estimate)), nil
	case "low":
		return float64(h.Verdict.Lower), nil
	case "high":
		return float64(h.Verdict.Upper), nil
	}
	for _, a := range h.armMedians() {
		if a.name == name {
			return a.median, nil
		}
	}
	return 0, fmt.Errorf("no arm %q in it", name)
}

func (s *study) count(what string) (string, error) {
	n := map[string]int{"hypotheses": s.Hypotheses, "decided": 0, "foreseen": 0, "trials": s.Cost.Trials, "minutes": int(math.Round(float64(s.Cost.CPUMS) / 60_000))}
	for _, word := range []string{decision.Validated, decision.Refuted, decision.Inconclusive} {
		n[word] = 0
	}
	for _, h := range s.byName() {
		if h.Verdict != nil {
			n[h.Verdict.Verdict]++
		}
	}
	for _, f := range s.Accounts.Forecasts {
		n["decided"] += btoi(f.Decided())
		n["foreseen"] += btoi(f.Hit())
	}
	k, ok := n[what]
	if !ok {
		return "", fmt.Errorf("the study has no number of that name")
	}
	return strconv.Itoa(k), nil
}
