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
	// picturesKept bounds the pages and figures of one paper whose pictures are kept.
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
	kept  map[shot]image.Image // of paper
	order []shot               // of kept, the oldest first
	want  shot                 // being drawn or shown
	bad   map[shot]string      // why there is none

	asked, kitty bool // whether the terminal was asked for graphics, and has them
	sent         string
	rows         []string // drawn for
	rowsFor      string
}

// A shot is what a picture is of: a page by its number or, with a label, a figure on it. The zero shot is none.
type shot struct {
	page  int
	label string
}

func (s shot) String() string {
	if s.label != "" {
		return s.label
	}
	return fmt.Sprintf("page %d", s.page)
}

// shot is what is to be seen now.
func (r *read) shot() shot {
	if f := r.figure(); f != nil {
		return shot{r.pages[f.page].number, f.label}
	}
	return shot{page: r.page().number}
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

// togglePicture shows the page as it is printed, or its text again. From a figure it goes to the page.
func (a *App) togglePicture() tea.Cmd {
	pic := &a.read.pic
	if a.read.figure() != nil {
		a.read.leaveFigure()
		pic.on = true
		a.say("")
		return a.followPicture()
	}
	pic.on = !pic.on
	if !pic.on {
		return a.dropPicture()
	}
	return tea.Batch(a.askGraphics(), a.followPicture())
}

// askGraphics asks the terminal, once, whether it has graphics.
func (a *App) askGraphics() tea.Cmd {
	if a.read.pic.asked {
		return nil
	}
	a.read.pic.asked = true
	query := ansi.KittyGraphics([]byte("AAAA"), "i=1", "s=1", "v=1", "a=q", "t=d", "f=24")
	return tea.Raw(a.passed(query))
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
	pic.want, pic.rowsFor = shot{}, ""
	if pic.sent == "" {
		return nil
	}
	pic.sent = ""
	return tea.Raw(a.passed(ansi.KittyGraphics(nil, "a=d", "d=I", fmt.Sprint("i=", pictureID), "q=2")))
}

// followPicture has the picture of what is in front drawn, once it has been there for a moment.
func (a *App) followPicture() tea.Cmd {
	r := &a.read
	pic := &r.pic
	r.leftFigure()
	if !pic.on {
		return a.dropPicture()
	}
	if a.at != roomRead || len(r.pages) == 0 {
		return a.dropPicture()
	}
	if pic.paper != r.paper.ID {
		pic.paper, pic.kept, pic.order, pic.want, pic.bad = r.paper.ID, map[shot]image.Image{}, nil, shot{}, map[shot]string{}
	}
	n := r.shot()
	if pic.kept[n] != nil {
		pic.want = n
		return a.sendPicture()
	}
	if pic.want == n {
		return nil
	}
	pic.want = n
	if pic.bad[n] != "" {
		return nil
	}
	id := pic.paper
	type drawn struct {
		m   image.Image
		err error
	}
	return load(a, &pic.gen, func(ctx context.Context) (drawn, error) {
		select {
		case <-time.After(pictureRest):
		case <-ctx.Done():
			return drawn{}, ctx.Err()
		}
		m, err := a.study.Picture(ctx, id, n.page, n.label)
		return drawn{m, err}, nil
	}, func(a *App, d drawn) tea.Cmd {
		pic := &a.read.pic
		switch {
		case pic.paper != id:
			return nil
		case d.err != nil:
			pic.bad[n] = clean(d.err.Error())
			a.fail(d.err)
			return nil
		}
		if len(pic.order) == picturesKept {
			delete(pic.kept, pic.order[0])
			pic.order = pic.order[1:]
		}
		pic.kept[n], pic.order = d.m, append(pic.order, n)
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
	return w, h - len(a.captionRows(w, h))
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
	marks := a.read.quadsOn(pic.want)
	key := fmt.Sprint(pic.paper, pic.want, cols, rows, marks)
	if pic.sent == key || cols < 1 || rows < 1 {
		return nil
	}
	var b strings.Builder
	err := kitty.EncodeGraphics(&b, marked(m, marks), &kitty.Options{
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

// pictureRows draws the pane with the picture and, of a figure, its caption, or says that it comes or why it does not.
func (a *App) pictureRows(w, h int) []string {
	r := &a.read
	pic := &r.pic
	n := r.shot()
	caption := a.captionRows(w, h)
	h -= len(caption)
	m := pic.kept[n]
	switch {
	case pic.paper == r.paper.ID && pic.bad[n] != "":
		return append(a.emptyBody(w, h, pic.bad[n]+"\n\no opens the PDF; "+r.backToText()), caption...)
	case m == nil || pic.paper != r.paper.ID:
		return append(a.emptyBody(w, h, "drawing "+n.String()+"; the first picture on a machine can take a minute; "+r.backToText()), caption...)
	}
	cols, rows := cellsFor(m, w, h)
	marks := r.quadsOn(n)
	if key := fmt.Sprint(pic.paper, n, w, h, pic.kitty, marks); pic.rowsFor != key {
		pic.rowsFor = key
		if pic.kitty {
			pic.rows = placeholders(cols, rows)
		} else {
			pic.rows = halfBlocks(marked(m, marks), cols, rows)
		}
	}
	out := make([]string, 0, h)
	for _, row := range pic.rows {
		out = append(out, row+strings.Repeat(" ", max(0, w-cols)))
	}
	return a.pen.tall(append(out, caption...), w, h+len(caption))
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
