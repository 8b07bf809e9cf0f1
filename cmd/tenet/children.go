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

// drawPage draws a page of a PDF or, with a label, the figure on it, in a process of its own. Where that is killed, takes too long or
// fails, it costs the picture.
func (a *app) drawPage(ctx context.Context, pdf []byte, page int, label string) (image.Image, error) {
	limited, cancel := context.WithTimeout(ctx, drawTime)
	defer cancel()
	what, words := fmt.Sprintf("page %d", page), a.self("papers", "page", "--dpi", "110")
	if label != "" {
		what, words = fmt.Sprintf("%s on page %d", label, page), a.self("papers", "figures", "--only", label, "--dpi", "144")
	}
	words = append(words, "--page", strconv.Itoa(page), "--png", "-", "-")
	cmd := exec.CommandContext(limited, words[0], words[1:]...)
	cmd.WaitDelay = time.Second
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(pdf), &out, &said
	if err := cmd.Run(); err != nil {
		first, _, _ := strings.Cut(said.String(), "\n")
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case limited.Err() != nil:
			return nil, fmt.Errorf("%s cannot be drawn: it took longer than %v", what, drawTime)
		case first != "":
			return nil, fmt.Errorf("%s cannot be drawn: %s", what, strings.TrimPrefix(first, "papers: "))
		}
		return nil, fmt.Errorf("%s cannot be drawn: %w", what, err)
	}
	return png.Decode(&out)
}
