package store

import (
	"fmt"
	"strconv"
	"testing"
)

func TestExplore(t *testing.T) {
	l := newLibrary(t, Options{})
	seed(t, l, 20000)
	var log []string
	hookWrites(l.db, func(next writeAt, b []byte, off int64) (int, error) {
		log = append(log, fmt.Sprintf("%d+%d", off/4096, len(b)/4096))
		return next(b, off)
	})
	for n := range 300 {
		id := strconv.Itoa(1_000_000 + n)
		log = nil
		put(t, l, "ann", thing{ID: id, Alias: "T" + id, Text: "a small change of a usual size", OwnerID: "01JOWNER"})
		if n%30 == 0 {
			fmt.Println(log)
		}
	}
}
