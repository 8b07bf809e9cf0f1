package runner

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenet/internal/store"
	"tenet/runner/task"
)

func TestAStateIsWholeOrNone(t *testing.T) {
	k := newKeeper(t.TempDir())
	s := state{Key: strings.Repeat("a", 64), Step: 7, Spent: Usage{CPUMS: 5}, bytes: []byte("weights\nand more")}
	if err := k.save(s); err != nil {
		t.Fatal(err)
	}
	got, ok := k.load(s.Key)
	if !ok || got.Step != 7 || got.Spent.CPUMS != 5 || !bytes.Equal(got.bytes, s.bytes) {
		t.Fatalf("got %+v, %v", got, ok)
	}
	whole, err := os.ReadFile(k.path(s.Key))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(whole); i += 5 {
		bad := bytes.Clone(whole)
		bad[i] ^= 1
		if err := os.WriteFile(k.path(s.Key), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := k.load(s.Key); ok && (got.Key != s.Key || !bytes.Equal(got.bytes, s.bytes)) {
			t.Errorf("with byte %d changed: %+v", i, got)
		}
		if err := os.WriteFile(k.path(s.Key), whole[:i], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := k.load(s.Key); ok {
			t.Errorf("cut off at byte %d it is a state", i)
		}
	}
	k.drop(s.Key)
	k.drop(s.Key)
	if _, err := os.Stat(k.dir); !os.IsNotExist(err) {
		t.Errorf("the folder of states is left behind: %v", err)
	}
}

// someJob is a small trial of a task.
func someJob(t *testing.T, name, spec string, steps int) Job {
	t.Helper()
	base, err := task.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := readArm(base, "", "arm", spec)
	if err != nil {
		t.Fatalf("%s %s: %v", name, spec, err)
	}
	e := Engine()
	return Job{
		Net: a.text, Task: name, Options: a.task.Options, Data: a.task.DataSHA(), Steps: steps, Batch: a.task.Batch, Rate: store.Real(a.task.Rate),
		Study: "test", Hypothesis: "H01", Scope: "*", Engine: e.Version, KernelPath: e.KernelPath,
	}
}

// familyJobs are small trials over all kinds of nets and tasks that need no data folder.
func familyJobs(t *testing.T) map[string]Job {
	t.Helper()
	return map[string]Job{
		"plain":       someJob(t, "D1", `{"family":"mlp","depth":3,"width":16}`, 30),
		"batch norm":  someJob(t, "D1", `{"family":"mlp","depth":3,"width":16,"norm":"batchnorm"}`, 30),
		"unit steps":  someJob(t, "D2", `{"family":"mlp","depth":3,"width":16,"optimiser":"layer-normalised momentum"}`, 30),
		"dense":       someJob(t, "D3", `{"family":"densenet-mlp","depth":3,"stem":8,"growth":4,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`, 30),
		"lstm":        someJob(t, "D6b", `{"family":"rnn","cell":"lstm","width":8,"skip":[{"from":"t","to":"t+1","join":"gate"}]}`, 12),
		"unet":        someJob(t, "D8", `{"family":"unet","levels":1,"base":4,"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`, 8),
		"alexnet":     someJob(t, "D5", `{"family":"alexnet","conv":[4,4,4,4,4],"fc":[8,8],"data":"shapes","skip":[]}`, 8),
		"autoencoder": someJob(t, "D9a", `{"family":"autoencoder","widths":[64,48,12,48,64],"skip":[]}`, 20),
		"ddpm":        someJob(t, "D9b", `{"family":"ddpm","space":"pixels 64","widths":[64,32,16,32,64],"skip":[]}`, 20),
		"ldm":         someJob(t, "D9b", `{"family":"ldm","space":"latent 12","widths":[64,32,16,32,64],"skip":[]}`, 20),
		"gan":         someJob(t, "D10", `{"family":"gan","generator":{"depth":2,"width":8,"skip":[]},"discriminator":{"depth":2,"width":8}}`, 20),
		"transformer": someJob(t, "D7", `{"family":"transformer","depth":1,"width":8,"heads":2,"norm":"layernorm in branch","skip":[]}`, 6),
	}
}

// A worker is killed right after the state of a step drawn by chance; a fresh one goes on from there.
func TestATrialOfAnyFamilyGoesOnFromAStateToTheSameBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	whole := startTestProcess(t)
	for name, j := range familyJobs(t) {
		at := 1 + rng.IntN(j.Steps-1)
		want, err := whole.run(t.Context(), order{n: 1, job: j, progress: func(frame) {}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		first := startTestProcess(t)
		ctx, cancel := context.WithCancel(t.Context())
		var left []byte
		_, err = first.run(ctx, order{n: 1, job: j, every: every{Steps: 1}, progress: func(frame) {}, keep: func(f frame) {
			if f.Step == at {
				left = f.state
				first.kill()
				cancel()
			}
		}})
		cancel()
		if err == nil || left == nil {
			t.Errorf("%s: killed at step %d of %d: %v, state of %d bytes", name, at, j.Steps, err, len(left))
			continue
		}
		got, err := whole.run(t.Context(), order{n: 1, job: j, from: left, progress: func(f frame) {
			if f.Step > 0 && f.Step < at {
				t.Errorf("%s: it began again at step %d, not after %d", name, f.Step, at)
			}
		}})
		if err != nil {
			t.Errorf("%s: from step %d: %v", name, at, err)
			continue
		}
		if got.WeightsSHA != want.WeightsSHA || !bytes.Equal(got.Curve, want.Curve) || !maps.Equal(got.Metrics, want.Metrics) {
			t.Errorf("%s, from step %d of %d: weights %.12s, %v; in one go %.12s, %v", name, at, j.Steps, got.WeightsSHA, got.Metrics, want.WeightsSHA, want.Metrics)
		}
	}
}

func TestALostWorkersTrialGoesOnWhereItWas(t *testing.T) {
	sound := newStudy(t, tinyArms(), fewSteps(200))
	sound.lock()
	sound.run(Options{MaxBlocks: 1, Jobs: 1})
	s := newStudy(t, tinyArms(), fewSteps(200))
	s.lock()
	var notes []string
	s.run(Options{MaxBlocks: 1, Jobs: 1, saveSteps: 30, Command: workerCommand("stops", "90", t.TempDir()), OnEvent: func(e Event) {
		if e.Kind == EventNote {
			notes = append(notes, e.Text)
		}
	}})
	if got, want := s.trials(), sound.trials(); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if all := strings.Join(notes, "\n"); !strings.Contains(all, "went on at step 90") {
		t.Errorf("nobody says that it went on at step 90: %s", all)
	}
	if _, err := os.Stat(newKeeper(s.lib.Dir()).dir); !os.IsNotExist(err) {
		t.Errorf("states are left behind: %v", err)
	}
}

func TestAKilledRunsTrialGoesOnWhereItWas(t *testing.T) {
	whole := newStudy(t, tinyArms(), fewSteps(6_000))
	whole.lock()
	s := newStudy(t, tinyArms(), fewSteps(6_000))
	s.lock()
	dir := s.lib.Dir()
	if err := s.lib.Close(); err != nil {
		t.Fatal(err)
	}
	command := workerCommand("owner", dir, "often")
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for { // until a state is there; the test's own limit is for hangs
		names, err := filepath.Glob(filepath.Join(dir, "checkpoints", "*"))
		if err == nil && slices.ContainsFunc(names, func(n string) bool { return !strings.HasSuffix(n, ".new") }) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Log(err)
	}
	_ = cmd.Wait()
	lib, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	s.lib = lib
	wentOn := false
	s.run(Options{MaxBlocks: 1, Jobs: 1, OnEvent: func(e Event) { wentOn = wentOn || strings.Contains(e.Text, "went on at step") }})
	if !wentOn {
		t.Errorf("the next run began every trial anew")
	}
	whole.run(Options{MaxBlocks: 1, Jobs: 1})
	if got, want := s.trials(), whole.trials(); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
