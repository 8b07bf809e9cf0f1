//go:build slow

package task

import (
	"math"
	"testing"
)

// At the study's size and one seed, the effects that the pilot found have the pilot's sign and at least the size
// that the hypotheses ask for. One seed proves nothing; it shows that task, net and metric are the ones meant.
func TestThePilotsEffectsShow(t *testing.T) {
	data := broughtData(t)
	arms := map[string]map[string]studyArm{}
	for _, a := range append(studyArms(t), replicationArms()...) {
		if arms[a.hypothesis] == nil {
			arms[a.hypothesis] = map[string]studyArm{}
		}
		arms[a.hypothesis][a.name] = a
	}
	at := func(h, name string) float64 {
		t.Helper()
		a, ok := arms[h][name]
		if !ok {
			t.Fatalf("%s has no arm %s", h, name)
		}
		k, spec, err := find(t, a.task).ReadArm(a.text)
		if err != nil {
			t.Fatal(err)
		}
		o := run(t, Trial{Task: k, Net: spec, Rate: k.Rate, Steps: k.Steps, Data: data, Lesions: lesionsOf[h]}, seeds("effect"))
		v, ok := o.Metrics[a.metric]
		if !ok {
			t.Fatalf("%s, arm %s: no %s in %+v", h, name, a.metric, o)
		}
		return v
	}
	ln := math.Log
	for _, c := range []struct {
		name     string
		got, min float64
	}{
		{"H01, accuracy by the skip at depth 32", at("H01", "res") - at("H01", "plain"), 0.05},
		{"H04, likeness of near gradients", at("H04", "res") - at("H04", "plain"), 0},
		{"H05, plain over an unscaled skip", at("H05", "plain") - at("H05", "raw"), 0.2},
		{"H06, an eighth over a half, deep over shallow", at("H06", "L64_eighth") - at("H06", "L64_half") - at("H06", "L4_eighth") + at("H06", "L4_half"), 0.1},
		{"H07, pre over post norm, deep over shallow", at("H07", "pre48") - at("H07", "post48") - at("H07", "pre6") + at("H07", "post6"), 0},
		{"H08, log of the carry error", ln(at("H08", "fixed")) - ln(at("H08", "rezero")), 0.69},
		{"H09, overlap by the long skips", at("H09", "unet") - at("H09", "noskip"), 0.05},
		{"H10, their gain by level", (at("H10", "unet3") - at("H10", "noskip3") - at("H10", "unet1") + at("H10", "noskip1")) / 2, 0.03},
		{"H11, gate over sum", at("H11", "lstm") - at("H11", "additive"), 0.15},
		{"H12, what the code loses by the skip", at("H12", "noskip") - at("H12", "skip"), 0.1},
		{"H13, norm in an unscaled skip", at("H13", "raw_ln") - at("H13", "raw"), 0.3},
		{"H14, blocks of a plain net are needed more", at("H14", "plain") - at("H14", "res"), 0.2},
		{"H15, log of the bits", ln(at("H15", "noskip")) - ln(at("H15", "skip")), 0.1},
		{"H19, fine over coarse", at("H19", "unet_fine") - at("H19", "noskip_fine") - at("H19", "unet_coarse") + at("H19", "noskip_coarse"), 0.1},
		{"H20, gate and sum alike", 0.1 - math.Abs(at("H20", "lstm")-at("H20", "additive")), 0},
		{"H21, less where noise is high", at("H21", "noskip_low") - at("H21", "skip_low") - at("H21", "noskip_high") + at("H21", "skip_high"), 0.1},
		{"H22, pixels over latents", ln(at("H22", "pixel_noskip")) - ln(at("H22", "pixel_skip")) - ln(at("H22", "latent_noskip")) + ln(at("H22", "latent_skip")), 0.03},
		{"H23, norm alone does not do it", at("H23", "res") - at("H23", "plain_ln"), 0.02},
		{"H26, nor do unit gradients", at("H26", "res") - at("H26", "plain_unit"), 0.02},
		{"H30, identity over projection", at("H30", "identity") - at("H30", "projection"), 0},
		{"R2, accuracy by the skip on MNIST", at("R2", "res") - at("R2", "plain"), 0.05},
		{"R6, overlap by the long skips on membranes", at("R6", "unet") - at("R6", "noskip"), 0.05},
	} {
		t.Logf("%-50s %+.3f (at least %.2f)", c.name, c.got, c.min)
		if !(c.got >= c.min) {
			t.Errorf("%s: %.3f, want at least %.2f", c.name, c.got, c.min)
		}
	}
}
