package tui

import (
	"context"
	"fmt"
	"image"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
)

const (
	// pictureRest is how long a page stays in front before its picture is drawn.
	pictureRest = 120 * time.Millisecond
	// picturesKept bounds the pages of one paper whose pictures are kept.
	picturesKept = 8
	// pictureID names our one picture to the terminal; it goes into the colour
	// of the cells that stand for it.
	pictureID = 0x7E4E7
)

// picture is the page picture of the Read screen: real graphics where the
// terminal says that it has them, else two pixels a cell.
type picture struct {
	on    bool
	gen   int
	paper string
	kept  map[int]image.Image // by page number, of paper
	order []int               // of kept, the oldest first
	want  int                 // page being drawn or shown, 0: none

	asked, kitty bool // whether the terminal was asked for graphics, and has them
	sent         string
	rows         []string // drawn for
	rowsFor      string
}

// pictureOff says why there can be no picture; "" where there can.
func pictureOff(a *App) string {
	switch {
	case len(a.read.pages) == 0:
		return "no text is open"
	case a.plain || a.few || a.ascii || a.getenv("NO_COLOR") != "":
		return fmt.Sprintf("no picture here; o opens page %d", a.read.page().number)
	}
	return ""
}

// togglePicture shows the page as it is printed, or its text again.
func (a *App) togglePicture() tea.Cmd {
	pic := &a.read.pic
	pic.on = !pic.on
	if !pic.on {
		return a.dropPicture()
	}
	if !pic.asked {
		pic.asked = true
		query := ansi.KittyGraphics([]byte("AAAA"), "i=1", "s=1", "v=1", "a=q", "t=d", "f=24")
		return tea.Batch(tea.Raw(a.passed(query)), a.followPicture())
	}
	return a.followPicture()
}

// passed wraps what is for the terminal around tmux.
func (a *App) passed(seq string) string {
	if a.getenv("TMUX") != "" {
		return ansi.TmuxPassthrough(seq)
	}
	return seq
}

// dropPicture takes the picture off the terminal and forgets where it was.
func (a *App) dropPicture() tea.Cmd {
	pic := &a.read.pic
	pic.want, pic.rowsFor = 0, ""
	if pic.sent == "" {
		return nil
	}
	pic.sent = ""
	return tea.Raw(a.passed(ansi.KittyGraphics(nil, "a=d", "d=I", fmt.Sprint("i=", pictureID), "q=2")))
}

// followPicture has the picture of the page in front drawn, once the page has
// been there for a moment.
func (a *App) followPicture() tea.Cmd {
	r := &a.read
	pic := &r.pic
	if !pic.on {
		return nil
	}
	if a.at != roomRead || len(r.pages) == 0 {
		return a.dropPicture()
	}
	if pic.paper != r.paper.ID {
		pic.paper, pic.kept, pic.order, pic.want = r.paper.ID, map[int]image.Image{}, nil, 0
	}
	n := r.page().number
	if pic.kept[n] != nil {
		pic.want = n
		return a.sendPicture()
	}
	if pic.want == n {
		return nil
	}
	pic.want = n
	id := pic.paper
	return load(a, &pic.gen, func(ctx context.Context) (image.Image, error) {
		select {
		case <-time.After(pictureRest):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return a.study.Picture(ctx, id, n)
	}, func(a *App, m image.Image) tea.Cmd {
		pic := &a.read.pic
		if pic.paper != id {
			return nil
		}
		if len(pic.order) == picturesKept {
			delete(pic.kept, pic.order[0])
			pic.order = pic.order[1:]
		}
		pic.kept[n], pic.order = m, append(pic.order, n)
		return a.sendPicture()
	})
}

// graphicsAnswer is the terminal's word on whether it has graphics.
func (a *App) graphicsAnswer(e uv.KittyGraphicsEvent) tea.Cmd {
	if !strings.HasPrefix(string(e.Payload), "OK") || a.read.pic.kitty {
		return nil
	}
	a.read.pic.kitty = true
	a.read.pic.rowsFor = ""
	return a.sendPicture()
}

// picturePane is the room that the picture has, in cells.
func (a *App) picturePane() (w, h int) {
	w, h = a.w, a.bodyHeight()-len(a.readFoot(a.w))
	if w >= onePane {
		w = w * 68 / 100
	}
	return w, h
}

// sendPicture hands the picture of the page in front to a terminal with graphics.
func (a *App) sendPicture() tea.Cmd {
	pic := &a.read.pic
	m := pic.kept[pic.want]
	if !pic.on || !pic.kitty || m == nil {
		return nil
	}
	w, h := a.picturePane()
	cols, rows := cellsFor(m, w, h)
	key := fmt.Sprint(pic.paper, pic.want, cols, rows)
	if pic.sent == key || cols < 1 || rows < 1 {
		return nil
	}
	var b strings.Builder
	err := kitty.EncodeGraphics(&b, m, &kitty.Options{
		Action: kitty.TransmitAndPut, Transmission: kitty.Direct, Format: kitty.PNG, ID: pictureID, Chunk: true,
		VirtualPlacement: true, Columns: cols, Rows: rows, Quiet: 2,
	})
	if err != nil {
		a.fail(err)
		return nil
	}
	pic.sent = key
	if a.getenv("TMUX") == "" {
		return tea.Raw(b.String())
	}
	var wrapped strings.Builder // tmux takes one sequence at a time
	for seq := range strings.SplitAfterSeq(b.String(), "\x1b\\") {
		if seq != "" {
			wrapped.WriteString(ansi.TmuxPassthrough(seq))
		}
	}
	return tea.Raw(wrapped.String())
}

// cellsFor is how many cells a picture takes in a pane when it keeps its shape;
// a cell is twice as high as it is wide.
func cellsFor(m image.Image, w, h int) (cols, rows int) {
	s := m.Bounds().Size()
	if s.X < 1 || s.Y < 1 || w < 1 || h < 1 {
		return 0, 0
	}
	cols, rows = w, (w*s.Y+s.X)/(2*s.X)
	if rows > h {
		cols, rows = max(1, 2*h*s.X/s.Y), h
	}
	return min(cols, w), max(1, rows)
}

// pictureRows draws the pane with the page's picture, or says that it comes.
func (a *App) pictureRows(w, h int) []string {
	r := &a.read
	pic := &r.pic
	m := pic.kept[r.page().number]
	if m == nil || pic.paper != r.paper.ID {
		return a.emptyBody(w, h, fmt.Sprintf("drawing page %d; p shows its text", r.page().number))
	}
	cols, rows := cellsFor(m, w, h)
	if key := fmt.Sprint(pic.paper, r.page().number, w, h, pic.kitty); pic.rowsFor != key {
		pic.rowsFor = key
		if pic.kitty {
			pic.rows = placeholders(cols, rows)
		} else {
			pic.rows = halfBlocks(m, cols, rows)
		}
	}
	out := make([]string, 0, h)
	for _, row := range pic.rows {
		out = append(out, row+strings.Repeat(" ", max(0, w-cols)))
	}
	return a.pen.tall(out, w, h)
}

// placeholders are the cells that a terminal with graphics paints the picture
// over: the colour names the picture, the marks over the sign row and column.
func placeholders(cols, rows int) []string {
	out := make([]string, rows)
	for y := range out {
		var b strings.Builder
		fmt.Fprintf(&b, "\x1b[38;2;%d;%d;%dm", pictureID>>16&255, pictureID>>8&255, pictureID&255)
		for x := range cols {
			b.WriteRune(kitty.Placeholder)
			b.WriteRune(kitty.Diacritic(y))
			b.WriteRune(kitty.Diacritic(x))
		}
		b.WriteString("\x1b[39m")
		out[y] = b.String()
	}
	return out
}

// halfBlocks draws a picture with two pixels a cell, each the mean of what it covers.
func halfBlocks(m image.Image, cols, rows int) []string {
	b := m.Bounds()
	mean := func(x, y int) [3]uint32 {
		x0, x1 := b.Min.X+x*b.Dx()/cols, b.Min.X+max((x+1)*b.Dx()/cols, x*b.Dx()/cols+1)
		y0, y1 := b.Min.Y+y*b.Dy()/(2*rows), b.Min.Y+max((y+1)*b.Dy()/(2*rows), y*b.Dy()/(2*rows)+1)
		var sum [3]uint32
		n := uint32(0)
		for y := y0; y < min(y1, b.Max.Y); y++ {
			for x := x0; x < min(x1, b.Max.X); x++ {
				r, g, bl, _ := m.At(x, y).RGBA()
				sum[0], sum[1], sum[2] = sum[0]+r>>8, sum[1]+g>>8, sum[2]+bl>>8
				n++
			}
		}
		if n == 0 {
			return [3]uint32{255, 255, 255}
		}
		return [3]uint32{sum[0] / n, sum[1] / n, sum[2] / n}
	}
	out := make([]string, rows)
	for y := range out {
		var s strings.Builder
		var last [2][3]uint32
		for x := range cols {
			cell := [2][3]uint32{mean(x, 2*y), mean(x, 2*y+1)}
			if x == 0 || cell != last {
				up, low := cell[0], cell[1]
				fmt.Fprintf(&s, "\x1b[38;2;%d;%d;%d;48;2;%d;%d;%dm", up[0], up[1], up[2], low[0], low[1], low[2])
				last = cell
			}
			s.WriteString("▀")
		}
		s.WriteString("\x1b[39;49m")
		out[y] = s.String()
	}
	return out
}
