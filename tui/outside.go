package tui

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"

	tea "charm.land/bubbletea/v2"
)

// paperHere names the thing whose paper another program can show.
func (a *App) paperHere() (kind, id string) {
	if a.at == roomClaims {
		h := a.claims.current()
		switch {
		case h == nil:
			return "", ""
		case h.PaperID != "":
			return "paper", h.PaperID
		case h.Kind == "paper":
			return "paper", h.ID
		}
		return "", ""
	}
	kind, id, _ = a.selected()
	if kind == "paper" || kind == "claim" {
		return kind, id
	}
	return "", ""
}

func outsideOff(a *App) string {
	if _, id := a.paperHere(); id == "" {
		return "no paper is selected to open"
	}
	return ""
}

func (a *App) openOutside() tea.Cmd {
	kind, id := a.paperHere()
	launch := a.launch
	return a.work(func(ctx context.Context) then {
		target, err := a.study.Outside(ctx, kind, id)
		if err == nil {
			err = launch(target)
		}
		return func(a *App) tea.Cmd {
			if err != nil {
				a.fail(err)
				return nil
			}
			a.say("opened " + target)
			return nil
		}
	})
}

// launch hands a file or a link to the desktop and does not wait for it.
func launch(target string) error {
	name, args := "xdg-open", []string{target}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", target}
	}
	if _, err := exec.LookPath(name); err != nil {
		return fmt.Errorf("nothing here opens files (%s is not installed): %s", name, target)
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s cannot be opened: %w", target, err)
	}
	return cmd.Process.Release()
}
