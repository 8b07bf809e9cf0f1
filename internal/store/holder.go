package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// holder is what library.lock says. The lock itself is bbolt's, on library.db; this file only tells people who has it,
// so a stale one does no harm.
type holder struct {
	PID   int       `json:"pid"`
	Doing string    `json:"doing"`
	Since time.Time `json:"since"`
}

// writeHolder is best effort: not being able to say who holds a library is no reason not to hold it.
func writeHolder(dir, doing string, now time.Time) {
	b, err := json.Marshal(holder{PID: os.Getpid(), Doing: doing, Since: now.UTC().Truncate(time.Second)})
	if err != nil {
		return
	}
	temp := filepath.Join(dir, holderName+".new")
	if os.WriteFile(temp, append(b, '\n'), 0o644) == nil {
		_ = os.Rename(temp, filepath.Join(dir, holderName))
	}
}

func removeHolder(dir string) { _ = os.Remove(filepath.Join(dir, holderName)) }

func lockedBy(dir string) error {
	e := &LockedError{Dir: dir}
	var h holder
	if b, err := os.ReadFile(filepath.Join(dir, holderName)); err == nil && json.Unmarshal(b, &h) == nil {
		e.PID, e.Doing = h.PID, h.Doing
	}
	return e
}
