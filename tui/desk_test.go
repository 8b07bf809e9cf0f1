package tui

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"tenet/index"
	"tenet/internal/pack"
	"tenet/internal/store"
	"tenet/papers"
	"tenet/studies"
	"tenet/survey"
)

// studyDesk is a desk over a fresh library that holds the built-in study and
// its introduction.
func studyDesk(t *testing.T) *desk {
	t.Helper()
	from, err := studyDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "lib")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	lib, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return deskOn(t, lib)
}

// studyDir makes the library that studyDesk copies, once: reading the pack
// costs half a second. TestMain takes it away.
var studyDir = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tenet-tui-*")
	if err != nil {
		return "", err
	}
	lib, err := store.Init(context.Background(), dir, store.Options{})
	if err != nil {
		return "", err
	}
	_, err = pack.Import(context.Background(), lib, "pack", studies.Skip(), "skip")
	return dir, errors.Join(err, lib.Close())
})

// bareDesk is a desk over an empty library.
func bareDesk(t *testing.T) *desk {
	t.Helper()
	lib, err := store.Init(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return deskOn(t, lib)
}

func deskOn(t *testing.T, lib *store.Library) *desk {
	t.Cleanup(func() { lib.Close() })
	return &desk{lib: lib, actor: "ann", parse: func(ctx context.Context, path string) (*papers.Document, error) {
		return papers.Open(ctx, path, papers.Options{})
	}, command: []string{os.Args[0], "worker", "--stdio"}}
}

// introFile writes the demo's introduction to a file.
func introFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "studies", "skip", "intro.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "intro.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fill adds a text to the study through the screen.
func addIntro(t *testing.T, s *stage) {
	t.Helper()
	s.keys("1", "i")
	s.a.asking.box.set(introFile(t))
	s.keys("enter")
	if len(s.a.faults) > 0 || !strings.Contains(s.a.status, "1 of 1 files added") {
		t.Fatalf("adding: status %q, faults %q", s.a.status, s.a.faults)
	}
}

// The whole loop of a reader on a real library, by keys alone.
func TestTheJourneyFromAPDFToAClaimOnARealLibrary(t *testing.T) {
	d := studyDesk(t)
	idx, err := index.Open(t.Context(), d.lib, filepath.Join(d.lib.Dir(), "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	d.setIndex(idx, nil)
	s := newStage(t, d, 100, 30)
	addIntro(t, s)
	s.keys("f", "t", "enter")
	if s.a.at != roomRead || len(s.a.read.pages) == 0 {
		t.Fatalf("enter shows %s with %d pages", s.a.at, len(s.a.read.pages))
	}
	s.keys("n", "t")
	s.typed("P2")
	s.keys("enter", "+", "e")
	if !strings.Contains(s.a.status, "supports P2, explicit") {
		t.Fatalf("tagging says %q, faults %q", s.a.status, s.a.faults)
	}
	c := s.a.read.claimHere()
	if c == nil || c.Outcome != "found" {
		t.Fatalf("the claim on the sentence is %+v", c)
	}
	if err := idx.Wait(t.Context(), d.lib.Seq()); err != nil {
		t.Fatal(err)
	}
	s.keys("/")
	s.typed("claim:" + c.Alias)
	h := s.a.claims.current()
	if h == nil || h.Alias != c.Alias {
		t.Fatalf("the search gives %+v; %+v", h, s.a.claims.answer)
	}
	s.keys("enter")
	if here := s.a.read.claimHere(); s.a.at != roomRead || here == nil || here.ID != c.ID {
		t.Errorf("enter on the hit shows %s, claim %+v", s.a.at, here)
	}
	s.keys("4", "down")
	before := s.a.board.current().Supports
	s.keys("u")
	if got := s.a.board.current().Supports; got != before-1 {
		t.Errorf("undo leaves %d supports of %d; status %q", got, before, s.a.status)
	}
	s.keys("ctrl+r")
	if got := s.a.board.current().Supports; got != before {
		t.Errorf("redo gives %d supports of %d; status %q", got, before, s.a.status)
	}
	s.keys("s", "2", "4", "enter", "6")
	s.start(s.a.openTrace("H01"))
	s.until(s.idle)
	s.keys("V")
	if !s.a.trace.checked || len(s.a.trace.findings) > 0 {
		t.Errorf("verify finds %q, faults %q", s.a.trace.findings, s.a.faults)
	}
	checkFrame(t, s.frame(), 100, 30)
}

func TestAPlanIsWrittenFromItsTemplate(t *testing.T) {
	d := studyDesk(t)
	s := newStage(t, d, 100, 30)
	s.keys("4", "h")
	if s.a.editing == nil {
		t.Fatalf("h opens no editor: %q", s.a.faults)
	}
	checkFrame(t, s.frame(), 100, 30)
	text := s.a.editing.area.Value()
	text = strings.Replace(text, "title: ", "title: mine", 1)
	text = strings.Replace(text, "statement: ", "statement: It helps.", 1)
	s.a.editing.area.SetValue(text)
	s.keys("ctrl+s")
	if s.a.at != roomLab || s.a.lab.hyp.Title != "mine" || s.a.lab.hyp.Missing != "" {
		t.Fatalf("at %s: %q, missing %q, faults %q", s.a.at, s.a.lab.hyp.Title, s.a.lab.hyp.Missing, s.a.faults)
	}
	s.keys("e")
	s.a.editing.area.SetValue(strings.Replace(s.a.editing.area.Value(), "delta: ", "detla: ", 1))
	s.keys("ctrl+s")
	if len(s.a.faults) == 0 || !strings.Contains(s.a.faults[0], `there is no field "detla"`) {
		t.Errorf("a wrong field gives %q", s.a.faults)
	}
	s.keys("esc", "e")
	s.a.editing.area.SetValue(strings.Replace(s.a.editing.area.Value(), "delta: ", "delta: x", 1))
	s.keys("ctrl+s")
	if len(s.a.faults) == 0 || !strings.Contains(s.a.faults[0], "is no number") {
		t.Errorf("a wrong number gives %q", s.a.faults)
	}
}

// A real run on real workers, stopped by its key: what it had is kept.
func TestARealRunIsStoppedWithinASecond(t *testing.T) {
	s := newStage(t, studyDesk(t), 100, 30)
	s.start(s.a.openHyp(hypID(t, s, "H01")))
	s.until(s.idle)
	s.apply(keyMsg("x"))
	l := s.a.live
	s.until(func() bool { return s.a.live != l || l.seen.step > 0 })
	if s.a.live == nil {
		t.Fatalf("the run ended: %q %q", s.a.status, s.a.faults)
	}
	frame := ansi.Strip(s.frame())
	if !strings.Contains(frame, "▶ running") || !strings.Contains(frame, "locked") {
		t.Errorf("the Lab of a live run\n%s", frame)
	}
	start := time.Now()
	s.keys("ctrl+x")
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("stopping took %s", d)
	}
	if !strings.HasSuffix(s.a.status, "; x resumes") || len(s.a.faults) > 0 {
		t.Errorf("status %q, faults %q", s.a.status, s.a.faults)
	}
	s.keys("u")
	if !strings.Contains(s.a.status, "undo") && !strings.Contains(s.a.status, "final") {
		t.Errorf("undo after a lock says %q", s.a.status)
	}
}

func hypID(t *testing.T, s *stage, name string) string {
	t.Helper()
	_, id, err := s.a.study.Resolve(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestOneBadFileStopsNothing(t *testing.T) {
	s := newStage(t, studyDesk(t), 100, 30)
	dir := t.TempDir()
	for name, data := range map[string]string{"a.pdf": "no pdf at all", "b.bib": "@article{x2020, title={A}, year={2020}}", "c.txt": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(introFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "d.pdf"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys("i")
	s.a.asking.box.set(dir)
	s.keys("enter")
	if !strings.Contains(s.a.status, "1 of 3 files added") || !strings.Contains(s.a.status, "1 references read") {
		t.Errorf("status %q", s.a.status)
	}
	if len(s.a.faults) != 1 || !strings.Contains(s.a.faults[0], "a.pdf") {
		t.Errorf("faults %q", s.a.faults)
	}
}

// state is everything that undo has to restore, as the screens see it.
func (d *desk) state(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	err := d.lib.View(func(tx *store.Tx) error {
		for _, kind := range []string{"paper", "screening", "claim", "link", "principle", "score", "comment", "hypothesis"} {
			for v, err := range store.All[map[string]any](tx, kind) {
				if err != nil {
					return err
				}
				raw, err := store.Canonical(v)
				if err != nil {
					return err
				}
				b.WriteString(kind)
				b.Write(raw)
				b.WriteByte('\n')
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Invariant 7: after any actions, as many undos restore what was there, and as
// many redos what came of them.
func TestUndoRestoresTheLibrary(t *testing.T) {
	d := studyDesk(t)
	s := newStage(t, d, 100, 30)
	addIntro(t, s)
	fewer(t, 8)     // a check is some hundred durable writes
	d.actor = "bob" // the file itself stays: undo is each reviewer's own
	rapid.Check(t, func(r *rapid.T) {
		before := d.state(t)
		n := 0
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			seq := d.Seq()
			s.act(rapid.IntRange(0, 6).Draw(r, "act"), rapid.IntRange(0, 20).Draw(r, "row"))
			if d.Seq() > seq {
				n++
			}
			s.a.faults = nil // a move that no arrow allows is refused, and tested elsewhere
		}
		after := d.state(t)
		for range n {
			s.keys("u")
		}
		if got := d.state(t); got != before {
			r.Fatalf("%d undos leave another library; status %q faults %q", n, s.a.status, s.a.faults)
		}
		for range n {
			s.keys("ctrl+r")
		}
		if got := d.state(t); got != after {
			r.Fatalf("%d redos leave another library; status %q", n, s.a.status)
		}
		for range n {
			s.keys("u")
		}
	})
}

// fewer makes rapid do n checks, unless the command line says how many.
func fewer(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := flag.Set(f.Name, strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(f.Name, f.DefValue) })
}

// act does one of the acts that write, on some row.
func (s *stage) act(what, row int) {
	s.keys("alt+1", "f", "a", "g")
	for range row {
		s.keys("down")
	}
	switch what {
	case 0:
		s.keys("n", "1")
	case 1:
		s.keys("m")
	case 2:
		s.keys("c", "x", "enter")
	case 3:
		s.keys("4", "g", "s", "1", string(rune('0'+row%5)), "enter")
	case 4:
		s.keys("4", "c", "y", "enter")
	default:
		s.keys("f", "t", "g", "enter")
		for range row {
			s.keys("down")
		}
		if s.a.read.into.ID == "" {
			s.keys("t", "enter")
		}
		if what == 5 {
			s.keys("+", "e")
		} else {
			s.keys("d")
		}
	}
}

func TestScreeningASecondTimeFollowsTheLedger(t *testing.T) {
	d := studyDesk(t)
	s := newStage(t, d, 100, 30)
	var id string
	_, err := d.lib.Update(t.Context(), "someone else", func(tx *store.Tx) error {
		for p, err := range survey.Papers(tx) {
			if err != nil {
				return err
			}
			id = p.ID
			_, err := survey.AddComment(tx, survey.KindPaper, p.ID, "from another command")
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.until(func() bool { return s.a.savedSeq == d.Seq() && s.idle() })
	if cur := s.a.triage.current(); cur == nil || cur.ID != id {
		t.Errorf("a change by another command moved the cursor to %+v", cur)
	}
}
