package net

import (
	"crypto/sha256"
	"slices"
	"testing"
)

// form is a small net of a family with what a task would give it.
type form struct {
	spec string
	io   IO
}

var testIO = IO{In: 6, Out: 3, Batch: 5}

func pictureIO() IO {
	return IO{In: 2 * 8 * 8, Picture: [3]int{2, 8, 8}, Out: 3, Batch: 3}
}

// forms are nets that use every family, op and join.
func forms() map[string]form {
	rows := func(spec string) form { return form{spec, testIO} }
	pictures := func(spec string) form { return form{spec, pictureIO()} }
	masks := func(spec string) form {
		return form{spec, IO{In: 64, Picture: [3]int{1, 8, 8}, Out: 64, Batch: 2, Loss: BCE}}
	}
	text := func(spec string) form {
		return form{spec, IO{In: 1, Vocab: 7, Steps: 5, Every: true, Out: 7, Batch: 2}}
	}
	steps := func(spec string) form { return form{spec, IO{In: 4, Steps: 6, Out: 3, Batch: 3}} }
	code := func(spec string) form { return form{spec, IO{In: 9, Out: 9, Batch: 4, Loss: MSE}} }
	noise := func(spec string) form { return form{spec, IO{In: 8 + 4, Out: 8, Batch: 4, Loss: MSE}} }
	return map[string]form{
		"plain":      rows(plain),
		"residual":   rows(res),
		"post":       rows(`{"family":"mlp","depth":3,"width":8,"order":"post","skip":[{"from":"k","to":"k+1"}]}`),
		"layer norm": rows(`{"family":"mlp","depth":3,"width":8,"norm":"layernorm in branch","affine":true,"skip":[{"from":"k","to":"k+1"}]}`),
		"post norm":  rows(`{"family":"mlp","depth":3,"width":8,"norm":"layernorm after add","skip":[{"from":"k","to":"k+1"}]}`),
		"batch norm": rows(`{"family":"mlp","depth":3,"width":8,"norm":"batchnorm","affine":true,"act":"tanh"}`),
		"highway":    rows(skip(`{"from":"k","to":"k+1","join":"gate","gate_bias":-3}`)),
		"gated":      rows(`{"family":"mlp","depth":3,"width":8,"order":"branch","skip":[{"from":"k","to":"k+1","join":"gate","gate_bias":-1}]}`),
		"rezero":     rows(skip(`{"from":"k","to":"k+1","branch_scale":"0","trainable":true}`)),
		"projection": rows(skip(`{"from":"k","to":"k+1","transform":"linear, random start"}`)),
		"two apart":  rows(skip(`{"from":"k","to":"k+2","each":2,"transform":"linear, identity start"}`)),
		"crossing":   rows(skip(`{"from":"k","to":"k+2"},{"from":0,"to":4,"branch_scale":0.5}`)),
		"dense":      rows(`{"family":"densenet-mlp","depth":3,"stem":5,"growth":4,"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`),
		"orthogonal": rows(`{"family":"mlp","depth":3,"width":8,"init":"orthogonal","act":"tanh"}`),
		"attending":  rows(skip(`{"from":"all j<k","to":"k","join":"attend"}`)),
		"weighted":   rows(skip(`{"from":"k","to":"k+1","weight":"1/k","init":0.5,"trainable":true,"layer_scale":0.1}`)),
		"padded":     rows(`{"family":"densenet-mlp","depth":2,"stem":5,"growth":7,"skip":[{"from":"k","to":"k+1","transform":"pad"}]}`),
		"by chance":  rows(`{"family":"mlp","depth":3,"width":8,"act":"gelu","dropout":0.3,"stochastic_depth":0.5,"skip":[{"from":"k","to":"k+1"}]}`),
		"fixup":      rows(`{"family":"mlp","depth":3,"width":8,"branch_init":"fixup","act":"leaky relu","skip":[{"from":"k","to":"k+1","trainable":true}]}`),

		"convolutional": pictures(`{"family":"convnet","widths":[4],"blocks":2,"layers":1,"act":"elu"}`),
		"residual, projected": pictures(`{"family":"convnet","widths":[4,6],"blocks":[2,1],"norm":"batchnorm",
			"skip":[{"from":"k","to":"k+1","transform":"projection"}]}`),
		"residual, padded": pictures(`{"family":"convnet","widths":[4,6],"blocks":[1,2],"norm":"batchnorm in branch","order":"preact","affine":false,
			"skip":[{"from":"k","to":"k+1","transform":"pad","branch_scale":"1/sqrt(depth)"}]}`),
		"dense pictures": pictures(`{"family":"convnet","stem":4,"widths":[3,3],"blocks":2,"layers":1,"norm":"batchnorm","order":"preact","down":"transition",
			"skip":[{"from":"all j<k","to":"k","join":"concat"}]}`),
		"gated pictures": pictures(`{"family":"convnet","widths":[4,4],"blocks":1,"down":"max-pool","norm":"groupnorm after add","groups":2,"act":"silu",
			"skip":[{"from":"k","to":"k+1","join":"gate"}]}`),
		"attending pictures": pictures(`{"family":"convnet","widths":[4],"blocks":2,"down":"mean-pool","norm":"layernorm","init":"delta-orthogonal","branch_init":"zero",
			"skip":[{"from":"all j<k","to":"k","join":"attend"}]}`),
		"pictures by chance": pictures(`{"family":"convnet","widths":[4],"blocks":2,"dropout":0.2,"stochastic_depth":0.3,"init":"orthogonal",
			"skip":[{"from":"k","to":"k+1","layer_scale":0.1,"init":1,"trainable":true}]}`),
		"alexnet": pictures(`{"family":"alexnet","conv":[3,4,4],"fc":[6,6],"dropout":0.5,
			"skip":[{"from":"conv2","to":"conv3","branch_scale":"1/sqrt(2)","transform":"pad"},{"from":"fc1","to":"fc2","branch_scale":"1/sqrt(2)"}]}`),
		"alexnet, plain": pictures(`{"family":"alexnet","conv":[3,4],"fc":[6],"norm":"batchnorm","order":"branch"}`),
		"unet":           masks(`{"family":"unet","levels":2,"base":2,"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`),
		"unet, filled":   masks(`{"family":"unet","levels":2,"base":2,"fill":"own upsampled features through a 1x1 convolution"}`),
		"unet, adding": masks(`{"family":"unet","levels":1,"channels":[3,4],"up":"deconv","layers":2,"norm":"batchnorm",
			"skip":[{"from":"enc i","to":"dec i","branch_scale":0.5,"transform":"pad"},{"from":"k","to":"k+1","join":"concat","transform":"projection"}]}`),
		"unet, moved": masks(`{"family":"unet","levels":2,"base":2,"skip":[{"from":"enc 2","to":"dec 1","join":"concat","transform":"pad"}]}`),

		"transformer": text(`{"family":"transformer","depth":2,"width":8,"heads":2,"norm":"layernorm in branch","affine":true,
			"skip":[{"each":"sublayer","from":"k","to":"k+1"}]}`),
		"transformer without path": text(`{"family":"transformer","depth":1,"width":8,"heads":2,"act":"gelu"}`),
		"transformer, post norm":   steps(`{"family":"transformer","depth":1,"width":8,"heads":1,"norm":"layernorm after add","causal":false,"dropout":0.1,"skip":[{"each":"block","from":"k","to":"k+1"}]}`),

		"autoencoder":          code(`{"family":"autoencoder","widths":[9,6,3,6,9]}`),
		"autoencoder, carried": code(`{"family":"autoencoder","widths":[9,6,3,6,9],"skip":[{"from":"input","to":"output","trainable":true,"init":1.0}]}`),
		"denoiser":             noise(`{"family":"ddpm","time":4,"widths":[8,6,4,6,8],"skip":[{"from":"enc i","to":"dec i","join":"concat"}]}`),
		"latent denoiser":      noise(`{"family":"ldm","time":4,"widths":[7,5,7],"norm":"layernorm"}`),
		"gan": {
			`{"family":"gan","generator":{"depth":2,"width":6,"skip":[{"from":"k","to":"k+1"}]},"discriminator":{"depth":1,"width":5,"act":"leaky relu"}}`,
			IO{In: 4, Out: 2, Batch: 6, Loss: BCE, Taps: []string{"fake"}},
		},
		"lstm":      steps(`{"family":"rnn","cell":"lstm","width":5,"forget_bias":1,"skip":[{"from":"t","to":"t+1","join":"gate"}]}`),
		"lstm, cec": steps(`{"family":"rnn","cell":"lstm","width":5,"skip":[{"from":"t","to":"t+1"}]}`),
		"additive":  steps(`{"family":"rnn","cell":"additive","width":5,"skip":[{"from":"t","to":"t+1","branch_scale":"1/sqrt(steps)"},{"from":"t","to":"t+3"}]}`),
		"recurrent": {`{"family":"rnn","width":5}`, IO{In: 1, Vocab: 7, Steps: 4, Every: true, Out: 7, Batch: 2}},
		"probed":    {res, IO{In: 3, Out: 1, Batch: 4, Loss: Sum, InputGrad: true, Taps: []string{"states", "output"}}},
	}
}

// compiled is f with weights drawn and inputs filled.
func (f form) compiled(t testing.TB, mode Mode, lesion ...int) (*Graph, *Program) {
	t.Helper()
	g, err := Build(parsed(t, f.spec), f.io, mode, lesion)
	if err != nil {
		t.Fatalf("%s: %v", f.spec, err)
	}
	p, err := Compile(g, drawn(g), started(g))
	if err != nil {
		t.Fatalf("%s: %v", f.spec, err)
	}
	f.fill(p, 1)
	return g, p
}

// started are kept statistics before any batch: mean 0, variance 1.
func started(g *Graph) []float32 {
	s := make([]float32, 0, g.StatSize())
	for _, n := range g.Norms {
		s = append(s, make([]float32, n.Width)...)
		s = append(s, slices.Repeat([]float32{1}, n.Width)...)
	}
	return s
}

func (f form) fill(p *Program, salt int) {
	fill(p.X, nil, salt)
	if f.io.Vocab > 0 {
		for i := range p.X {
			p.X[i] = float32((i*5 + salt) % f.io.Vocab)
		}
	}
	for i := range p.Label {
		p.Label[i] = float32((i + salt) % 3)
		if f.io.Loss == BCE {
			p.Label[i] = float32(i % 2)
		}
	}
	for _, m := range p.Masks {
		for i := range m.Values {
			if m.Values[i] = 0; (i+salt)%3 != 0 || len(m.Values) == 1 {
				m.Values[i] = float32(1 / m.Keep)
			}
		}
	}
}

func fill(x, label []float32, salt int) {
	for i := range x {
		x[i] = float32((i*7919+salt*31)%23)/11 - 1
	}
	for i := range label {
		label[i] = float32((i + salt) % 3)
	}
}

func drawn(g *Graph) []float32 {
	w := make([]float32, g.Size())
	for _, p := range g.Params {
		p.Draw(w[p.Offset:][:p.Size()], sha256.Sum256([]byte(p.Name)))
	}
	return w
}
