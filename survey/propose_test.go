package survey_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

func TestSentencesThatGiveReasonsAreProposed(t *testing.T) {
	_, d := pdf(t, "x.pdf", "v1", papers.Meta{},
		"The rest of this paper is organized as follows in several sections. "+
			"Training is hard because gradients vanish in very deep plain networks [3]. "+
			"We conjecture that the solvers have difficulties in approximating identity mappings. "+
			"Our 152-layer net outperforms the plain one by 3.5% on the test set. "+
			"Batch size was set to 256 images on eight cards for all the runs here. "+
			"This does not help when the network is shallow, as our second run shows. "+
			"Short because.")
	got := survey.Propose(d)
	kinds := map[survey.Kind]string{}
	for _, p := range got {
		kinds[p.Kind] = p.Text
		if want := string([]rune(d.Pages[0].Text)[p.Start:p.End]); p.Text != want || p.Why == "" || p.SentenceID == "" || p.Page != 1 {
			t.Errorf("got %+v", p)
		}
	}
	for kind, start := range map[survey.Kind]string{
		survey.ExplicitReasoning: "Training is hard", survey.Conjecture: "We conjecture", survey.EmpiricalResult: "Our 152", survey.NegativeResult: "This does not help",
	} {
		if text := kinds[kind]; len(text) < len(start) || text[:len(start)] != start {
			t.Errorf("%s: got %q, want the sentence %q…", kind, text, start)
		}
	}
	if len(got) != 4 {
		t.Errorf("got %d proposals, want 4", len(got))
	}
	if !slices.IsSortedFunc(got, func(a, b survey.Proposal) int { return int(100 * (b.Score - a.Score)) }) {
		t.Error("the best does not come first")
	}
}

func TestWhatAReaderHighlightedComesFirst(t *testing.T) {
	_, d := pdf(t, "x.pdf", "v1", papers.Meta{}, "Training is hard because gradients vanish in deep nets. A plain sentence that gives no reason at all here. ")
	s := d.Pages[0].Sentences[1]
	d.Highlights = []papers.Highlight{{Page: 1, Kind: "highlight", Start: s.Start + 2, End: s.End - 2}}
	got := survey.Propose(d)
	if len(got) != 2 || got[0].SentenceID != s.ID || got[0].Why != "highlight in the PDF" || !got[0].Kind.Valid() {
		t.Errorf("got %+v", got)
	}
}

func TestTheReviewerIsWhoTheFlagSaysElseTheEnvironmentElseGitElseTheAccount(t *testing.T) {
	t.Setenv("TENET_REVIEWER", "Env")
	if got := survey.Reviewer(t.Context(), " Flag \n Name "); got != "Flag Name" {
		t.Errorf("got %q", got)
	}
	if got := survey.Reviewer(t.Context(), ""); got != "Env" {
		t.Errorf("got %q", got)
	}
	t.Setenv("TENET_REVIEWER", "")
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("GIT_CONFIG_COUNT", "2")
	t.Setenv("GIT_CONFIG_KEY_0", "user.name")
	t.Setenv("GIT_CONFIG_VALUE_0", "Ada Lovelace")
	t.Setenv("GIT_CONFIG_KEY_1", "user.email")
	t.Setenv("GIT_CONFIG_VALUE_1", "ada@example.org")
	if got := survey.Reviewer(t.Context(), ""); got != "Ada Lovelace <ada@example.org>" {
		t.Errorf("got %q", got)
	}
	t.Setenv("PATH", "") // no git at all
	if got := survey.Reviewer(t.Context(), ""); got == "" || got == "Ada Lovelace <ada@example.org>" {
		t.Errorf("got %q, want the account", got)
	}
}

// fillClaims puts n claims on n/50 papers.
func fillClaims(t testing.TB, lib *store.Library, n int) {
	t.Helper()
	for from := 0; from < n; from += 10_000 {
		_, err := lib.Update(context.WithoutCancel(t.Context()), actor, func(tx *store.Tx) error {
			for i := from; i < min(n, from+10_000); i += 50 {
				p := survey.Paper{ID: tx.NewID(), Key: fmt.Sprintf("p%d", i), Title: fmt.Sprintf("A Paper Number %d About Nets", i), State: survey.Identified}
				var err error
				if p.Alias, err = tx.NewAlias("D"); err != nil {
					return err
				}
				if err := tx.Put("paper.imported", survey.KindPaper, p.ID, p, ""); err != nil {
					return err
				}
				for j := range 50 {
					c := survey.Claim{ID: tx.NewID(), Key: fmt.Sprintf("p%d.c%d", i, j), PaperID: p.ID, Text: "Depth hurts.", Kind: survey.Conjecture, State: survey.Tagged}
					if c.Alias, err = tx.NewAlias("C"); err != nil {
						return err
					}
					if err := tx.Put("claim.imported", survey.KindClaim, c.ID, c, ""); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFindingDoesNotSlowDownWithTheLibrary(t *testing.T) {
	lib := newLibrary(t)
	fillClaims(t, lib, 10_000)
	start := time.Now()
	view(t, lib, func(tx *store.Tx) error {
		for i := range 200 {
			p, err := survey.FindPaper(tx, fmt.Sprintf("p%d", i*50))
			if err != nil {
				return err
			}
			n := 0
			for range survey.ClaimsOf(tx, p.ID) {
				n++
			}
			c, err := survey.FindClaim(tx, fmt.Sprintf("p%d.c7", i*50))
			if err != nil {
				return err
			}
			if n != 50 || c.PaperID != p.ID {
				t.Fatalf("paper %d has %d claims, claim is of %s", i, n, c.PaperID)
			}
		}
		return nil
	})
	// 200 full scans of 10,000 claims would take over 20 seconds on two cores.
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("200 papers with their claims took %v", d)
	}
}

// Target: a paper's claims and one claim by key among 100,000 within a frame
// of the screen (16 ms).
func BenchmarkFindAmong100000Claims(b *testing.B) {
	lib, err := store.Init(b.Context(), filepath.Join(b.TempDir(), "lib"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer lib.Close()
	fillClaims(b, lib, 100_000)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		view(b, lib, func(tx *store.Tx) error {
			p, err := survey.FindPaper(tx, fmt.Sprintf("p%d", i%2000*50))
			if err != nil {
				return err
			}
			for range survey.ClaimsOf(tx, p.ID) {
			}
			_, err = survey.FindClaim(tx, fmt.Sprintf("p%d.c7", i%2000*50))
			i++
			return err
		})
	}
}
