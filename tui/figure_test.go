package tui

import (
	"image"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestFiguresAreSteppedThroughWithTheirCaptions(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.show(roomRead)
	s.a.say("")
	s.a.framed = false
	text := s.frame()
	s.keys("f")
	got := ansi.Strip(s.frame())
	for _, want := range []string{"▀", "Figure 1 · 1 of 3 · page 1", "Figure 1: The first writes every branch", "f next, F back"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if s.a.read.sent != 1 {
		t.Errorf("the cursor is on sentence %d, want the caption's", s.a.read.sent)
	}
	var all strings.Builder
	for _, size := range sizes() {
		s := newStage(t, f, size[0], size[1])
		s.show(roomRead)
		s.keys("f")
		checkFrame(t, s.frame(), size[0], size[1])
		all.WriteString(strings.ReplaceAll(s.frame(), "\x1b", "␛") + "\n")
	}
	golden(t, filepath.Join("frames", "read-figure.colour.txt"), all.String())

	s.keys("f")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "Table 1 · 2 of 3 · page 2") || s.a.read.cur != 1 {
		t.Errorf("the second is not shown:\n%s", got)
	}
	s.keys("F", "F")
	if !strings.Contains(s.a.status, "first figure") {
		t.Errorf("status %q", s.a.status)
	}
	s.keys("esc", "k")
	s.a.say("")
	s.a.framed = false
	if s.frame() != text {
		t.Errorf("the text does not come back as it was:\n%s", ansi.Strip(s.frame()))
	}
	drawn := 0
	for _, c := range f.calls {
		if c == "picture p1 1 Figure 1" {
			drawn++
		}
	}
	if drawn != 1+len(sizes()) {
		t.Errorf("the first figure was drawn %d times, want once a screen", drawn)
	}
}

func TestAMoveGoesFromAFigureBackToTheText(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.keys("f", "j")
	if s.a.read.figure() != nil || s.a.read.pic.on || strings.Contains(s.frame(), "▀") {
		t.Error("the figure stays in front of the text that the cursor moves in")
	}
	s.keys("k", "f")
	if f := s.a.read.figure(); f == nil || f.label != "Table 1" {
		t.Errorf("got %+v, want the one after the figure that was seen", f)
	}
	s.keys("p")
	if s.a.read.figure() != nil || !s.a.read.pic.on || s.a.read.pic.want != (shot{page: 2}) {
		t.Errorf("p shows %+v, want the figure's page", s.a.read.pic.want)
	}
	s.keys("p")
	if s.a.read.pic.on {
		t.Error("the second p does not show the text")
	}
}

func TestAFigureThatCannotBeDrawnSaysWhatToDo(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.keys("f", "f", "f")
	got := ansi.Strip(s.frame())
	for _, want := range []string{"page 3 cannot be drawn", "o opens the PDF", "Figure 2: What cannot be drawn."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	s.keys("F", "f")
	if len(s.a.faults) != 1 {
		t.Errorf("it was tried again: %q", s.a.faults)
	}
}

func TestWithoutFiguresTheKeySaysSo(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.a.read.figs = figures{}
	s.keys("f")
	if !strings.Contains(s.a.status, "no caption of a figure or table was found") {
		t.Errorf("status %q", s.a.status)
	}
}

func TestWithoutColoursTheCursorStillGoesToTheCaption(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.a.few = true
	s.keys("f")
	if s.a.read.sent != 1 || s.a.read.pic.on || !strings.Contains(s.a.status, "Figure 1, 1 of 3: no picture here; o opens page 1") {
		t.Errorf("sentence %d, status %q", s.a.read.sent, s.a.status)
	}
}

func TestTheClaimsOfAPageAreMarkedOnItsPicture(t *testing.T) {
	f := newFake()
	f.claims[0].Quads = [][4]float64{{40, 60, 200, 120}}
	s := newStage(t, f, 100, 30)
	s.show(roomRead)
	s.keys("p")
	quads := s.a.read.quadsOn(shot{page: 1})
	if len(quads) != 1 || quads[0].stance != "supports" || len(s.a.read.quadsOn(shot{page: 2})) != 0 {
		t.Fatalf("quads %+v, want the one of the first page", quads)
	}
	m := image.NewRGBA(image.Rect(0, 0, 40, 60))
	for i := range m.Pix {
		m.Pix[i] = 0xFF
	}
	m.Pix[m.PixOffset(10, 8)] = 0
	got := marked(m, quads).(*image.RGBA)
	if c := got.RGBAAt(12, 9); c != inkOf("supports") {
		t.Errorf("inside: got %v, want the ink of the stance", c)
	}
	if got.RGBAAt(30, 30).R != 0xFF || got.RGBAAt(10, 8).R != 0 || m.RGBAAt(12, 9).R != 0xFF {
		t.Error("what lies outside or is dark has changed, or the kept picture has")
	}
	before := s.frame()
	s.a.read.claims = nil
	s.a.framed = false
	if s.frame() == before {
		t.Error("the marks stay when their claims are gone")
	}
}
