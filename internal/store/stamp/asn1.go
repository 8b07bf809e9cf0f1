package stamp

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"time"
)

// The object identifiers of RFC 5652, RFC 3161, RFC 5035 and RFC 5754.
var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCert2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

type algorithm struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type imprint struct {
	Hash algorithm
	Sum  []byte
}

type request struct {
	Version     int
	Imprint     imprint
	Nonce       *big.Int `asn1:"optional"`
	Certificate bool     `asn1:"optional,default:false"`
}

type response struct {
	Status struct {
		Status int
		Text   asn1.RawValue  `asn1:"optional"`
		Fault  asn1.BitString `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version int
	Digests asn1.RawValue `asn1:"set"`
	Content struct {
		Type  asn1.ObjectIdentifier
		Bytes []byte `asn1:"explicit,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version    int
	Who        asn1.RawValue
	Digest     algorithm
	Attributes asn1.RawValue `asn1:"tag:0"`
	Algorithm  algorithm
	Signature  []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

type tstInfo struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  imprint
	Serial   *big.Int
	Time     time.Time     `asn1:"generalized"`
	Accuracy accuracy      `asn1:"optional"`
	Ordering bool          `asn1:"optional"`
	Nonce    *big.Int      `asn1:"optional"`
	TSA      asn1.RawValue `asn1:"optional,explicit,tag:0"`
	More     asn1.RawValue `asn1:"optional,tag:1"`
}

type accuracy struct {
	Seconds int64 `asn1:"optional"`
	Millis  int64 `asn1:"optional,tag:0"`
	Micros  int64 `asn1:"optional,tag:1"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// hashOf gives the hash of an identifier; SHA-1 and older are not taken.
func hashOf(id asn1.ObjectIdentifier) (crypto.Hash, bool) {
	switch {
	case id.Equal(oidSHA256):
		return crypto.SHA256, true
	case id.Equal(oidSHA384):
		return crypto.SHA384, true
	case id.Equal(oidSHA512):
		return crypto.SHA512, true
	}
	return 0, false
}

// algorithmOf is how the key of a certificate signs over a hash.
func algorithmOf(c *x509.Certificate, h crypto.Hash) x509.SignatureAlgorithm {
	rsas := map[crypto.Hash]x509.SignatureAlgorithm{crypto.SHA256: x509.SHA256WithRSA, crypto.SHA384: x509.SHA384WithRSA, crypto.SHA512: x509.SHA512WithRSA}
	ecs := map[crypto.Hash]x509.SignatureAlgorithm{crypto.SHA256: x509.ECDSAWithSHA256, crypto.SHA384: x509.ECDSAWithSHA384, crypto.SHA512: x509.ECDSAWithSHA512}
	switch c.PublicKey.(type) {
	case *rsa.PublicKey:
		return rsas[h]
	case *ecdsa.PublicKey:
		return ecs[h]
	}
	return x509.UnknownSignatureAlgorithm
}

// isOf tells whether a signature says that it is of this certificate.
func (s signerInfo) isOf(c *x509.Certificate) bool {
	if s.Who.Class == asn1.ClassContextSpecific && s.Who.Tag == 0 {
		return len(c.SubjectKeyId) > 0 && bytes.Equal(s.Who.Bytes, c.SubjectKeyId)
	}
	var who issuerAndSerial
	if whole(s.Who.FullBytes, &who) != nil {
		return false
	}
	return bytes.Equal(who.Issuer.FullBytes, c.RawIssuer) && who.Serial.Cmp(c.SerialNumber) == 0
}

// attributes checks what is signed along: that the content is a time stamp with
// this hash, and, as RFC 3161 §2.4.2 demands, by which certificate.
func (s signerInfo) attributes(sum []byte, signer *x509.Certificate) error {
	found := map[string][]byte{} // the one value of each
	for rest := s.Attributes.Bytes; len(rest) > 0; {
		var a attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return bad("signed attributes: %v", err)
		}
		if _, twice := found[a.Type.String()]; twice {
			return bad("a signed attribute stands twice")
		}
		found[a.Type.String()] = a.Values.Bytes
	}
	var kind asn1.ObjectIdentifier
	if whole(found[oidContentType.String()], &kind) != nil || !kind.Equal(oidTSTInfo) {
		return bad("what is signed is no time stamp")
	}
	var digest []byte
	if whole(found[oidMessageDigest.String()], &digest) != nil || !bytes.Equal(digest, sum) {
		return bad("the time stamp is not the one that was signed")
	}
	raw, named := found[oidSigningCert2.String()]
	if !named {
		if _, old := found[oidSigningCert.String()]; old { // by SHA-1, which is taken for a name only
			return nil
		}
		return bad("it does not say by which certificate it is signed")
	}
	hash, err := certHash(raw)
	if err == nil && !bytes.Equal(hash, sumOf(crypto.SHA256, signer.Raw)) {
		err = bad("it is signed for another certificate")
	}
	return err
}

// certHash is the SHA-256 of the first certificate that a SigningCertificateV2 names.
func certHash(raw []byte) ([]byte, error) {
	var list struct {
		Certs    []asn1.RawValue
		Policies asn1.RawValue `asn1:"optional"`
	}
	if err := whole(raw, &list); err != nil || len(list.Certs) == 0 {
		return nil, bad("the signing certificate is not named")
	}
	rest := list.Certs[0].Bytes
	var alg algorithm
	if more, err := asn1.Unmarshal(rest, &alg); err == nil { // left out where it is SHA-256
		if !alg.Algorithm.Equal(oidSHA256) {
			return nil, bad("the signing certificate is named by a hash that is not taken")
		}
		rest = more
	}
	var hash []byte
	if _, err := asn1.Unmarshal(rest, &hash); err != nil {
		return nil, bad("the signing certificate is not named: %v", err)
	}
	return hash, nil
}

func sumOf(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}
