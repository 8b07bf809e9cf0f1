// Package net turns a declarative net, as a hypothesis's arm holds it, into a gorgonia graph with its
// gradient and compiles that graph to a program that trains without allocating.
//
// It does not know tasks, hypotheses or workers. Nothing in it draws from a clock or a global generator:
// the start of every parameter comes from a stream that the caller names.
//
// # Words
//
// A spec is the declaration. A block is one layer of the stack; state k stands before block k+1 (state 0
// after the stem), and blocks count from 1. A skip is an edge between states: it joins the state it comes
// from with the output of the block it ends at, the branch. A lesion takes a block's branch away.
// A program is a compiled graph: a list of kernel calls on memory that is laid out once.
//
// # Spec
//
// The JSON object of an arm. Family mlp: depth, width, act (relu, tanh), norm (none, layernorm, batchnorm, each of the latter
// alone, "in branch" or "after add"), affine (norm with scale and shift; default no, so that norms add no
// parameters), init (he, glorot, lecun, orthogonal), order (preact: W act(x) + b; post: act after
// the join; branch: act(W x + b) before it),
// optimiser (adam, "layer-normalised momentum"), skip. Family densenet-mlp: depth, stem, growth, act, skip.
// A skip: each, from, to (k, k+1, k+m or a state's number), join (add, concat, gate), transform (identity,
// "linear, random start" with variance 1/width, "linear, identity start"), branch_scale (a number or an
// expression over depth with + - * / and sqrt), trainable, gate_bias.
//
// # Invariants
//
//  1. A spec with an unknown field, value or impossible shape is refused with the field's name.
//     (TestASpecWithAMistakeNamesItsField)
//  2. Every arm of the study's mlp families builds and has the parameters the study says. (TestEveryStudyArmBuilds)
//  3. A compiled program and gorgonia's tape machine give the same bits on the same graph.
//     (TestAProgramEqualsTheTapeMachine)
//  4. A parameter of one name starts equal in every net that has it in that shape. (TestEqualParametersStartEqual)
//  5. Losses, gradients and parameters follow another program's golden training. (TestGoldenTrainingOfAnMLP)
//  6. A step allocates nothing. (TestAStepAllocatesNothing)
//
// # May import
//
// runner/ops, runner/kernel, gorgonia and tensor.
//
// # Concurrency
//
// Build holds a lock, since gorgonia numbers its groups in a global; programs are single-threaded and
// independent of one another.
package net
