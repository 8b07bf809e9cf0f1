package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/principles"
	"tenet/runner"
	"tenet/survey"
)

// Controls runs the three controls of the study on this engine.
func (d *desk) Controls(ctx context.Context, tell func(progress)) ([]string, error) {
	what := "controls on this engine"
	n := 0
	tell(progress{Total: len(principles.ControlKinds()), What: what, Stop: "esc stops, nothing is kept"})
	done, err := runner.Controls(ctx, d.lib, d.actor, runner.Options{Command: d.command, OnEvent: func(e runner.Event) {
		if e.Kind == runner.EventNote {
			n++
			tell(progress{Done: n, Total: len(principles.ControlKinds()), What: what, Stop: "esc stops, nothing is kept"})
		}
	}})
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, c := range done {
		word := "✓ passed"
		if !c.OK {
			word = "✗ failed"
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", c.Name, word, c.Text))
	}
	return lines, nil
}

// controlsText says how the controls stand on this engine.
func controlsText(tx *store.Tx) (text string, ok bool, err error) {
	all, err := hypotheses.Controls(tx, "", "")
	if err != nil {
		return "", false, err
	}
	var parts []string
	passed := 0
	for _, c := range all {
		if c.Engine != runner.Engine().Version {
			continue
		}
		word := "ok"
		if !c.Passed {
			word = "! failed"
		} else {
			passed++
		}
		parts = append(parts, c.Kind+" "+word)
	}
	if len(parts) == 0 {
		return "not run on this engine; C runs the three", false, nil
	}
	return strings.Join(parts, " · "), passed == len(principles.ControlKinds()), nil
}

// Deviate notes a departure from a locked plan. It can never be undone.
func (d *desk) Deviate(ctx context.Context, hypID, class, text string) (saved, error) {
	return d.update(ctx, func(tx *store.Tx) (saved, error) {
		h, err := hypotheses.Find(tx, hypID)
		if err != nil {
			return saved{}, err
		}
		err = hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: h.ID, Class: class, Text: text})
		return saved{ID: h.ID, Text: fmt.Sprintf("%s: %s deviation noted, for good", h.Alias, class)}, err
	})
}

// Outside gives what another program can show of a thing's paper: a copy of
// its PDF, for the library's own file must not change, else a link.
func (d *desk) Outside(_ context.Context, kind, id string) (string, error) {
	var p survey.Paper
	err := d.lib.View(func(tx *store.Tx) error {
		if kind == survey.KindClaim {
			c, err := survey.FindClaim(tx, id)
			if err != nil {
				return err
			}
			id = c.PaperID
		}
		var err error
		p, err = survey.FindPaper(tx, id)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case p.FileSHA != "":
		return d.copyOut(p)
	case p.DOI != "":
		return "https://doi.org/" + (&url.URL{Path: p.DOI}).EscapedPath(), nil
	case p.ArXiv != "":
		return "https://arxiv.org/abs/" + (&url.URL{Path: p.ArXiv}).EscapedPath(), nil
	case strings.HasPrefix(p.URL, "https://"), strings.HasPrefix(p.URL, "http://"):
		return p.URL, nil
	}
	return "", fmt.Errorf("%s has no PDF here, no DOI and no link", p.Name())
}

func (d *desk) copyOut(p survey.Paper) (path string, err error) {
	in, err := d.lib.Vault().Open(p.FileSHA)
	if err != nil {
		return "", err
	}
	defer in.Close()
	dir, err := os.MkdirTemp("", "tenet-")
	if err != nil {
		return "", fmt.Errorf("no copy of %s: %w", p.Name(), err)
	}
	path = filepath.Join(dir, p.Alias+".pdf")
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return "", fmt.Errorf("no copy of %s: %w", p.Name(), err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return "", fmt.Errorf("no copy of %s: %w", p.Name(), err)
	}
	return path, nil
}
