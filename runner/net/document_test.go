package net

import (
	"os"
	"strings"
	"testing"
)

func TestTheDocumentsExamplesBuild(t *testing.T) {
	text, err := os.ReadFile("../../docs/engine.md")
	if err != nil {
		t.Fatal(err)
	}
	ios := studyIO()
	built := map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, `{"family"`) {
			continue
		}
		s, err := Parse([]byte(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		io, ok := map[string]IO{
			FamilyConvnet: ios["D5"], FamilyAlexnet: ios["D5"], FamilyUnet: ios["D8"], FamilyTransformer: ios["D7"], FamilyAutoencoder: ios["D9a"],
			FamilyDDPM: ios["D9b"], FamilyLDM: ios["ldm"], FamilyRNN: ios["D6a"], FamilyGAN: ios["D10"],
		}[s.Family]
		if !ok {
			io = ios["D1"]
		}
		if _, err := Describe(s, io); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		built[s.Family] = true
	}
	for _, f := range families() {
		if !built[f.name] {
			t.Errorf("family %s has no example", f.name)
		}
	}
	d, err := Describe(parsed(t, `{"family":"unet","levels":2,"base":8,"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`), ios["D8"])
	if err != nil || !strings.Contains(string(text), d.Diagram) {
		t.Errorf("the diagram there is not\n%s(%v)", d.Diagram, err)
	}
}
