package net

// Spec is a net as a hypothesis's arm declares it. Parse has filled fields with their defaults; a field that
// the family does not know stays zero.
type Spec struct {
	Family string `json:"family"`

	// Sizes.
	Depth    int   `json:"depth,omitempty"`
	Width    int   `json:"width,omitempty"`
	Stem     int   `json:"stem,omitempty"`
	Growth   int   `json:"growth,omitempty"`
	Widths   []int `json:"widths,omitempty"` // of stages (convnet) or of layers (autoencoder, ddpm)
	Blocks   []int `json:"blocks,omitempty"` // of a convnet's stages
	Layers   int   `json:"layers,omitempty"` // of a convnet's block, of a unet's level
	Kernel   int   `json:"kernel,omitempty"` // side of a convolution
	Conv     []int `json:"conv,omitempty"`   // alexnet: channels
	FC       []int `json:"fc,omitempty"`     // alexnet: dense layers
	Pool     []int `json:"pool,omitempty"`   // alexnet: the convolutions that a max-pool follows
	Levels   int   `json:"levels,omitempty"` // unet
	Base     int   `json:"base,omitempty"`
	Channels []int `json:"channels,omitempty"` // unet, instead of base: of every level and the middle
	Heads    int   `json:"heads,omitempty"`    // transformer
	Feed     int   `json:"feed,omitempty"`
	Time     int   `json:"time,omitempty"` // ddpm: the last inputs, which are features of the time
	Groups   int   `json:"groups,omitempty"`

	// Kinds.
	Act     string `json:"act,omitempty"`
	CodeAct string `json:"code_act,omitempty"` // autoencoder
	Norm    string `json:"norm,omitempty"`
	Affine  *bool  `json:"affine,omitempty"`
	Bias    *bool  `json:"bias,omitempty"` // of convolutions
	Order   string `json:"order,omitempty"`
	Down    string `json:"down,omitempty"` // convnet: how a stage halves the picture
	Up      string `json:"up,omitempty"`   // unet: how a level doubles it
	Fill    string `json:"fill,omitempty"` // unet: what stands where a skip would
	Causal  *bool  `json:"causal,omitempty"`
	Cell    string `json:"cell,omitempty"`        // rnn
	Forget  string `json:"forget_bias,omitempty"` // rnn
	Match   string `json:"match,omitempty"`       // ddpm

	// Starts and chance.
	Init            string  `json:"init,omitempty"`
	BranchInit      string  `json:"branch_init,omitempty"`
	Dropout         float64 `json:"dropout,omitempty"`
	StochasticDepth float64 `json:"stochastic_depth,omitempty"`
	Optimiser       string  `json:"optimiser,omitempty"`

	// Nets within.
	Generator     *Spec `json:"generator,omitempty"`
	Discriminator *Spec `json:"discriminator,omitempty"`
	Autoencoder   *Spec `json:"autoencoder,omitempty"` // of an ldm

	Skip []Skip `json:"skip,omitempty"`
}

// Skip is one edge of the net, or one edge per block when it speaks of k, of t or of i.
type Skip struct {
	Each        string `json:"each,omitempty"` // a number, or "sublayer", "block"
	From        string `json:"from"`
	To          string `json:"to"`
	Join        string `json:"join"`
	Transform   string `json:"transform"`
	Weight      string `json:"weight,omitempty"`       // of what the skip carries, an expression; fixed
	BranchScale string `json:"branch_scale,omitempty"` // of the branch, an expression
	Trainable   bool   `json:"trainable,omitempty"`    // of branch_scale; where init is given, of it
	Init        string `json:"init,omitempty"`         // start of one trained number a feature of what the skip carries
	LayerScale  string `json:"layer_scale,omitempty"`  // start of one trained number a feature of the branch
	GateBias    string `json:"gate_bias,omitempty"`
}

// The words of a spec.
const (
	FamilyMLP         = "mlp"
	FamilyDenseMLP    = "densenet-mlp"
	FamilyConvnet     = "convnet"
	FamilyUnet        = "unet"
	FamilyTransformer = "transformer"
	FamilyAlexnet     = "alexnet"
	FamilyAutoencoder = "autoencoder"
	FamilyDDPM        = "ddpm"
	FamilyLDM         = "ldm"
	FamilyGAN         = "gan"
	FamilyRNN         = "rnn"

	JoinAdd    = "add"
	JoinConcat = "concat"
	JoinGate   = "gate"
	JoinAttend = "attend"

	OptimiserAdam = "adam"
	OptimiserUnit = "layer-normalised momentum"

	transformIdentity   = "identity"
	transformRandom     = "linear, random start"
	transformEye        = "linear, identity start"
	transformProjection = "projection"
	transformPad        = "pad"

	orderPreact = "preact"
	orderPost   = "post"
	orderBranch = "branch"

	branchZero  = "zero"
	branchFixup = "fixup"
)

// flag is a flag of a spec, false where it does not stand.
func flag(f *bool) bool { return f != nil && *f }
