package runner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"tenet/internal/store"
	"tenet/runner/task"
)

const (
	answerLimit = 1 << 20  // bytes of standard output
	wordsLimit  = 64 << 10 // bytes of standard error that are kept, the last ones
	execPartial = time.Second
)

// runExternal carries one trial out by its command, in dir. Whatever it prints on standard error is kept with
// the trial, or stands in the error.
func runExternal(ctx context.Context, dir string, j Job) (*wireResult, error) {
	c, err := readCommand(j.Exec.Arm)
	if err != nil {
		return nil, fmt.Errorf("runner: %w", err)
	}
	if err := j.Exec.changed(dir); err != nil {
		return nil, fmt.Errorf("runner: %s: the external command changed while the run went on: %w", c.words[0], err)
	}
	in, err := json.Marshal(j.asked())
	if err != nil {
		return nil, fmt.Errorf("runner: %s: %w", c.words[0], err)
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, c.words[0], c.words[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "PYTHONHASHSEED=0")
	cmd.Stdin = bytes.NewReader(append(in, '\n'))
	out, words := &capped{limit: answerLimit, full: cancel}, &capped{limit: wordsLimit, last: true}
	cmd.Stdout, cmd.Stderr = out, words
	cmd.WaitDelay = execPartial
	ownGroup(cmd)
	started := time.Now()
	err = cmd.Run()
	said := strings.TrimSpace(string(words.buf))
	fail := func(format string, args ...any) error {
		err := fmt.Errorf("runner: %s: "+format, append([]any{c.words[0]}, args...)...)
		if said != "" {
			err = fmt.Errorf("%w; it said: %s", err, said)
		}
		return err
	}
	switch {
	case out.over:
		return nil, fail("its answer is longer than %d bytes", answerLimit)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("runner: %s: stopped: %w", c.words[0], ctx.Err())
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return nil, fail("not done after %s; the arm's timeout can be longer", c.timeout)
	case err != nil:
		return nil, fail("%w", err)
	}
	metric := j.Metric
	a, err := readAnswer(out.buf, metric)
	if err != nil {
		return nil, fail("%w", err)
	}
	r := &wireResult{Metrics: a.Metrics, Diverged: a.Diverged, DivergedAt: a.DivergedAt, Curve: task.Curve(nil).Bytes(), Log: words.buf, Usage: Usage{
		WallMS: time.Since(started).Milliseconds(), CPUMS: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Milliseconds(),
		PeakRSSKB: childRSSKB(cmd.ProcessState), Params: a.Params, FLOPs: a.FLOPs,
	}}
	r.WeightsSHA, err = answerSHA(a)
	return r, err
}

// answerSHA stands where other trials have the hash of their weights: a repeat must answer the same.
func answerSHA(a answered) (string, error) {
	b, err := store.Canonical(a)
	if err != nil {
		return "", fmt.Errorf("runner: external answer: %w", err)
	}
	sum := sha256.Sum256(append([]byte("tenet/external-answer/v1\x00"), b...))
	return hex.EncodeToString(sum[:]), nil
}

// asked is j as its command reads it.
func (j Job) asked() asked {
	seeds := j.seeds()
	a := asked{
		Format: externalFormat, Study: j.Study, Hypothesis: j.Hypothesis, Block: j.Block, Tuning: j.Tuning, Task: j.Task,
		Steps: j.Steps, Batch: j.Batch, Rate: json.RawMessage("null"), Metric: j.Metric,
		Arm: json.RawMessage(j.Exec.Arm), Seeds: map[string]string{},
	}
	if j.Rate > 0 {
		a.Rate = json.RawMessage(strconv.FormatFloat(float64(j.Rate), 'g', -1, 64))
	}
	for _, name := range externalStreams() {
		s := seeds(name)
		a.Seeds[name] = hex.EncodeToString(s[:])
		if name == "init" {
			a.Seed = binary.BigEndian.Uint32(s[:]) >> 1
		}
	}
	return a
}

// capped keeps the first bytes written to it, or the last; where it keeps the first, one byte more is the end.
type capped struct {
	limit int
	last  bool
	full  func()
	buf   []byte
	over  bool
}

func (c *capped) Write(b []byte) (int, error) {
	c.buf = append(c.buf, b...)
	extra := len(c.buf) - c.limit
	switch {
	case extra <= 0:
	case c.last:
		c.buf = append(c.buf[:0], c.buf[extra:]...)
	default:
		c.buf, c.over = c.buf[:c.limit], true
		c.full()
	}
	return len(b), nil
}
