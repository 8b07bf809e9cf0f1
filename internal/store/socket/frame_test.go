package socket

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAnotherVersionIsRefusedByName(t *testing.T) {
	dir := folder(t)
	l, err := net.Listen("unix", filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan bool)
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = (&frameWriter{conn: conn}).send(frameHello, []byte("tenet-socket/9"))
		_, _, _ = readFrame(conn)
	}()
	_, err = Do(t.Context(), dir, nil, nil, io.Discard, io.Discard, "", nil)
	<-done
	if err == nil || !strings.Contains(err.Error(), "tenet-socket/9") {
		t.Errorf("got %v, want an error that names the version", err)
	}
}

func TestTheHolderOutlivesGarbage(t *testing.T) {
	dir := folder(t)
	serve(t, dir, echo)
	var good bytes.Buffer
	w := &frameWriter{conn: &good}
	_ = w.send(frameHello, []byte(version))
	_ = w.send(frameCall, []byte(`{"args":["a"]}`))
	for _, bad := range [][]byte{
		nil,
		{0, 0, 0, 0},
		{255, 255, 255, 255, 1},
		[]byte("GET / HTTP/1.1\r\n\r\n"),
		slices.Concat(good.Bytes(), []byte{0, 0, 0, 2, 99, 0}), slices.Concat(good.Bytes(), []byte{0, 0, 0, 3, byte(frameStdin), 1, 2}),
		slices.Concat(good.Bytes()[:len(good.Bytes())-3], []byte("xxx")),
	} {
		conn, err := dial(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write(bad)
		_ = conn.(*net.UnixConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
	}
	if code, err := Do(t.Context(), dir, []string{"a"}, nil, io.Discard, io.Discard, "", nil); err != nil || code != 1 {
		t.Errorf("got %d %v", code, err)
	}
}

func TestATooLongCommandLineIsRefused(t *testing.T) {
	dir := folder(t)
	serve(t, dir, echo)
	_, err := Do(t.Context(), dir, []string{strings.Repeat("x", maxPayload)}, nil, io.Discard, io.Discard, "", nil)
	if err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("got %v", err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0, 0, 0, 3, 2, 'a', 'b'})
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		kind, payload, err := readFrame(bytes.NewReader(in))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := (&frameWriter{conn: &out}).send(kind, payload); err != nil {
			t.Fatal(err)
		}
		if n := 4 + int(binary.BigEndian.Uint32(in)); !bytes.Equal(out.Bytes(), in[:n]) {
			t.Fatalf("%x: written again as %x", in, out.Bytes())
		}
	})
}
