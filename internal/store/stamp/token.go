package stamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha256" // the hashes that a token may use
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// ErrBad says that a token does not hold.
var ErrBad = errors.New("the stamp does not hold")

func bad(format string, args ...any) error {
	return fmt.Errorf("stamp: %s: %w", fmt.Sprintf(format, args...), ErrBad)
}

// MaxBytes bounds a token; real ones have a few kilobytes.
const MaxBytes = 1 << 20

// Token is what an authority said, under its signature.
type Token struct {
	Time      time.Time     // by the authority's clock
	Within    time.Duration // how far off that may be, as it says; 0: it does not say
	Serial    string
	Policy    string
	Authority string // name in the certificate that signed

	hash   crypto.Hash
	sum    []byte
	signer *x509.Certificate
	others *x509.CertPool // certificates that came along
}

// Parse reads a token, bare or in the response that brought it (RFC 3161 §2.4.2),
// and checks its signature with the certificate in it. Whether that certificate
// is to be trusted is for [Token.Trusted].
func Parse(der []byte) (Token, error) {
	if len(der) > MaxBytes {
		return Token{}, bad("%d bytes are too many", len(der))
	}
	content, err := contentOf(der)
	if err != nil {
		return Token{}, err
	}
	var sd signedData
	if err := whole(content, &sd); err != nil {
		return Token{}, bad("signed data: %v", err)
	}
	if !sd.Content.Type.Equal(oidTSTInfo) {
		return Token{}, bad("it holds no time stamp")
	}
	var info tstInfo
	if err := whole(sd.Content.Bytes, &info); err != nil {
		return Token{}, bad("time stamp: %v", err)
	}
	hash, ok := hashOf(info.Imprint.Hash.Algorithm)
	if !ok || len(info.Imprint.Sum) != hash.Size() {
		return Token{}, bad("it stamps a hash of a kind that is not taken")
	}
	if len(sd.Signers) != 1 {
		return Token{}, bad("%d signatures, want one", len(sd.Signers))
	}
	t := Token{
		Time: info.Time.UTC(), Within: info.Accuracy.duration(), Serial: info.Serial.Text(16), Policy: info.Policy.String(),
		hash: hash, sum: info.Imprint.Sum, others: x509.NewCertPool(),
	}
	if err := t.signed(sd); err != nil {
		return Token{}, err
	}
	t.Authority = t.signer.Subject.String()
	return t, nil
}

// Covers says whether these bytes are the ones that were stamped.
func (t Token) Covers(data []byte) error {
	if !bytes.Equal(sumOf(t.hash, data), t.sum) {
		return bad("it stamps other bytes")
	}
	return nil
}

// Trusted says whether the authority's certificate leads to one of the roots, as
// it stood at the time of the stamp.
func (t Token) Trusted(roots *x509.CertPool) error {
	if _, err := t.signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: t.others, CurrentTime: t.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}); err != nil {
		return bad("its authority %s: %v", t.Authority, err)
	}
	return nil
}

// contentOf unwraps response and content info.
func contentOf(der []byte) ([]byte, error) {
	var info contentInfo
	if err := whole(der, &info); err != nil {
		var resp response
		if err := whole(der, &resp); err != nil {
			return nil, bad("neither a token nor a response: %v", err)
		}
		if resp.Status.Status > 1 { // 0 granted, 1 granted with modifications
			return nil, bad("the authority refused (status %d)", resp.Status.Status)
		}
		if len(resp.Token.FullBytes) == 0 {
			return nil, bad("a response without a token")
		}
		if err := whole(resp.Token.FullBytes, &info); err != nil {
			return nil, bad("token: %v", err)
		}
	}
	if !info.Type.Equal(oidSignedData) {
		return nil, bad("it is not signed data")
	}
	return info.Content.Bytes, nil
}

// signed checks the signature over the content and finds who made it.
func (t *Token) signed(sd signedData) error {
	certs, err := x509.ParseCertificates(sd.Certificates.Bytes)
	if err != nil {
		return bad("certificates: %v", err)
	}
	s := sd.Signers[0]
	for _, c := range certs {
		if s.isOf(c) {
			t.signer = c
		} else {
			t.others.AddCert(c)
		}
	}
	if t.signer == nil {
		return bad("the certificate of its signature is not in it; ask the authority to send it")
	}
	if !stampsOnly(t.signer) {
		return bad("the certificate of %s is not one for time stamps", t.signer.Subject)
	}
	hash, ok := hashOf(s.Digest.Algorithm)
	if !ok {
		return bad("signed over a hash of a kind that is not taken")
	}
	if err := s.attributes(sumOf(hash, sd.Content.Bytes), t.signer); err != nil {
		return err
	}
	algorithm := algorithmOf(t.signer, hash)
	if algorithm == x509.UnknownSignatureAlgorithm {
		return bad("signed with a key of a kind that is not taken")
	}
	// The attributes are signed as a SET, but sent with the tag of their place (RFC 5652 §5.4).
	set := bytes.Clone(s.Attributes.FullBytes)
	set[0] = 0x31
	if err := t.signer.CheckSignature(algorithm, set, s.Signature); err != nil {
		return bad("its signature: %v", err)
	}
	return nil
}

// stampsOnly is RFC 3161 §2.3: the key must be for time stamps, and for nothing else.
func stampsOnly(c *x509.Certificate) bool {
	return len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(c.UnknownExtKeyUsage) == 0
}

func whole(der []byte, v any) error {
	rest, err := asn1.Unmarshal(der, v)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes follow it", len(rest))
	}
	return err
}

// duration adds up the parts of an accuracy.
func (a accuracy) duration() time.Duration {
	d := time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond
	if a.Seconds < 0 || a.Seconds > 1<<31 || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return 0
	}
	return d
}

// Query asks for a stamp over the SHA-256 of data, with the certificate sent
// along. It is a file for the authority (application/timestamp-query).
func Query(data []byte, nonce *big.Int) ([]byte, error) {
	out, err := asn1.Marshal(request{
		Version: 1, Imprint: imprint{Hash: algorithm{Algorithm: oidSHA256, Parameters: asn1.NullRawValue}, Sum: sumOf(crypto.SHA256, data)}, Nonce: nonce, Certificate: true,
	})
	if err != nil {
		return nil, fmt.Errorf("stamp: query: %w", err)
	}
	return out, nil
}
