package tui

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestABoxIsEditedByWholeLetters(t *testing.T) {
	b := box{cap: queryCap}
	b.insert("a👩‍👩‍👧e\u0301")
	b.key("backspace")
	if b.text() != "a👩‍👩‍👧" {
		t.Errorf("backspace leaves %q", b.text())
	}
	b.key("left")
	b.key("delete")
	if b.text() != "a" {
		t.Errorf("delete leaves %q", b.text())
	}
	b.set("one two three")
	b.key("ctrl+w")
	if b.text() != "one two " {
		t.Errorf("ctrl+w leaves %q", b.text())
	}
	b.key("ctrl+a")
	b.insert("x")
	if b.text() != "xone two " {
		t.Errorf("at the start: %q", b.text())
	}
	b.key("ctrl+k")
	b.key("ctrl+u")
	if b.text() != "" {
		t.Errorf("ctrl+k, ctrl+u leave %q", b.text())
	}
}

func TestAQueryIsReadInNFC(t *testing.T) {
	b := box{}
	b.insert("e")
	b.insert("\u0301")
	if b.query() != "é" {
		t.Errorf("%q", b.query())
	}
}

// No edit makes a box hold more than its cap, broken UTF-8 or a control byte.
func TestABoxStaysSoundUnderAnyEdit(t *testing.T) {
	keys := []string{"backspace", "delete", "left", "right", "home", "end", "ctrl+u", "ctrl+k", "ctrl+w"}
	rapid.Check(t, func(t *rapid.T) {
		b := box{cap: 64}
		for range rapid.IntRange(1, 40).Draw(t, "edits") {
			if rapid.Bool().Draw(t, "type") {
				b.insert(rapid.String().Draw(t, "text"))
			} else {
				b.key(rapid.SampledFrom(keys).Draw(t, "key"))
			}
			s := b.text()
			if len(s) > 64 || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\n\r") {
				t.Fatalf("the box holds %q", s)
			}
			if n := width(b.show(20, true)); len(s) < 10 && n > 22 {
				t.Fatalf("%q shows %d cells", s, n)
			}
		}
	})
}
