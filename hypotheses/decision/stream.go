package decision

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
)

// seedSalt separates these streams from every other use of the same names.
const seedSalt = "tenet/seed/v1"

// Seed is the key of one named stream.
type Seed [32]byte

// Stream derives the key of a named stream: study and hypothesis make the
// secret, block, stream and scope the context. Scope "*" is shared by the arms
// of a block.
func Stream(study, hypothesis string, block int, stream, scope string) Seed {
	secret := prefixed(prefixed(nil, study), hypothesis)
	info := prefixed(prefixed(prefixed(nil, strconv.Itoa(block)), stream), scope)
	key, err := hkdf.Key(sha256.New, secret, []byte(seedSalt), string(info), len(Seed{}))
	if err != nil {
		// Only a length beyond 255 hashes is refused.
		panic(fmt.Sprintf("decision: unreachable: %v", err))
	}
	return Seed(key)
}

// prefixed appends the length of s in four bytes and s, so that no two lists
// of names give the same bytes.
func prefixed(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// PCG is the stream as a fast generator for bulk draws.
func (s Seed) PCG() *rand.PCG {
	return rand.NewPCG(binary.BigEndian.Uint64(s[:8]), binary.BigEndian.Uint64(s[8:16]))
}

// ChaCha8 is the stream as a cryptographically strong generator.
func (s Seed) ChaCha8() *rand.ChaCha8 { return rand.NewChaCha8(s) }
