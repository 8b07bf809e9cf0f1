package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"tenet/papers/pdfwrite"
	"tenet/runner"
)

// finding of the doctor: one line, good or bad, with what to do when bad.
type check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

func (a *app) doctorVerb() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check this machine and this library's surroundings",
		Long:    "Check what tenet needs: that PDFs can be read and trials trained in child processes,\nthat the disk flushes, that the terminal is fit, and that a library is found.",
		Example: "  tenet doctor\n  tenet doctor --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			checks := a.doctor(cmd.Context())
			bad := false
			for _, c := range checks {
				bad = bad || !c.OK
			}
			if a.json {
				if err := writeJSON(a.out, checks); err != nil {
					return err
				}
			} else {
				for _, c := range checks {
					word := "ok"
					if !c.OK {
						word = "!!"
					}
					fmt.Fprintf(a.out, "%s  %-10s %s\n", word, c.Name, c.Says)
				}
			}
			if bad {
				return errReported
			}
			return nil
		},
	}
}

func (a *app) doctor(ctx context.Context) []check {
	e := runner.Engine()
	return []check{
		{"program", true, fmt.Sprintf("tenet %s, %s, %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)},
		{"engine", true, fmt.Sprintf("%s, kernels %s, %d cores", e.Version, e.KernelPath, runtime.NumCPU())},
		a.checkTerminal(), a.checkLibrary(), a.checkPapers(ctx), checkDisk(os.TempDir()),
	}
}

func (a *app) checkTerminal() check {
	if !a.stdoutIsTerminal() {
		return check{"terminal", true, "standard output is no terminal: the plain form is used"}
	}
	return check{"terminal", true, fmt.Sprintf("TERM=%s; tenet --plain works without a full screen", a.getenv("TERM"))}
}

func (a *app) checkLibrary() check {
	dir, err := a.find()
	if err != nil {
		return check{"library", true, "none here; tenet init makes one, tenet demo shows one"}
	}
	return check{"library", true, dir}
}

// checkPapers reads a small PDF through a child process, the way add does.
func (a *app) checkPapers(ctx context.Context) check {
	c := check{Name: "papers"}
	dir, err := os.MkdirTemp("", "tenet-doctor-*")
	if err != nil {
		c.Says = err.Error()
		return c
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "probe.pdf")
	if err := os.WriteFile(path, pdfwrite.Simple("The probe sentence stands here."), 0o600); err != nil {
		c.Says = err.Error()
		return c
	}
	pool := a.pool(1)
	defer pool.Close()
	start := time.Now()
	d, err := pool.Parse(ctx, path)
	switch {
	case err != nil:
		c.Says = err.Error()
	case len(d.Pages) != 1 || d.Pages[0].Text == "":
		c.Says = "a PDF was read, but its text is not there"
	default:
		c.OK, c.Says = true, fmt.Sprintf("a PDF is read in a child process, %s with its start", time.Since(start).Round(time.Millisecond))
	}
	return c
}

// checkDisk times a flush, which bounds how fast decisions are saved.
func checkDisk(dir string) check {
	c := check{Name: "disk"}
	f, err := os.CreateTemp(dir, "tenet-doctor-*")
	if err != nil {
		c.Says = err.Error()
		return c
	}
	defer os.Remove(f.Name())
	defer f.Close()
	start := time.Now()
	const rounds = 5
	for range rounds {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			c.Says = err.Error()
			return c
		}
		if err := f.Sync(); err != nil {
			c.Says = err.Error()
			return c
		}
	}
	c.OK, c.Says = true, fmt.Sprintf("%s a flush", (time.Since(start)/rounds).Round(10*time.Microsecond))
	return c
}
