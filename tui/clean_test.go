package tui

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Invariant 5.
func TestNoControlByteFromAPDFReachesTheTerminal(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "a b", "a b"},
		{"csi", "a\x1b[31mb", "a[31mb"},
		{"osc", "\x1b]0;title\x07x", "]0;titlex"},
		{"apc, a picture for kitty", "\x1b_Gf=100;AAAA\x1b\\x", "_Gf=100;AAAA\\x"},
		{"c1", "a\u009b31mb", "a31mb"},
		{"carriage return", "safe\rEVIL", "safe EVIL"},
		{"line ends", "a\r\nb\nc\u2028d", "a b c d"},
		{"tab", "a\tb", "a    b"},
		{"nul and bell", "a\x00\x07b", "ab"},
		{"right to left override", "a\u202eb\u2066c", "a<U+202E>b<U+2066>c"},
		{"zero width", "a\u200b\ufeff\u00adb", "ab"},
		{"tags", "a\U000e0041b", "ab"},
		{"broken utf-8", "a\xff\xfeb", "a��b"},
		{"a family", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"},
		{"decomposed", "e\u0301", "e\u0301"},
		{"a pile of marks", "e" + strings.Repeat("\u0301", 4000), "e" + strings.Repeat("\u0301", maxMarks)},
		{"a pile split by hidden controls", "e" + strings.Repeat("\u0301\u200b", 4000), "e" + strings.Repeat("\u0301", maxMarks)},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("%s: clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
	if got := cleanText("a\r\nb\tc"); got != "a\nb    c" {
		t.Errorf("running text: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x1b[2J", "\x1b_G\x1b\\", "\u202e\u2066", "e\u0301\u0301", "👩‍👧", "\xff\xfe", "a\r\nb\tc", "\U000e0041", "\u009b\u0085"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{clean(s), strings.ReplaceAll(cleanText(s), "\n", " ")} {
			if !utf8.ValidString(got) {
				t.Fatalf("clean(%q) = %q is not UTF-8", s, got)
			}
			for _, r := range got {
				if unicode.IsControl(r) || reorders(r) || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0x200b {
					t.Fatalf("clean(%q) keeps %U", s, r)
				}
			}
		}
		once := clean(s)
		if twice := clean(once); twice != once {
			t.Fatalf("clean(%q) = %q, again %q", s, once, twice)
		}
	})
}
