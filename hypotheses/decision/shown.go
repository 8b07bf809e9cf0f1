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
	round, err := strconv.ParseFloat(strconv.FormatFloat(e, 'e', 2, 64), 64)
	if err != nil || round < t {
		return e
	}
	last := math.Pow(10, math.Floor(math.Log10(e))-2)
	below := math.Floor(e/last) * last
	if down, err := strconv.ParseFloat(strconv.FormatFloat(below, 'e', 2, 64), 64); err == nil {
		below = down
	}
	return below
}
