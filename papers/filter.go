package papers

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxStream bounds one decoded stream. Text streams of real papers stay below a
// few MiB; a larger one is an attack or a picture.
const maxStream = 128 << 20

var errStream = errors.New("stream data damaged")

// filterParms are the decode parameters a text stream can have.
type filterParms struct {
	predictor, columns, colors, bits int
	early                            bool // LZW codes grow one early (the default)
}

func defaultParms() filterParms {
	return filterParms{predictor: 1, columns: 1, colors: 1, bits: 8, early: true}
}

// parmsOf reads the decode parameters from a dictionary value.
func parmsOf(v value) filterParms {
	p := defaultParms()
	set := func(key string, to *int, most int) {
		if e := v.Key(key); e.Kind() == intKind && e.Int() > 0 && e.Int() <= int64(most) {
			*to = int(e.Int())
		}
	}
	set("Predictor", &p.predictor, 15)
	set("Columns", &p.columns, 1<<20)
	set("Colors", &p.colors, 32)
	set("BitsPerComponent", &p.bits, 16)
	if e := v.Key("EarlyChange"); e.Kind() == intKind && e.Int() == 0 {
		p.early = false
	}
	return p
}

// errPicture marks a filter that only pictures use.
var errPicture = errors.New("picture data")

// decodeFilter undoes one filter. What could be decoded before damage is
// returned with the error.
func decodeFilter(name string, data []byte, p filterParms) ([]byte, error) {
	switch name {
	case "FlateDecode", "Fl":
		out, err := inflate(data)
		out, perr := unpredict(out, p)
		return out, errors.Join(err, perr)
	case "LZWDecode", "LZW":
		out, err := unLZW(data, p.early)
		out, perr := unpredict(out, p)
		return out, errors.Join(err, perr)
	case "ASCII85Decode", "A85":
		return unASCII85(data), nil
	case "ASCIIHexDecode", "AHx":
		return unASCIIHex(data), nil
	case "RunLengthDecode", "RL":
		return unRunLength(data)
	case "Crypt":
		return data, nil
	case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode":
		return nil, errPicture
	}
	return data, fmt.Errorf("filter %q is not known", name)
}

// inflate takes zlib data, with or without its two header bytes and checksum.
func inflate(data []byte) ([]byte, error) {
	data = bytes.TrimLeft(data, "\r\n")
	if len(data) == 0 {
		return nil, nil
	}
	out := make([]byte, 0, min(4*len(data)+512, 1<<20))
	var r io.Reader
	zr, err := zlib.NewReader(bytes.NewReader(data))
	if err == nil {
		r = zr
	} else {
		r = flate.NewReader(bytes.NewReader(data[min(2, len(data)):]))
	}
	out, rerr := readLimited(r, out, maxStream)
	if len(out) == 0 && rerr != nil && err != nil {
		out, rerr = readLimited(flate.NewReader(bytes.NewReader(data)), out, maxStream)
	}
	if rerr != nil && errors.Is(rerr, zlib.ErrChecksum) {
		rerr = nil // all bytes came; only the sum is off
	}
	return out, rerr
}

// readLimited appends what r gives to out, until it ends or out has limit bytes.
func readLimited(r io.Reader, out []byte, limit int) ([]byte, error) {
	for {
		if len(out) >= limit {
			return out, fmt.Errorf("stream over %d MiB: %w", limit>>20, ErrLimit)
		}
		if len(out) == cap(out) {
			out = slices.Grow(out, len(out)+512)
		}
		n, err := r.Read(out[len(out):min(cap(out), limit)])
		out = out[:len(out)+n]
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}

// unLZW undoes the variable-width code of ISO 32000-1 §7.4.4: 9 to 12 bits,
// 256 clears, 257 ends.
func unLZW(data []byte, early bool) ([]byte, error) {
	type entry struct {
		prefix int16
		last   byte
		length uint16
	}
	var table [4096]entry
	for i := range 256 {
		table[i] = entry{-1, byte(i), 1}
	}
	var out []byte
	lead := 0
	if early {
		lead = 1
	}
	next, width, prev := 258, uint(9), -1
	var acc uint32
	var have uint
	first := byte(0)
	for _, b := range data {
		acc = acc<<8 | uint32(b)
		have += 8
		if have < width {
			continue
		}
		code := int(acc >> (have - width) & (1<<width - 1))
		have -= width
		switch {
		case code == 256:
			next, width, prev = 258, 9, -1
			continue
		case code == 257:
			return out, nil
		case code > next || code == next && prev < 0:
			return out, errStream
		}
		if len(out) > maxStream {
			return out, ErrLimit
		}
		emit, tail := code, false
		if code == next {
			emit, tail = prev, true
		}
		n := int(table[emit].length)
		out = append(out, make([]byte, n)...)
		for i, c := len(out)-1, emit; c >= 0 && i >= 0; i, c = i-1, int(table[c].prefix) {
			out[i] = table[c].last
			first = table[c].last
		}
		if tail {
			out = append(out, first)
		}
		if prev >= 0 && next < 4096 {
			table[next] = entry{int16(prev), first, table[prev].length + 1}
			next++
		}
		for width < 12 && next+lead >= 1<<width {
			width++
		}
		prev = code
	}
	return out, nil
}

func unASCII85(data []byte) []byte {
	out := make([]byte, 0, len(data)*4/5+4)
	var v uint32
	n := 0
	data = bytes.TrimPrefix(bytes.TrimLeft(data, " \r\n\t"), []byte("<~"))
	for _, c := range data {
		switch {
		case c == '~':
			return flush85(out, v, n)
		case c == 'z' && n == 0:
			out = append(out, 0, 0, 0, 0)
		case c >= '!' && c <= 'u':
			v = v*85 + uint32(c-'!')
			if n++; n == 5 {
				out = append(out, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
				v, n = 0, 0
			}
		}
	}
	return flush85(out, v, n)
}

func flush85(out []byte, v uint32, n int) []byte {
	if n < 2 {
		return out
	}
	for i := n; i < 5; i++ {
		v = v*85 + 84
	}
	for i := range n - 1 {
		out = append(out, byte(v>>(24-8*i)))
	}
	return out
}

func unASCIIHex(data []byte) []byte {
	l := lexer{b: data, pos: -1} // hex skips one byte, the "<" that is not here
	return bytes.Clone(l.hex().s)
}

func unRunLength(data []byte) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			return out, nil
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if len(out) > maxStream {
			return out, ErrLimit
		}
	}
	return out, nil
}

// unpredict undoes the PNG (10–15) and TIFF (2) predictors.
func unpredict(data []byte, p filterParms) ([]byte, error) {
	if p.predictor < 2 {
		return data, nil
	}
	bpp := max(1, p.colors*p.bits/8)
	row := (p.columns*p.colors*p.bits + 7) / 8
	if p.predictor == 2 {
		if p.bits != 8 {
			return data, fmt.Errorf("TIFF predictor with %d bits is not read", p.bits)
		}
		for at := 0; at+row <= len(data); at += row {
			for i := at + bpp; i < at+row; i++ {
				data[i] += data[i-bpp]
			}
		}
		return data, nil
	}
	out := data[:0]
	prev := make([]byte, row)
	line := make([]byte, row)
	for at := 0; at < len(data); at += row + 1 {
		n := copy(line, data[at+1:min(at+1+row, len(data))])
		clear(line[n:])
		unfilterPNG(data[at], line, prev, bpp)
		out = append(out, line[:n]...)
		prev, line = line, prev
	}
	return out, nil
}

func unfilterPNG(method byte, line, prev []byte, bpp int) {
	for i := range line {
		var left, up, corner byte
		up = prev[i]
		if i >= bpp {
			left, corner = line[i-bpp], prev[i-bpp]
		}
		switch method {
		case 1:
			line[i] += left
		case 2:
			line[i] += up
		case 3:
			line[i] += byte((int(left) + int(up)) / 2)
		case 4:
			line[i] += paeth(left, up, corner)
		}
	}
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	da, db, dc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	if da <= db && da <= dc {
		return a
	}
	if db <= dc {
		return b
	}
	return c
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}
