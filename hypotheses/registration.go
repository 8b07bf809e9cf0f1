package hypotheses

import (
	"fmt"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// Registration is everything that a lock freezes. DECISION.md §8 lists the
// fields; reals are decimal strings, so the canonical bytes are unique.
type Registration struct {
	Schema     string   `json:"schema"`
	Hypothesis string   `json:"hypothesis"` // alias
	Version    int      `json:"version"`
	Principle  string   `json:"principle"`
	Revision   int      `json:"revision"`
	Role       string   `json:"role"`
	Regions    []string `json:"regions"`
	Setting    string   `json:"setting"`
	Statement  string   `json:"statement"`
	Expect     string   `json:"expect"`
	Rivals     []Rival  `json:"rivals"` // principles that foretell the other verdict

	Estimand   RegisteredEstimand `json:"estimand"`
	Arms       []RegisteredArm    `json:"arms"`
	Task       string             `json:"task"`
	TaskDigest string             `json:"task_digest"`
	Data       string             `json:"data_digest"`
	Training   string             `json:"training_digest"`
	Exec       string             `json:"exec_digest,omitempty"` // of the external commands and the content of their files
	Engine     string             `json:"engine"`
	VCS        string             `json:"vcs"`
	Kernel     string             `json:"kernel"`

	SeedRule string            `json:"seed_rule"`
	Study    string            `json:"study"`
	Sharing  map[string]string `json:"stream_sharing"`

	NMin       int               `json:"n_min"`
	NMax       int               `json:"n_max"`
	Alpha      store.Real        `json:"alpha"`
	Family     string            `json:"family"`
	Members    []string          `json:"family_members"`
	M          int               `json:"m"`
	Rule       string            `json:"rule"`
	Gates      map[string]string `json:"gates"`
	Exclusions string            `json:"exclusions"`
	Controls   []string          `json:"controls"`
}

// env is the world that was locked.
func (r Registration) env() Env {
	return Env{
		StudyID: r.Study, EngineVersion: r.Engine, VCS: r.VCS, KernelPath: r.Kernel,
		DataSHA: r.Data, TaskDigest: r.TaskDigest, TrainingDigest: r.Training, Exec: r.Exec,
	}
}

// RegisteredEstimand is the number that is tested.
type RegisteredEstimand struct {
	Type        string       `json:"type"`
	DS          string       `json:"d_s"`
	Kind        string       `json:"kind"`
	Reduction   string       `json:"reduction"`
	Levels      []store.Real `json:"levels"`
	Table       string       `json:"table"`
	TableValues []store.Real `json:"table_values"`
	TableBetter string       `json:"table_better"`
	Baseline    store.Real   `json:"baseline"`
	Metric      string       `json:"metric"`
	MetricNote  string       `json:"metric_note"`
	MetricWords string       `json:"metric_words"`
	Range       []store.Real `json:"range"` // of the metric: least and greatest value
	Split       string       `json:"split"`
	Evaluated   string       `json:"evaluated"`
	Better      string       `json:"better"`
	Transform   string       `json:"transform"`
	Worst       Worst        `json:"worst"`
	Center      string       `json:"center"`
	Theta0      store.Real   `json:"theta0"`
	Delta       store.Real   `json:"delta"`
	DeltaReason string       `json:"delta_reason"`
	Divergence  string       `json:"divergence"`
	Constant    string       `json:"constant"`
	Proxy       bool         `json:"proxy"`
}

// RegisteredArm is one arm by name and the digest of its full net.
type RegisteredArm struct {
	Name string `json:"name"`
	Net  string `json:"net_digest"`
}

// seedRule names the derivation of every stream (DECISION.md §9).
const seedRule = "tenet/seed/v1: HKDF-SHA-256 of study and hypothesis with block, stream and scope"

// streamSharing is the table of streams and the arms that share them.
func streamSharing() map[string]string {
	return map[string]string{
		"split": "*", "order": "*", "augment": "*", "label-noise": "*",
		"init/<parameter>": "*", "eval": "*",
		"dropout/<layer>": "* where all arms have the layer in one shape, else the arm",
		"noise/<layer>":   "* where all arms have the layer in one shape, else the arm",
	}
}

func register(tx *store.Tx, h Hypothesis, p principles.Principle, fam testFamily, env Env) (Registration, error) {
	task, err := store.Get[Task](tx, KindTask, h.TaskID)
	if err != nil {
		return Registration{}, fmt.Errorf("hypotheses: %s: task: %w", h.Alias, err)
	}
	d, q := *h.Decision, h.Decision.Params()
	r := Registration{
		Schema: "tenet/registration/1", Hypothesis: h.Alias, Version: h.Version,
		Principle: p.Alias, Revision: p.Revision, Role: d.Role, Regions: listOf(d.Regions), Setting: d.Setting,
		Statement: h.Statement, Expect: d.Expect, Rivals: listOf(d.Rivals),
		Estimand: RegisteredEstimand{
			Type: h.Estimand.Type, DS: h.Estimand.DS, Kind: string(q.Kind), Reduction: d.Reduction,
			Levels: listOf(d.Levels), Table: d.Table, TableValues: listOf(d.TableValues), TableBetter: d.TableBetter,
			Baseline: store.Real(d.Spec().Baseline), Metric: d.Metric, MetricNote: d.MetricNote, MetricWords: h.Metric, Range: reals(d.MetricRange()),
			Split: task.Split, Evaluated: "once, after the last step", Better: d.Better, Transform: d.Transform,
			Worst: d.Worst, Center: q.Center, Theta0: d.Theta0, Delta: d.Delta, DeltaReason: d.DeltaReason,
			Divergence: q.Divergence, Constant: q.Constant, Proxy: d.Proxy,
		},
		Task: task.Key, TaskDigest: env.TaskDigest, Data: env.DataSHA, Training: env.TrainingDigest, Exec: env.Exec,
		Engine: env.EngineVersion, VCS: env.VCS, Kernel: env.KernelPath,
		SeedRule: seedRule, Study: env.StudyID, Sharing: streamSharing(),
		NMin: q.NMin, NMax: q.NMax, Alpha: store.Real(q.Alpha),
		Family: fam.id, Members: listOf(fam.members), M: len(fam.members), Rule: d.FamilyRule(),
		Gates: map[string]string{
			"missing_max":   store.Real(q.MissingMax).String(),
			"unstable_max":  store.Real(q.UnstableMax).String(),
			"constant_stop": fmt.Sprint(q.ConstantStop),
			"guard":         "sign evidence at least the square root of the threshold",
		},
		Exclusions: "none", Controls: principles.ControlKinds(),
	}
	if r.Estimand.DeltaReason == "" {
		r.Estimand.DeltaReason = h.Rationale
	}
	if q.Center == decision.Median {
		r.Gates["guard"] = "none"
	}
	for _, name := range d.Arms {
		arm, _ := h.Arm(name)
		digest, err := NetDigest(arm.Spec)
		if err != nil {
			return Registration{}, fmt.Errorf("hypotheses: %s: arm %s: %w", h.Alias, name, err)
		}
		r.Arms = append(r.Arms, RegisteredArm{name, digest})
	}
	return r, nil
}

// listOf turns no list into an empty one: a registration has every field.
func listOf[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
