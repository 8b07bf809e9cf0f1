package task

import (
	"strings"
	"testing"
)

func find(t testing.TB, name string) Task {
	t.Helper()
	k, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAnArmsTaskFieldsAreReadApartFromItsNet(t *testing.T) {
	for _, c := range []struct {
		task, arm string
		want      Options
	}{
		{"D1", `{"family":"mlp","depth":2,"width":4}`, Options{}},
		{"D1", `{"family":"mlp","depth":2,"width":4,"optimiser":"layer-normalised momentum","schedule":"warm-up 20"}`, Options{Schedule: "warm-up 20"}},
		{"D1", `{"family":"mlp","depth":2,"width":4,"optimiser":"sgd, momentum 0.9","clip":"global norm 1"}`, Options{Optimiser: "sgd, momentum 0.9", Clip: "global norm 1"}},
		{"D2", `{"family":"mlp","depth":2,"width":4,"target":"wave"}`, Options{Target: TargetWave}},
		{"D3", `{"family":"mlp","depth":2,"width":4,"target":"both"}`, Options{}},
		{"D4", `{"family":"mlp","depth":2,"width":4,"data":"digits"}`, Options{Data: DataDigits}},
	} {
		got, spec, err := find(t, c.task).ReadArm([]byte(c.arm))
		if err != nil || got.Options != c.want || spec.Depth != 2 {
			t.Errorf("%s %s: %+v, %v", c.task, c.arm, got.Options, err)
		}
	}
}

func TestWordsOfTheStudysOwnLeaveNoTrace(t *testing.T) {
	for _, c := range []struct {
		task string
		o    Options
	}{
		{"D6a", Options{Lag: 20}},
		{"D9a", Options{Noise: "0.10"}},
		{"D9a", Options{Data: DataDigits}},
		{"D9b", Options{Space: SpacePixels}},
		{"D8", Options{Target: TargetFine, Data: DataDrawn}},
		{"D5", Options{Data: DataCIFAR, Picture: PictureGrey, Split: SplitDrawn, Augment: AugmentNone}},
	} {
		k, err := find(t, c.task).With(c.o)
		if err != nil || k.Options != (Options{}) {
			t.Errorf("%s: %+v became %+v (%v)", c.task, c.o, k.Options, err)
		}
	}
}

func TestAnOptionThatDoesNotFitIsNamed(t *testing.T) {
	for _, c := range []struct{ task, arm, want string }{
		{"D1", `{"family":"mlp","depth":2,"width":4,"noise":0.1}`, "runner/task: D1: noise: not a field of this task"},
		{"D1", `{"family":"mlp","depth":2,"width":4,"lag":3}`, "runner/task: D1: lag: not a field of this task"},
		{"D8", `{"family":"unet","target":"blurred"}`, `runner/task: D8: target: "blurred" is not one of fine, coarse`},
		{"D8", `{"family":"unet","target":["fine"]}`, "runner/task: D8: target: neither a word nor a number"},
		{"D9a", `{"family":"autoencoder","noise":"loud"}`, `runner/task: D9a: noise: "loud" is no standard deviation`},
		{"D9b", `{"family":"ddpm","space":"pixels"}`, `runner/task: D9b: space: "pixels" is not one of pixels 64, latent 12, points 2`},
		{"D6b", `{"family":"rnn","lag":3}`, "runner/task: D6b: lag: 3 is out of reach"},
		{"D6a", `{"family":"rnn","lag":2.5}`, "runner/task: D6a: lag: 2.5 is no whole number"},
		{"A1", `{"family":"mlp","depth":2,"width":4,"clip":"none"}`, "runner/task: A1: optimiser, schedule, clip: this task trains nothing"},
		{"D5", `{"family":"alexnet","data":"shapes","split":"published"}`, "runner/task: D5: split: drawn shapes have no published split"},
		{"D1", `{"family":"mlp","depth":2,"width":4,"colour":"red"}`, "runner/net: colour: "},
		{"D1", `[1]`, "runner/task: D1: the arm is no JSON object"},
	} {
		_, _, err := find(t, c.task).ReadArm([]byte(c.arm))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %s: got %v, want %s", c.task, c.arm, err, c.want)
		}
	}
	if _, err := Find("D99"); err == nil || !strings.Contains(err.Error(), `unknown task "D99"; there are D1, D2`) {
		t.Errorf("got %v", err)
	}
}

// Trials of one key share their data; other data must be another key.
func TestEveryOptionOfTheDataIsInItsHash(t *testing.T) {
	seen := map[string]string{}
	add := func(name string, k Task) {
		if was, ok := seen[k.DataSHA()]; ok {
			t.Errorf("%s and %s have the same data", name, was)
		}
		seen[k.DataSHA()] = name
	}
	for _, name := range Names() {
		add(name, find(t, name))
	}
	for name, list := range map[string][]Options{
		"D2": {{Target: TargetWave}}, "D3": {{Target: TargetTeacher}, {Target: TargetLinear}}, "D4": {{Data: DataDigits}},
		"D5":  {{Data: DataShapes}, {Picture: PictureColour}, {Split: SplitPublished}, {Augment: AugmentFlip}},
		"D6a": {{Lag: 2}}, "D8": {{Target: TargetCoarse}, {Data: DataMembranes}}, "D9a": {{Noise: "1"}, {Noise: "0.3"}, {Data: DataMNIST}},
		"D9b": {{Space: SpaceLatent}, {Space: SpaceRing}},
	} {
		for _, o := range list {
			k, err := find(t, name).With(o)
			if err != nil {
				t.Fatal(err)
			}
			add(name, k)
		}
	}
	k, err := find(t, "D1").With(Options{Schedule: "cosine"})
	if err != nil || k.DataSHA() != find(t, "D1").DataSHA() {
		t.Errorf("a schedule changed the data (%v)", err)
	}
}

func TestAStandInForMissingDataIsSaid(t *testing.T) {
	for name, o := range map[string]Options{"D4": {Data: DataDigits}, "D5": {Data: DataShapes}, "D9a": {Data: DataMNIST}} {
		k, err := find(t, name).With(o)
		if err != nil || k.Note() == "" {
			t.Errorf("%s: %v, %q", name, err, k.Note())
		}
		if find(t, name).Note() != "" {
			t.Errorf("%s says of itself: %s", name, find(t, name).Note())
		}
	}
}

func FuzzArmsAreReadOrRefused(f *testing.F) {
	for _, c := range smallCases() {
		f.Add(c.task, []byte(c.arm))
	}
	f.Add("D9a", []byte(`{"noise":1e400}`))
	f.Fuzz(func(t *testing.T, name string, arm []byte) {
		k, err := Find(name)
		if err != nil {
			return
		}
		got, _, err := k.ReadArm(arm)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "runner/") {
				t.Fatalf("%s: %v", arm, err)
			}
			return
		}
		again, err := k.With(got.Options)
		if err != nil || again.Options != got.Options || again.DataSHA() != got.DataSHA() {
			t.Fatalf("%+v became %+v (%v)", got.Options, again.Options, err)
		}
	})
}

func FuzzRecipesAreReadOrRefused(f *testing.F) {
	f.Add("adam, beta 0.9 and 0.999, no decay", "step, times 0.1 at 0.5 and 0.75", "global norm 1")
	f.Add("sgd, momentum 0.9, decoupled decay 1e-4", "warm-up 10, then cosine", "none unless stated")
	f.Fuzz(func(t *testing.T, optimiser, schedule, clip string) {
		r, err := adam().With(optimiser, schedule, clip)
		if err != nil {
			return
		}
		for _, step := range []int{1, 7, 100} {
			if v := r.Rate(0.1, step, 100); !(v >= 0 && v <= 0.1) {
				t.Fatalf("%+v: rate %v at step %d", r, v, step)
			}
		}
	})
}
