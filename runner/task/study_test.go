//go:build slow

package task

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// studyArm is an arm of the study's hypotheses as its file holds it.
type studyArm struct {
	hypothesis, task, name, metric string
	text                           []byte
	grid                           []float64
}

func studyArms(t *testing.T) []studyArm {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(filepath.Dir(sharedData(t)), "study", "hypotheses.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Hypotheses []struct {
			ID       string                    `yaml:"id"`
			Task     string                    `yaml:"task"`
			Arms     map[string]map[string]any `yaml:"arms"`
			Decision struct {
				Arms   []string `yaml:"arms"`
				Metric string   `yaml:"metric"`
			} `yaml:"decision"`
			Controls struct {
				Rate struct {
					Grid []float64 `yaml:"grid"`
				} `yaml:"learning_rate"`
			} `yaml:"controls"`
		} `yaml:"hypotheses"`
	}
	if err := yaml.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var arms []studyArm
	for _, h := range file.Hypotheses {
		for _, name := range h.Decision.Arms {
			text, err := json.Marshal(h.Arms[name])
			if err != nil {
				t.Fatal(err)
			}
			arms = append(arms, studyArm{h.ID, h.Task, name, h.Decision.Metric, text, h.Controls.Rate.Grid})
		}
	}
	return arms
}

// Every arm of the study trains at its full size; the log says what it costs and gives. TENET_ARMS names the
// hypotheses to run.
func TestEveryStudyArmTrains(t *testing.T) {
	data := broughtData(t)
	for _, a := range studyArms(t) {
		if only := os.Getenv("TENET_ARMS"); only != "" && !strings.Contains(only, a.hypothesis) {
			continue
		}
		t.Run(a.hypothesis+"/"+a.name, func(t *testing.T) {
			k, spec, err := find(t, a.task).ReadArm(a.text)
			if err != nil {
				t.Fatal(err)
			}
			trial := Trial{Task: k, Net: spec, Rate: k.Rate, Steps: k.Steps, Data: data}
			if k.Lesions {
				trial.Lesions = [][]int{{3}, {4}, {5}}
			}
			built := time.Now()
			if err := trial.Check(); err != nil {
				t.Fatal(err)
			}
			checked := time.Since(built)
			start := time.Now()
			first, last := time.Time{}, time.Time{}
			o, err := trial.Run(t.Context(), seeds("study"+os.Getenv("TENET_SEED")), func(p Progress) {
				if last = time.Now(); p.Step == 1 {
					first = last
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := o.Metrics[a.metric]; !ok && !o.Diverged {
				t.Errorf("no %s in %v", a.metric, o.Metrics)
			}
			step := last.Sub(first).Seconds() * 1000 / float64(max(1, k.Steps-1))
			t.Logf("%-4s %-4s %-14s %7.3f ms/step %6.2f s build %4.0f ms %7d params %6.1f GFLOP %s %.4f | %s", a.hypothesis, a.task, a.name, step, time.Since(start).Seconds(), checked.Seconds()*1000,
				o.Params, o.FLOPs/1e9, a.metric, o.Metrics[a.metric], fmt.Sprint(o.Metrics))
		})
	}
}
