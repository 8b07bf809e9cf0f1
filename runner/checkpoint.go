package runner

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// checkpointEvery is how often a worker sends the state of its trial.
const checkpointEvery = 10 * time.Second

// keeper keeps the latest state of every trial that is under way, one file each, in the library's folder
// checkpoints. A state may be lost without harm: its trial then begins anew, to the same bits. So nothing is
// synced, and a file that is not whole is no state.
type keeper struct{ dir string }

// state is where a trial stands.
type state struct {
	Key   string `json:"key"`
	Step  int    `json:"step"`
	Spent Usage  `json:"spent"` // up to this step, over all attempts
	SHA   string `json:"sha256"`

	bytes []byte
}

const checkpointMagic = "tenet checkpoint 1\n"

func newKeeper(libraryDir string) *keeper {
	return &keeper{filepath.Join(libraryDir, "checkpoints")}
}

func (k *keeper) path(key string) string { return filepath.Join(k.dir, key) }

// save puts s in the place of the state before.
func (k *keeper) save(s state) error {
	sum := sha256.Sum256(s.bytes)
	s.SHA = hex.EncodeToString(sum[:])
	head, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("runner: checkpoint of trial %.12s: %w", s.Key, err)
	}
	whole := append([]byte(checkpointMagic), head...)
	whole = append(append(whole, '\n'), s.bytes...)
	if err := os.MkdirAll(k.dir, 0o755); err != nil {
		return fmt.Errorf("runner: checkpoint of trial %.12s: %w", s.Key, err)
	}
	temp := k.path(s.Key) + ".new"
	if err := os.WriteFile(temp, whole, 0o600); err != nil {
		return fmt.Errorf("runner: checkpoint of trial %.12s: %w", s.Key, errors.Join(err, os.Remove(temp)))
	}
	if err := os.Rename(temp, k.path(s.Key)); err != nil {
		return fmt.Errorf("runner: checkpoint of trial %.12s: %w", s.Key, err)
	}
	return nil
}

// load gives the state of a trial, if a whole one is there.
func (k *keeper) load(key string) (state, bool) {
	if k == nil {
		return state{}, false
	}
	b, err := os.ReadFile(k.path(key))
	if err != nil {
		return state{}, false
	}
	b, ok := bytes.CutPrefix(b, []byte(checkpointMagic))
	head, body, cut := bytes.Cut(b, []byte("\n"))
	var s state
	if !ok || !cut || json.Unmarshal(head, &s) != nil || s.Key != key {
		return state{}, false
	}
	sum := sha256.Sum256(body)
	s.bytes = body
	return s, s.SHA == hex.EncodeToString(sum[:])
}

// drop removes the state of a trial that needs none any more.
func (k *keeper) drop(key string) {
	if k == nil {
		return
	}
	if err := os.Remove(k.path(key)); err == nil || !errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(k.dir) // goes with the last one
	}
}
