package principles

import (
	"fmt"
	"maps"
	"slices"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// circles finds principles that would refine themselves, at once or by way of others. A parent that the file
// does not define is looked for in the library, where there is one.
func (f *File) circles(library map[string]string) yamlfile.Problems {
	parent := maps.Clone(library)
	if parent == nil {
		parent = map[string]string{}
	}
	for _, p := range f.Principles {
		parent[p.ID] = p.Parent
	}
	var ps yamlfile.Problems
	for i, p := range f.Principles {
		at := p.Parent
		for steps := 0; at != "" && at != p.ID && steps < len(parent); steps++ {
			at = parent[at]
		}
		if at != "" && at == p.ID {
			ps.Add(fmt.Sprintf("principles[%d].parent", i), "%s would refine itself", p.ID)
		}
	}
	return ps
}

// orphans finds parents that neither the file nor the library has, and circles of parents.
func (f *File) orphans(byAlias map[string]Principle) yamlfile.Problems {
	known, alias, parent := map[string]bool{}, map[string]string{}, map[string]string{}
	for _, p := range f.Principles {
		known[p.ID] = true
	}
	for name, p := range byAlias {
		alias[p.ID] = name
	}
	for name, p := range byAlias {
		parent[name] = alias[p.ParentID]
	}
	ps := f.circles(parent)
	for i, p := range f.Principles {
		if _, ok := byAlias[p.Parent]; p.Parent != "" && !ok && !known[p.Parent] {
			ps.Add(fmt.Sprintf("principles[%d].parent", i), "no principle %s in this file or in the library", p.Parent)
		}
	}
	return ps
}

// revision is what p is the how-manieth of: as the file says, else one more than its parent, which is in the
// file or in the library. Parents make no circles (circles).
func (f *File) revision(p PackPrinciple, byAlias map[string]Principle) int {
	if p.Revision > 0 || p.Parent == "" {
		return max(1, p.Revision)
	}
	if i := slices.IndexFunc(f.Principles, func(q PackPrinciple) bool { return q.ID == p.Parent }); i >= 0 {
		return f.revision(f.Principles[i], byAlias) + 1
	}
	return byAlias[p.Parent].Revision + 1
}

// giveWay marks the parent of a pack's principle as refined by it. One that was refined or discarded before
// stays as it was left.
func giveWay(tx *store.Tx, parent, to string) error {
	if parent == "" {
		return nil
	}
	old, err := store.Get[Principle](tx, KindPrinciple, parent)
	if err != nil {
		return fmt.Errorf("principles: %s: its parent: %w", to, err)
	}
	if old.State != Standing {
		return nil
	}
	old.State, old.Reason = Refined, "see "+to
	return tx.Put("principle.refined", KindPrinciple, old.ID, old, "")
}
