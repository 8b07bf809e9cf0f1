//go:build slow

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheDamagedSetEndsAsExpected makes the 380 damaged and hostile files of shared/peers/pdf/make_bad.py and lets its checker read
// each with `tenet papers text`, in ten seconds and a gigabyte. 371 end as expected.tsv says. The other nine, which docs/papers.md
// names, are read as what stands in them, and where the checker wants the broken words of a reference that is what counts here.
// No file may end in a signal, a stack trace or the limits.
func TestTheDamagedSetEndsAsExpected(t *testing.T) {
	dir := os.Getenv("TENET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	script, err := filepath.Abs(filepath.Join(dir, "peers", "pdf", "make_bad.py"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(script); err != nil {
		t.Skip("needs ../shared: peers/pdf/make_bad.py")
	}
	for _, tool := range []string{"python3", "qpdf", "pdftotext", "mutool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s", tool)
		}
	}
	tmp := t.TempDir()
	bad, bin, report := filepath.Join(tmp, "bad"), filepath.Join(tmp, "tenet"), filepath.Join(tmp, "report.json")
	const lines = "Skip connections let gradients reach early layers directly because identity paths bypass nonlinear transformations entirely " +
		"Highway gates learn when information should flow unchanged while residual blocks simply add their input back " +
		"Dense networks concatenate every preceding feature map instead"
	whole := map[string]string{
		"font-widths-short.pdf": lines, "font-firstchar-negative.pdf": lines, "font-firstchar-above-last.pdf": lines, "text-tz-0.pdf": lines,
		"cid-descendant-missing.pdf": "Identity mapped words appear here", "cid-descendant-self.pdf": "Identity mapped words appear here",
		"cid-unijis.pdf": "日本語", "type3-plain.pdf": "□△", "text-td-per-letter.pdf": "l et t er s pl aced si ngl y",
	}
	run := func(fails bool, name string, args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil && !fails {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run(false, "go", "build", "-o", bin, ".")
	run(false, "python3", script, filepath.Join(filepath.Dir(script), "..", "..", "corpus"), bad)
	run(true, "python3", script, "--check", bad, bin+" papers text {}", "--json", report)
	b, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		OK    int `json:"ok"`
		Files []struct {
			File     string   `json:"file"`
			OK       bool     `json:"ok"`
			RC       *int     `json:"rc"`
			Problems []string `json:"problems"`
		} `json:"files"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, f := range got.Files {
		if f.RC == nil || *f.RC < 0 || *f.RC > 1 {
			t.Errorf("%s: ended with %v: %v", f.File, f.RC, f.Problems)
		}
		if !f.OK {
			t.Logf("%s: %v", f.File, f.Problems)
			if whole[f.File] == "" {
				t.Errorf("%s: %v", f.File, f.Problems)
			}
		}
	}
	for file, want := range whole {
		out, err := exec.CommandContext(t.Context(), bin, "papers", "text", filepath.Join(bad, file)).Output()
		if got := strings.Join(strings.Fields(string(out)), " "); err != nil || got != want {
			t.Errorf("%s: %v, got %q, want %q", file, err, got, want)
		}
	}
	if got.OK < 371 || len(got.Files) != 380 {
		t.Errorf("%d of %d files end as expected, want 371 of 380", got.OK, len(got.Files))
	}
}
