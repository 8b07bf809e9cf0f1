//go:build slow

package task

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// replicationArms are what the study's replications and its figure of the published nets ask for.
func replicationArms() []studyArm {
	const residual = `"skip":[{"from":"k","to":"k+1","join":"add","branch_scale":"1/sqrt(depth)"}]`
	deep := func(width int) string { return fmt.Sprintf(`{"family":"mlp","depth":32,"width":%d`, width) }
	noskip := `"skip":[],"fill":"own upsampled features through a 1x1 convolution"`
	concat := `"skip":[{"from":"enc i","to":"dec i","join":"concat","transform":"identity"}]`
	convnet := func(rest string) string {
		return `{"family":"convnet","widths":[16,32,64],"blocks":3,"norm":"batchnorm"` + rest
	}
	arm := func(h, task, name, metric, text string) studyArm {
		return studyArm{hypothesis: h, task: task, name: name, metric: metric, text: []byte(text)}
	}
	return []studyArm{
		arm("R1", "D2", "plain", TestAccuracy, deep(32)+`}`), arm("R1", "D2", "res", TestAccuracy, deep(32)+`,`+residual+`}`),
		arm("R2", "D4", "plain", TestAccuracy, deep(32)+`}`), arm("R2", "D4", "res", TestAccuracy, deep(32)+`,`+residual+`}`),
		arm("R3", "D4", "raw", TestAccuracy, deep(32)+`,"skip":[{"from":"k","to":"k+1","branch_scale":"1"}]}`),
		arm("R5", "D3", "dense", CarryMSE, `{"family":"densenet-mlp","depth":8,"stem":24,"growth":10,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`),
		arm("R5", "D3", "add", CarryMSE, `{"family":"mlp","depth":8,"width":29,`+residual+`}`),
		arm("R6", "D8", "unet", IoU, `{"family":"unet","levels":3,"base":8,"data":"membranes",`+concat+`}`),
		arm("R6", "D8", "noskip", IoU, `{"family":"unet","levels":3,"base":8,"data":"membranes",`+noskip+`}`),
		arm("R9", "D9b", "skip", ReaderAccuracy, `{"family":"ddpm","space":"pixels 64","widths":[64,32,16,32,64],`+concat+`}`),
		arm("R9", "D9b", "noskip", ReaderAccuracy, `{"family":"ddpm","space":"pixels 64","widths":[64,32,16,32,64],"skip":[]}`),
		arm("R10", "D7", "raw", BitsPerCharacter, `{"family":"transformer","depth":4,"width":32,"heads":2,"norm":"none","skip":[{"each":"sublayer","from":"k","to":"k+1"}]}`),
		arm("R11", "D5", "plain", TestAccuracy, convnet(`}`)), arm("R11", "D5", "res", TestAccuracy, convnet(`,"skip":[{"from":"k","to":"k+1","transform":"pad"}]}`)),
		arm("R12", "D9a", "skip", DenoiseMSE, `{"family":"autoencoder","widths":[64,48,12,48,64],"noise":0.1,"skip":[{"from":"input","to":"output","trainable":true,"init":1.0}]}`),
		arm("F1", "D5c", "res20", TestAccuracy, convnet(`,"skip":[{"from":"k","to":"k+1","transform":"pad"}]}`)),
		arm("F1", "D5c", "plain20", TestAccuracy, convnet(`}`)),
	}
}

// lesionsOf are the blocks that H14 and H27 take away.
var lesionsOf = map[string][][]int{"H14": {{3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}}, "H27": {{2, 4, 6, 8, 10, 12}}}

// Every arm of the study trains at its full size; the log says what it costs and gives. TENET_ARMS names the
// hypotheses to run.
func TestEveryStudyArmTrains(t *testing.T) {
	data := broughtData(t)
	for _, a := range append(studyArms(t), replicationArms()...) {
		if only := os.Getenv("TENET_ARMS"); only != "" && !slices.Contains(strings.Fields(only), a.hypothesis) {
			continue
		}
		t.Run(a.hypothesis+"/"+a.name, func(t *testing.T) {
			k, spec, err := find(t, a.task).ReadArm(a.text)
			if err != nil {
				t.Fatal(err)
			}
			trial := Trial{Task: k, Net: spec, Rate: k.Rate, Steps: k.Steps, Data: data}
			if k.Lesions {
				trial.Lesions = lesionsOf[a.hypothesis]
			}
			if a.task == "D5c" {
				trial.Steps = 10 // of 1,600: this one takes an hour
			}
			built := time.Now()
			if err := trial.Check(); err != nil {
				t.Fatal(err)
			}
			checked := time.Since(built)
			start := time.Now()
			last := start
			var each []float64
			o, err := trial.Run(t.Context(), seeds("study"+os.Getenv("TENET_SEED")), func(p Progress) {
				now := time.Now()
				if p.Point == nil && p.Step > 1 {
					each = append(each, now.Sub(last).Seconds()*1000)
				}
				last = now
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := o.Metrics[a.metric]; !ok && !o.Diverged {
				t.Errorf("no %s in %v", a.metric, o.Metrics)
			}
			slices.Sort(each)
			each = append(each, 0) // of a probe
			t.Logf("%-4s %-4s %-14s %7.3f ms/step (median %7.3f) %6.2f s build %4.0f ms %7d params %6.1f GFLOP %s %.4f | %s", a.hypothesis, a.task, a.name, each[0], each[len(each)/2],
				time.Since(start).Seconds(), checked.Seconds()*1000, o.Params, o.FLOPs/1e9, a.metric, o.Metrics[a.metric], fmt.Sprint(o.Metrics))
		})
	}
}
