package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/hypotheses/decision"
	"tenet/internal/report/figures"
	"tenet/internal/store"
)

// num is a number with three significant digits, as in the pictures.
func num(f float64) string { return figures.Num(f) }

// shown is evidence beside the threshold it has to reach.
func shown(e, t store.Real) string { return num(decision.Shown(float64(e), float64(t))) }

func plural(n int, what string) string { return figures.Plural(n, what) }

// decimal shortens a decimal string of the ledger; words pass through.
func decimal(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return num(f)
}

// thousands writes a whole number in groups of three.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// abbreviate keeps the first eight digits of a hash.
func abbreviate(digest string) string {
	if len(digest) < 32 {
		return digest
	}
	return digest[:8] + "…"
}

// day shows the date of a time stamp.
func day(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.UTC().Format("2 January 2006")
}

// spoken writes a reason code as words.
func spoken(code string) string { return strings.ReplaceAll(code, "-", " ") }

// span shows a duration given in milliseconds.
func span(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// inOrder puts hypotheses before their replications, each by alias.
func inOrder(a, b hypotheses.Hypothesis) int {
	rank := map[bool]int{true: 1}
	return cmp.Or(cmp.Compare(rank[a.OfID != ""], rank[b.OfID != ""]), byAlias(a.Alias, b.Alias))
}

// byAlias orders H2 before H10, and each letter by itself.
func byAlias(a, b string) int {
	const digits = "0123456789"
	pa, pb := strings.TrimRight(a, digits), strings.TrimRight(b, digits)
	na, _ := strconv.Atoi(a[len(pa):])
	nb, _ := strconv.Atoi(b[len(pb):])
	return cmp.Or(cmp.Compare(pa, pb), cmp.Compare(na, nb))
}
