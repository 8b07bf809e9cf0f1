package papers

import (
	"strings"
	"testing"

	"tenet/papers/intro"
)

// The demo stands on this: its own paper is read with its title, its sentences, its references and the marks of a reader.
func TestTheIntroductionOfTheDemoIsReadWell(t *testing.T) {
	d := opened(t, intro.PDF())
	if d.Meta.Title != intro.Title || d.Meta.Year != 2026 || !strings.HasPrefix(d.Meta.Abstract, "A skip connection hands") || !strings.HasSuffix(d.Meta.Abstract, "written over it.") {
		t.Errorf("got %+v", d.Meta)
	}
	if len(d.References) != 32 || d.References[0].Year != 2020 || d.References[31].ArXiv != "2404.10947" {
		t.Errorf("got %d references, from %+v to %+v, want 32", len(d.References), d.References[0], d.References[len(d.References)-1])
	}
	if len(d.Highlights) != 2 || d.Highlights[0].Text != "because the correlation between them decays exponentially with depth." || d.Highlights[0].Note == "" {
		t.Errorf("got marks %+v", d.Highlights)
	}
	if len(d.Warnings) != 0 {
		t.Errorf("got warnings %+v", d.Warnings)
	}
	sentences := map[string]bool{}
	for _, p := range d.Pages {
		text := []rune(p.Text)
		for _, s := range p.Sentences {
			sentences[string(text[s.Start:s.End])] = true
		}
	}
	for _, want := range []string{
		"A plain network passes its state from layer to layer, and each layer replaces what it was given.",
		"In a residual network the two are added, so that the layer only has to compute a change (He et al., 2015).",
		"He et al. (2015) found that a plain network with 34 layers had a higher training error than one with 18, so overfitting cannot be the cause.",
		"4 How much to write",
		"Therefore the deeper the stack, the smaller each write should start.",
		"A principle that no experiment could refute would not be worth having.",
	} {
		if !sentences[want] {
			t.Errorf("not among the sentences: %q", want)
		}
	}
	if len(sentences) < 90 {
		t.Errorf("got %d sentences, want at least 90", len(sentences))
	}
}
