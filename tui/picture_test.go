package tui

import (
	"fmt"
	"image"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
)

func TestThePageIsShownAsItIsPrintedAndAsTextAgain(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	s.show(roomRead)
	text := s.frame()
	s.keys("p")
	got := s.frame()
	if !strings.Contains(got, "▀") || !strings.Contains(got, "38;2;0;0;0;48;2;0;0;0m") || !strings.Contains(got, "38;2;255;255;255") {
		t.Fatalf("no picture with a black half and a white one:\n%s", ansi.Strip(got))
	}
	for i, row := range strings.Split(got, "\n") {
		if w := ansi.StringWidth(row); w != 100 {
			t.Errorf("row %d is %d cells wide, want 100", i, w)
		}
	}
	if strings.Contains(ansi.Strip(got), "Two scales are compared") {
		t.Error("the text shows under the picture")
	}
	s.keys("]")
	s.keys("p")
	s.keys("[")
	if s.frame() != text {
		t.Error("the text does not come back as it was")
	}
	drawn := 0
	for _, w := range f.calls {
		if strings.HasPrefix(w, "picture p1 ") {
			drawn++
		}
	}
	if drawn != 2 {
		t.Errorf("%d pictures drawn in %q, want one for each of the two pages", drawn, f.calls)
	}
}

func TestAPageThatCannotBeDrawnSaysSoOnce(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	s.keys("]", "]", "p")
	if len(s.a.faults) != 1 || !strings.Contains(s.a.faults[0], "page 3 cannot be drawn") {
		t.Fatalf("faults %q", s.a.faults)
	}
	s.keys("j", "k")
	if len(s.a.faults) != 1 {
		t.Errorf("it was tried again at each key: %q", s.a.faults)
	}
}

func TestATerminalWithGraphicsGetsThePictureItself(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.show(roomRead)
	if cmd := s.a.graphicsAnswer(uv.KittyGraphicsEvent{Payload: []byte("ENOTSUP")}); cmd != nil || s.a.read.pic.kitty {
		t.Error("a refusal was taken for graphics")
	}
	s.keys("p")
	cmd := s.a.graphicsAnswer(uv.KittyGraphicsEvent{Payload: []byte("OK")})
	if cmd == nil {
		t.Fatal("nothing is sent to a terminal that has graphics")
	}
	sent := fmt.Sprint(cmd().(tea.RawMsg).Msg)
	if !strings.HasPrefix(sent, "\x1b_G") || !strings.Contains(sent, "U=1") || !strings.Contains(sent, fmt.Sprint("i=", pictureID)) {
		t.Errorf("sent %.80q", sent)
	}
	s.a.framed = false
	if got := s.frame(); !strings.ContainsRune(got, kitty.Placeholder) || strings.Contains(got, "▀") {
		t.Error("no cells stand for the picture")
	}
	if s.a.sendPicture() != nil {
		t.Error("the same picture is sent twice")
	}
	gone := s.a.togglePicture()
	if gone == nil || !strings.Contains(fmt.Sprint(gone().(tea.RawMsg).Msg), "a=d") {
		t.Error("the picture stays on the terminal")
	}
}

func TestWithoutColoursThereIsNoPicture(t *testing.T) {
	for name, spoil := range map[string]func(*App){
		"sixteen colours": func(a *App) { a.few = true },
		"ASCII":           func(a *App) { a.ascii = true },
		"NO_COLOR":        func(a *App) { a.getenv = func(k string) string { return map[string]string{"NO_COLOR": "1"}[k] } },
	} {
		s := newStage(t, newFake(), 100, 30)
		s.show(roomRead)
		spoil(s.a)
		s.keys("p")
		if s.a.read.pic.on || !strings.Contains(s.a.status, "no picture here; o opens page 1") {
			t.Errorf("%s: status %q", name, s.a.status)
		}
	}
}

func TestAPictureKeepsItsShapeInThePane(t *testing.T) {
	for _, c := range []struct{ w, h, cols, rows, x, y int }{{68, 25, 34, 25, 612, 900}, {20, 25, 20, 15, 612, 918}, {0, 9, 0, 0, 1, 1}, {9, 9, 0, 0, 0, 5}} {
		if cols, rows := cellsFor(image.NewRGBA(image.Rect(0, 0, c.x, c.y)), c.w, c.h); cols != c.cols || rows != c.rows {
			t.Errorf("%d by %d in %d by %d cells: got %d by %d, want %d by %d", c.x, c.y, c.w, c.h, cols, rows, c.cols, c.rows)
		}
	}
}
