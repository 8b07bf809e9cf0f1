package runner

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// External is a trial that a command of the user's carries out. It stands in a job, and so in the trial's key,
// with the content of every file that it names.
type External struct {
	Arm   string    `json:"arm"`   // the arm's JSON text, which the command gets
	Files []FileSHA `json:"files"` // sorted by path
}

// FileSHA is a file and the hash of its content.
type FileSHA struct {
	Path string `json:"path"` // relative to the library's folder, with slashes
	SHA  string `json:"sha256"`
}

// command is how an arm names its command.
type command struct {
	words   []string
	files   []string
	timeout time.Duration
}

const (
	execTimeout = time.Hour // of one trial, where the arm names no other
	execField   = "exec"
)

// isExternal reports whether an arm names a command instead of a net.
func isExternal(arm string) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(arm), &fields) != nil {
		return false
	}
	_, ok := fields[execField]
	return ok
}

// readCommand reads the three fields of an arm that are tenet's; all others are the command's own.
func readCommand(arm string) (command, error) {
	var a struct {
		Exec    json.RawMessage `json:"exec"`
		Files   []string        `json:"files"`
		Timeout string          `json:"timeout"`
	}
	if err := json.Unmarshal([]byte(arm), &a); err != nil {
		return command{}, fmt.Errorf("exec: %w", err)
	}
	c := command{files: a.Files, timeout: execTimeout}
	var line string
	if json.Unmarshal(a.Exec, &line) == nil {
		c.words = strings.Fields(line)
	} else if err := json.Unmarshal(a.Exec, &c.words); err != nil {
		return command{}, errors.New("exec: is neither a command line nor a list of words")
	}
	if len(c.words) == 0 || c.words[0] == "" {
		return command{}, errors.New("exec: names no command")
	}
	if a.Timeout != "" {
		d, err := time.ParseDuration(a.Timeout)
		if err != nil || d <= 0 {
			return command{}, fmt.Errorf("timeout: %q is no time such as 10m", a.Timeout)
		}
		c.timeout = d
	}
	return c, nil
}

// readExternal reads an arm's command and the files that it is made of: those it lists, and every word of the
// command line that is the name of a file there. dir is the library's folder.
func readExternal(dir, arm string) (*External, error) {
	c, err := readCommand(arm)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, f := range c.files {
		if sums[filepath.ToSlash(f)], err = fileSHA(dir, f); err != nil {
			return nil, fmt.Errorf("files: %w", err)
		}
	}
	for i, w := range c.words {
		program := i == 0 && strings.ContainsAny(w, `/\`)
		if i == 0 && !program { // found by the system's path: an interpreter
			continue
		}
		sum, err := fileSHA(dir, w)
		switch {
		case err == nil:
			sums[filepath.ToSlash(w)] = sum
		case program:
			return nil, fmt.Errorf("exec: %w", err)
		}
	}
	x := &External{Arm: arm}
	for _, path := range slices.Sorted(maps.Keys(sums)) {
		x.Files = append(x.Files, FileSHA{path, sums[path]})
	}
	if len(x.Files) == 0 {
		return nil, fmt.Errorf("exec: %q names no file of the library's folder: list the files it is made of under files", strings.Join(c.words, " "))
	}
	return x, nil
}

func fileSHA(dir, name string) (string, error) {
	if filepath.IsAbs(name) {
		return "", fmt.Errorf("%s: a path is relative to the library's folder, so that others can repeat the run", name)
	}
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: no such file in the library's folder", name)
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s: is no regular file", name)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// digest is one hash over the command and its files.
func (x External) digest() (string, error) {
	b, err := store.Canonical(x)
	if err != nil {
		return "", fmt.Errorf("runner: external command: %w", err)
	}
	sum := sha256.Sum256(append([]byte("tenet/external/v1\x00"), b...))
	return hex.EncodeToString(sum[:]), nil
}

// changed names the first file of x whose content in dir is not the one of the key.
func (x External) changed(dir string) error {
	for _, f := range x.Files {
		got, err := fileSHA(dir, f.Path)
		if err != nil {
			return err
		}
		if got != f.SHA {
			return fmt.Errorf("%s: its content is %.12s, that of the plan %.12s", f.Path, got, f.SHA)
		}
	}
	return nil
}

// Command is an external command that a plan names, as a person must see it before it runs.
type Command struct {
	Arm   string    `json:"arm"`
	Line  string    `json:"line"`
	Files []FileSHA `json:"files"`
	SHA   string    `json:"sha256"` // over the arm and the content of its files
}

// Commands lists the external commands of a hypothesis; none is the rule. Nothing is run.
func Commands(lib *store.Library, hypothesis string) ([]Command, error) {
	var out []Command
	return out, lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, hypothesis)
		if err != nil {
			return err
		}
		for _, a := range h.Arms {
			if !isExternal(a.Spec) {
				continue
			}
			x, err := readExternal(lib.Dir(), a.Spec)
			if err != nil {
				return fmt.Errorf("runner: %s: arm %s: %w", h.Alias, a.Name, err)
			}
			sha, err := x.digest()
			if err != nil {
				return err
			}
			c, err := readCommand(a.Spec)
			if err != nil {
				return err
			}
			out = append(out, Command{Arm: a.Name, Line: strings.Join(c.words, " "), Files: x.Files, SHA: sha})
		}
		return nil
	})
}

// asked is what the command reads on its standard input, one JSON object.
type asked struct {
	Format     string            `json:"format"` // externalFormat
	Study      string            `json:"study"`
	Hypothesis string            `json:"hypothesis"`
	Block      int               `json:"block"`
	Seed       uint32            `json:"seed"`  // below 2³¹, the same for every arm of the block
	Seeds      map[string]string `json:"seeds"` // 32 bytes each, in hex, by stream
	Tuning     bool              `json:"tuning"`
	Task       string            `json:"task"`
	Steps      int               `json:"steps"`
	Batch      int               `json:"batch"`
	Rate       json.RawMessage   `json:"rate"` // null where the plan names none
	Metric     string            `json:"metric"`
	Arm        json.RawMessage   `json:"arm"` // as the hypothesis has it
}

const externalFormat = "tenet trial 1"

// externalStreams are the streams that a command gets seeds of.
func externalStreams() []string {
	return []string{"split", "order", "augment", "label-noise", "init", "dropout", "noise", "eval"}
}

// answered is what the command writes to its standard output, one JSON object.
type answered struct {
	Metrics    map[string]wireReal `json:"metrics"`
	Diverged   bool                `json:"diverged"`
	DivergedAt int                 `json:"diverged_at"`
	Params     int                 `json:"params"`
	FLOPs      wireReal            `json:"flops"`
}

// readAnswer reads it strictly.
func readAnswer(b []byte, metric string) (answered, error) {
	var a answered
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return a, fmt.Errorf("its answer is not like {\"metrics\":{%q:0.93}}: %w", metric, err)
	}
	if len(bytes.TrimSpace(b[dec.InputOffset():])) > 0 {
		return a, errors.New("something follows its answer; messages belong on standard error")
	}
	if a.Diverged {
		a.Metrics = nil
		return a, nil
	}
	if _, ok := a.Metrics[metric]; !ok {
		return a, fmt.Errorf("its answer has no metric %s", metric)
	}
	return a, nil
}
