package net

import (
	"strings"

	G "gorgonia.org/gorgonia"
)

// family is a kind of net: how its fields are read, what its skips may speak of, how it is built and drawn.
type family struct {
	name   string
	read   func(f *fields, s *Spec)
	chain  func(s Spec, steps int) chain // nil for a net of nets
	build  func(b *builder) *G.Node      // from the input to rows of outputs
	sketch func(s Spec, io IO) sketch
}

// families are all there are.
func families() []family {
	return []family{
		mlpFamily(), denseFamily(), convnetFamily(), alexnetFamily(), unetFamily(), transformerFamily(),
		autoencoderFamily(), ddpmFamily(), ldmFamily(), rnnFamily(), ganFamily(),
	}
}

func familyOf(name string) (family, bool) {
	for _, f := range families() {
		if f.name == name {
			return f, true
		}
	}
	return family{}, false
}

// alias is a name that papers use for a family with a usual skip.
type alias struct{ family, skip string }

func aliases() map[string]alias {
	return map[string]alias{
		"plain":    {FamilyMLP, ""},
		"resnet":   {FamilyMLP, `{"from":"k","to":"k+1","join":"add","branch_scale":"1/sqrt(depth)"}`},
		"highway":  {FamilyMLP, `{"from":"k","to":"k+1","join":"gate","gate_bias":-3}`},
		"densenet": {FamilyDenseMLP, `{"from":"all j<k","to":"k","join":"concat"}`},
	}
}

func familyNames() string {
	var names []string
	for _, f := range families() {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ") + ", or plain, resnet, highway, densenet"
}
