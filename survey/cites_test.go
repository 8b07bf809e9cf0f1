package survey_test

import (
	"errors"
	"testing"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/papers/refs"
	"tenet/survey"
)

// citing adds a paper with a bibliography; its text refers to each entry as often as its place in the list says.
func citing(t *testing.T, lib *store.Library, name, title string, entries ...string) survey.Paper {
	t.Helper()
	path, d := pdf(t, name, "v1", papers.Meta{Title: title}, "Text of "+title)
	for i, raw := range entries {
		d.References = append(d.References, refs.Parse(raw))
		for range i {
			d.Citations = append(d.Citations, papers.Citation{Page: 1, Entries: []int{i}})
		}
	}
	return add(t, lib, path, d).Paper
}

func set(t *testing.T, lib *store.Library, p survey.Paper, states ...survey.State) {
	t.Helper()
	for _, s := range states {
		update(t, lib, func(tx *store.Tx) error {
			_, err := survey.SetState(tx, p.ID, s, "because of this reason")
			return err
		})
	}
}

func TestWorksThatManyPapersCiteAreCounted(t *testing.T) {
	lib := newLibrary(t)
	const (
		adam    = "[1] D. Kingma and J. Ba. Adam: A method for stochastic optimization. In ICLR, 2015."
		adamToo = "Kingma, D. and Ba, J. ADAM: a Method for Stochastic Optimization. arXiv:1412.6980, 2014."
		byID    = "Kingma. Adam. arXiv:1412.6980, 2014."
		own     = "[2] A. Author. The first paper of the library itself. In CVPR, 2016."
	)
	a := citing(t, lib, "a.pdf", "The first paper of the library itself", adam)
	b := citing(t, lib, "b.pdf", "The second paper of the library", adamToo, own)
	c := citing(t, lib, "c.pdf", "The third paper of the library", byID, own, "x")
	out := citing(t, lib, "d.pdf", "The fourth paper, which is out", adam, own)
	set(t, lib, a, survey.ScreenedIn, survey.Sought, survey.Retrieved, survey.Assessed, survey.Included)
	set(t, lib, out, survey.ScreenedOut)

	works, err := survey.Citations(t.Context(), lib)
	if err != nil {
		t.Fatal(err)
	}
	if len(works) != 2 {
		t.Fatalf("got %d works %+v, want Adam and the first paper", len(works), works)
	}
	w := works[0]
	if w.Paper != nil || len(w.By) != 3 || w.Included() != 1 || w.ArXiv != "" && w.ArXiv != "1412.6980" {
		t.Errorf("got %+v, want Adam, not in the library, cited by three papers of which one is included", w)
	}
	w = works[1]
	if w.Paper == nil || w.Paper.Alias != a.Alias || len(w.By) != 2 || w.Included() != 0 {
		t.Fatalf("got %+v, want %s, cited by the two others", w, a.Alias)
	}
	for i, p := range []survey.Paper{b, c} {
		if w.By[i].Paper != p.Alias || w.By[i].Places != 1 {
			t.Errorf("cited by %+v, want %s at one place", w.By[i], p.Alias)
		}
	}
}

func TestALostTextIsNamedInsteadOfALowerCount(t *testing.T) {
	lib := newLibrary(t)
	p := citing(t, lib, "a.pdf", "The first paper of the library", "A. Author. A work with a long title. 2016.")
	p.TextSHA = "00000000000000000000000000000000000000000000000000000000000000ff"
	update(t, lib, func(tx *store.Tx) error { return tx.Put("paper.updated", survey.KindPaper, p.ID, p, "") })
	if _, err := survey.Citations(t.Context(), lib); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want the text that is not there", err)
	}
}
