package store

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Text makes any string storable: bytes that are no UTF-8 become U+FFFD and the rest is brought to NFC.
//
// Law: Text(Text(s)) == Text(s). (TestTextIsIdempotent)
func Text(s string) string { return norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) }
