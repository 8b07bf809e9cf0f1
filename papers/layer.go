package papers

import "strconv"

// maxLayers bounds the lists of layers that are looked at.
const maxLayers = 10_000

// layers are the optional content groups (ISO 32000-1 §8.11) that a document
// opens without: what belongs to them is not on the page a reader sees.
type layers map[string]bool // by reference

// readLayers reads the catalog's default configuration.
func readLayers(root value) layers {
	oc := root.Key("OCProperties")
	if oc.Kind() != dictKind {
		return nil
	}
	out := layers{}
	set := func(list value, off bool) {
		refs := list.Refs()
		for i := range min(list.Len(), maxLayers) {
			if ref := refs[strconv.Itoa(i)]; ref != "" {
				out[ref] = off
			}
		}
	}
	d := oc.Key("D")
	if d.Key("BaseState").Name() == "OFF" {
		set(oc.Key("OCGs"), true)
		set(d.Key("ON"), false)
	}
	set(d.Key("OFF"), true)
	return out
}

// off tells whether what belongs to the group, or to the membership of groups,
// that the key of a dictionary names is switched off.
func (l layers) off(in value, key string) bool {
	if len(l) == 0 {
		return false
	}
	d := in.Key(key)
	if d.Key("Type").Name() != "OCMD" {
		return l[in.Refs()[key]]
	}
	groups := d.Key("OCGs").Refs()
	if d.Key("OCGs").Kind() == dictKind { // one group instead of a list of them
		groups = map[string]string{"": d.Refs()["OCGs"]}
	}
	on, off := 0, 0
	for _, ref := range groups {
		if l[ref] {
			off++
		} else {
			on++
		}
	}
	if on+off == 0 {
		return false
	}
	switch d.Key("P").Name() {
	case "AllOn":
		return off > 0
	case "AnyOff":
		return off == 0
	case "AllOff":
		return on > 0
	}
	return on == 0
}
