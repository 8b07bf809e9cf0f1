package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestNoKeyHasTwoMeaningsOnAScreen(t *testing.T) {
	rows := table()
	for r := range rooms {
		seen := map[string]string{}
		for _, x := range rows {
			if !x.rooms.has(r) {
				continue
			}
			for _, k := range x.keys {
				if other := seen[k]; other != "" {
					t.Errorf("%s: %s means %s and %s", r, k, other, x.id)
				}
				seen[k] = x.id
			}
		}
	}
	ids := map[string]bool{}
	for _, x := range rows {
		if ids[x.id] {
			t.Errorf("two rows are called %s", x.id)
		}
		ids[x.id] = true
	}
}

// A legacy terminal cannot tell these from other keys.
func TestNoKeyIsOneThatTerminalsCannotSend(t *testing.T) {
	for _, x := range table() {
		for _, k := range x.keys {
			for _, bad := range []string{"ctrl+i", "ctrl+m", "ctrl+[", "ctrl+enter", "ctrl+shift"} {
				if strings.HasPrefix(k, bad) {
					t.Errorf("%s: %s never arrives from a legacy terminal", x.id, k)
				}
			}
		}
	}
}

func TestEveryActionIsExplained(t *testing.T) {
	for _, x := range table() {
		if x.help == "" || x.label == "" || x.run == nil || x.rooms == 0 {
			t.Errorf("%s: a row needs help, label, rooms and run: %+v", x.id, x)
		}
		if strings.HasSuffix(x.help, ".") {
			t.Errorf("%s: help ends without a full stop, it stands in lines: %q", x.id, x.help)
		}
	}
}

func TestHelpShowsEveryActionOfTheScreen(t *testing.T) {
	for r := range rooms {
		s := newStage(t, newFake(), 140, 80)
		s.show(r)
		if r == roomClaims {
			s.keys("esc")
		}
		s.keys("?")
		got := ansi.Strip(s.frame())
		for _, x := range table() {
			if x.rooms.has(r) && !strings.Contains(got, x.help[:min(len(x.help), 40)]) {
				t.Errorf("help of %s lacks %s\n%s", r, x.id, got)
			}
		}
		s.typed("quit")
		if len(s.a.pop.rows) == 0 || len(s.a.pop.rows) > 3 {
			t.Errorf("the filter quit leaves %d rows", len(s.a.pop.rows))
		}
	}
}

// Invariant 2.
func TestAKeyThatIsOffSaysWhy(t *testing.T) {
	f := newFake()
	f.empty = true
	s := newStage(t, f, 100, 30)
	off := 0
	for r := range rooms {
		s.keys("alt+" + string(rune('1'+r)))
		s.keys("esc")
		for _, x := range table() {
			if !x.rooms.has(r) || len(x.keys) == 0 {
				continue
			}
			why := x.why(s.a)
			if why == "" {
				continue
			}
			off++
			s.a.status = ""
			calls := len(f.calls)
			s.keys(x.keys[0])
			if !strings.Contains(s.a.status, why) {
				t.Errorf("%s: %s is off (%s) but the line says %q", r, x.id, why, s.a.status)
			}
			if len(f.calls) != calls {
				t.Errorf("%s: %s is off and wrote %q", r, x.id, f.calls[calls:])
			}
		}
	}
	if off < 25 {
		t.Errorf("only %d rows were off on empty screens; the test lost its subject", off)
	}
}

// Every row that writes does so, through its key.
func TestEveryActionWritesWhatItSays(t *testing.T) {
	for _, c := range []struct {
		id   string
		at   room
		keys []string
		want string
	}{
		{"screen.in", roomTriage, []string{"y"}, "screen p1 in"},
		{"screen.out", roomTriage, []string{"n", "2"}, "screen p1 out no reasoning"},
		{"screen.maybe", roomTriage, []string{"m"}, "screen p1 maybe"},
		{"papers.add", roomTriage, []string{"i", "x", "enter"}, "add x"},
		{"comment", roomTriage, []string{"c", "h", "i", "enter"}, "comment paper p1 hi"},
		{"claim.supports", roomRead, []string{"down", "down", "t", "enter", "+", "m"}, "tag supports empirical result P1"},
		{"claim.contradicts", roomRead, []string{"t", "down", "enter", "-", "enter"}, "tag contradicts explicit reasoning P2"},
		{"claim.qualifies", roomRead, []string{"n", "t", "enter", "*", "enter"}, "tag qualifies empirical result P1"},
		{"claim.drop", roomRead, []string{"d"}, "drop c1"},
		{"principle.score", roomBoard, []string{"s", "1", "3", "o", "k", "enter"}, "score pr2 validity 3 ok"},
		{"principle.edit", roomBoard, []string{"e", "x", "ctrl+s"}, "edit pr2 xname: P2"},
		{"principle.refine", roomBoard, []string{"R", "x", "ctrl+s"}, "refine pr2 x# Say here"},
		{"principle.discard", roomBoard, []string{"d", "n", "o", "enter"}, "discard pr2 no"},
		{"hypothesis.new", roomBoard, []string{"h", "y", "ctrl+s"}, "plan pr2  ytitle: x"},
		{"plan.edit", roomLab, []string{"e", "y", "ctrl+s"}, "plan  h6 ytitle"},
		{"claim.byhand", roomRead, []string{"a", "w", "o", "enter", "enter", "m"}, "byhand p1 p1 empirical result   wo"},
		{"claim.byhand", roomRead, []string{"t", "enter", "a", "w", "enter", "backspace", "enter", "enter", "-"}, "byhand p1 p0 explicit reasoning contradicts P1 w"},
		{"claims.link", roomClaims, []string{"esc", "T", "enter", "+"}, "linkall c1 c2 supports pr1"},
		{"claims.export", roomClaims, []string{"esc", "X", "enter"}, `export 2 "unscaled depth" claims.csv`},
		{"controls.run", roomLab, []string{"C"}, "controls"},
		{"deviation.note", roomLab, []string{"D", "M", "x", "enter"}, "deviate h6 major x"},
		{"trace.verify", roomTrace, []string{"V"}, "verify"},
		{"trace.export", roomTrace, []string{"X", "enter"}, "export H06 tenet-H06.tenet-proof"},
		{"undo", roomTrace, []string{"u"}, "undo"},
		{"redo", roomTrace, []string{"ctrl+r"}, "redo"},
	} {
		t.Run(c.id, func(t *testing.T) {
			f := newFake()
			s := newStage(t, f, 100, 30)
			s.show(c.at)
			s.keys(c.keys...)
			if !f.called(c.want) {
				t.Errorf("%v on %s: calls %q lack %q; status %q", c.keys, c.at, f.calls, c.want, s.a.status)
			}
			files := []string{"trace.export", "trace.verify", "claims.export", "controls.run"}
			if !slices.Contains(files, c.id) && !strings.Contains(s.a.status, "saved, change") {
				t.Errorf("%v: the line says %q, not that it is saved", c.keys, s.a.status)
			}
		})
	}
}

func TestThePaletteRunsAnActionByItsWords(t *testing.T) {
	f := newFake()
	s := newStage(t, f, 100, 30)
	for _, words := range []string{"open H05", "H05"} {
		s.keys("4", ":")
		s.typed(words)
		s.keys("enter")
		if s.a.at != roomLab || s.a.lab.hyp.Alias != "H05" {
			t.Errorf("%s shows %s %s", words, s.a.at, s.a.lab.hyp.Alias)
		}
	}
	s.keys(":")
	s.typed("undo")
	s.keys("enter")
	if !f.called("undo") {
		t.Error("undo was not run")
	}
	s.keys(":")
	s.typed("screen in")
	if rows := s.a.pop.rows; len(rows) == 0 || rows[0].note != "only on 1 Triage" {
		t.Errorf("the palette does not say where screen.in works: %+v", rows)
	}
}

func TestAnErrorStaysUntilItIsRead(t *testing.T) {
	s := newStage(t, newFake(), 100, 30)
	s.keys("i")
	s.typed("bad.pdf")
	s.keys("enter", "down", "5", "4")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "! papers: bad.pdf: not a PDF file") {
		t.Fatalf("the error is gone\n%s", got)
	}
	s.keys("esc")
	if got := ansi.Strip(s.frame()); strings.Contains(got, "bad.pdf") {
		t.Errorf("the error is still there after esc\n%s", got)
	}
	s.keys("!")
	if got := ansi.Strip(s.frame()); !strings.Contains(got, "bad.pdf: not a PDF file") {
		t.Errorf("the messages lack it\n%s", got)
	}
}

// Invariant 1. docs/KEYS.md is written from the table by -update.
func TestTheKeyDocumentIsCurrent(t *testing.T) {
	path := filepath.Join("..", "docs", "KEYS.md")
	got := keyDocument()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("docs/KEYS.md is stale (%v); go test ./tui -run Key -update writes it", err)
	}
}

func keyDocument() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nGenerated from the action table in `tui`; `go test ./tui -run Key -update` writes it.\nEvery action can also be typed after `:`, and on a line of its own with `--plain`.\n")
	rows := table()
	write := func(title string, keep func(action) bool) {
		fmt.Fprintf(&b, "\n## %s\n\n| key | action | what it does | change |\n|---|---|---|---|\n", title)
		for _, x := range rows {
			if !keep(x) {
				continue
			}
			var keys []string
			for _, k := range x.keys {
				keys = append(keys, "`"+k+"`")
			}
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", strings.ReplaceAll(strings.Join(keys, " "), "|", `\|`), strings.ReplaceAll(x.id, ".", " "), x.help, x.event)
		}
	}
	for r := range rooms {
		write(fmt.Sprintf("%d %s", r+1, r), func(x action) bool { return x.rooms != everywhere && x.rooms.has(r) })
	}
	write("Everywhere", func(x action) bool { return x.rooms == everywhere })
	b.WriteString("\n## Words of the command line\n\nThe same in the palette and in plain mode: ")
	words := sortedKeys(verbs())
	for i, w := range words {
		words[i] = "`" + w + "`"
	}
	b.WriteString(strings.Join(words, " ") + ".\n")
	return b.String()
}

func TestEveryVerbNamesAnAction(t *testing.T) {
	a := newApp(t.Context(), newFake(), false)
	for w, v := range verbs() {
		if a.command(v.id) == nil {
			t.Errorf("%s stands for %s, which is no action", w, v.id)
		}
		if v.bare != "" && v.bare != "w" && a.command(v.bare) == nil {
			t.Errorf("%s alone stands for %s, which is no action", w, v.bare)
		}
	}
	if !slices.Contains(sortedKeys(verbs()), "run") {
		t.Error("run is no verb")
	}
}
