package papers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tenet/papers/pdfwrite"
)

// TestChildProcess is no test: it is what the children of the pools below run. TENET_PAPERS_CHILD says how the child behaves.
func TestChildProcess(t *testing.T) {
	mode := os.Getenv("TENET_PAPERS_CHILD")
	if mode == "" {
		t.Skip("only as a child of the tests of the pool")
	}
	if err := child(mode); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(mode string) error {
	w := bufio.NewWriter(os.Stdout)
	greet := func() error { return writeFrame(w, hello{"papers", protocol, EngineVersion}) }
	switch mode {
	case "serve":
		return Serve(context.Background(), os.Stdin, os.Stdout, nil)
	case "silent":
		time.Sleep(time.Minute)
	case "chatter": // a program that is something else
		fmt.Println("Welcome to the machine, version 3.1! How may I help you today?")
		time.Sleep(time.Minute)
	case "other version":
		_ = writeFrame(w, hello{"papers", protocol + 1, EngineVersion})
		time.Sleep(time.Minute)
	}
	if err := greet(); err != nil {
		return err
	}
	if _, err := readFrame(os.Stdin); err != nil {
		return nil
	}
	switch mode {
	case "hang":
		// A grandchild holds the output open; killing the child alone would leave the parent waiting.
		sleeper := exec.Command(os.Args[0], "-test.run=^TestChildProcess$")
		sleeper.Env = append(os.Environ(), "TENET_PAPERS_CHILD=silent")
		sleeper.Stdout = os.Stdout
		if err := sleeper.Start(); err != nil {
			return err
		}
		_ = os.WriteFile(os.Getenv("TENET_PAPERS_PID"), fmt.Appendf(nil, "%d %d", os.Getpid(), sleeper.Process.Pid), 0o600)
		time.Sleep(time.Minute)
	case "die":
		return errors.New("fatal error: out of luck")
	case "garbage":
		fmt.Print("\xff\xff\xff\xff and so on")
		time.Sleep(time.Minute)
	case "nonsense":
		return writeFrame(w, reply{ID: 77, Type: "page"})
	case "grow":
		var hold [][]byte
		for range 300 {
			b := make([]byte, 4<<20)
			for i := range b {
				b[i] = 1
			}
			hold = append(hold, b)
			time.Sleep(5 * time.Millisecond)
		}
		runtime.KeepAlive(hold)
		time.Sleep(time.Minute)
	case "slow start":
		if err := writeFrame(w, reply{ID: 1, Type: "starting"}); err != nil {
			return err
		}
		time.Sleep(700 * time.Millisecond)
		if err := writeFrame(w, reply{ID: 1, Type: "document", Document: &Document{Version: EngineVersion}}); err != nil {
			return err
		}
		return writeFrame(w, reply{ID: 1, Type: "end"})
	case "slow pages":
		for i := range 40 {
			if err := writeFrame(w, reply{ID: 1, Type: "progress", Done: i, Total: 40}); err != nil {
				return err
			}
			time.Sleep(50 * time.Millisecond)
		}
		if err := writeFrame(w, reply{ID: 1, Type: "document", Document: &Document{Version: EngineVersion}}); err != nil {
			return err
		}
		return writeFrame(w, reply{ID: 1, Type: "end"})
	}
	return nil
}

// poolOf makes a pool whose children behave as mode says; at its end no goroutine and no child may be left.
func poolOf(t *testing.T, mode string, o PoolOptions) *Pool {
	t.Helper()
	o.Command = []string{os.Args[0], "-test.run=^TestChildProcess$"}
	o.Env = append(o.Env, "TENET_PAPERS_CHILD="+mode)
	before := goleak.IgnoreCurrent()
	p := NewPool(o)
	t.Cleanup(func() {
		p.Close()
		if err := goleak.Find(before); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestAChildThatStartsTheLastSourceGetsMoreTime(t *testing.T) {
	p := poolOf(t, "slow start", PoolOptions{Workers: 1, BaseTimeout: 300 * time.Millisecond})
	if _, err := p.Parse(t.Context(), "x.pdf"); err != nil {
		t.Errorf("got %v, want the document that comes after the start", err)
	}
}

func TestThePoolReadsLikeOpen(t *testing.T) {
	p := poolOf(t, "serve", PoolOptions{Workers: 2})
	path := written(t, "x.pdf", article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}))
	want, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			got, err := p.Parse(t.Context(), path)
			if err != nil || got.SHA256 != want.SHA256 || got.Pages[0].Text != want.Pages[0].Text || len(got.Pages[0].Sentences) != len(want.Pages[0].Sentences) {
				t.Errorf("got %v, want the document that Open gives", err)
			}
		})
	}
	wg.Wait()
	if n := len(p.idle); n < 1 || n > 2 {
		t.Errorf("got %d idle children, want one or two that were used again", n)
	}
}

func TestThePoolKeepsTheKindOfErrors(t *testing.T) {
	p := poolOf(t, "serve", PoolOptions{Workers: 1})
	for _, b := range badInputs(t) {
		if b.options.MaxBytes != 0 {
			continue
		}
		if _, err := p.Parse(t.Context(), b.path); !errors.Is(err, b.want) || !strings.Contains(err.Error(), b.text) {
			t.Errorf("%s: got %v, want an error about %q", b.name, err, b.text)
		}
	}
	if len(p.idle) != 1 {
		t.Errorf("got %d idle children, want the one that answered all: bad files must not cost a process", len(p.idle))
	}
}

func TestAChildThatHangsIsKilledWithItsGroup(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	p := poolOf(t, "hang", PoolOptions{BaseTimeout: 700 * time.Millisecond, Env: []string{"TENET_PAPERS_PID=" + pids}})
	start := time.Now()
	_, err := p.Parse(t.Context(), "some.pdf")
	if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "some.pdf") || !strings.Contains(err.Error(), "700ms") {
		t.Errorf("got %v, want ErrLimit naming the file and the time", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	b, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for f := range strings.FieldsSeq(string(b)) {
		pid, _ := strconv.Atoi(f)
		if alive(pid) {
			t.Errorf("process %d of the group is still there", pid)
		}
	}
}

// alive says whether a process still runs; one that is dead and not yet reaped does not. Where there is no /proc nothing is known.
func alive(pid int) bool {
	for range 50 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return false
		}
		time.Sleep(20 * time.Millisecond) // the kernel needs a moment to tear a killed process down
	}
	return true
}

func TestTheTimeGrowsWithThePages(t *testing.T) {
	var seen int
	p := poolOf(t, "slow pages", PoolOptions{BaseTimeout: 300 * time.Millisecond, PerPage: 250 * time.Millisecond, OnProgress: func(_ string, done, total int) { seen = max(seen, done+total) }})
	if _, err := p.Parse(t.Context(), "x.pdf"); err != nil {
		t.Errorf("got %v, want two seconds to be allowed for 40 pages", err)
	}
	if seen < 60 {
		t.Errorf("got progress up to %d, want that of the pages", seen)
	}
}

func TestWhatAChildDoesWrongIsAnErrorAndNoMore(t *testing.T) {
	for mode, want := range map[string]string{
		"die": "out of luck", "garbage": "garbage", "nonsense": "no sense", "chatter": "garbage", "other version": "another version",
	} {
		p := poolOf(t, mode, PoolOptions{BaseTimeout: 20 * time.Second})
		for range 2 { // the second reading gets a new child
			_, err := p.Parse(t.Context(), "x.pdf")
			if err == nil || !strings.Contains(err.Error(), want) || mode != "other version" && !errors.Is(err, ErrCrashed) {
				t.Errorf("%s: got %v, want an error with %q", mode, err, want)
			}
		}
	}
}

func TestAChildThatGrowsIsStopped(t *testing.T) {
	if residentMB(os.Getpid()) == 0 {
		t.Skip("this system does not tell the memory of a process")
	}
	p := poolOf(t, "grow", PoolOptions{MemoryMB: 150, BaseTimeout: 30 * time.Second})
	_, err := p.Parse(t.Context(), "x.pdf")
	if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "150") {
		t.Errorf("got %v, want ErrLimit naming 150 MB", err)
	}
}

func TestAKilledChildCostsNoReading(t *testing.T) {
	p := poolOf(t, "serve", PoolOptions{Workers: 1})
	path := written(t, "x.pdf", pdfwrite.Simple("A title of a paper", "Some words."))
	if _, err := p.Parse(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := p.idle[0].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(t.Context(), path); err != nil {
		t.Errorf("after the idle child was killed: got %v, want a new one to read", err)
	}
}

func TestCancelStopsAReadingAtOnce(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	p := poolOf(t, "hang", PoolOptions{Workers: 1, Env: []string{"TENET_PAPERS_PID=" + pids}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 2)
	go func() { _, err := p.Parse(ctx, "x.pdf"); done <- err }()
	for range 500 { // until the child is at work
		if _, err := os.Stat(pids); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	go func() { _, err := p.Parse(ctx, "waits.pdf"); done <- err }()
	start := time.Now()
	cancel()
	for range 2 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the error of the context", err)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v to stop", took)
	}
}

func TestCloseEndsReadingsAndLaterOnesAreRefused(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	p := poolOf(t, "hang", PoolOptions{Env: []string{"TENET_PAPERS_PID=" + pids}})
	done := make(chan error, 1)
	go func() { _, err := p.Parse(context.Background(), "x.pdf"); done <- err }()
	for range 500 {
		if _, err := os.Stat(pids); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Errorf("reading at Close: got %v", err)
	}
	if _, err := p.Parse(t.Context(), "x.pdf"); !errors.Is(err, ErrClosed) {
		t.Errorf("reading after Close: got %v", err)
	}
	p.Close()
}

func TestACommandThatIsNotThereSaysSo(t *testing.T) {
	for _, command := range [][]string{nil, {filepath.Join(t.TempDir(), "gone")}} {
		p := NewPool(PoolOptions{Command: command})
		if _, err := p.Parse(t.Context(), "x.pdf"); err == nil || len(command) > 0 && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %v", command, err)
		}
		p.Close()
	}
}

// A Pool with this program's own command reads as the finished program does, whose “papers --stdio” calls Serve.
func ExampleServe() {
	in := strings.NewReader("")
	err := Serve(context.Background(), in, io.Discard, nil)
	fmt.Println(err)
	// Output: <nil>
}
