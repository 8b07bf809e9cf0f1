package hypotheses

import (
	"fmt"
	"math"
	"strings"

	"github.com/goccy/go-yaml"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
	"tenet/principles"
)

// Names of the three files of a study pack that this package owns.
const (
	FileName      = "hypotheses.yaml"
	TasksName     = "tasks.yaml"
	PublishedName = "published.yaml"
)

// File is hypotheses.yaml, field by field.
type File struct {
	Schema       int               `yaml:"schema"`
	Demo         *Demo             `yaml:"demo,omitempty"`
	Registered   string            `yaml:"registered,omitempty"`
	Rule         map[string]string `yaml:"rule,omitempty"`          // how to read the decision inputs
	Expressions  map[string]string `yaml:"expressions,omitempty"`   // grammar of D_s
	LearningRate map[string]string `yaml:"learning_rate,omitempty"` // the protocols
	Hypotheses   []PackHypothesis  `yaml:"hypotheses"`
	Replications []PackReplication `yaml:"replications,omitempty"`

	src source
}

// Demo says what to show first, and in which words.
type Demo struct {
	First    []string `json:"first" yaml:"first"` // hypotheses, by alias
	Order    []string `json:"order" yaml:"order"`
	Question string   `json:"question" yaml:"question"`
	Wording  string   `json:"wording" yaml:"wording"`
	WhyFirst string   `json:"why_first" yaml:"why_first"`
	Cost     string   `json:"cost" yaml:"cost"`
}

// PackHypothesis is one hypothesis of a pack.
type PackHypothesis struct {
	ID          string        `yaml:"id"`
	Kind        Kind          `yaml:"kind"`
	Principle   string        `yaml:"principle"`
	Title       string        `yaml:"title"`
	Statement   string        `yaml:"statement"`
	Estimand    Estimand      `yaml:"estimand"`
	Direction   string        `yaml:"direction"`
	Theta0      store.Real    `yaml:"theta0"`
	Delta       store.Real    `yaml:"delta"`
	Metric      string        `yaml:"metric"`
	Task        string        `yaml:"task"`
	AlsoBearsOn []string      `yaml:"also_bears_on,omitempty"`
	Arms        yaml.MapSlice `yaml:"arms"` // name to net
	Controls    ArmControls   `yaml:"controls"`
	Seeds       Seeds         `yaml:"seeds"`
	Budget      Budget        `yaml:"budget"`
	Rationale   string        `yaml:"rationale"`
	Confounds   []string      `yaml:"confounds"`
	Expected    Expected      `yaml:"expected"`
	Pilot       *Pilot        `yaml:"pilot,omitempty"`
	Published   []string      `yaml:"published_tables,omitempty"`
	Secondary   []string      `yaml:"secondary,omitempty"`
	Decision    *DecisionSpec `yaml:"decision,omitempty"`

	// Of a replication whose plan is written.
	Of     string `yaml:"of,omitempty"`
	Change string `yaml:"change,omitempty"`

	// Fields of hypotheses that a library has changed; a pack made by hand has none.
	Version  int    `yaml:"version,omitempty"`
	Previous string `yaml:"previous,omitempty"` // id of the version before
}

// PackReplication repeats a hypothesis elsewhere; its plan is not written yet.
type PackReplication struct {
	ID     string `yaml:"id"`
	Of     string `yaml:"of"`
	Task   string `yaml:"task"`
	Change string `yaml:"change"`
}

// source remembers where a file came from, for faults that only another file
// or the library shows.
type source struct {
	name string
	data []byte
}

func (s source) locate(ps yamlfile.Problems) error {
	if len(ps) == 0 {
		return nil
	}
	return yamlfile.Locate(s.name, s.data, ps)
}

// ReadFile reads hypotheses.yaml. Every fault that the file alone shows is
// given with its line, column and field.
func ReadFile(name string, data []byte) (*File, error) {
	f := &File{src: source{name, data}}
	if err := yamlfile.Decode(name, data, f); err != nil {
		return nil, err
	}
	if err := f.src.locate(f.check()); err != nil {
		return nil, err
	}
	return f, nil
}

// WriteFile writes hypotheses.yaml; ReadFile(WriteFile(f)) holds what f holds.
func WriteFile(f *File) ([]byte, error) {
	return encode("Hypotheses of the study with their plans. Schema: docs/packs.md of tenet", f)
}

func encode(comment string, f any) ([]byte, error) {
	data, err := yamlfile.Encode(comment, f)
	if err != nil {
		return nil, fmt.Errorf("hypotheses: %w", err)
	}
	return data, nil
}

func checkSchema(ps *yamlfile.Problems, schema int) {
	if schema != 1 {
		ps.Add("schema", "is %d; this program reads schema 1", schema)
	}
}

// ids notes ids that are missing or given twice.
type ids map[string]string

func (m ids) add(ps *yamlfile.Problems, at, id string) {
	ps.Need(at, id)
	if first, twice := m[id]; twice && id != "" {
		ps.Add(at, "%s is the id at %s too", id, first)
		return
	}
	m[id] = at
}

func (f *File) check() yamlfile.Problems {
	var ps yamlfile.Problems
	checkSchema(&ps, f.Schema)
	seen := ids{}
	for i, h := range f.Hypotheses {
		at := fmt.Sprintf("hypotheses[%d]", i)
		seen.add(&ps, at+".id", h.ID)
		h.check(&ps, at)
	}
	for i, r := range f.Replications {
		at := fmt.Sprintf("replications[%d]", i)
		seen.add(&ps, at+".id", r.ID)
		ps.Need(at+".of", r.Of)
		if _, ok := seen[r.Of]; r.Of != "" && !ok {
			ps.Add(at+".of", "no hypothesis %s in this file", r.Of)
		}
	}
	for i, h := range f.Hypotheses {
		if _, ok := seen[h.Previous]; h.Previous != "" && !ok {
			ps.Add(fmt.Sprintf("hypotheses[%d].previous", i), "no hypothesis %s in this file", h.Previous)
		}
		if _, ok := seen[h.Of]; h.Of != "" && !ok {
			ps.Add(fmt.Sprintf("hypotheses[%d].of", i), "no hypothesis %s in this file", h.Of)
		}
	}
	if f.Demo != nil {
		for name, list := range map[string][]string{"first": f.Demo.First, "order": f.Demo.Order} {
			for j, id := range list {
				if _, ok := seen[id]; !ok {
					ps.Add(fmt.Sprintf("demo.%s[%d]", name, j), "no hypothesis %s in this file", id)
				}
			}
		}
	}
	return ps
}

func (h PackHypothesis) check(ps *yamlfile.Problems, at string) {
	ps.OneOf(at+".kind", string(h.Kind), string(Confirmatory), string(Boundary), string(PopularBelief), string(Replication))
	if h.Kind == Replication {
		ps.Need(at+".of", h.Of)
		ps.Need(at+".change", h.Change)
	} else if h.Of != "" || h.Change != "" {
		ps.Add(at+".kind", "is %s; of and change belong to a %s", h.Kind, Replication)
	}
	ps.Need(at+".principle", h.Principle)
	ps.Need(at+".statement", h.Statement)
	if h.Direction != "" {
		ps.OneOf(at+".direction", h.Direction, "greater", "equivalent", "different")
	}
	if h.Version < 0 {
		ps.Add(at+".version", "is %d; versions count from 1", h.Version)
	}
	arms := map[string]bool{}
	for _, a := range h.Arms {
		name := fmt.Sprint(a.Key)
		if arms[name] {
			ps.Add(at+".arms."+name, "stands here twice")
		}
		arms[name] = true
		if _, err := toJSON(a.Value); err != nil {
			ps.Add(at+".arms."+name, "%v", err)
		}
	}
	d := h.Decision
	if d == nil {
		return
	}
	in := at + ".decision"
	ps.OneOf(in+".kind", d.Kind, "greater", "equivalent", "different")
	ps.OneOf(in+".better", d.Better, "higher", "lower")
	ps.OneOf(in+".transform", d.Transform, "identity", "log")
	ps.OneOf(in+".role", d.Role, "core", "boundary")
	ps.OneOf(in+".expect", d.Expect, "validated", "refuted")
	if d.Rule != "" {
		ps.OneOf(in+".rule", d.Rule, RuleHolm, RuleEHolm)
	}
	if len(d.Range) > 0 && (len(d.Range) != 2 || !(d.Range[0] < d.Range[1])) {
		ps.Add(in+".range", "is not a least and a greatest value")
	}
	for j, name := range d.Arms {
		if !arms[name] {
			ps.Add(fmt.Sprintf("%s.arms[%d]", in, j), "%s has no arm %s", h.ID, name)
		}
	}
	if math.IsNaN(float64(d.Worst)) {
		ps.Add(in+".worst", "is neither a score nor inf")
		return
	}
	if err := d.Params().Check(); err != nil {
		ps.Add(in, "%s", strings.TrimPrefix(err.Error(), "decision: "))
	}
	if err := d.Spec().Check(); err != nil {
		ps.Add(in, "%s", strings.TrimPrefix(err.Error(), "decision: "))
	} else if n := d.Spec().Arms(); n != len(d.Arms) {
		ps.Add(in+".arms", "a %s reduction of this plan takes %d arms, not %d", d.Reduction, n, len(d.Arms))
	}
}

// hypothesis turns a pack's hypothesis into the library's, without ids.
func (h PackHypothesis) hypothesis() (Hypothesis, error) {
	out := Hypothesis{
		Alias: h.ID, Kind: h.Kind, Title: h.Title, Statement: h.Statement, Estimand: h.Estimand,
		Direction: h.Direction, Theta0: h.Theta0, Delta: h.Delta, Metric: h.Metric,
		Controls: h.Controls, Seeds: h.Seeds, Budget: h.Budget, Rationale: h.Rationale, Confounds: h.Confounds,
		Expected: h.Expected, Pilot: h.Pilot, Published: h.Published, Secondary: h.Secondary, Decision: h.Decision,
		Change: h.Change, State: Draft, Version: max(1, h.Version),
	}
	for _, a := range h.Arms {
		spec, err := toJSON(a.Value)
		if err != nil {
			return out, fmt.Errorf("hypotheses: %s: arm %v: %w", h.ID, a.Key, err)
		}
		out.Arms = append(out.Arms, Arm{Name: fmt.Sprint(a.Key), Spec: spec})
	}
	return out, nil
}

// packed is the inverse of hypothesis; names gives aliases and keys by id.
func (h Hypothesis) packed(names map[string]string) (PackHypothesis, error) {
	out := PackHypothesis{
		ID: h.Alias, Kind: h.Kind, Principle: names[h.PrincipleID], Title: h.Title, Statement: h.Statement,
		Estimand: h.Estimand, Direction: h.Direction, Theta0: h.Theta0, Delta: h.Delta, Metric: h.Metric,
		Task: names[h.TaskID], Controls: h.Controls, Seeds: h.Seeds, Budget: h.Budget, Rationale: h.Rationale,
		Confounds: listOf(h.Confounds), Expected: h.Expected, Pilot: h.Pilot, Published: h.Published,
		Secondary: h.Secondary, Decision: h.Decision, Previous: names[h.PreviousID],
		Of: names[h.OfID], Change: h.Change,
	}
	if h.Version > 1 {
		out.Version = h.Version
	}
	for _, id := range h.AlsoBearsOn {
		out.AlsoBearsOn = append(out.AlsoBearsOn, names[id])
	}
	for _, a := range h.Arms {
		net, err := fromJSON(a.Spec)
		if err != nil {
			return out, fmt.Errorf("%s: arm %s: %w", h.Alias, a.Name, err)
		}
		out.Arms = append(out.Arms, yaml.MapItem{Key: a.Name, Value: net})
	}
	return out, nil
}

// principleIDs maps the aliases of all principles to their ids.
func principleIDs(tx *store.Tx) (map[string]string, error) {
	out := map[string]string{}
	for p, err := range principles.All(tx) {
		if err != nil {
			return nil, err
		}
		out[p.Alias] = p.ID
	}
	return out, nil
}
