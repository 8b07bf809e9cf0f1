package net

// Spec is a net as a hypothesis's arm declares it. Zero fields have been filled with their defaults by Parse.
type Spec struct {
	Family    string `json:"family"`
	Depth     int    `json:"depth"`
	Width     int    `json:"width,omitempty"`
	Stem      int    `json:"stem,omitempty"`
	Growth    int    `json:"growth,omitempty"`
	Act       string `json:"act"`
	Norm      string `json:"norm"`
	Affine    bool   `json:"affine,omitempty"`
	Init      string `json:"init"`
	Order     string `json:"order"`
	Optimiser string `json:"optimiser"`
	Skip      []Skip `json:"skip,omitempty"`
}

// Skip is one edge of the net, or one edge per block when it speaks of k.
type Skip struct {
	Each        int    `json:"each,omitempty"`
	From        string `json:"from"`
	To          string `json:"to"`
	Join        string `json:"join"`
	Transform   string `json:"transform"`
	BranchScale string `json:"branch_scale,omitempty"` // an expression, see Scale
	Trainable   bool   `json:"trainable,omitempty"`
	GateBias    string `json:"gate_bias,omitempty"`
}

// The words of a spec.
const (
	FamilyMLP      = "mlp"
	FamilyDenseMLP = "densenet-mlp"

	JoinAdd    = "add"
	JoinConcat = "concat"
	JoinGate   = "gate"

	OptimiserAdam = "adam"
	OptimiserUnit = "layer-normalised momentum"

	transformIdentity = "identity"
	transformRandom   = "linear, random start"
	transformEye      = "linear, identity start"
	orderPreact       = "preact"
	orderPost         = "post"
	orderBranch       = "branch"
)

// later are the families that the study names and this version does not build.
var later = []string{"unet", "transformer", "alexnet", "autoencoder", "ddpm", "ldm", "gan", "rnn", "highway", "resnet"}

// Edge is a skip between two states of a net of known depth.
type Edge struct {
	From, To int
	Skip     Skip
}

// Edges lists the skips of every block, ordered by where they end.
func (s Spec) Edges() ([]Edge, error) {
	var edges []Edge
	for i, k := range s.Skip {
		es, err := k.edges(s.Depth)
		if err != nil {
			return nil, fieldError(skipField(i), "%v", err)
		}
		edges = append(edges, es...)
	}
	return edges, nil
}
