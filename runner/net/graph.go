package net

import (
	G "gorgonia.org/gorgonia"
)

// Graph is a net as a gorgonia graph.
type Graph struct {
	IO        IO
	Params    []Param // Trained of them first, then those that only take part (a gan's discriminator)
	Trained   int
	G         *G.ExprGraph
	X         *G.Node    // the input
	Label     *G.Node    // nil in mode Score and where the loss has none
	Logits    *G.Node    // the output, before any softmax or sigmoid
	Loss      *G.Node    // nil in mode Score and with loss None
	Nodes     []*G.Node  // of Params, in order
	Grads     []*G.Node  // of the trained Params, in order; nil where Loss is
	InputGrad *G.Node    // nil unless asked for
	Norms     []NormSite // of batch norms, in order
	Masks     []Mask     // of dropout and stochastic depth, in order; none in mode Score
	Taps      []Tap      // those asked for, in the order of the net
	Constants []Constant // inputs that hold one number everywhere
}

// NormSite is a batch norm: in training Input is what it normalises; in scoring Mean and Variance are
// the nodes its kept statistics are bound to.
type NormSite struct {
	Name           string
	Width          int
	Input          *G.Node
	Mean, Variance *G.Node
	Moments        *G.Node // of a norm over pictures, instead of Input: means, then rates, of Count numbers each
	Count          int
}

// Mask is an input of chance. Whoever trains fills its values before every step from a stream of its
// name: each is 1/Keep with probability Keep and else 0, so that its mean is 1 and scoring needs
// none. Dropout has a value for every number, stochastic depth one for the whole batch (Huang et al. 2016).
type Mask struct {
	Name string
	Keep float64
	Node *G.Node
}

// Tap is a value that is kept for probes. Names: "state 0", "state 1", …, where the family has them its
// states' own names ("conv3", "fc1", "enc 1", "mid", "dec 1", "code", "fake"), and "output".
type Tap struct {
	Name string
	Node *G.Node // rows × features, or channel × row × column × batch
}

// Constant is an input that nobody fills in.
type Constant struct {
	Node  *G.Node
	Value float32
}

// MaskValues are a mask's numbers in a program.
type MaskValues struct {
	Name   string
	Keep   float64
	Values []float32
}

// TapValues are a tap's numbers after a run.
type TapValues struct {
	Name   string
	Shape  []int
	Values []float32
}
