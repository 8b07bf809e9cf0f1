package papers

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The wire between a Pool and its children: frames of four bytes length, big endian, and that many bytes of JSON.
//
//	child  → hello    {"tenet":"papers","protocol":2,"engine":"tenet-text/3"}
//	parent → request  {"id":1,"path":"/x.pdf","options":{…},"memory_mb":1024}
//	child  → reply    {"id":1,"type":"progress","done":3,"total":12}          any number
//	         reply    {"id":1,"type":"starting"}                                the last source comes up, which may take long
//	         reply    {"id":1,"type":"document","document":{… without pages}}  then
//	         reply    {"id":1,"type":"page","page":{…}}                        one for each page, then
//	         reply    {"id":1,"type":"end"}
//	or       reply    {"id":1,"type":"error","code":"not-pdf","text":"papers: x.pdf: …"}

const (
	protocol = 2
	// longestFrame bounds one frame; a document goes page by page, so that its length does not matter.
	longestFrame = 64 << 20
)

var errFrame = errors.New("not a frame")

// writeFrame writes one value and flushes.
func writeFrame(w *bufio.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(b) > longestFrame {
		return fmt.Errorf("%w: a frame of %d bytes", ErrLimit, len(b))
	}
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(b)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	return w.Flush()
}

// readFrame reads one frame. io.EOF means that the other side has ended between two frames.
func readFrame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > longestFrame {
		return nil, fmt.Errorf("%w: length %d", errFrame, n)
	}
	// The length is a promise by a stranger: memory grows with what really comes.
	b, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return nil, err
	}
	if len(b) < int(n) {
		return nil, io.ErrUnexpectedEOF
	}
	return b, nil
}

type hello struct {
	Tenet    string `json:"tenet"`
	Protocol int    `json:"protocol"`
	Engine   string `json:"engine"`
}

type request struct {
	ID       int     `json:"id"`
	Path     string  `json:"path"`
	Options  Options `json:"options"`
	MemoryMB int     `json:"memory_mb,omitempty"`
}

type reply struct {
	ID       int       `json:"id"`
	Type     string    `json:"type"`
	Done     int       `json:"done,omitempty"`
	Total    int       `json:"total,omitempty"`
	Document *Document `json:"document,omitempty"`
	Page     *Page     `json:"page,omitempty"`
	Code     string    `json:"code,omitempty"`
	Text     string    `json:"text,omitempty"`
}
