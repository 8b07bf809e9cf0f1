package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
)

// App is the state of the program: one screen in front, five behind it, and
// what is asked, laid over or running. It is a [tea.Model].
type App struct {
	ctx   context.Context
	study study
	gate  *gate
	table []action
	late  func(context.Context) error // work for after the first frame, the index

	th               *theme
	pen              *pen
	dark, few, ascii bool
	w, h             int
	frame            string
	framed           bool // frame shows the present state
	at               room
	asking           *ask
	pop              *pop
	editing          *editor
	plain            bool
	getenv           func(string) string
	launch           func(target string) error // opens a file or link outside
	status           string
	faults           []string // unread errors, oldest first
	oldFaults        []string // errors that were read, for the messages list
	busy             int
	long             progress // of work that shows how far it has come
	savedSeq         uint64
	stale            [rooms]bool
	wake             <-chan struct{}
	unwake           func()
	quitting         bool

	triage triage
	read   read
	claims claims
	board  board
	lab    lab
	trace  trace
	live   *live
	guide  *guide
}

// newApp makes the program's state over a study.
func newApp(ctx context.Context, s study, ascii bool) *App {
	a := &App{ctx: ctx, study: s, gate: &gate{}, table: table(), dark: true, ascii: ascii, getenv: func(string) string { return "" }, launch: launch}
	a.restyle()
	a.claims.box = box{cap: queryCap}
	a.claims.typing = true
	a.wake, a.unwake = s.Wake()
	for r := range rooms {
		a.stale[r] = true
	}
	return a
}

func (a *App) restyle() {
	a.th = newTheme(a.dark, a.few, a.ascii)
	a.pen = newPen(a.th)
	a.read.rowsFor = 0
}

// woke says that the ledger has grown.
type woke struct{}

// tick redraws a live run.
type tick struct{}

// painted comes after the first frame.
type painted struct{}

// Init starts what can start before a frame: the first screen's rows, and the
// watch on the ledger. The index is opened after the first frame.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.goTo(a.at), a.follow(), tea.RequestBackgroundColor, func() tea.Msg { return painted{} })
}

// follow waits for the ledger to grow, here or through another command.
func (a *App) follow() tea.Cmd {
	ctx, wake := a.ctx, a.wake
	return func() tea.Msg {
		select {
		case <-wake:
			return woke{}
		case <-ctx.Done():
			return nil
		}
	}
}

// Update applies one message. It never waits and reads no file.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.framed = false
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = m.Width, m.Height
		if a.editing != nil {
			a.editing.area.SetWidth(max(a.w-2, 10))
			a.editing.area.SetHeight(max(a.bodyHeight()-1, 3))
		}
		return a, a.sendPicture()
	case tea.BackgroundColorMsg:
		a.dark = m.IsDark()
		a.restyle()
	case tea.ColorProfileMsg:
		a.few = m.Profile == colorprofile.ANSI
		a.restyle()
	case tea.KeyPressMsg:
		if a.editing != nil && m.String() != "ctrl+c" {
			return a, a.editKey(m)
		}
		return a, batch(a.key(m.String(), m.Text), a.followPicture())
	case uv.KittyGraphicsEvent:
		return a, a.graphicsAnswer(m)
	case tea.PasteMsg:
		if a.editing != nil {
			return a, a.editKey(m)
		}
		return a, a.paste(m.Content)
	case answered:
		a.busy--
		if m.next == nil {
			return a, nil
		}
		return a, batch(m.next(a), a.followPicture())
	case then:
		return a, m(a)
	case painted:
		return a, a.openLate()
	case woke:
		return a, tea.Batch(a.catchUp(), a.follow())
	case tick:
		return a, a.onTick()
	}
	return a, nil
}

// batch is one command of two, either of which may be none.
func batch(a, b tea.Cmd) tea.Cmd {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return tea.Batch(a, b)
}

// openLate opens what the first frame did not wait for.
func (a *App) openLate() tea.Cmd {
	if a.late == nil {
		return nil
	}
	open := a.late
	a.late = nil
	return a.work(func(ctx context.Context) then {
		err := open(ctx)
		return func(a *App) tea.Cmd {
			a.fail(err)
			a.stale[roomClaims] = true
			if a.at == roomClaims {
				return a.goTo(roomClaims)
			}
			return nil
		}
	})
}

// catchUp brings the screens up to date after a change that was not ours.
func (a *App) catchUp() tea.Cmd {
	return a.work(func(context.Context) then {
		seq := a.study.Seq()
		return func(a *App) tea.Cmd {
			if seq == a.savedSeq {
				return nil
			}
			a.savedSeq = seq
			return a.reload()
		}
	})
}

// reload marks all screens stale and loads the one in front.
func (a *App) reload() tea.Cmd {
	for r := range rooms {
		a.stale[r] = true
	}
	return a.refresh(a.at)
}

// refresh loads one screen's rows if they may be old.
func (a *App) refresh(r room) tea.Cmd {
	if !a.stale[r] {
		return nil
	}
	a.stale[r] = false
	switch r {
	case roomTriage:
		return a.loadTriage()
	case roomRead:
		return a.loadRead()
	case roomClaims:
		return a.loadClaims()
	case roomBoard:
		return a.loadBoard()
	case roomLab:
		return a.loadLab()
	case roomTrace:
		return a.loadTrace()
	}
	return nil
}

// turnTo is goTo by the reader's own key: what was last said was of another
// screen and is forgotten.
func (a *App) turnTo(r room) tea.Cmd {
	if r != a.at {
		a.status = ""
	}
	return a.goTo(r)
}

// goTo shows a screen.
func (a *App) goTo(r room) tea.Cmd {
	a.at = r
	a.asking, a.pop = nil, nil
	if r == roomClaims {
		a.claims.typing = true
	}
	if a.guide != nil {
		a.guide.seen(a, r)
		if r == roomRead && a.read.want == "" && a.guide.intro() != "" {
			return a.openName(a.guide.intro())
		}
	}
	return a.refresh(r)
}

// key routes one key press: to what lies on top, then to a focused box, then
// through the action table.
func (a *App) key(k, text string) tea.Cmd {
	if k == "ctrl+c" {
		return a.quit()
	}
	if len(k) == 5 && k[:4] == "alt+" && k[4] >= '1' && k[4] <= '6' {
		return a.turnTo(room(k[4] - '1'))
	}
	switch {
	case a.pop != nil:
		return a.popKey(k, text)
	case a.asking != nil:
		cmd, _ := a.askKey(k, text)
		return cmd
	case a.at == roomClaims && a.claims.typing:
		if cmd, used := a.claimsType(k, text); used {
			return cmd
		}
	}
	if x := a.find(k); x != nil {
		return a.press(x, "")
	}
	a.say(k + " means nothing here; ? shows the keys")
	return nil
}

// paste puts text into the box that has the keys.
func (a *App) paste(s string) tea.Cmd {
	var told string
	var cmd tea.Cmd
	switch {
	case a.pop != nil && a.pop.box != nil:
		told = a.pop.box.insert(s)
		a.pop.fill(a)
	case a.asking != nil && a.asking.box != nil:
		told = a.asking.box.insert(s)
	case a.at == roomClaims && a.claims.typing && a.pop == nil && a.asking == nil:
		told = a.claims.box.insert(s)
		cmd = a.search()
	default:
		told = "nothing here takes text; / searches, : takes commands"
	}
	if told != "" {
		a.say(told)
	}
	return cmd
}

// quit leaves at once; a live run is asked to stop and is waited for by Run.
func (a *App) quit() tea.Cmd {
	a.quitting = true
	if a.live != nil {
		a.live.stop()
	}
	return tea.Quit
}

// tickEvery is how often a live run is redrawn, at most ten times a second.
const tickEvery = 100 * time.Millisecond

func (a *App) tickCmd() tea.Cmd {
	return tea.Tick(tickEvery, func(time.Time) tea.Msg { return tick{} })
}
