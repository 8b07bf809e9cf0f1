package tui

import (
	"os"
	"os/exec"
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
)

// sheetCap is the most bytes an edited text may have.
const sheetCap = 256 << 10

// editor is the built-in box for longer texts, used where no $EDITOR is set.
type editor struct {
	title string
	area  textarea.Model
	done  func(a *App, text string) tea.Cmd
	was   string
}

// editText lets a text be edited: in $VISUAL or $EDITOR, else in the built-in
// box. done gets it only if it differs.
func (a *App) editText(title, text string, done func(*App, string) tea.Cmd) tea.Cmd {
	if a.plain {
		a.say("longer texts are edited on the screens: run tenet without --plain")
		return nil
	}
	if name := a.editorName(); name != "" {
		return a.editOutside(name, title, text, done)
	}
	area := textarea.New()
	area.ShowLineNumbers = false
	area.Prompt = ""
	area.CharLimit = sheetCap
	area.MaxHeight = 0
	area.SetVirtualCursor(true)
	area.SetWidth(max(a.w-2, 10))
	area.SetHeight(max(a.bodyHeight()-1, 3))
	area.SetValue(cleanText(text))
	area.MoveToBegin()
	a.pop = nil
	a.editing = &editor{title: title, area: area, done: done, was: text}
	return a.editing.area.Focus()
}

func (a *App) editorName() string {
	if a.plain {
		return ""
	}
	for _, v := range []string{"VISUAL", "EDITOR"} {
		if s := strings.TrimSpace(a.getenv(v)); s != "" {
			return s
		}
	}
	return ""
}

// editOutside hands the terminal to the reader's editor and takes the text
// back when it ends. The file is written in a command of its own: Update does
// no I/O.
func (a *App) editOutside(name, title, text string, done func(*App, string) tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		f, err := os.CreateTemp("", "tenet-*.txt")
		if err == nil {
			_, err = f.WriteString(text)
			if cerr := f.Close(); err == nil {
				err = cerr
			}
		}
		return then(func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			words := strings.Fields(name)
			cmd := exec.Command(words[0], append(words[1:], f.Name())...)
			return tea.ExecProcess(cmd, func(err error) tea.Msg { return readBack(f.Name(), title, text, err, done) })
		})
	}
}

func readBack(path, title, was string, err error, done func(*App, string) tea.Cmd) tea.Msg {
	defer os.Remove(path)
	data := []byte(nil)
	if err == nil {
		data, err = os.ReadFile(path)
	}
	return then(func(a *App) tea.Cmd {
		switch {
		case err != nil:
			a.fail(err)
		case len(data) > sheetCap:
			a.say(title + ": the text is larger than " + bytesText(sheetCap) + ", nothing was changed")
		case string(data) == was:
			a.say(title + ": not changed")
		default:
			return done(a, string(data))
		}
		return nil
	})
}

// editKey gives the built-in box a message.
func (a *App) editKey(msg tea.Msg) tea.Cmd {
	e := a.editing
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			a.editing = nil
			a.say(e.title + ": left, nothing was changed")
			return nil
		case "ctrl+s", "ctrl+d":
			a.editing = nil
			text := e.area.Value()
			if text == cleanText(e.was) {
				a.say(e.title + ": not changed")
				return nil
			}
			return e.done(a, text)
		}
	}
	if p, ok := msg.(tea.PasteMsg); ok && len(p.Content)+len(e.area.Value()) > sheetCap {
		a.say("pasted text left out: " + bytesText(len(p.Content)) + " came, the box holds " + bytesText(sheetCap))
		return nil
	}
	var cmd tea.Cmd
	e.area, cmd = e.area.Update(msg)
	return cmd
}

func (e *editor) draw(a *App, w, h int) []string {
	rows := []string{a.pen.line(w).put(a.th.bold, " "+clean(e.title)).right(a.th.dim, "ctrl+s saves · esc leaves").end()}
	for _, s := range strings.Split(e.area.View(), "\n") {
		rows = append(rows, padStyled(s, w))
	}
	return a.pen.tall(rows, w, h)
}
