package hypotheses

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"tenet/internal/store"
	"tenet/internal/yamlfile"
)

func written(t testing.TB, p Pack) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		FileName:      must(WriteFile(p.Hypotheses))(t),
		TasksName:     must(WriteTasks(p.Tasks))(t),
		PublishedName: must(WritePublished(p.Published))(t),
	}
}

func TestThePackOfTheStudySurvivesTheRoundTrip(t *testing.T) {
	lib := library(t)
	update(t, lib, func(tx *store.Tx) error {
		if n := storeStudy(t, tx); n.Added != 30+12+14+12+1+15 || n.Changed+n.Same != 0 {
			t.Errorf("stored %+v; want 30 hypotheses, 12 replications, 14 tasks, 12 families, 1 figure, 15 tables", n)
		}
		if n := must(Store(tx, wholePack(t)))(t); n.Changed != 12 || n.Added != 0 {
			t.Errorf("with the replications' plans: stored %+v; want 12 drafts brought up to date", n)
		}
		return nil
	})
	view(t, lib, func(tx *store.Tx) error {
		for name, out := range written(t, must(Collect(tx))(t)) {
			if diff, err := yamlfile.Difference(studyFile(t, name), out); diff != "" || err != nil {
				t.Errorf("%s came back different: %s %v", name, diff, err)
			}
		}
		return nil
	})
}

func TestStoringTheSamePackTwiceChangesNothing(t *testing.T) {
	lib := studyLibrary(t)
	before := lib.Seq()
	update(t, lib, func(tx *store.Tx) error {
		if n := storeStudy(t, tx); n.Added+n.Changed != 0 || n.Same != 84 {
			t.Errorf("got %+v, want 84 the same", n)
		}
		return nil
	})
	if n := lib.Seq() - before; n != 0 {
		t.Errorf("%d changes were written", n)
	}
}

func TestALockedPlanSurvivesItsPackAndRefusesAnother(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	update(t, lib, func(tx *store.Tx) error { must(Store(tx, studyPack(t)))(t); return nil })
	if h := find(t, lib, "H01"); h.State != Locked || h.Lock == nil {
		t.Errorf("after the same pack: %s", h.State)
	}
	for what, change := range map[string]func(Pack){
		"hypothesis": func(p Pack) { p.Hypotheses.Hypotheses[0].Decision.Delta = 0.01 },
		"task":       func(p Pack) { p.Tasks.Tasks[0].Split = "other" },
	} {
		other := studyPack(t)
		change(other)
		if _, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error { _, err := Store(tx, other); return err }); err == nil {
			t.Errorf("a pack with another %s changed a locked plan", what)
		}
	}
	other := studyPack(t)
	other.Hypotheses.Hypotheses[0].Statement = "Another."
	_, err := lib.Update(t.Context(), "ada", func(tx *store.Tx) error { _, err := Store(tx, other); return err })
	if !errors.Is(err, ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
}

// A pack may write a replication's plan after the library has it without one; a pack that leaves it open does
// not take it away again.
func TestAReplicationGetsItsPlanFromAPack(t *testing.T) {
	lib := studyLibrary(t)
	with := studyPack(t)
	r := with.Hypotheses.Replications[0]
	plan := with.Hypotheses.Hypotheses[0]
	plan.ID, plan.Kind, plan.Of, plan.Change, plan.Task = r.ID, Replication, r.Of, r.Change, r.Task
	with.Hypotheses.Hypotheses = append(with.Hypotheses.Hypotheses, plan)
	with.Hypotheses.Replications = with.Hypotheses.Replications[1:]
	update(t, lib, func(tx *store.Tx) error { must(Store(tx, with))(t); return nil })
	if h := find(t, lib, r.ID); !h.Complete() || h.Kind != Replication || h.OfID != find(t, lib, r.Of).ID || h.Change != r.Change {
		t.Errorf("with a plan: %+v", h)
	}
	update(t, lib, func(tx *store.Tx) error { must(Store(tx, studyPack(t)))(t); return nil })
	if h := find(t, lib, r.ID); !h.Complete() {
		t.Errorf("a pack without the plan took it away")
	}
}

func TestAPackThatAddsPlansLeavesTheRestOfTheStudy(t *testing.T) {
	lib := studyLibrary(t)
	more := func() Pack {
		plan := studyPack(t).Hypotheses.Hypotheses[0]
		plan.ID, plan.Title = "H77", "One more"
		return Pack{Hypotheses: &File{Schema: 1, Hypotheses: []PackHypothesis{plan}}}
	}
	var demo Demo
	view(t, lib, func(tx *store.Tx) (err error) { demo, _, err = TheDemo(tx); return err })
	for range 2 { // as something new, and once more
		update(t, lib, func(tx *store.Tx) error { must(Store(tx, more()))(t); return nil })
		view(t, lib, func(tx *store.Tx) error {
			if d, ok, err := TheDemo(tx); !ok || err != nil || d.Question != demo.Question || d.Question == "" {
				t.Errorf("the demo is now %+v, %v; want %+v", d, err, demo)
			}
			return nil
		})
		if n := find(t, lib, "H77").Order; n != 43 {
			t.Errorf("it stands at place %d, want 43, after the study's 42", n)
		}
	}
	update(t, lib, func(tx *store.Tx) error {
		if n := storeStudy(t, tx); n.Added+n.Changed != 0 {
			t.Errorf("the study's own pack then gives %+v, want no change", n)
		}
		return nil
	})
}

const small = "schema: 1\nhypotheses:\n- id: H01\n  kind: confirmatory\n  principle: P1\n  statement: S\n  arms:\n    a: {family: mlp}\n    b: {family: mlp, depth: 2}\n"

func TestAFaultOfAPackIsNamedWithItsPlace(t *testing.T) {
	dec := "  decision:\n    kind: greater\n    reduction: paired\n    arms: [a, b]\n    better: higher\n    transform: identity\n    worst: 0.1\n    role: core\n    expect: validated\n"
	read := func(text string) error { _, err := ReadFile("h.yaml", []byte(text)); return err }
	tasks := func(text string) error { _, err := ReadTasks("t.yaml", []byte(text)); return err }
	tables := func(text string) error { _, err := ReadPublished("p.yaml", []byte(text)); return err }
	for name, c := range map[string]struct {
		read       func(string) error
		text, want string
	}{
		"unknown field":       {read, small + dec + "    detla: 0.1\n", "h.yaml:19:5: hypotheses[0].decision.detla: unknown field"},
		"unknown arm":         {read, small + strings.Replace(dec, "[a, b]", "[a, c]", 1), "h.yaml:13:15: hypotheses[0].decision.arms[1]: H01 has no arm c"},
		"too few arms":        {read, small + strings.Replace(dec, "[a, b]", "[a]", 1), "hypotheses[0].decision.arms: a paired reduction of this plan takes 2 arms, not 1"},
		"unknown kind":        {read, strings.Replace(small, "confirmatory", "guess", 1), `h.yaml:4:3: hypotheses[0].kind: "guess" is not one of`},
		"worst is a word":     {read, small + strings.Replace(dec, "0.1", "bad", 1), "h.yaml:16:5: hypotheses[0].decision.worst: is neither a score nor inf"},
		"Δ below θ₀":          {read, small + dec + "    theta0: 0.5\n", "Δ 0 lies below θ₀ 0.5"},
		"replication of none": {read, small + "replications:\n- {id: R1, of: H9, task: D1, change: x}\n", "replications[0].of: no hypothesis H9 in this file"},
		"demo of none":        {read, small + "demo:\n  first: [H2]\n", "demo.first[0]: no hypothesis H2 in this file"},
		"id twice":            {read, small + small[len("schema: 1\nhypotheses:\n"):], "hypotheses[1].id: H01 is the id at hypotheses[0].id too"},
		"rate of text":        {read, small + "  controls:\n    learning_rate:\n      protocol: fixed\n      gird: [1]\n", "h.yaml:13:7: hypotheses[0].controls.learning_rate.gird: unknown field"},
		"task twice":          {tasks, "schema: 1\ntasks:\n- {id: D1, name: a}\n- {id: D1, name: b}\n", "tasks[1].id: D1 is the id at tasks[0].id too"},
		"training field":      {tasks, "schema: 1\ntasks:\n- id: D1\n  name: a\n  training:\n    stepz: 3\n", "t.yaml:6:5: tasks[0].training.stepz: unknown field"},
		"family of no task":   {tasks, "schema: 1\ntasks: []\nfamilies:\n- {id: plain, tasks: [D7]}\n", "families[0].tasks[0]: no task D7 in this file"},
		"row without model":   {tables, "schema: 1\ntables:\n- id: T1\n  scale: numeric\n  rows:\n  - value: 3\n", "tables[0].rows[0].model: is missing"},
		"value of text":       {tables, "schema: 1\ntables:\n- id: T1\n  scale: numeric\n  rows:\n  - {model: a, value: good}\n", "p.yaml:6:16: tables[0].rows[0].value: is good, which has the wrong type"},
		"column of lists":     {tables, "schema: 1\ntables:\n- id: T1\n  scale: numeric\n  rows:\n  - {model: a, value: 1, x: [1]}\n", "p.yaml:6:26: tables[0].rows[0].x: is [1]"},
		"map of no row":       {tables, "schema: 1\ntables:\n- id: T1\n  scale: numeric\n  rows: []\n  map_to_small_arms: {b: arm}\n", `table T1 has no row "b"`},
		"newer schema":        {tables, "schema: 9\ntables: []\n", "p.yaml:1:1: schema: is 9; this program reads schema 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.read(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("for\n%s\ngot  %v\nwant %s", c.text, err, c.want)
			}
		})
	}
}

func TestADanglingNameIsNamedWithItsFile(t *testing.T) {
	lib := studyLibrary(t)
	for want, change := range map[string]func(*Pack){
		"hypotheses.yaml:57:3: hypotheses[0].principle: no principle P99": func(p *Pack) { p.Hypotheses.Hypotheses[0].Principle = "P99" },
		"hypotheses[1].task: no task D99":                                 func(p *Pack) { p.Hypotheses.Hypotheses[1].Task = "D99" },
		"hypotheses[2].decision.table: no table T99":                      func(p *Pack) { p.Hypotheses.Hypotheses[2].Decision.Table = "T99" },
		"replications[0].task: no task D99":                               func(p *Pack) { p.Hypotheses.Replications[0].Task = "D99" },
		"tasks[0].used_by[0]: no hypothesis H99":                          func(p *Pack) { p.Tasks.Tasks[0].UsedBy[0] = "H99" },
		"tables[0].used_by[0]: no hypothesis H99":                         func(p *Pack) { p.Published.Tables[0].UsedBy[0] = "H99" },
		"tables[0].reference: no paper he2015resnet":                      func(*Pack) {},
		"families[0].reference: no paper glorot2010difficulty":            func(*Pack) {},
	} {
		p := studyPack(t)
		change(&p)
		view(t, lib, func(tx *store.Tx) error {
			err := p.Cross(tx, nil, func(string) bool { return false })
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			return nil
		})
	}
}

func TestANetIsTheSameWhateverItsSpelling(t *testing.T) {
	a := must(NetDigest(`{"family":"mlp","noise":0.10,"depth":32.0,"skip":[]}`))(t)
	b := must(NetDigest(` { "skip" : [ ], "depth":32,"noise":1e-1, "family":"mlp" }`))(t)
	if a != b {
		t.Errorf("two spellings of one net give %s and %s", a, b)
	}
	for _, other := range []string{
		`{"family":"mlp","noise":0.10,"depth":"32","skip":[]}`,
		`{"family":"mlp","noise":0.11,"depth":32,"skip":[]}`,
		`{"family":"mlp","noise":0.10,"depth":32,"skip":null}`,
	} {
		if c := must(NetDigest(other))(t); c == a {
			t.Errorf("%s has the digest of another net", other)
		}
	}
}

// excerpt is the first lines of a file: the fuzzer shrinks what it finds, and
// a whole study would take it minutes.
func excerpt(data []byte) []byte {
	cut := min(len(data), 4000)
	return data[:bytes.LastIndexByte(data[:cut], '\n')+1]
}

func FuzzReadFile(f *testing.F) {
	f.Add(excerpt(studyFile(f, FileName)))
	f.Add([]byte(small))
	f.Add([]byte("schema: 1\nhypotheses:\n- id: H1\n  decision: {worst: inf}\n  arms: {a: [1, {b: null}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadFile("h.yaml", data)
		if err != nil {
			return
		}
		for _, h := range file.Hypotheses {
			if _, err := h.hypothesis(); err != nil {
				t.Fatalf("a hypothesis that reads does not store: %v", err)
			}
		}
		out, err := WriteFile(file)
		if err != nil {
			t.Fatalf("a file that reads does not write: %v", err)
		}
		if _, err := ReadFile("h.yaml", out); err != nil {
			t.Fatalf("a written file does not read: %v\n%s", err, out)
		}
	})
}

func FuzzReadTasks(f *testing.F) {
	f.Add(excerpt(studyFile(f, TasksName)))
	f.Add([]byte("schema: 1\ntasks:\n- id: D1\n  name: a\n  training: none\n  cost: {s: 3}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadTasks("t.yaml", data)
		if err != nil {
			return
		}
		out, err := WriteTasks(file)
		if err != nil {
			t.Fatalf("a file that reads does not write: %v", err)
		}
		if _, err := ReadTasks("t.yaml", out); err != nil {
			t.Fatalf("a written file does not read: %v\n%s", err, out)
		}
	})
}

func FuzzReadPublished(f *testing.F) {
	f.Add(excerpt(studyFile(f, PublishedName)))
	f.Add([]byte("schema: 1\ntables:\n- id: T1\n  scale: ordinal\n  rows:\n  - {model: a, value: null, at_18: null, x: y}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadPublished("p.yaml", data)
		if err != nil {
			return
		}
		out, err := WritePublished(file)
		if err != nil {
			t.Fatalf("a file that reads does not write: %v", err)
		}
		if _, err := ReadPublished("p.yaml", out); err != nil {
			t.Fatalf("a written file does not read: %v\n%s", err, out)
		}
	})
}
