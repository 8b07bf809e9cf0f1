package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tenet/papers"
)

// self is the command line that starts this very program again with a verb, as a child process.
func (a *app) self(words ...string) []string {
	exe, err := os.Executable()
	if err != nil {
		exe = os.Args[0]
	}
	return append([]string{exe}, words...)
}

// pool starts nothing yet; its processes come with the first PDF.
func (a *app) pool(jobs int) *papers.Pool {
	return papers.NewPool(papers.PoolOptions{Command: a.self("papers", "--stdio"), Workers: max(1, jobs)})
}

// renderer draws pages and reads what nothing else can. It starts when it is first needed, and keeps the machine code of that start in
// the user's cache, where there is one.
func (a *app) renderer() *papers.Renderer {
	dir, err := os.UserCacheDir()
	if err != nil {
		return &papers.Renderer{}
	}
	return &papers.Renderer{Cache: filepath.Join(dir, "tenet", "pdfium")}
}

// drawTime bounds one page picture; the first on a machine compiles the engine.
const drawTime = 90 * time.Second

// drawPage draws a page of a PDF for the screen, in a process of its own.
func (a *app) drawPage(ctx context.Context, pdf []byte, page int) (image.Image, error) {
	ctx, cancel := context.WithTimeout(ctx, drawTime)
	defer cancel()
	words := a.self("papers", "page", "--page", strconv.Itoa(page), "--dpi", "110", "--png", "-", "-")
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(pdf), &out, &said
	if err := cmd.Run(); err != nil {
		if first, _, _ := strings.Cut(said.String(), "\n"); first != "" {
			return nil, fmt.Errorf("page %d cannot be drawn: %s", page, first)
		}
		return nil, fmt.Errorf("page %d cannot be drawn: %w", page, err)
	}
	return png.Decode(&out)
}
