package papers

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
)

// A decrypter undoes the standard security handler of ISO 32000-2 §7.6 with the
// empty user password: RC4, AES-128 and AES-256 (revisions 2 to 6). A nil
// decrypter passes everything through.
type decrypter struct {
	key          []byte
	streamMethod cryptMethod
	stringMethod cryptMethod
	metadata     bool // metadata streams are encrypted too
	self         int  // number of the Encrypt dictionary, whose strings are plain
}

type cryptMethod uint8

const (
	cryptNone cryptMethod = iota
	cryptRC4
	cryptAESV2
	cryptAESV3
)

var passwordPad = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// openCrypt makes the decrypter; the error is ErrEncrypted where the file needs
// a password or a handler that is not the standard one.
func (f *rawFile) openCrypt() error {
	enc := f.table.trailer["Encrypt"]
	if f.crypt != nil || enc == nil {
		return nil
	}
	d, ok := f.get(enc).(rawDict)
	if !ok {
		return nil // a dangling reference: viewers read on
	}
	if h, _ := f.get(d["Filter"]).(rawName); h != "Standard" {
		return fmt.Errorf("security handler %q: %w", h, ErrEncrypted)
	}
	c := &decrypter{metadata: true}
	if r, ok := enc.(rawRef); ok {
		c.self = r.id
	}
	if m, ok := f.get(d["EncryptMetadata"]).(bool); ok {
		c.metadata = m
	}
	f.cryptMethods(c, d)
	if err := f.cryptKey(c, d); err != nil {
		return err
	}
	f.crypt = c
	return nil
}

func (f *rawFile) cryptMethods(c *decrypter, d rawDict) {
	v, _ := f.get(d["V"]).(int64)
	if v < 4 {
		c.streamMethod, c.stringMethod = cryptRC4, cryptRC4
		return
	}
	filters, _ := f.get(d["CF"]).(rawDict)
	method := func(key rawName) cryptMethod {
		name, _ := f.get(d[key]).(rawName)
		cf, _ := f.get(filters[name]).(rawDict)
		switch m, _ := f.get(cf["CFM"]).(rawName); m {
		case "V2":
			return cryptRC4
		case "AESV2":
			return cryptAESV2
		case "AESV3":
			return cryptAESV3
		}
		return cryptNone
	}
	c.streamMethod, c.stringMethod = method("StmF"), method("StrF")
}

func (f *rawFile) cryptKey(c *decrypter, d rawDict) error {
	text := func(key rawName) []byte { s, _ := f.get(d[key]).(rawString); return []byte(s) }
	number := func(key rawName) int { n, _ := f.get(d[key]).(int64); return int(n) }
	revision, owner, user := number("R"), text("O"), text("U")
	if revision >= 5 {
		return c.keyAES256(revision, user, text("UE"))
	}
	if len(owner) < 32 || len(user) < 32 {
		return fmt.Errorf("its /O and /U are cut off: %w", ErrEncrypted)
	}
	n := number("Length") / 8
	if v := number("V"); v == 4 {
		n = 16
	}
	if revision == 2 || n < 5 {
		n = 5
	}
	n = min(n, 16)
	var id []byte
	if ids, ok := f.get(f.table.trailer["ID"]).(rawArray); ok && len(ids) > 0 {
		s, _ := f.get(ids[0]).(rawString)
		id = []byte(s)
	}
	p := uint32(int32(number("P")))
	h := md5.New()
	h.Write(passwordPad)
	h.Write(owner[:32])
	h.Write([]byte{byte(p), byte(p >> 8), byte(p >> 16), byte(p >> 24)})
	h.Write(id)
	if revision >= 4 && !c.metadata {
		h.Write([]byte{255, 255, 255, 255})
	}
	key := h.Sum(nil)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(key[:n])
			copy(key, sum[:])
		}
	}
	c.key = key[:n]
	if !bytes.HasPrefix(user, c.userCheck(revision, id)) {
		return fmt.Errorf("the empty password does not open it: %w", ErrEncrypted)
	}
	return nil
}

// userCheck computes what /U starts with under this key (algorithms 4 and 5).
func (c *decrypter) userCheck(revision int, id []byte) []byte {
	if revision == 2 {
		return rc4Once(c.key, passwordPad)
	}
	sum := md5.Sum(append(bytes.Clone(passwordPad), id...))
	u := sum[:]
	for i := range 20 {
		k := make([]byte, len(c.key))
		for j := range k {
			k[j] = c.key[j] ^ byte(i)
		}
		u = rc4Once(k, u)
	}
	return u
}

func rc4Once(key, data []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}

func (c *decrypter) keyAES256(revision int, user, wrapped []byte) error {
	if len(user) < 48 || len(wrapped) < 32 {
		return fmt.Errorf("its /U and /UE are cut off: %w", ErrEncrypted)
	}
	hash := func(salt []byte) []byte {
		if revision == 5 {
			sum := sha256.Sum256(salt)
			return sum[:]
		}
		return hash2B(salt)
	}
	if !bytes.Equal(hash(user[32:40]), user[:32]) {
		return fmt.Errorf("the empty password does not open it: %w", ErrEncrypted)
	}
	block, err := aes.NewCipher(hash(user[40:48]))
	if err != nil {
		return err
	}
	c.key = make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, 16)).CryptBlocks(c.key, wrapped[:32])
	return nil
}

// hash2B is algorithm 2.B of ISO 32000-2 for the empty password.
func hash2B(salt []byte) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	for round := 0; ; round++ {
		k1 := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(k1, k1)
		rest := 0
		for _, b := range k1[:16] {
			rest += int(b)
		}
		switch rest % 3 {
		case 0:
			s := sha256.Sum256(k1)
			k = s[:]
		case 1:
			s := sha512.Sum384(k1)
			k = s[:]
		default:
			s := sha512.Sum512(k1)
			k = s[:]
		}
		if round >= 63 && int(k1[len(k1)-1]) <= round-31 {
			return k[:32]
		}
	}
}

// stream decrypts the data of a stream object.
func (c *decrypter) stream(data []byte, id, gen int, d rawDict) []byte {
	if c == nil || d["Type"] == rawName("XRef") || d["Type"] == rawName("Metadata") && !c.metadata {
		return data
	}
	if names, ok := d["Filter"].(rawArray); ok && len(names) > 0 && names[0] == rawName("Crypt") {
		return data // its own crypt filter; Identity is the only one in use
	}
	return c.apply(c.streamMethod, data, id, gen)
}

// walk decrypts every string inside v.
func (c *decrypter) walk(v any, id, gen int) any {
	if c == nil || id == c.self {
		return v
	}
	switch v := v.(type) {
	case rawString:
		return rawString(c.apply(c.stringMethod, []byte(v), id, gen))
	case rawArray:
		for i := range v {
			v[i] = c.walk(v[i], id, gen)
		}
	case rawDict:
		for k := range v {
			v[k] = c.walk(v[k], id, gen)
		}
	}
	return v
}

func (c *decrypter) apply(m cryptMethod, data []byte, id, gen int) []byte {
	if m == cryptNone {
		return data
	}
	key := c.key
	if m != cryptAESV3 {
		k := append(bytes.Clone(c.key), byte(id), byte(id>>8), byte(id>>16), byte(gen), byte(gen>>8))
		if m == cryptAESV2 {
			k = append(k, "sAlT"...)
		}
		sum := md5.Sum(k)
		key = sum[:min(len(c.key)+5, 16)]
	}
	if m == cryptRC4 {
		return rc4Once(key, data)
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 32 {
		return nil
	}
	iv, body := data[:16], bytes.Clone(data[16:len(data)-len(data)%16])
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(body, body)
	if pad := int(body[len(body)-1]); pad >= 1 && pad <= 16 && pad <= len(body) {
		body = body[:len(body)-pad]
	}
	return body
}
