package decision

import (
	"math"
	"strconv"
)

// Shown is the evidence e as it may be printed with three digits beside the threshold t: e itself or, where three digits would
// read as t while e has not reached it, the next number of three digits below. No screen then says “20 of 20” of a run
// that goes on.
func Shown(e, t float64) float64 {
	if !(e > 0 && e < t) || math.IsInf(t, 0) {
		return e
	}
	if threeDigits(e) < t {
		return e
	}
	unit := math.Pow(10, math.Floor(math.Log10(e))-2) // of the third digit
	return threeDigits(threeDigits(e) - unit)
}

func threeDigits(f float64) float64 {
	round, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 2, 64), 64) // what strconv wrote it reads
	return round
}
