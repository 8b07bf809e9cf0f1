package net

import "fmt"

// IO is what a task gives to and wants from a net. Every value that a task fills in or reads is rows: the
// numbers of one example, then those of the next, whatever layout the net has inside.
//
//	Input   rows      Batch × In
//	        picture   Batch × channel·height·width (In = c·h·w), when Picture is set
//	        sequence  Batch·Steps × In, row b·Steps+t, when Steps is set; with Vocab one token a row (In = 1)
//	Output  Batch × Out; with Every Batch·Steps × Out; a family whose output is a picture gives Out = h·w·channels
//	Label   Class: a class number for each row of the output; MSE and BCE: numbers of the output's shape
type IO struct {
	In, Out, Batch int
	Picture        [3]int // channels, height, width of the input; zeros: no picture
	Steps          int    // length of a sequence; 0: no sequence
	Vocab          int    // the input is tokens 0 … Vocab-1; 0: numbers
	Every          bool   // a sequence is answered at every step, not only after its last
	Loss           Loss
	InputGrad      bool     // Train gives the gradient of the loss with respect to the input, too
	Taps           []string // values to keep for probes, by name (see Graph.Taps); "states": every state
}

// Loss is what training makes small.
type Loss int

const (
	Class Loss = iota // mean softmax cross-entropy of class numbers
	MSE               // mean squared error over all numbers of the output
	BCE               // mean binary cross-entropy, the outputs being logits
	Sum               // the sum of all outputs: no label; its gradients are the probes' derivatives
	None              // no loss and no gradients: Train then differs from Score by batch statistics and masks
)

// Rows is how many rows the output has.
func (io IO) Rows() int {
	if io.Steps > 0 && io.Every {
		return io.Batch * io.Steps
	}
	return io.Batch
}

// InputSize is how many numbers the input of one batch has.
func (io IO) InputSize() int { return io.Batch * max(1, io.Steps) * io.In }

// LabelSize is how many numbers the label of one batch has.
func (io IO) LabelSize() int {
	switch io.Loss {
	case Class:
		return io.Rows()
	case MSE, BCE:
		return io.Rows() * io.Out
	}
	return 0
}

func (io IO) check() error {
	switch {
	case io.In < 1 || io.Out < 1 || io.Batch < 1:
		return fmt.Errorf("runner/net: a net of %d inputs, %d outputs and batch %d is no net", io.In, io.Out, io.Batch)
	case io.Picture != [3]int{} && io.Picture[0]*io.Picture[1]*io.Picture[2] != io.In:
		return fmt.Errorf("runner/net: a picture of %d × %d × %d has not %d numbers", io.Picture[0], io.Picture[1], io.Picture[2], io.In)
	case io.Steps < 0 || io.Vocab < 0 || io.Every && io.Steps == 0:
		return fmt.Errorf("runner/net: a sequence of %d steps and %d tokens is no sequence", io.Steps, io.Vocab)
	case io.Vocab > 0 && io.In != 1:
		return fmt.Errorf("runner/net: tokens come one a step, not %d", io.In)
	case io.Loss < Class || io.Loss > None:
		return fmt.Errorf("runner/net: loss %d is unknown", io.Loss)
	}
	return nil
}
