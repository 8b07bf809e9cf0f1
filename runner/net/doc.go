// Package net turns a declarative net, as a hypothesis's arm holds it, into a gorgonia graph with its
// gradient and compiles that graph to a program that trains without allocating.
//
// It does not know tasks, hypotheses or workers. Nothing in it draws from a clock or a global generator:
// the start of every parameter comes from a stream that the caller names, and chance in training from masks
// that the caller fills.
//
// # Words
//
// A spec is the declaration. Every net but a gan is a chain of blocks: state k stands before block k+1 (state 0
// after the stem), and blocks count from 1; a recurrent net's blocks are its steps, a transformer's its
// sublayers. A skip is an edge between two states: it joins what it carries with the output of the block it
// ends at, the branch. A lesion takes a block's branch away. A tap is a value kept for probes. A program is a
// compiled graph: a list of kernel calls on memory that is laid out once.
//
// # Spec
//
// The JSON object of an arm; fields with their defaults, by family.
//
//	mlp           depth, width, order (preact: W act(x) + b; post: act after the join; branch: act(W x + b) before it)
//	densenet-mlp  depth, stem, growth, order
//	convnet       widths (channels of stages), blocks (of each stage, or one number), layers 2 (convolutions of a block),
//	              kernel 3, stem (the first width), down (stride, max-pool, mean-pool, transition), bias, order post
//	alexnet       conv, fc, pool (the convolutions a max-pool follows: the first two and the last), kernel 3, bias, order post
//	unet          levels, base (or channels), layers 1, kernel 3, up (nearest, deconv), fill (none, own upsampled
//	              features through a 1x1 convolution), bias
//	transformer   depth, width, heads 1, feed (twice the width), causal true; norm layernorm in branch
//	autoencoder   widths, code_act linear, order post
//	ddpm          widths, time 16, match (parameters, none), order branch
//	ldm           as ddpm, autoencoder (64-48-12-48-64), which the task trains first
//	rnn           width, cell (additive, lstm), forget_bias 1; act tanh
//	gan           generator, discriminator: nets, mlp unless they say otherwise
//
// plain, resnet, highway and densenet are names of an mlp or densenet-mlp with a usual skip. All but gan have
// act (relu, tanh, sigmoid, gelu, silu, leaky relu, elu, linear), init (he, glorot, lecun, orthogonal,
// delta-orthogonal; of a transformer lecun, of an rnn glorot), branch_init (usual, zero, fixup), dropout,
// stochastic_depth, optimiser (adam, "layer-normalised momentum") and skip; all but rnn and gan norm (none,
// or layernorm, batchnorm, of pictures also groupnorm with groups 4: alone, "in branch" or "after add") and
// affine (scale and shift trained; default for pictures only, so that elsewhere norms add no parameters).
//
// A skip: from and to (k to k+m, in an rnn t to t+m, with each a number, sublayer or block; all j<k to k; enc i
// to dec i; a state's number or name: conv3, fc1, enc 2, mid, dec 1, input, code, output), join (add, concat,
// gate, attend: the branch reads skips and itself by content), transform (identity; "linear, random start"
// with variance 1/inputs; "linear, identity start"; projection, where sizes differ; pad with zeros), weight of
// what it carries, branch_scale, trainable, init (of one trained number a feature of what it carries),
// layer_scale (the same of the branch), gate_bias. Numbers are expressions over depth, blocks, steps and k, the
// block at which the edge ends, with + - * / and sqrt.
//
// # Invariants
//
//  1. A spec with an unknown field, value or impossible shape is refused with the field's name and what may
//     stand there. (TestASpecWithAMistakeNamesItsField, TestAFamilysMistakesNameTheirFields,
//     TestANetThatDoesNotSuitItsTaskIsRefused, FuzzSpecsAreParsedOrRefused)
//  2. Every arm of the study builds and has the parameters the study says. (TestEveryStudyArmBuilds,
//     TestParametersAreAsTheStudySays)
//  3. A compiled program and gorgonia's tape machine give the same bits on the same graph.
//     (TestAProgramEqualsTheTapeMachine, TestRandomSpecsBuildAndRunAsOnTheTapeMachine)
//  4. A parameter of one name starts equal in every net that has it in that shape. (TestEqualParametersStartEqual)
//  5. Losses, gradients and parameters follow another program's. (TestGoldenTrainingOfAnMLP,
//     TestSpecsGiveTheGradientsOfAnotherProgram)
//  6. A step allocates nothing. (TestAStepAllocatesNothing)
//  7. Scoring uses kept statistics and no masks. (TestScoringABatchNormUsesKeptStatistics,
//     TestChanceIsForTrainingOnly)
//  8. A lesion leaves what the skips carry. (TestALesionTakesTheBranchAway)
//  9. Values that share memory disturb none other: parts of a whole are made in it, dead values are written
//     over. (TestValuesThatShareMemoryDisturbNoneOther, TestPartsAreMadeInTheirPlaces, TestADeadValueIsWrittenOver)
//
// # May import
//
// runner/ops, runner/kernel, gorgonia and tensor.
//
// # Concurrency
//
// Build holds a lock, since gorgonia numbers its groups in a global; programs are single-threaded and
// independent of one another. (TestGraphsMayBeBuiltAtTheSameTime)
package net
