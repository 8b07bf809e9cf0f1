package papers

import (
	"bytes"
	"compress/zlib"
	"errors"
	"strings"
	"testing"
)

func deflated(t testing.TB, s string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFiltersDecode(t *testing.T) {
	z := deflated(t, "skip connections")
	for _, c := range []struct{ name, filter, data, want string }{
		{"flate", "FlateDecode", string(z), "skip connections"},
		{"flate without its checksum", "FlateDecode", string(z[:len(z)-4]), "skip connections"},
		{"flate with a wrong checksum", "Fl", string(z[:len(z)-1]) + "x", "skip connections"},
		{"flate without its header", "FlateDecode", "xx" + string(z[2:]), "skip connections"},
		{"flate after a line end", "FlateDecode", "\r\n" + string(z), "skip connections"},
		// TIFF's example of LZW, ISO 32000-1 §7.4.4.2: 80 0B 60 50 22 0C 0C 85 01
		{"lzw", "LZWDecode", "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", "-----A---B"},
		{"ascii 85", "ASCII85Decode", "9jqo^~>", "Man "},
		{"ascii 85, short end", "A85", "<~9jqo~>", "Man"},
		{"ascii 85, z", "A85", "z~>", "\x00\x00\x00\x00"},
		{"ascii hex", "ASCIIHexDecode", "4D 61 6e>", "Man"},
		{"ascii hex, odd", "AHx", "4D617>", "Map"},
		{"run length", "RunLengthDecode", "\x02abc\xfed\x80rest", "abcddd"},
		{"crypt", "Crypt", "as it is", "as it is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeFilter(c.filter, []byte(c.data), defaultParms())
			if string(got) != c.want || err != nil && !strings.Contains(c.name, "without its checksum") {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func TestADamagedStreamGivesWhatCameBeforeTheDamage(t *testing.T) {
	text := strings.Repeat("Gradients reach early layers. ", 400)
	z := deflated(t, text)
	got, err := decodeFilter("FlateDecode", z[:len(z)/2], defaultParms())
	if err == nil || len(got) == 0 || !strings.HasPrefix(text, string(got)) {
		t.Errorf("half of a stream: %d bytes, error %v; want a start of the text and an error", len(got), err)
	}
}

func TestPredictorsAreUndone(t *testing.T) {
	for _, c := range []struct {
		name      string
		predictor int
		data      string
		want      string
	}{
		{
			"png none, sub, up, average, paeth", 15,
			"\x00\x01\x02\x03" + "\x01\x01\x01\x01" + "\x02\x01\x01\x01" + "\x03\x01\x01\x01" + "\x04\x01\x01\x01",
			"\x01\x02\x03" + "\x01\x02\x03" + "\x02\x03\x04" + "\x02\x03\x04" + "\x03\x04\x05",
		},
		{"tiff", 2, "\x01\x01\x01\x05\x01\x01", "\x01\x02\x03\x05\x06\x07"},
		{"png, last row cut", 12, "\x02\x01\x02\x03\x02\x01", "\x01\x02\x03\x02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := defaultParms()
			p.predictor, p.columns = c.predictor, 3
			got, err := unpredict([]byte(c.data), p)
			if err != nil || string(got) != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func TestPicturesAndUnknownFiltersSaySo(t *testing.T) {
	if _, err := decodeFilter("DCTDecode", nil, defaultParms()); !errors.Is(err, errPicture) {
		t.Errorf("DCTDecode: %v, want %v", err, errPicture)
	}
	if _, err := decodeFilter("MysteryDecode", nil, defaultParms()); err == nil {
		t.Error("an unknown filter gave no error")
	}
}

// endless gives noughts for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestAStreamBombIsStopped(t *testing.T) {
	const limit = 1 << 20
	out, err := readLimited(endless{}, nil, limit)
	if !errors.Is(err, ErrLimit) || len(out) != limit {
		t.Errorf("%d bytes, error %v; want %d and ErrLimit", len(out), err, limit)
	}
	runs := bytes.Repeat([]byte{129, 'x'}, maxStream/128+10)
	if out, err := unRunLength(runs); !errors.Is(err, ErrLimit) || len(out) > maxStream+128 {
		t.Errorf("run length: %d bytes, error %v; want ErrLimit", len(out), err)
	}
}
