package decision

import (
	"crypto/sha256"
	"encoding/hex"
)

// preregTag keeps the digest of a registration apart from the hash of the same
// bytes for any other purpose.
const preregTag = "tenet/prereg/v1\x00"

// Digest is the digest of a registration, given its canonical bytes, in hex.
func Digest(canonical []byte) string {
	h := sha256.New()
	h.Write([]byte(preregTag))
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil))
}
