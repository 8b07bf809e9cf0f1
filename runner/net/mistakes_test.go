package net

import (
	"strings"
	"testing"
)

// Every family refuses what it cannot be, names the field and says what may stand there.
func TestAFamilysMistakesNameTheirFields(t *testing.T) {
	for text, want := range map[string]string{
		`{"family":"convnet","blocks":2}`:                                                                                           "widths: is missing",
		`{"family":"convnet","widths":[8]}`:                                                                                         "blocks: is missing",
		`{"family":"convnet","widths":[8,16],"blocks":[1,2,3]}`:                                                                     "blocks: 3 numbers for 2 stages",
		`{"family":"convnet","widths":[8,0],"blocks":1}`:                                                                            "widths: 0 is not a whole number from 1 to 4096",
		`{"family":"convnet","widths":8,"blocks":1}`:                                                                                "widths: 8 is no list of at least 1 whole numbers",
		`{"family":"convnet","widths":[8],"blocks":1,"kernel":2}`:                                                                   "kernel: 2 is even",
		`{"family":"convnet","widths":[8],"blocks":1,"down":"squash"}`:                                                              `down: "squash" is not one of stride, max-pool, mean-pool, transition`,
		`{"family":"convnet","widths":[8],"blocks":1,"groups":2}`:                                                                   "groups: unknown field for family convnet, which has act, affine, bias,",
		`{"family":"convnet","widths":[8],"blocks":1,"stochastic_depth":0.5}`:                                                       "stochastic_depth: without a skip",
		`{"family":"convnet","widths":[8],"blocks":1,"dropout":1}`:                                                                  "dropout: 1 is not a number from 0 to below 1",
		`{"family":"alexnet","conv":[8]}`:                                                                                           "fc: is missing",
		`{"family":"alexnet","conv":[8],"fc":[4],"pool":[2]}`:                                                                       "pool: 2 is none of 1 convolutions",
		`{"family":"alexnet","conv":[8],"fc":[4],"skip":[{"from":"conv1","to":"conv2"}]}`:                                           `skip[0]: to: "conv2" is no state; a state is k, k+1, …, a number from 0 to 2, conv1, fc1`,
		`{"family":"unet","levels":11,"base":8}`:                                                                                    "levels: 11 is not a whole number from 1 to 10",
		`{"family":"unet","levels":2,"channels":[1,2]}`:                                                                             "channels: [1,2] is no list of at least 3",
		`{"family":"unet","levels":2,"base":8,"fill":"foam"}`:                                                                       `fill: "foam" is not one of none, own upsampled`,
		`{"family":"unet","levels":2,"base":8,"skip":[{"from":"enc i","to":"k+1"}]}`:                                                `skip[0]: from is "enc i" and to is "k+1"; a U's mirror levels are enc i and dec i`,
		`{"family":"unet","levels":2,"base":8,"skip":[{"from":"dec 1","to":"enc 1"}]}`:                                              "skip[0]: an edge from state 6 to 1 does not lead forward",
		`{"family":"transformer","depth":2,"width":9,"heads":2}`:                                                                    "heads: a width of 9 does not make 2 equal heads",
		`{"family":"transformer","depth":2,"width":8,"skip":[{"each":"bloc","from":"k","to":"k+1"}]}`:                               "skip[0].each: bloc is not a whole number from 1, sublayer or block",
		`{"family":"autoencoder","widths":[64]}`:                                                                                    "widths: [64] is no list of at least 2",
		`{"family":"autoencoder","widths":[8,4,8],"skip":[{"from":"input","to":"output","join":"concat"}]}`:                         "skip[0].join: state 2 keeps its size",
		`{"family":"autoencoder","widths":[8,4,8],"skip":[{"from":"input","to":"output","init":1}]}`:                                "skip[0].init: is the start of trained numbers",
		`{"family":"ddpm","widths":[8,4]}`:                                                                                          "widths: [8,4] is no list of at least 3",
		`{"family":"ddpm","widths":[8,4,4,8]}`:                                                                                      "widths: 4 of them have no middle",
		`{"family":"ddpm","widths":[8,4,8],"match":"memory"}`:                                                                       `match: "memory" is not one of parameters, none`,
		`{"family":"ldm","widths":[8,4,8],"autoencoder":{"widths":[3]}}`:                                                            "autoencoder.widths: [3] is no list",
		`{"family":"rnn","width":8,"cell":"gru"}`:                                                                                   `cell: "gru" is not one of additive, lstm`,
		`{"family":"rnn","width":8,"forget_bias":1}`:                                                                                "forget_bias: unknown field",
		`{"family":"rnn","width":8,"cell":"lstm","forget_bias":"much"}`:                                                             "forget_bias: ",
		`{"family":"rnn","width":8,"skip":[{"from":"k","to":"k+1"}]}`:                                                               `skip[0]: from: "k" is no state`,
		`{"family":"rnn","width":8,"skip":[{"from":"t","to":"t+1","join":"concat"}]}`:                                               "skip[0].join: state 1 keeps its size",
		`{"family":"rnn","cell":"lstm","width":8,"skip":[{"from":"t","to":"t+1","join":"gate","gate_bias":1}]}`:                     "skip[0].gate_bias: unknown field for join gate",
		`{"family":"gan","generator":{"depth":1,"width":4}}`:                                                                        "discriminator: is missing",
		`{"family":"gan","generator":{"depth":1},"discriminator":{"depth":1,"width":4}}`:                                            "generator.width: is missing",
		`{"family":"gan","generator":{"depth":1,"width":4,"skip":[{"from":"k","to":"k+2"}]},"discriminator":{"depth":1,"width":4}}`: "generator.skip[0]: to is",
		`{"family":"plain","depth":1,"width":4,"skip":[{"from":"k","to":"k+1"}]}`:                                                   "skip: a plain net has none",
		`{"family":"mlp","depth":600,"width":4,"skip":[{"from":"all j<k","to":"k","join":"attend"}]}`:                               "skip[0]: from all j<k by attend is for at most 512 blocks",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), "runner/net: "+want) {
			t.Errorf("%s\n got %v\nwant runner/net: %s", text, err, want)
		}
	}
}

// What only the task's side shows to be impossible is refused when the net is built.
func TestANetThatDoesNotSuitItsTaskIsRefused(t *testing.T) {
	rows, steps := testIO, IO{In: 4, Steps: 3, Out: 3, Batch: 2}
	for _, c := range []struct {
		spec string
		io   IO
		want string
	}{
		{`{"family":"convnet","widths":[8],"blocks":1}`, rows, "family convnet reads pictures; the task gives rows of 6 numbers, which are no square"},
		{`{"family":"convnet","widths":[8,8],"blocks":1,"skip":[{"from":"k","to":"k+1"}]}`, pictureIO(), "blocks.2: the skip from state 1 carries 8 × 8 × 8, the branch has 8 × 4 × 4; transform pad or projection brings it there"},
		{`{"family":"unet","levels":4,"base":2}`, IO{In: 64, Out: 64, Batch: 2, Loss: BCE}, "levels: a picture of 8 × 8 cannot be halved 4 times"},
		{`{"family":"unet","levels":1,"base":2}`, IO{In: 64, Out: 10, Batch: 2}, "a unet answers every one of 8 × 8 pixels, the task wants 10 numbers"},
		{`{"family":"alexnet","conv":[2,2,2],"fc":[2]}`, IO{In: 4, Out: 2, Batch: 2}, "conv3: a picture of 2 × 1 × 1 cannot be pooled"},
		{`{"family":"transformer","depth":1,"width":4}`, rows, "family transformer reads sequences; the task gives rows"},
		{`{"family":"rnn","width":4}`, rows, "family rnn reads sequences; the task gives rows"},
		{plain, steps, "the task gives sequences; families transformer and rnn read them"},
		{`{"family":"rnn","width":4,"skip":[{"from":"t","to":"t+5"}]}`, steps, `skip[0]: to is "t+5", which does not fit 3 blocks`},
		{`{"family":"autoencoder","widths":[9,3,9]}`, rows, "widths: 9 to 9, the task has 6 inputs and 3 outputs"},
		{`{"family":"ddpm","widths":[8,4,8]}`, rows, "time: the task gives 6 inputs, the noisy point has 3, so 3 remain for features of the time and not 16"},
		{plain, IO{In: 4, Out: 3, Batch: 0}, "a net of 4 inputs, 3 outputs and batch 0 is no net"},
		{plain, IO{In: 4, Picture: [3]int{1, 2, 3}, Out: 3, Batch: 1}, "a picture of 1 × 2 × 3 has not 4 numbers"},
		{plain, IO{In: 4, Out: 3, Batch: 1, Every: true}, "a sequence of 0 steps and 0 tokens is no sequence"},
		{plain, IO{In: 4, Vocab: 3, Out: 3, Batch: 1}, "tokens come one a step, not 4"},
		{plain, IO{In: 4, Out: 3, Batch: 1, Loss: None + 1}, "loss 5 is unknown"},
	} {
		if _, err := Build(parsed(t, c.spec), c.io, Train, nil); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "runner/net: ") {
			t.Errorf("%s\n got %v\nwant %s", c.spec, err, c.want)
		}
	}
}
