package papers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Words are the words of a page. As JSON they are one flat list of whole
// numbers, six for each word: start and length in runes, then the box in
// hundredths of a point. They are most of a document, and so it is a third as
// long and read in a third of the time.
type Words []Word

// MarshalJSON writes the flat list.
func (ws Words) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 2+24*len(ws))
	out = append(out, '[')
	for i, w := range ws {
		for k, n := range [6]int{w.Start, w.End - w.Start, hundredths(w.Box.X0), hundredths(w.Box.Y0), hundredths(w.Box.X1), hundredths(w.Box.Y1)} {
			if i+k > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendInt(out, int64(n), 10)
		}
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads the flat list, and the list of objects that readings of
// tenet-text/1 were kept as.
func (ws *Words) UnmarshalJSON(b []byte) error {
	i := slices.IndexFunc(b, func(c byte) bool { return c != '[' && c != ' ' && c != '\n' })
	if i >= 0 && b[i] == '{' || string(b) == "null" {
		return json.Unmarshal(b, (*[]Word)(ws))
	}
	out := make(Words, 0, 1+len(b)/24)
	var n [6]int
	k := 0
	for at := 0; at < len(b); at++ {
		c := b[at]
		if c != '-' && (c < '0' || c > '9') {
			continue
		}
		end := at + 1
		for end < len(b) && b[end] >= '0' && b[end] <= '9' {
			end++
		}
		v, err := strconv.Atoi(string(b[at:end]))
		if err != nil {
			return fmt.Errorf("papers: words: %w", err)
		}
		n[k] = v
		at = end
		if k++; k == len(n) {
			k = 0
			p := func(v int) float64 { return float64(v) / 100 }
			out = append(out, Word{Start: n[0], End: n[0] + n[1], Box: Box{p(n[2]), p(n[3]), p(n[4]), p(n[5])}})
		}
	}
	if k != 0 {
		return fmt.Errorf("papers: words: %d numbers too many", k)
	}
	*ws = out
	return nil
}
