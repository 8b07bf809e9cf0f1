package yamlfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number is a YAML number that keeps its spelling: "0.0" and "0" are equal in
// value and stay different in text. The zero value is no number. It is a
// string to JSON, so canonical records may hold it.
type Number string

// NumberOf spells a float the shortest way that reads back the same.
func NumberOf(f float64) Number {
	switch {
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	case math.IsNaN(f):
		return ".nan"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if i := strings.IndexByte(s, 'e'); i > 0 && !strings.Contains(s, ".") {
		s = s[:i] + ".0" + s[i:] // without a point YAML readers take 1e+06 for text
	}
	return Number(s)
}

// Float gives the value.
func (n Number) Float() (float64, error) {
	switch strings.ToLower(string(n)) {
	case ".inf", "+.inf", "inf":
		return math.Inf(1), nil
	case "-.inf", "-inf":
		return math.Inf(-1), nil
	case ".nan", "nan":
		return math.NaN(), nil
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(string(n), "_", ""), 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", string(n))
	}
	return f, nil
}

// UnmarshalYAML keeps the text of a plain number; quoted text is refused.
func (n *Number) UnmarshalYAML(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "null" || s == "Null" || s == "NULL" || s == "~" || s == "" {
		*n = ""
		return nil
	}
	if _, err := Number(s).Float(); err != nil {
		return err
	}
	*n = Number(s)
	return nil
}

// MarshalYAML writes the number as it was spelled.
func (n Number) MarshalYAML() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return []byte(n), nil
}
