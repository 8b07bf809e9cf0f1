package task

import (
	"slices"
	"testing"
)

// smallCase is a trial of some task and family, small enough to be trained many times.
type smallCase struct {
	name, task, arm string
	steps           int
	rows            [3]int // of the parts; zeros: the task's own
	batch           int
}

// smallCases has every task, every family and every optimiser at least once.
func smallCases() []smallCase {
	few := [3]int{96, 32, 32}
	return []smallCase{
		{"digits, residual", "D1", `{"family":"mlp","depth":3,"width":16,"skip":[{"from":"k","to":"k+1","branch_scale":"1/sqrt(depth)"}]}`, 24, [3]int{}, 16},
		{"digits, batch norm", "D1", `{"family":"mlp","depth":2,"width":16,"norm":"batchnorm","optimiser":"sgd, momentum 0.9, decay 0.01","schedule":"step, times 0.1 at 0.5"}`, 24, [3]int{}, 16},
		{"digits, highway", "D1", `{"family":"mlp","depth":2,"width":16,"skip":[{"from":"k","to":"k+1","join":"gate"}],"optimiser":"adamw, decay 0.1","schedule":"warm-up 5, then cosine"}`, 24, [3]int{}, 16},
		{"digits, dense", "D1", `{"family":"densenet-mlp","depth":3,"stem":8,"growth":4,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`, 24, [3]int{}, 16},
		{"digits, unit steps", "D1", `{"family":"mlp","depth":2,"width":16,"optimiser":"layer-normalised momentum","clip":"global norm 1"}`, 24, [3]int{}, 16},
		{"digits, dropped blocks", "D1", `{"family":"mlp","depth":3,"width":16,"dropout":0.2,"stochastic_depth":0.3,"skip":[{"from":"k","to":"k+1"}]}`, 24, [3]int{}, 16},
		{"lesions", "A2", `{"family":"mlp","depth":3,"width":16,"skip":[{"from":"k","to":"k+1"}]}`, 24, [3]int{}, 16},
		{"spirals", "D2", `{"family":"mlp","depth":2,"width":16}`, 24, few, 16},
		{"wave", "D2", `{"family":"mlp","depth":2,"width":16,"target":"wave"}`, 24, few, 16},
		{"carry and compute", "D3", `{"family":"mlp","depth":2,"width":24,"skip":[{"from":"k","to":"k+1","branch_scale":"0","trainable":true}]}`, 24, [3]int{0, 32, 32}, 16},
		{"a linear teacher", "D3", `{"family":"mlp","depth":2,"width":24,"target":"linear teacher"}`, 24, [3]int{0, 32, 32}, 16},
		{"mnist's stand-in", "D4", `{"family":"mlp","depth":2,"width":16,"data":"digits"}`, 24, [3]int{}, 16},
		{"pictures", "D5", `{"family":"alexnet","conv":[4,4,4,4,4],"fc":[8,8],"dropout":0.5,"data":"shapes","skip":[{"from":"conv3","to":"conv4"}]}`, 12, few, 16},
		{"colour pictures", "D5", `{"family":"convnet","widths":[4,8],"blocks":[1,1],"norm":"batchnorm","data":"shapes","picture":"32x32 colour","augment":"flip and crop"}`, 7, few, 8},
		{"plain recall", "D6a", `{"family":"rnn","cell":"lstm","width":8,"lag":4,"skip":[{"from":"t","to":"t+1","join":"gate"}]}`, 24, [3]int{0, 32, 32}, 8},
		{"latest cue", "D6b", `{"family":"rnn","cell":"additive","width":8,"skip":[{"from":"t","to":"t+1","join":"add","branch_scale":"1/sqrt(steps)"}]}`, 12, [3]int{0, 32, 32}, 8},
		{"characters", "D7", `{"family":"transformer","depth":1,"width":8,"heads":2,"norm":"layernorm in branch","skip":[{"each":"sublayer","from":"k","to":"k+1"}]}`, 12, [3]int{}, 4},
		{"cells", "D8", `{"family":"unet","levels":1,"base":4,"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`, 8, few, 8},
		{"coarse cells", "D8", `{"family":"unet","levels":1,"base":4,"target":"coarse","skip":[]}`, 8, few, 8},
		{"denoising", "D9a", `{"family":"autoencoder","widths":[64,16,12,16,64],"noise":0.3,"skip":[{"from":"input","to":"output","trainable":true,"init":1.0}]}`, 24, [3]int{}, 16},
		{"diffusion of pixels", "D9b", `{"family":"ddpm","space":"pixels 64","widths":[64,16,8,16,64],"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`, 24, few, 16},
		{"diffusion of codes", "D9b", `{"family":"ldm","space":"latent 12","widths":[64,16,8,16,64],"skip":[]}`, 24, few, 16},
		{"diffusion of points", "D9b", `{"family":"ddpm","space":"points 2","widths":[64,16,8,16,64],"skip":[]}`, 24, few, 16},
		{"eight modes", "D10", `{"family":"gan","generator":{"depth":2,"width":16,"skip":[{"from":"k","to":"k+1"}]},"discriminator":{"depth":1,"width":16}}`, 24, [3]int{0, 64, 64}, 16},
		{"signal probe", "A1", `{"family":"mlp","depth":4,"width":16,"skip":[{"from":"k","to":"k+1"}]}`, 1, [3]int{}, 128},
	}
}

func (c smallCase) trial(t testing.TB) Trial {
	t.Helper()
	k, spec, err := find(t, c.task).ReadArm([]byte(c.arm))
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	if c.rows != [3]int{} {
		k.Train, k.Validation, k.Test = c.rows[0], c.rows[1], c.rows[2]
	}
	k.Batch = c.batch
	k.Every = 6
	trial := Trial{Task: k, Net: spec, Rate: 1e-3, Steps: c.steps}
	if k.Lesions {
		trial.Lesions = [][]int{{1}, {2, 3}}
	}
	return trial
}

func TestTheSmallCasesCoverEveryTask(t *testing.T) {
	for _, name := range Names() {
		if name != "D5c" && !slices.ContainsFunc(smallCases(), func(c smallCase) bool { return c.task == name }) {
			t.Errorf("no small case of %s", name)
		}
	}
}

func TestEveryTaskMeasuresWhatItSays(t *testing.T) {
	for _, c := range smallCases() {
		t.Run(c.name, func(t *testing.T) {
			trial := c.trial(t)
			if err := trial.Check(); err != nil {
				t.Fatal(err)
			}
			o := run(t, trial, seeds("m"))
			for _, m := range trial.Task.Metrics() {
				if _, ok := o.Metrics[m]; !ok {
					t.Errorf("no %s in %v", m, o.Metrics)
				}
			}
			if !slices.Contains(trial.Task.Metrics(), trial.Task.Primary) && trial.Task.Options.Target == "" {
				t.Errorf("its primary metric %s is not among %v", trial.Task.Primary, trial.Task.Metrics())
			}
			if o.Params == 0 || o.FLOPs <= 0 || o.WeightsSHA == "" {
				t.Errorf("%+v", o)
			}
			if trial.Task.Kind == Probe {
				return
			}
			if n := (c.steps + curveEvery - 1) / curveEvery; len(o.Curve) != n || o.Curve[n-1].Step != c.steps || !finite(o.Curve[n-1].TestError) || !finite(o.Curve[n-1].TrainError) {
				t.Errorf("curve %+v", o.Curve)
			}
			trial.Tuning = true
			tuned := run(t, trial, seeds("m"))
			score, ok := tuned.Metrics[ValidationScore]
			if !ok || score != o.Metrics[ValidationScore] || tuned.WeightsSHA != o.WeightsSHA {
				t.Errorf("tuned: %v, scored: %v", tuned.Metrics, o.Metrics)
			}
		})
	}
}
