package stamptest

import (
	"crypto/x509"
	"testing"
	"time"

	"tenet/internal/store/stamp"
)

func TestWhatItStampsIsRead(t *testing.T) {
	at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	a, err := New("A notary", at)
	if err != nil {
		t.Fatal(err)
	}
	der, err := a.Stamp([]byte("a checkpoint"), at)
	if err != nil {
		t.Fatal(err)
	}
	tok, err := stamp.Parse(der)
	if err != nil || tok.Covers([]byte("a checkpoint")) != nil || tok.Trusted(a.Roots()) != nil || !tok.Time.Equal(at) || tok.Authority != "CN=A notary" {
		t.Errorf("got %+v, %v", tok, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(a.PEM()) || tok.Trusted(roots) != nil {
		t.Error("the certificate as text is another")
	}
}
