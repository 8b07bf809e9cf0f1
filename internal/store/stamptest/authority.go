package stamptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// Authority stamps whatever it is given.
type Authority struct {
	Cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// New makes an authority of this name, whose certificate holds for a year before and after a time.
func New(name string, at time.Time) (Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Authority{}, fmt.Errorf("stamptest: %w", err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return Authority{}, fmt.Errorf("stamptest: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return Authority{}, fmt.Errorf("stamptest: %w", err)
	}
	return Authority{cert, key}, nil
}

// Roots holds the authority's certificate.
func (a Authority) Roots() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.Cert)
	return p
}

// PEM is the certificate as text.
func (a Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Cert.Raw})
}

type (
	oid       = asn1.ObjectIdentifier
	algorithm struct{ Algorithm oid }
	attribute struct {
		Type   oid
		Values asn1.RawValue
	}
)

func sha256ID() algorithm { return algorithm{oid{2, 16, 840, 1, 101, 3, 4, 2, 1}} }

// Stamp gives a token over data at a time (RFC 3161, in the form of RFC 5652).
func (a Authority) Stamp(data []byte, at time.Time) (token []byte, err error) {
	marshal := func(v any) []byte {
		b, merr := asn1.Marshal(v)
		if merr != nil && err == nil {
			err = fmt.Errorf("stamptest: %w", merr)
		}
		return b
	}
	compound := func(class, tag int, content []byte) asn1.RawValue {
		return asn1.RawValue{Class: class, Tag: tag, IsCompound: true, Bytes: content}
	}
	tstInfo := oid{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	sum := sha256.Sum256(data)
	info := marshal(struct {
		Version int
		Policy  oid
		Imprint struct {
			Hash algorithm
			Sum  []byte
		}
		Serial *big.Int
		Time   time.Time `asn1:"generalized"`
	}{1, oid{1, 2, 3}, struct {
		Hash algorithm
		Sum  []byte
	}{sha256ID(), sum[:]}, big.NewInt(at.Unix()), at.UTC().Truncate(time.Second)})
	digest, cert := sha256.Sum256(info), sha256.Sum256(a.Cert.Raw)
	var attrs []byte
	for _, x := range []struct {
		id oid
		v  []byte
	}{
		{oid{1, 2, 840, 113549, 1, 9, 3}, marshal(tstInfo)},
		{oid{1, 2, 840, 113549, 1, 9, 4}, marshal(digest[:])},
		{oid{1, 2, 840, 113549, 1, 9, 16, 2, 47}, marshal(struct{ Certs []struct{ Hash []byte } }{[]struct{ Hash []byte }{{cert[:]}}})},
	} {
		attrs = append(attrs, marshal(attribute{x.id, compound(asn1.ClassUniversal, asn1.TagSet, x.v)})...)
	}
	hash := sha256.Sum256(marshal(compound(asn1.ClassUniversal, asn1.TagSet, attrs)))
	sig, serr := a.key.Sign(rand.Reader, hash[:], crypto.SHA256)
	if serr != nil {
		return nil, fmt.Errorf("stamptest: %w", serr)
	}
	signer := marshal(struct {
		Version int
		Who     struct {
			Issuer asn1.RawValue
			Serial *big.Int
		}
		Digest     algorithm
		Attributes asn1.RawValue
		Algorithm  algorithm
		Signature  []byte
	}{1, struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}{asn1.RawValue{FullBytes: a.Cert.RawIssuer}, a.Cert.SerialNumber}, sha256ID(), compound(asn1.ClassContextSpecific, 0, attrs), algorithm{oid{1, 2, 840, 10045, 4, 3, 2}}, sig})
	signed := marshal(struct {
		Version int
		Digests asn1.RawValue
		Content struct {
			Type  oid
			Bytes []byte `asn1:"explicit,tag:0"`
		}
		Certificates, Signers asn1.RawValue
	}{3, compound(asn1.ClassUniversal, asn1.TagSet, marshal(sha256ID())), struct {
		Type  oid
		Bytes []byte `asn1:"explicit,tag:0"`
	}{tstInfo, info}, compound(asn1.ClassContextSpecific, 0, a.Cert.Raw), compound(asn1.ClassUniversal, asn1.TagSet, signer)})
	return marshal(struct {
		Type    oid
		Content asn1.RawValue
	}{oid{1, 2, 840, 113549, 1, 7, 2}, compound(asn1.ClassContextSpecific, 0, signed)}), err
}
