package hypotheses

import (
	"errors"
	"fmt"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// Cross checks what the files say of each other and of the library. principle
// and paper know the ids and bibliography keys that come with the same pack;
// nil knows of none, and for papers it skips the check.
func (p Pack) Cross(tx *store.Tx, principle, paper func(string) bool) error {
	rules, err := principleIDs(tx)
	if err != nil {
		return err
	}
	tasks, tables, hyps := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for t, err := range Tasks(tx) {
		if err != nil {
			return err
		}
		tasks[t.Key] = true
	}
	for t, err := range Tables(tx) {
		if err != nil {
			return err
		}
		tables[t.Key] = true
	}
	for h, err := range All(tx) {
		if err != nil {
			return err
		}
		hyps[h.Alias] = true
	}
	rule := func(id string) bool { return rules[id] != "" || principle != nil && principle(id) }
	if paper == nil {
		paper = func(string) bool { return true }
	}
	if p.Tasks != nil {
		for _, t := range p.Tasks.Tasks {
			tasks[t.ID] = true
		}
	}
	if p.Published != nil {
		for _, t := range p.Published.Tables {
			tables[t.ID] = true
		}
	}
	if f := p.Hypotheses; f != nil {
		for _, id := range f.aliases() {
			hyps[id] = true
		}
	}
	return errors.Join(p.Hypotheses.cross(rule, tasks, tables), p.Tasks.cross(hyps, paper), p.Published.cross(hyps, paper))
}

func (f *File) cross(rule func(string) bool, tasks, tables map[string]bool) error {
	if f == nil {
		return nil
	}
	var ps yamlfile.Problems
	for i, h := range f.Hypotheses {
		at := fmt.Sprintf("hypotheses[%d]", i)
		if !rule(h.Principle) {
			ps.Add(at+".principle", "no principle %s in principles.yaml or in the library", h.Principle)
		}
		for j, id := range h.AlsoBearsOn {
			if !rule(id) {
				ps.Add(fmt.Sprintf("%s.also_bears_on[%d]", at, j), "no principle %s in principles.yaml or in the library", id)
			}
		}
		if h.Task != "" && !tasks[h.Task] {
			ps.Add(at+".task", "no task %s in tasks.yaml or in the library", h.Task)
		}
		for j, id := range h.Published {
			if !tables[id] {
				ps.Add(fmt.Sprintf("%s.published_tables[%d]", at, j), "no table %s in published.yaml or in the library", id)
			}
		}
		if d := h.Decision; d != nil && d.Table != "" && !tables[d.Table] {
			ps.Add(at+".decision.table", "no table %s in published.yaml or in the library", d.Table)
		}
	}
	for i, r := range f.Replications {
		if r.Task != "" && !tasks[r.Task] {
			ps.Add(fmt.Sprintf("replications[%d].task", i), "no task %s in tasks.yaml or in the library", r.Task)
		}
	}
	return f.src.locate(ps)
}

func (f *TasksFile) cross(hyps map[string]bool, paper func(string) bool) error {
	if f == nil {
		return nil
	}
	var ps yamlfile.Problems
	for i, t := range f.Tasks {
		unknownHypotheses(&ps, fmt.Sprintf("tasks[%d].used_by", i), t.UsedBy, hyps)
		unknownHypotheses(&ps, fmt.Sprintf("tasks[%d].replications", i), t.Replications, hyps)
	}
	for i, m := range f.Families {
		if m.Reference != "" && !paper(m.Reference) {
			ps.Add(fmt.Sprintf("families[%d].reference", i), "no paper %s in references.bib or in the library", m.Reference)
		}
	}
	return f.src.locate(ps)
}

func (f *PublishedFile) cross(hyps map[string]bool, paper func(string) bool) error {
	if f == nil {
		return nil
	}
	var ps yamlfile.Problems
	for i, t := range f.Tables {
		unknownHypotheses(&ps, fmt.Sprintf("tables[%d].used_by", i), t.UsedBy, hyps)
		if t.Reference != "" && !paper(t.Reference) {
			ps.Add(fmt.Sprintf("tables[%d].reference", i), "no paper %s in references.bib or in the library", t.Reference)
		}
	}
	return f.src.locate(ps)
}

func unknownHypotheses(ps *yamlfile.Problems, at string, list []string, hyps map[string]bool) {
	for j, id := range list {
		if !hyps[id] {
			ps.Add(fmt.Sprintf("%s[%d]", at, j), "no hypothesis %s in hypotheses.yaml or in the library", id)
		}
	}
}
