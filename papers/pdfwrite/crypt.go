package pdfwrite

import (
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
)

// pad is the fixed padding of passwords in the standard security handler (ISO 32000-1, 7.6.3.3).
const pad = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

// crypt is the standard security handler with RC4, revisions 2 (40 bits) and 3 (128 bits). It is here to make files that need a
// password, not to keep secrets.
type crypt struct {
	key         []byte
	owner, user []byte
	permissions int32
	bits        int
}

func newCrypt(password string, bits int, id []byte) *crypt {
	if bits == 0 {
		bits = 128
	}
	c := &crypt{bits: bits, permissions: -4}
	padded := []byte(password + pad)[:32]
	n, rounds := 5, 1
	if bits == 128 {
		n, rounds = 16, 20
	}
	// Algorithm 3: the owner entry; owner and user share one password here.
	sum := md5.Sum(padded)
	k := sum[:]
	for range (rounds - 1) / 19 * 50 {
		s := md5.Sum(k)
		k = s[:]
	}
	c.owner = rc4Rounds(k[:n], padded, rounds)
	// Algorithm 2: the file key.
	in := append(append([]byte(nil), padded...), c.owner...)
	in = binary.LittleEndian.AppendUint32(in, uint32(c.permissions))
	in = append(in, id...)
	sum = md5.Sum(in)
	k = sum[:]
	for range (rounds - 1) / 19 * 50 {
		s := md5.Sum(k[:n])
		k = s[:]
	}
	c.key = append([]byte(nil), k[:n]...)
	// Algorithms 4 and 5: the user entry.
	if bits == 40 {
		c.user = rc4Rounds(c.key, []byte(pad), 1)
		return c
	}
	sum = md5.Sum(append([]byte(pad), id...))
	c.user = append(rc4Rounds(c.key, sum[:], 20), make([]byte, 16)...)
	return c
}

// rc4Rounds encrypts with the key, then with the key xored by 1, 2, … as revision 3 wants.
func rc4Rounds(key, data []byte, rounds int) []byte {
	out := append([]byte(nil), data...)
	k := make([]byte, len(key))
	for i := range rounds {
		for j := range key {
			k[j] = key[j] ^ byte(i)
		}
		xorRC4(k, out)
	}
	return out
}

func xorRC4(key, data []byte) {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic("pdfwrite: unreachable: " + err.Error()) // keys here have 5 to 16 bytes
	}
	c.XORKeyStream(data, data)
}

// sealer gives the encryption of one object's strings and stream (algorithm 1).
func (c *crypt) sealer(r Ref) func([]byte) []byte {
	in := append(append([]byte(nil), c.key...), byte(r), byte(r>>8), byte(r>>16), 0, 0)
	sum := md5.Sum(in)
	key := sum[:min(len(c.key)+5, 16)]
	return func(b []byte) []byte {
		out := append([]byte(nil), b...)
		xorRC4(key, out)
		return out
	}
}

func (c *crypt) dict() Dict {
	d := Dict{"Filter": Name("Standard"), "V": 2, "R": 3, "Length": 128, "O": Str(c.owner), "U": Str(c.user), "P": int(c.permissions)}
	if c.bits == 40 {
		d["V"], d["R"] = 1, 2
		delete(d, "Length")
	}
	return d
}
