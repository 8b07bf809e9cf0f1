package tui

import (
	"strings"
	"testing"
)

func TestAFormIsReadBackAsItWasWritten(t *testing.T) {
	name, what := "a: b", "two\nlines"
	fields := func() []formField { return []formField{textField("name", &name), textField("what", &what)} }
	f, err := parseForm(writeForm("note", fields()))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.fill(fields()); err != nil || name != "a: b" || what != "two lines" {
		t.Errorf("%q %q %v", name, what, err)
	}
	if _, err := parseForm("name: x\nno colon"); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a line without a colon gives %v", err)
	}
	f, err = parseForm("name: x\n  goes on\n# note\n\nwhat: y")
	if err != nil || len(f) != 2 || f[0].value != "x goes on" {
		t.Errorf("%+v %v", f, err)
	}
}

func FuzzParseForm(f *testing.F) {
	for _, s := range []string{"", "a: b", "# x\na: b\n c", "a", ": :", " x", "\t\na:\n\t:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseForm(s)
		if err != nil {
			return
		}
		for _, l := range got {
			if l.line < 1 || l.line > strings.Count(s, "\n")+1 {
				t.Fatalf("%q: line %d", s, l.line)
			}
		}
	})
}
