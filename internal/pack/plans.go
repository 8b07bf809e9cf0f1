package pack

import (
	"errors"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// Names of the files that say what is tested and how.
const (
	HypothesesName = "hypotheses.yaml"
	TasksName      = "tasks.yaml"
	PublishedName  = "published.yaml"
)

// readPlans reads the three files that hypotheses owns, as far as they are there.
func readPlans(raw map[string][]byte) (p hypotheses.Pack, err error) {
	var errs [3]error
	if data, ok := raw[HypothesesName]; ok {
		p.Hypotheses, errs[0] = hypotheses.ReadFile(HypothesesName, data)
	}
	if data, ok := raw[TasksName]; ok {
		p.Tasks, errs[1] = hypotheses.ReadTasks(TasksName, data)
	}
	if data, ok := raw[PublishedName]; ok {
		p.Published, errs[2] = hypotheses.ReadPublished(PublishedName, data)
	}
	return p, errors.Join(errs[:]...)
}

// collectPlans writes them; a file that would hold nothing is left out.
func collectPlans(tx *store.Tx) (map[string][]byte, error) {
	p, err := hypotheses.Collect(tx)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	var errs [3]error
	if f := p.Hypotheses; f != nil && (len(f.Hypotheses)+len(f.Replications) > 0 || f.Demo != nil || f.Registered != "" || len(f.Rule)+len(f.Expressions)+len(f.LearningRate) > 0) {
		out[HypothesesName], errs[0] = hypotheses.WriteFile(f)
	}
	if f := p.Tasks; f != nil && (len(f.Tasks)+len(f.Families)+len(f.Figures) > 0 || f.Engine != "" || len(f.Conventions) > 0) {
		out[TasksName], errs[1] = hypotheses.WriteTasks(f)
	}
	if f := p.Published; f != nil && (len(f.Tables) > 0 || f.HowToUse != "") {
		out[PublishedName], errs[2] = hypotheses.WritePublished(f)
	}
	return out, errors.Join(errs[:]...)
}
