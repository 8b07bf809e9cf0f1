package stamp

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"flag"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "make the token of testdata anew with openssl")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// authority is one of our own making: the encoding below is written from the RFCs, beside the reader.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

var epoch = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func newAuthority(t testing.TB, key crypto.Signer, usage ...x509.ExtKeyUsage) authority {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "A stamping authority"}, NotBefore: epoch.AddDate(-1, 0, 0), NotAfter: epoch.AddDate(1, 0, 0),
		ExtKeyUsage: usage, KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, SubjectKeyId: []byte{1, 2, 3},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return authority{cert, key}
}

func curveKey(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return k
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := asn1.Marshal(v)
	must(t, err)
	return b
}

func raw(class, tag int, compound bool, content []byte) asn1.RawValue {
	return asn1.RawValue{Class: class, Tag: tag, IsCompound: compound, Bytes: content}
}

// how says in what a token departs from a sound one.
type how struct {
	at        time.Time
	byKeyID   bool
	noCert    bool
	attribute func(asn1.ObjectIdentifier, []byte) []byte // nil drops it
	after     func(*signedData)
	status    int
}

func (a authority) stamp(t testing.TB, data []byte, h how) []byte {
	t.Helper()
	if h.at.IsZero() {
		h.at = epoch
	}
	sum := sha256.Sum256(data)
	info := marshal(t, tstInfo{
		Version: 1, Policy: asn1.ObjectIdentifier{1, 2, 3}, Imprint: imprint{algorithm{Algorithm: oidSHA256}, sum[:]}, Serial: big.NewInt(0xbeef), Time: h.at,
		Accuracy: accuracy{Seconds: 1, Millis: 500},
	})
	digest, certSum := sha256.Sum256(info), sha256.Sum256(a.cert.Raw)
	var attrs []byte
	for _, x := range []struct {
		id asn1.ObjectIdentifier
		v  []byte
	}{
		{oidContentType, marshal(t, oidTSTInfo)},
		{oidMessageDigest, marshal(t, digest[:])},
		{oidSigningCert2, marshal(t, struct{ Certs []struct{ Hash []byte } }{[]struct{ Hash []byte }{{certSum[:]}}})},
	} {
		if h.attribute != nil {
			if x.v = h.attribute(x.id, x.v); x.v == nil {
				continue
			}
		}
		attrs = append(attrs, marshal(t, attribute{x.id, raw(asn1.ClassUniversal, asn1.TagSet, true, x.v)})...)
	}
	signed := marshal(t, raw(asn1.ClassUniversal, asn1.TagSet, true, attrs))
	hash := sha256.Sum256(signed)
	sig, err := a.key.Sign(rand.Reader, hash[:], crypto.SHA256)
	must(t, err)
	who := asn1.RawValue{FullBytes: marshal(t, issuerAndSerial{asn1.RawValue{FullBytes: a.cert.RawIssuer}, a.cert.SerialNumber})}
	if h.byKeyID {
		who = raw(asn1.ClassContextSpecific, 0, false, a.cert.SubjectKeyId)
	}
	sd := signedData{
		Version: 3, Digests: raw(asn1.ClassUniversal, asn1.TagSet, true, marshal(t, algorithm{Algorithm: oidSHA256})),
		Certificates: raw(asn1.ClassContextSpecific, 0, true, a.cert.Raw),
		Signers: []signerInfo{{
			Version: 1, Who: who, Digest: algorithm{Algorithm: oidSHA256}, Attributes: raw(asn1.ClassContextSpecific, 0, true, attrs),
			Algorithm: algorithm{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}, Signature: sig,
		}},
	}
	sd.Content.Type, sd.Content.Bytes = oidTSTInfo, info
	if h.noCert {
		sd.Certificates = raw(asn1.ClassContextSpecific, 0, true, nil)
	}
	if h.after != nil {
		h.after(&sd)
	}
	token := marshal(t, contentInfo{oidSignedData, raw(asn1.ClassContextSpecific, 0, true, marshal(t, sd))})
	var resp response
	resp.Status.Status = h.status
	resp.Token.FullBytes = token
	return marshal(t, resp)
}

func TestATokenHoldsForItsBytesOnly(t *testing.T) {
	data := []byte("a checkpoint")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	for name, key := range map[string]crypto.Signer{"ECDSA": curveKey(t), "RSA": rsaKey} {
		a := newAuthority(t, key, x509.ExtKeyUsageTimeStamping)
		for _, byID := range []bool{false, true} {
			der := a.stamp(t, data, how{byKeyID: byID})
			tok, err := Parse(der)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := tok.Covers(data); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := tok.Covers([]byte("a checkpoinT")); !errors.Is(err, ErrBad) {
				t.Errorf("%s: other bytes: %v", name, err)
			}
			if !tok.Time.Equal(epoch) || tok.Within != 1500*time.Millisecond || tok.Serial != "beef" || tok.Policy != "1.2.3" || tok.Authority != "CN=A stamping authority" {
				t.Errorf("%s: %+v", name, tok)
			}
			roots := x509.NewCertPool()
			if err := tok.Trusted(roots); !errors.Is(err, ErrBad) {
				t.Errorf("%s: without roots: %v", name, err)
			}
			roots.AddCert(a.cert)
			if err := tok.Trusted(roots); err != nil {
				t.Errorf("%s: with its root: %v", name, err)
			}
		}
		// A certificate that had ended when it stamped is trusted by nobody.
		tok, err := Parse(a.stamp(t, data, how{at: epoch.AddDate(3, 0, 0)}))
		must(t, err)
		roots := x509.NewCertPool()
		roots.AddCert(a.cert)
		if err := tok.Trusted(roots); err == nil {
			t.Errorf("%s: stamped after its certificate had ended", name)
		}
	}
}

func TestACertificateForOtherThingsStampsNothing(t *testing.T) {
	for _, usage := range [][]x509.ExtKeyUsage{nil, {x509.ExtKeyUsageServerAuth}, {x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageServerAuth}} {
		a := newAuthority(t, curveKey(t), usage...)
		if _, err := Parse(a.stamp(t, []byte("x"), how{})); err == nil || !strings.Contains(err.Error(), "is not one for time stamps") {
			t.Errorf("%v: %v", usage, err)
		}
	}
}

func TestWhatIsWrongWithATokenIsSaid(t *testing.T) {
	a := newAuthority(t, curveKey(t), x509.ExtKeyUsageTimeStamping)
	drop := func(id asn1.ObjectIdentifier) how {
		return how{attribute: func(x asn1.ObjectIdentifier, v []byte) []byte {
			if x.Equal(id) {
				return nil
			}
			return v
		}}
	}
	other := marshal(t, struct{ Certs []struct{ Hash []byte } }{[]struct{ Hash []byte }{{make([]byte, 32)}}})
	for want, h := range map[string]how{
		"the authority refused (status 2)":           {status: 2},
		"the certificate of its signature is not in": {noCert: true},
		"what is signed is no time stamp":            drop(oidContentType),
		"not the one that was signed":                drop(oidMessageDigest),
		"by which certificate":                       drop(oidSigningCert2),
		"signed for another certificate": {attribute: func(x asn1.ObjectIdentifier, v []byte) []byte {
			if x.Equal(oidSigningCert2) {
				return other
			}
			return v
		}},
		"0 signatures, want one":               {after: func(s *signedData) { s.Signers = nil }},
		"it holds no time stamp":               {after: func(s *signedData) { s.Content.Type = oidSHA256 }},
		"signed over a hash of a kind that is": {after: func(s *signedData) { s.Signers[0].Digest.Algorithm = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26} }},
		"its signature":                        {after: func(s *signedData) { s.Signers[0].Signature[9] ^= 1 }},
		"the time stamp is not the one that was si": {after: func(s *signedData) {
			s.Content.Bytes = bytes.Replace(s.Content.Bytes, []byte("2026"), []byte("2016"), 1)
		}},
	} {
		if _, err := Parse(a.stamp(t, []byte("x"), h)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	for _, der := range [][]byte{nil, []byte("x"), marshal(t, 5), bytes.Repeat([]byte{0x30}, MaxBytes+1)} {
		if _, err := Parse(der); !errors.Is(err, ErrBad) {
			t.Errorf("%d bytes: %v", len(der), err)
		}
	}
}

// Certificates carry parts that a reader passes over, and the response is no part of what is signed; every other byte counts.
func TestNoByteOfATokenCanChange(t *testing.T) {
	data := []byte("a checkpoint")
	a := newAuthority(t, curveKey(t), x509.ExtKeyUsageTimeStamping)
	der := a.stamp(t, data, how{})
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	sound, err := Parse(der)
	must(t, err)
	sound.Within, sound.signer, sound.others = 0, nil, nil
	for i := range der {
		for bit := range 8 {
			b := bytes.Clone(der)
			b[i] ^= 1 << bit
			tok, err := Parse(b)
			if err != nil || tok.Covers(data) != nil || tok.Trusted(roots) != nil {
				continue
			}
			if !tok.Time.Equal(sound.Time) || tok.Serial != sound.Serial || tok.Policy != sound.Policy || tok.Authority != sound.Authority || tok.Within != 1500*time.Millisecond {
				t.Errorf("byte %d, bit %d: another stamp was accepted: %+v", i, bit, tok)
			}
		}
	}
}

// openssl is the other program; testdata holds what it made once.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("SKIPPED: openssl is not here; its own answer to a query was not compared")
	}
	out, err := exec.CommandContext(t.Context(), "openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// rehearse makes an authority with openssl in dir and has it stamp data; key is what openssl calls the algorithm.
func rehearse(t *testing.T, dir string, data []byte, key ...string) {
	t.Helper()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("conf"), []byte(`[req]
distinguished_name = dn
prompt = no
[dn]
CN = An authority of openssl
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = t
[t]
serial = `+at("serial")+`
signer_cert = `+at("cert.pem")+`
signer_key = `+at("key.pem")+`
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`), 0o600))
	must(t, os.WriteFile(at("serial"), []byte("2A\n"), 0o600))
	openssl(t, append([]string{"req", "-x509", "-nodes", "-days", "36500", "-config", at("conf"), "-extensions", "ext", "-keyout", at("key.pem"), "-out", at("cert.pem"), "-newkey"}, key...)...)
	query, err := Query(data, big.NewInt(1234567))
	must(t, err)
	must(t, os.WriteFile(at("q.tsq"), query, 0o600))
	openssl(t, "ts", "-reply", "-config", at("conf"), "-section", "t", "-queryfile", at("q.tsq"), "-out", at("r.tsr"))
}

func pool(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	block, _ := pem.Decode(text)
	c, err := x509.ParseCertificate(block.Bytes)
	must(t, err)
	p := x509.NewCertPool()
	p.AddCert(c)
	return p
}

func TestOpenSSLAnswersTheQuery(t *testing.T) {
	data := []byte("what is stamped\n")
	for _, key := range [][]string{{"rsa:2048"}, {"ec", "-pkeyopt", "ec_paramgen_curve:P-256"}} {
		dir := t.TempDir()
		rehearse(t, dir, data, key...)
		if got := openssl(t, "ts", "-query", "-in", filepath.Join(dir, "q.tsq"), "-text"); !strings.Contains(got, "sha256") || !strings.Contains(got, "Certificate required: yes") || !strings.Contains(got, "0x12D687") {
			t.Errorf("openssl reads the query as\n%s", got)
		}
		der, err := os.ReadFile(filepath.Join(dir, "r.tsr"))
		must(t, err)
		tok, err := Parse(der)
		if err != nil {
			t.Fatalf("%v: %v", key, err)
		}
		must(t, tok.Covers(data))
		must(t, tok.Trusted(pool(t, filepath.Join(dir, "cert.pem"))))
		if tok.Authority != "CN=An authority of openssl" || tok.Policy != "1.2.3.4" || tok.Within != time.Second || time.Since(tok.Time) > time.Hour {
			t.Errorf("got %+v", tok)
		}
	}
}

// testdata/r.tsr is a token of OpenSSL 3 with a key that was thrown away; -update makes another.
func TestATokenOfOpenSSLIsRead(t *testing.T) {
	data := []byte("what is stamped\n")
	if *update {
		dir := t.TempDir()
		rehearse(t, dir, data, "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
		for _, name := range []string{"r.tsr", "cert.pem"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			must(t, err)
			must(t, os.WriteFile(filepath.Join("testdata", name), b, 0o644))
		}
	}
	der, err := os.ReadFile(filepath.Join("testdata", "r.tsr"))
	must(t, err)
	tok, err := Parse(der)
	must(t, err)
	must(t, tok.Covers(data))
	must(t, tok.Trusted(pool(t, filepath.Join("testdata", "cert.pem"))))
	if tok.Authority != "CN=An authority of openssl" || tok.Time.Year() < 2026 {
		t.Errorf("got %+v", tok)
	}
}

func FuzzParse(f *testing.F) {
	der, err := os.ReadFile(filepath.Join("testdata", "r.tsr"))
	must(f, err)
	f.Add(der)
	f.Add(newAuthority(f, curveKey(f), x509.ExtKeyUsageTimeStamping).stamp(f, []byte("x"), how{}))
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		tok, err := Parse(b)
		if err != nil {
			return
		}
		if tok.Authority == "" && tok.signer == nil {
			t.Error("accepted without a signer")
		}
		_ = tok.Covers(b)
		_ = tok.Trusted(x509.NewCertPool())
	})
}
