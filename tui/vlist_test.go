package tui

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTheCursorIsAlwaysInTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := vlist{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				v.resize(rapid.IntRange(0, 1000).Draw(t, "n"))
			case 1:
				v.move(rapid.IntRange(-2000, 2000).Draw(t, "d"))
			}
			h := rapid.IntRange(0, 50).Draw(t, "h")
			lo, hi := v.window(h)
			if lo < 0 || hi > v.n || hi-lo > h || lo > hi {
				t.Fatalf("%+v: window [%d,%d) of height %d", v, lo, hi, h)
			}
			if v.n > 0 && h > 0 && (v.cur < lo || v.cur >= hi) {
				t.Fatalf("%+v: the cursor is outside [%d,%d)", v, lo, hi)
			}
			if v.n >= h && h > 0 && hi-lo != h {
				t.Fatalf("%+v: the window [%d,%d) is not filled at height %d", v, lo, hi, h)
			}
		}
	})
}
