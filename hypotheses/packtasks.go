package hypotheses

import (
	"fmt"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

// TasksFile is tasks.yaml, field by field.
type TasksFile struct {
	Schema      int               `yaml:"schema"`
	Engine      string            `yaml:"engine,omitempty"`
	Conventions map[string]string `yaml:"conventions,omitempty"`
	Tasks       []PackTask        `yaml:"tasks"`
	Families    []PackFamily      `yaml:"families,omitempty"`
	Figures     []PackFigure      `yaml:"figures,omitempty"`

	src source
}

// PackTask is one task of a pack.
type PackTask struct {
	ID           string   `yaml:"id"`
	Name         string   `yaml:"name"`
	Kind         string   `yaml:"kind"`
	UsedBy       []string `yaml:"used_by"`
	Replications []string `yaml:"replications"`
	Data         string   `yaml:"data"`
	Split        string   `yaml:"split"`
	Input        string   `yaml:"input"`
	Target       string   `yaml:"target"`
	DefaultModel string   `yaml:"default_model"`
	Training     Training `yaml:"training"`
	Metric       []string `yaml:"metric"`
	Cost         Cost     `yaml:"cost"`
	Source       string   `yaml:"source"`
	Notes        []string `yaml:"notes,omitempty"`
}

// PackFamily is one kind of net of a pack.
type PackFamily struct {
	ID         string   `yaml:"id"`
	System     string   `yaml:"system"`
	Reference  string   `yaml:"reference"`
	Year       *int     `yaml:"year"`
	Body       string   `yaml:"body"`
	Skip       string   `yaml:"skip"`
	Toy        any      `yaml:"toy"`
	Tasks      []string `yaml:"tasks"`
	Parameters string   `yaml:"parameters"`
}

// PackFigure is one figure of a pack.
type PackFigure struct {
	ID         string   `yaml:"id"`
	Title      string   `yaml:"title"`
	Replicates string   `yaml:"replicates"`
	Task       string   `yaml:"task"`
	Arms       []string `yaml:"arms"`
	Depths     []int    `yaml:"depths"`
	Curves     []string `yaml:"curves"`
	Layout     string   `yaml:"layout"`
	Seeds      int      `yaml:"seeds"`
	CostS      string   `yaml:"cost_s"`
	Secondary  string   `yaml:"secondary,omitempty"`
}

// ReadTasks reads tasks.yaml as [ReadFile] reads hypotheses.yaml.
func ReadTasks(name string, data []byte) (*TasksFile, error) {
	f := &TasksFile{src: source{name, data}}
	if err := yamlfile.Decode(name, data, f); err != nil {
		return nil, err
	}
	if err := f.src.locate(f.check()); err != nil {
		return nil, err
	}
	return f, nil
}

// WriteTasks writes tasks.yaml; ReadTasks(WriteTasks(f)) holds what f holds.
func WriteTasks(f *TasksFile) ([]byte, error) {
	return encode("Tasks and model families of the study. Schema: docs/packs.md of tenet", f)
}

func (f *TasksFile) check() yamlfile.Problems {
	var ps yamlfile.Problems
	checkSchema(&ps, f.Schema)
	tasks, families, figures := ids{}, ids{}, ids{}
	for i, t := range f.Tasks {
		at := fmt.Sprintf("tasks[%d]", i)
		tasks.add(&ps, at+".id", t.ID)
		ps.Need(at+".name", t.Name)
	}
	known := func(at, id string) {
		if _, ok := tasks[id]; !ok {
			ps.Add(at, "no task %s in this file", id)
		}
	}
	for i, m := range f.Families {
		at := fmt.Sprintf("families[%d]", i)
		families.add(&ps, at+".id", m.ID)
		if _, err := toJSON(m.Toy); err != nil {
			ps.Add(at+".toy", "%v", err)
		}
		for j, id := range m.Tasks {
			known(fmt.Sprintf("%s.tasks[%d]", at, j), id)
		}
	}
	for i, g := range f.Figures {
		at := fmt.Sprintf("figures[%d]", i)
		figures.add(&ps, at+".id", g.ID)
		known(at+".task", g.Task)
	}
	return ps
}

func (t PackTask) task(id string, order int) Task {
	return Task{
		ID: id, Key: t.ID, Name: t.Name, Kind: t.Kind, UsedBy: listOf(t.UsedBy), Replications: listOf(t.Replications),
		Data: t.Data, Split: t.Split, Input: t.Input, Target: t.Target, DefaultModel: t.DefaultModel,
		Training: t.Training, Metrics: listOf(t.Metric), Cost: t.Cost, Source: t.Source, Notes: t.Notes, Order: order,
	}
}

func (t Task) packed() PackTask {
	return PackTask{
		ID: t.Key, Name: t.Name, Kind: t.Kind, UsedBy: listOf(t.UsedBy), Replications: listOf(t.Replications),
		Data: t.Data, Split: t.Split, Input: t.Input, Target: t.Target, DefaultModel: t.DefaultModel,
		Training: t.Training, Metric: listOf(t.Metrics), Cost: t.Cost, Source: t.Source, Notes: t.Notes,
	}
}

func (m PackFamily) family(id string, order int) (ModelFamily, error) {
	toy, err := toJSON(m.Toy)
	return ModelFamily{
		ID: id, Key: m.ID, System: m.System, Reference: m.Reference, Year: m.Year, Body: m.Body, Skip: m.Skip,
		Toy: toy, Tasks: listOf(m.Tasks), Parameters: m.Parameters, Order: order,
	}, err
}

func (m ModelFamily) packed() (PackFamily, error) {
	toy, err := fromJSON(m.Toy)
	return PackFamily{
		ID: m.Key, System: m.System, Reference: m.Reference, Year: m.Year, Body: m.Body, Skip: m.Skip,
		Toy: toy, Tasks: listOf(m.Tasks), Parameters: m.Parameters,
	}, err
}

func (g PackFigure) figure(id string, order int) Figure {
	return Figure{
		ID: id, Key: g.ID, Title: g.Title, Replicates: g.Replicates, Task: g.Task, Arms: listOf(g.Arms),
		Depths: listOf(g.Depths), Curves: listOf(g.Curves), Layout: g.Layout, Seeds: g.Seeds, CostS: g.CostS,
		Secondary: g.Secondary, Order: order,
	}
}

func (g Figure) packed() PackFigure {
	return PackFigure{
		ID: g.Key, Title: g.Title, Replicates: g.Replicates, Task: g.Task, Arms: listOf(g.Arms),
		Depths: listOf(g.Depths), Curves: listOf(g.Curves), Layout: g.Layout, Seeds: g.Seeds, CostS: g.CostS,
		Secondary: g.Secondary,
	}
}

// store brings the file into the library.
func (f *TasksFile) store(tx *store.Tx, n *Stored) error {
	for i, t := range f.Tasks {
		id, err := idOf(tx, KindTask, t.ID, func(t Task) (string, string) { return t.Key, t.ID })
		if err != nil {
			return err
		}
		if err := putTask(tx, n, t.task(id, i+1)); err != nil {
			return err
		}
	}
	for i, m := range f.Families {
		id, err := idOf(tx, KindModelFamily, m.ID, func(m ModelFamily) (string, string) { return m.Key, m.ID })
		if err != nil {
			return err
		}
		family, err := m.family(id, i+1)
		if err != nil {
			return err
		}
		if err := put(n, tx, "model-family.imported", KindModelFamily, id, family); err != nil {
			return err
		}
	}
	for i, g := range f.Figures {
		id, err := idOf(tx, KindFigure, g.ID, func(g Figure) (string, string) { return g.Key, g.ID })
		if err != nil {
			return err
		}
		if err := put(n, tx, "figure.imported", KindFigure, id, g.figure(id, i+1)); err != nil {
			return err
		}
	}
	return mergeFrame(tx, frame{Engine: f.Engine, Conventions: f.Conventions})
}
