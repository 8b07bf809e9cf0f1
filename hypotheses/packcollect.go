package hypotheses

import (
	"cmp"
	"slices"

	"tenet/internal/store"
	"tenet/principles"
)

// Collect gathers hypotheses, tasks and tables of a library into a pack.
func Collect(tx *store.Tx) (Pack, error) {
	fr, err := readFrame(tx)
	if err != nil {
		return Pack{}, err
	}
	p := Pack{
		Hypotheses: &File{
			Schema: 1, Demo: fr.Demo, Registered: fr.Registered, Rule: fr.Rule, Expressions: fr.Expressions,
			LearningRate: fr.LearningRate, Hypotheses: []PackHypothesis{},
		},
		Tasks:     &TasksFile{Schema: 1, Engine: fr.Engine, Conventions: fr.Conventions, Tasks: []PackTask{}},
		Published: &PublishedFile{Schema: 1, HowToUse: fr.HowToUse, Tables: []PackTable{}},
	}
	names := map[string]string{}
	for pr, err := range principles.All(tx) {
		if err != nil {
			return p, err
		}
		names[pr.ID] = pr.Alias
	}
	if err := p.Tasks.collect(tx, names); err != nil {
		return p, err
	}
	tables, err := gather(Tables(tx), func(t Table) int { return t.Order })
	if err != nil {
		return p, err
	}
	for _, t := range tables {
		p.Published.Tables = append(p.Published.Tables, t.packed())
	}
	return p, p.Hypotheses.collect(tx, names)
}

func (f *File) collect(tx *store.Tx, names map[string]string) error {
	all, err := gather(All(tx), func(h Hypothesis) int { return h.Order })
	if err != nil {
		return err
	}
	for _, h := range all {
		names[h.ID] = h.Alias
	}
	for _, h := range all {
		if h.OfID != "" && h.Decision == nil {
			f.Replications = append(f.Replications, PackReplication{ID: h.Alias, Of: names[h.OfID], Task: names[h.TaskID], Change: h.Change})
			continue
		}
		ph, err := h.packed(names)
		if err != nil {
			return err
		}
		f.Hypotheses = append(f.Hypotheses, ph)
	}
	return nil
}

func (f *TasksFile) collect(tx *store.Tx, names map[string]string) error {
	tasks, err := gather(Tasks(tx), func(t Task) int { return t.Order })
	if err != nil {
		return err
	}
	for _, t := range tasks {
		names[t.ID] = t.Key
		f.Tasks = append(f.Tasks, t.packed())
	}
	families, err := gather(ModelFamilies(tx), func(m ModelFamily) int { return m.Order })
	if err != nil {
		return err
	}
	for _, m := range families {
		pm, err := m.packed()
		if err != nil {
			return err
		}
		f.Families = append(f.Families, pm)
	}
	figures, err := gather(Figures(tx), func(g Figure) int { return g.Order })
	for _, g := range figures {
		f.Figures = append(f.Figures, g.packed())
	}
	return err
}

// gather lists things by their place in a pack; those without one come last.
func gather[T any](seq func(func(T, error) bool), order func(T) int) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	last := func(n int) int {
		if n == 0 {
			return int(^uint(0) >> 1)
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(last(order(a)), last(order(b))) })
	return out, nil
}
