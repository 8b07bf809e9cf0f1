package main

import (
	"os"
	"path/filepath"

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
