package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tenet/internal/store/stamptest"
	"tenet/papers/pdfwrite"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tenet": func() { os.Exit(mainExit()) },
		// hold is tenet with an open, silent standard input, as a person who only looks.
		"hold": func() {
			in, silent, err := os.Pipe()
			if err != nil {
				panic(err)
			}
			os.Stdin = in
			code := mainExit()
			silent.Close()
			os.Exit(code)
		},
	})
}

// TestScripts runs one promise of the command line per file of testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("TENET_REVIEWER", "Ada")
			for name, dir := range map[string]string{"DOCS": "../../docs", "STUDIES": "../../studies"} {
				abs, err := filepath.Abs(dir)
				if err != nil {
					return err
				}
				e.Setenv(name, abs)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mkpdf":  makePDF,
			"exits":  exits,
			"patch":  patchByte,
			"paste":  makeBytes,
			"awaits": awaitFile,
			"raw":    rawFile,
			"swap":   swapBytes,
			"notary": notary,
			"cut":    cutFile,
		},
	})
}

// makePDF writes a PDF: mkpdf FILE TITLE PARAGRAPH…, or mkpdf -KIND FILE for a special one.
func makePDF(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mkpdf FILE TITLE PARAGRAPH… | mkpdf -KIND FILE")
	}
	var data []byte
	file := args[1]
	sound := func() []byte { return pdfwrite.Simple("A sound paper", "The sound sentence stands here.") }
	switch args[0] {
	case "-encrypted":
		data = pdfwrite.Long(1, pdfwrite.Form{Password: "secret"})
	case "-truncated":
		data = pdfwrite.Truncate(sound(), 0.3)
	case "-garbage":
		data = pdfwrite.Garbage(4096)
	case "-scan":
		data = pdfwrite.Empty(2)
	case "-bomb":
		data = formBomb()
	case "-figures":
		data = figuresPDF()
	case "-long":
		data = pdfwrite.Long(2000, pdfwrite.Form{})
	default:
		file = args[0]
		data = pdfwrite.Simple(args[1], args[2:]...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), data, 0o644))
}

// figuresPDF is a page with a figure and a table, and a caption without either.
func figuresPDF() []byte {
	b := &pdfwrite.Book{}
	c := b.Page(612, 792)
	c.Raw("0.2 g 80 620 180 120 re f 0 g")
	c.Text(60, 600, pdfwrite.Font{}, 9, "Figure 1: The shape of the loss over depth.")
	c.Text(60, 540, pdfwrite.Font{}, 9, "Table 2: The errors at every width.")
	for i := range 4 {
		c.Text(80, 520-float64(i)*12, pdfwrite.Font{}, 9, "12.5      13.1      14.7      15.0")
	}
	return b.Bytes(pdfwrite.Form{})
}

// exits runs a command and checks its exit code: exits CODE PROGRAM ARG….
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG…")
	}
	err := ts.Exec(args[1], args[2:]...)
	if said := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(said, "panic:") || strings.Contains(said, "goroutine ") {
		ts.Fatalf("a panic reached the user")
	}
	want, convErr := strconv.Atoi(args[0])
	ts.Check(convErr)
	got := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// patchByte flips one bit of the first place where TEXT stands in FILE: patch FILE TEXT.
func patchByte(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: patch FILE TEXT")
	}
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	n := 0
	for i := 0; i+len(args[1]) <= len(data); i++ {
		if string(data[i:i+len(args[1])]) == args[1] {
			data[i] ^= 1
			n++
		}
	}
	if n == 0 {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, data, 0o644))
}

// notary stamps FILE as an authority of its own would: notary FILE TOKEN CERTIFICATE.
func notary(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: notary FILE TOKEN CERTIFICATE")
	}
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	a, err := stamptest.New("A notary", now)
	ts.Check(err)
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	token, err := a.Stamp(data, now)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), token, 0o644))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), a.PEM(), 0o644))
}

// makeBytes writes a file of N letters: paste FILE N.
func makeBytes(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	data := make([]byte, n)
	for i := range data {
		data[i] = 'x'
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// awaitFile waits until FILE exists, for ten seconds: awaits FILE.
func awaitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: awaits FILE")
	}
	for range 1000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s did not come", args[0])
}
