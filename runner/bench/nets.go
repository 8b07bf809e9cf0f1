package bench

import (
	"tenet/runner/net"
)

// Model is a net of the comparison with its training.
type Model struct {
	Name  string
	Spec  string // as a hypothesis's arm would declare it; "" for a net that graph assembles
	Batch int
	graph func(batch int) (*net.Graph, error)
	data  string // of the definition: digits, noised digits, cifar, mnist, membranes, text or ring
	// pictures says that the net takes pictures, channel × row × column × batch, and answers with such where
	// its label is no class.
	pictures bool
	Rate     float64
	Gain     float64 // of the start: bound √(gain/inputs)
	Decay    float64
	adam     bool    // AdamW, else momentum
	Beta1    float64 // of AdamW; 0: 0.9
	Seed     uint64  // of the start; 0: the definition's
	// Params and MFLOP are the definition's, for the test.
	Params int
	MFLOP  float64
}

// Models are those of the comparison that this version builds.
func Models() []Model {
	return []Model{
		{
			Name: "mlp", data: "digits", Batch: 64, Rate: 0.01, Gain: 6, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"post"}`,
		},
		{
			Name: "resmlp", data: "digits", Batch: 64, Rate: 0.01, Gain: 3, Params: 63050, MFLOP: 23.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"skip":[{"each":2,"from":"k","to":"k+2"}]}`,
		},
		{
			Name: "highway", data: "digits", Batch: 64, Rate: 0.05, Gain: 6, Params: 121290, MFLOP: 45.3,
			Spec: `{"family":"mlp","depth":14,"width":64,"order":"branch","skip":[{"from":"k","to":"k+1","join":"gate","gate_bias":-1}]}`,
		},
		{
			Name: "resnet20", data: "cifar", pictures: true, Batch: 32, Rate: 0.05, Gain: 6, Decay: 1e-4, Params: 272474, MFLOP: 7807.8,
			graph: func(batch int) (*net.Graph, error) { return resnet(3, 32, []int{16, 32, 64}, 3, batch) },
		},
		{
			Name: "resnet20s", data: "mnist", pictures: true, Batch: 32, Rate: 0.05, Gain: 6, Decay: 1e-4, Params: 272186, MFLOP: 1942.6,
			graph: func(batch int) (*net.Graph, error) { return resnet(1, 16, []int{16, 32, 64}, 3, batch) },
		},
		{
			Name: "densenet", data: "cifar", pictures: true, Batch: 32, Rate: 0.05, Gain: 6, Decay: 1e-4, Params: 69514, MFLOP: 4874.1,
			graph: func(batch int) (*net.Graph, error) { return densenet(32, 12, 4, batch) },
		},
		{
			Name: "unet", data: "membranes", pictures: true, Batch: 8, Rate: 1e-3, Gain: 6, adam: true, Params: 29321, MFLOP: 1193.8,
			graph: func(batch int) (*net.Graph, error) { return unet(64, 8, batch) },
		},
		{
			Name: "transformer", data: "text", Batch: 16, Rate: 1e-3, Gain: 3, Decay: 0.01, adam: true, Params: 212480, MFLOP: 1434.8,
			graph: func(batch int) (*net.Graph, error) { return transformer(4, 64, 4, 256, positions, batch) },
		},
		{
			Name: "ddpm_mlp", data: "noised digits", Batch: 64, Rate: 1e-3, Gain: 3, adam: true, Params: 172864, MFLOP: 62.9,
			graph: func(batch int) (*net.Graph, error) { return noisedRows(256, batch) },
		},
		{
			Name: "ddpm_unet", data: "noised digits", Batch: 64, Rate: 1e-3, Gain: 3, adam: true, Params: 71633, MFLOP: 674.1,
			graph: func(batch int) (*net.Graph, error) { return noised(16, batch) },
		},
		{
			Name: "gan", data: "ring", Batch: 256, Rate: 1e-3, Gain: 6, adam: true, Beta1: 0.5, Params: 35971, MFLOP: 96.1,
		},
		{
			Name: "alexnet", data: "cifar", pictures: true, Batch: 32, Rate: 0.01, Gain: 6, Decay: 5e-4, Params: 425290, MFLOP: 3277.2,
			graph: alexnet,
		},
	}
}
