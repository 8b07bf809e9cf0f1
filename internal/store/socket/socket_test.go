package socket

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// childDir names the folder in which this binary, run again, is a holder that never finishes a call.
const childDir = "TENET_SOCKET_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		holdForever(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

func holdForever(dir string) {
	_, err := Serve(context.Background(), dir, func(_ context.Context, c Call) int {
		fmt.Fprint(c.Stdout, "half")
		select {}
	})
	fmt.Println("ready", err)
	time.Sleep(time.Minute)
}

// folder is short enough for a socket on every system.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "s-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func serve(t *testing.T, dir string, h Handler) io.Closer {
	t.Helper()
	s, err := Serve(t.Context(), dir, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func echo(_ context.Context, c Call) int {
	fmt.Fprintf(c.Stderr, "%q %s %q", c.Args, c.Cwd, c.Env)
	if _, err := io.Copy(c.Stdout, c.Stdin); err != nil {
		return 9
	}
	return len(c.Args)
}

func TestACallRunsInTheHolder(t *testing.T) {
	dir := folder(t)
	serve(t, dir, echo)
	in := bytes.Repeat([]byte("0123456789abcdef\x00\xff"), 20_000)
	var out, errs bytes.Buffer
	code, err := Do(t.Context(), dir, []string{"search", "", "naïve \"x\""}, bytes.NewReader(in), &out, &errs, "/some/where", []string{"A=b"})
	if err != nil || code != 3 {
		t.Fatalf("exit %d %v, want 3", code, err)
	}
	if !bytes.Equal(out.Bytes(), in) {
		t.Errorf("%d bytes came back of %d", out.Len(), len(in))
	}
	if want := `["search" "" "naïve \"x\""] /some/where ["A=b"]`; errs.String() != want {
		t.Errorf("got %s, want %s", errs.String(), want)
	}
}

func TestExitCodesComeBackUnchanged(t *testing.T) {
	dir := folder(t)
	next := 0
	serve(t, dir, func(context.Context, Call) int { return next })
	for _, next = range []int{0, 1, 5, 255, -1} {
		if code, err := Do(t.Context(), dir, nil, nil, io.Discard, io.Discard, "", nil); err != nil || code != next {
			t.Errorf("got %d %v, want %d", code, err, next)
		}
	}
}

func TestCallsRunSideBySide(t *testing.T) {
	dir := folder(t)
	var meet sync.WaitGroup
	meet.Add(8)
	serve(t, dir, func(_ context.Context, c Call) int {
		meet.Done()
		meet.Wait()
		fmt.Fprint(c.Stdout, c.Args[0])
		return 0
	})
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			var out bytes.Buffer
			if _, err := Do(t.Context(), dir, []string{fmt.Sprint(i)}, nil, &out, io.Discard, "", nil); err != nil || out.String() != fmt.Sprint(i) {
				t.Errorf("call %d: got %q %v", i, out.String(), err)
			}
		})
	}
	work.Wait()
}

// counter counts what was taken from it.
type counter struct {
	r     io.Reader
	taken int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.taken += n
	return n, err
}

func TestInputIsTakenOnlyWhenWanted(t *testing.T) {
	dir := folder(t)
	serve(t, dir, func(_ context.Context, c Call) int {
		if c.Args[0] == "read" {
			_, _ = io.ReadFull(c.Stdin, make([]byte, 10))
		}
		return 0
	})
	for arg, most := range map[string]int{"leave": 0, "read": maxPiece} {
		in := &counter{r: bytes.NewReader(make([]byte, 1<<20))}
		if _, err := Do(t.Context(), dir, []string{arg}, in, io.Discard, io.Discard, "", nil); err != nil {
			t.Fatal(err)
		}
		if in.taken > most {
			t.Errorf("%s: %d bytes taken, want at most %d", arg, in.taken, most)
		}
	}
}

func TestCancelReachesTheVerb(t *testing.T) {
	dir := folder(t)
	serve(t, dir, func(ctx context.Context, c Call) int {
		fmt.Fprint(c.Stdout, "begun")
		<-ctx.Done()
		fmt.Fprint(c.Stdout, ", kept 3")
		return 130
	})
	ctx, cancel := context.WithCancel(t.Context())
	out := &onWrite{then: cancel}
	code, err := Do(ctx, dir, nil, nil, out, io.Discard, "", nil)
	if err != nil || code != 130 || out.String() != "begun, kept 3" {
		t.Errorf("got %d %v %q", code, err, out.String())
	}
}

type onWrite struct {
	bytes.Buffer
	then func()
}

func (w *onWrite) Write(p []byte) (int, error) {
	w.then()
	return w.Buffer.Write(p)
}

func TestAClientThatGoesAwayCancelsItsCall(t *testing.T) {
	dir := folder(t)
	ended := make(chan error, 1)
	begun := make(chan bool, 1)
	serve(t, dir, func(ctx context.Context, c Call) int {
		begun <- true
		_, _ = io.ReadAll(c.Stdin) // returns although the client never answers
		<-ctx.Done()
		ended <- ctx.Err()
		return 0
	})
	conn, err := dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	w := &frameWriter{conn: conn}
	if err := errors.Join(hello(conn, w), w.send(frameCall, []byte(`{"args":["x"]}`))); err != nil {
		t.Fatal(err)
	}
	<-begun
	_ = conn.Close()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOutputThatCannotBeWrittenStopsTheVerb(t *testing.T) {
	dir := folder(t)
	serve(t, dir, func(ctx context.Context, c Call) int {
		for ctx.Err() == nil {
			fmt.Fprintln(c.Stdout, "line")
		}
		return 1
	})
	r, w := io.Pipe()
	_ = r.Close()
	if _, err := Do(t.Context(), dir, nil, nil, w, io.Discard, "", nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want a closed pipe", err)
	}
}

func TestAHolderThatDiesMidwayIsNamed(t *testing.T) {
	dir := folder(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(pipe).ReadString('\n'); line != "ready <nil>\n" {
		t.Fatalf("child says %q", line)
	}
	out := &onWrite{then: func() { _ = cmd.Process.Kill() }}
	_, err = Do(t.Context(), dir, nil, nil, out, io.Discard, "", nil)
	_ = cmd.Wait()
	if !errors.Is(err, ErrHolderGone) || out.String() != "half" {
		t.Errorf("got %v %q, want ErrHolderGone after half", err, out.String())
	}
	if _, err := Do(t.Context(), dir, nil, nil, io.Discard, io.Discard, "", nil); !errors.Is(err, ErrNoHolder) {
		t.Errorf("dead socket: got %v, want ErrNoHolder", err)
	}
	serve(t, dir, echo)
	if code, err := Do(t.Context(), dir, []string{"a"}, nil, io.Discard, io.Discard, "", nil); err != nil || code != 1 {
		t.Errorf("after a new holder: %d %v", code, err)
	}
}

func TestAStaleSocketIsReplaced(t *testing.T) {
	for name, content := range map[string]string{"pointer": pointer + "/nowhere/s\n", "garbage": "what is this", "empty": ""} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			if err := os.WriteFile(filepath.Join(dir, Name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Do(t.Context(), dir, nil, nil, io.Discard, io.Discard, "", nil); !errors.Is(err, ErrNoHolder) {
				t.Errorf("got %v, want ErrNoHolder", err)
			}
			serve(t, dir, echo)
			if code, err := Do(t.Context(), dir, []string{"a"}, nil, io.Discard, io.Discard, "", nil); err != nil || code != 1 {
				t.Errorf("got %d %v", code, err)
			}
		})
	}
	if _, err := Do(t.Context(), folder(t), nil, nil, io.Discard, io.Discard, "", nil); !errors.Is(err, ErrNoHolder) {
		t.Errorf("no socket: got %v, want ErrNoHolder", err)
	}
}

func TestOnlyTheOwnerMayConnect(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file modes on Windows")
	}
	dir := folder(t)
	serve(t, dir, echo)
	info, err := os.Lstat(filepath.Join(dir, Name))
	if err != nil || info.Mode().Perm() != 0o600 || info.Mode().Type() != os.ModeSocket {
		t.Errorf("got %v %v, want a socket with 0600", info.Mode(), err)
	}
}

func TestALongPathWorks(t *testing.T) {
	dir := filepath.Join(folder(t), strings.Repeat("a-very-long-folder-name/", 10), "library")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := serve(t, dir, echo)
	var out bytes.Buffer
	code, err := Do(t.Context(), dir, []string{"a", "b"}, strings.NewReader("in"), &out, io.Discard, "", nil)
	if err != nil || code != 2 || out.String() != "in" {
		t.Errorf("got %d %v %q", code, err, out.String())
	}
	target, err := follow(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Dir(target)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder of the socket: %v %v, want 0700", info.Mode(), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, Name), filepath.Dir(target)} {
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s is left over", path)
		}
	}
}

func TestClosingTakesTheSocketAwayAndEndsCalls(t *testing.T) {
	dir := folder(t)
	begun := make(chan bool, 1)
	s := serve(t, dir, func(ctx context.Context, _ Call) int {
		begun <- true
		<-ctx.Done()
		return 4
	})
	got := make(chan int, 1)
	go func() {
		code, _ := Do(context.Background(), dir, nil, nil, io.Discard, io.Discard, "", nil)
		got <- code
	}()
	<-begun
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if code := <-got; code != 4 {
		t.Errorf("exit %d, want 4", code)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %v %v", left, err)
	}
}

func TestClosingLeavesALaterSocketAlone(t *testing.T) {
	dir := folder(t)
	first := serve(t, dir, echo)
	serve(t, dir, echo)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if code, err := Do(t.Context(), dir, []string{"a"}, nil, io.Discard, io.Discard, "", nil); err != nil || code != 1 {
		t.Errorf("got %d %v", code, err)
	}
}
