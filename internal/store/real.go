package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Real is a real number in a stored record. Canonical JSON has no reals, so it is written as the shortest decimal
// string that reads back to the same bits ("0.05", "1e-09", "inf", "-inf", "nan").
//
// Law: UnmarshalJSON(MarshalJSON(x)) is x, not-a-number included. (TestARealComesBackBitForBit)
type Real float64

// String is the decimal text without quotes.
func (r Real) String() string {
	f := float64(r)
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// MarshalJSON writes the decimal string.
func (r Real) MarshalJSON() ([]byte, error) { return []byte(`"` + r.String() + `"`), nil }

// UnmarshalJSON reads a decimal string or a plain JSON number.
func (r *Real) UnmarshalJSON(b []byte) error {
	text := string(b)
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
	}
	if text == "null" {
		return nil
	}
	f, err := parseReal(text)
	if err != nil {
		return err
	}
	*r = Real(f)
	return nil
}

func parseReal(text string) (float64, error) {
	switch text {
	case "nan":
		return math.NaN(), nil
	case "inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.ContainsAny(text, "xX_") || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, fmt.Errorf("store: %q is no decimal number", text)
	}
	return f, nil
}
