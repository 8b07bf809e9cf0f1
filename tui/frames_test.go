package tui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sizes are those that screens are designed for.
func sizes() [][2]int { return [][2]int{{100, 30}, {80, 24}, {60, 20}} }

// show brings a stage to a screen with something in it.
func (s *stage) show(r room) {
	s.t.Helper()
	switch r {
	case roomRead:
		s.keys("1")
		s.start(s.a.openPaper("p1", 0, 0))
		s.until(s.idle)
	case roomClaims:
		s.keys("alt+3")
		s.typed("unscaled depth")
		return
	case roomBoard:
		s.keys("4", "down")
	case roomLab:
		s.start(s.a.openHyp("h6"))
		s.until(s.idle)
	case roomTrace:
		s.start(s.a.openTrace("H06"))
		s.until(s.idle)
	}
	s.keys(string(rune('1' + r)))
}

// checkFrame fails unless the frame is h lines of exactly w cells, free of
// control bytes once its SGR is stripped.
func checkFrame(t *testing.T, frame string, w, h int) {
	t.Helper()
	if w <= 0 || h <= 0 {
		if frame != "" {
			t.Errorf("a screen of %d×%d shows %q", w, h, frame)
		}
		return
	}
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Errorf("at %d×%d: %d lines\n%s", w, h, len(lines), ansi.Strip(frame))
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != w {
			t.Errorf("at %d×%d: line %d is %d cells wide: %q", w, h, i, n, ansi.Strip(l))
		}
		if bad := strings.IndexFunc(ansi.Strip(l), func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }); bad >= 0 {
			t.Errorf("at %d×%d: line %d holds a control byte: %q", w, h, i, ansi.Strip(l))
		}
	}
}

func TestEveryFrameFitsItsScreen(t *testing.T) {
	for r := range rooms {
		for _, empty := range []bool{false, true} {
			f := newFake()
			f.empty = empty
			name := strings.ToLower(r.String())
			if empty {
				name += "-empty"
			}
			t.Run(name, func(t *testing.T) {
				var colour, stripped, ascii strings.Builder
				for _, size := range sizes() {
					for _, plainGlyphs := range []bool{false, true} {
						s := newStageOn(t, newApp(t.Context(), f, plainGlyphs), size[0], size[1])
						if empty {
							s.keys("alt+" + string(rune('1'+r)))
						} else {
							s.show(r)
						}
						frame := s.frame()
						checkFrame(t, frame, size[0], size[1])
						head := fmt.Sprintf("== %d×%d\n", size[0], size[1])
						if plainGlyphs {
							fmt.Fprint(&ascii, head, ansi.Strip(frame), "\n")
						} else {
							fmt.Fprint(&colour, head, strings.ReplaceAll(frame, "\x1b", "␛"), "\n")
							fmt.Fprint(&stripped, head, ansi.Strip(frame), "\n")
						}
					}
				}
				golden(t, filepath.Join("frames", name+".colour.txt"), colour.String())
				golden(t, filepath.Join("frames", name+".txt"), stripped.String())
				golden(t, filepath.Join("frames", name+".ascii.txt"), ascii.String())
			})
		}
	}
}

// golden compares with a file under testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./tui -update writes it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs from what is drawn; look at it and run go test ./tui -update\ngot\n%s\nwant\n%s", path, got, want)
	}
}

// Invariant 4: with the SGR stripped the frame is the same text as one drawn
// in a theme without any style.
func TestColourCarriesNothingAlone(t *testing.T) {
	for r := range rooms {
		s := newStage(t, newFake(), 100, 30)
		s.show(r)
		with := ansi.Strip(s.frame())
		s.a.th = &theme{}
		s.a.pen = newPen(s.a.th)
		s.a.framed = false
		without := s.frame()
		if r != roomClaims && strings.Contains(without, "\x1b") {
			t.Errorf("%s: a theme without styles still colours", r)
		}
		if with != ansi.Strip(without) {
			t.Errorf("%s: colour changes the text\nwith\n%s\nwithout\n%s", r, with, without)
		}
	}
}

func TestAnyTerminalSizeIsDrawn(t *testing.T) {
	for r := range rooms {
		s := newStage(t, newFake(), 100, 30)
		s.show(r)
		for _, size := range [][2]int{{0, 0}, {1, 1}, {5, 3}, {20, 5}, {36, 8}, {39, 9}, {40, 10}, {41, 11}, {71, 13}, {72, 12}, {91, 24}, {92, 10}, {1000, 300}, {100, 10}, {40, 100}} {
			s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			checkFrame(t, s.frame(), size[0], size[1])
		}
	}
}

func TestASmallTerminalSaysWhatItNeeds(t *testing.T) {
	for _, size := range [][2]int{{36, 8}, {20, 5}} {
		s := newStage(t, newFake(), size[0], size[1])
		if got := ansi.Strip(s.frame()); !strings.HasPrefix(got, "tenet needs 40×10") {
			t.Errorf("%v: %q", size, got)
		}
		s.keys("5")
		if s.a.at != roomLab {
			t.Error("keys do not work on a small terminal")
		}
	}
}

func TestAResizeStormEndsInTheFreshFrame(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for r := range rooms {
		s := newStage(t, newFake(), 100, 30)
		s.show(r)
		for range 60 {
			w, h := rng.IntN(200), rng.IntN(80)
			s.send(tea.WindowSizeMsg{Width: w, Height: h})
			checkFrame(t, s.frame(), w, h)
		}
		s.send(tea.WindowSizeMsg{Width: 100, Height: 30})
		fresh := newStage(t, newFake(), 100, 30)
		fresh.show(r)
		if got, want := s.frame(), fresh.frame(); got != want {
			t.Errorf("%s after the storm\n%s\nfresh\n%s", r, ansi.Strip(got), ansi.Strip(want))
		}
	}
}

func TestTheFrameIsDrawnOnceForEachChange(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomBoard)
	s.frame()
	if !s.a.framed {
		t.Fatal("the frame is not kept")
	}
	if n := testing.AllocsPerRun(10, func() { s.a.View() }); n > 2 {
		t.Errorf("an unchanged frame costs %v allocations", n)
	}
}
