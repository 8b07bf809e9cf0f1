package figures

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Num is a number with three significant digits, as a reader writes it.
func Num(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "∞"
	case math.IsInf(f, -1):
		return "−∞"
	case math.IsNaN(f):
		return "none"
	case math.Abs(f) < 1e-12: // bounds are sought no finer than this
		return "0"
	}
	a := math.Abs(f)
	var s string
	switch {
	case a >= 1e6 || a < 1e-4:
		s = strconv.FormatFloat(f, 'e', 2, 64)
		mant, exp, _ := strings.Cut(s, "e")
		n, _ := strconv.Atoi(exp)
		s = mant + "·10" + Power(n)
	case a >= 100:
		s = strconv.FormatFloat(f, 'f', 0, 64)
	default:
		s = strconv.FormatFloat(f, 'g', 3, 64)
	}
	return strings.ReplaceAll(s, "-", "−")
}

// Power writes an exponent.
func Power(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(n))
}

func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }

// Plural counts things whose name takes an s, or is hypothesis.
func Plural(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "hypothesis":
		return fmt.Sprintf("%d hypotheses", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
