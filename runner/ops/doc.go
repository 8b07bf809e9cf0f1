// Package ops gives gorgonia the operations that training needs and that its own are wrong or slow at:
// linear layers, convolutions, pools, attention, activations, norms, joins and losses, each with its gradient.
//
// It does not build nets (see net) and holds no arithmetic of its own (see kernel): an op binds a kernel to
// the shapes of its inputs, implements gorgonia's Op and SDOp, and so lets gorgonia.Grad differentiate
// through it symbolically.
//
// # Words
//
// A fused op is one node that stock gorgonia would need several for. A kernel op is an op that can also be
// run on bare slices ([Kernel]), which is how a compiled program runs it without a tensor or an allocation.
// Pictures lie channel × row × column × batch; rows are batch × features.
//
// # Invariants
//
//  1. Outputs and gradients equal the golden numbers of another program within 1e-4 of the largest, and no
//     case of these is without an op. (TestOpsMatchGolden, TestPictureOpsMatchGolden, TestSequenceOpsMatchGolden,
//     TestEveryPictureOpMatchesGolden, TestEveryGoldenCaseHasAnOpOfOurs)
//  2. A gradient equals the finite difference of its forward. (TestGradientsMatchFiniteDifferences,
//     TestGradientsOfPictureOpsMatchFiniteDifferences, TestGradientsOfRowOpsMatchFiniteDifferences)
//  3. An op is pure: it keeps no state between runs and never writes to an input, so a scheduler may run it
//     at any time and any number of times. (TestOpsLeaveTheirInputsAlone, TestPictureOpsLeaveTheirInputsAlone,
//     TestRowOpsLeaveTheirInputsAlone)
//  4. Two ops of one graph that differ in place or constants differ in hash: gorgonia merges nodes whose
//     hashes are equal without looking at their inputs. (TestHashesTellOpsApart)
//  5. What an op says about memory ([View], [Joins], [Over]) and what one kernel does for two ([Fuse]) change no
//     bit. (TestWritingOverAnInputChangesNoNumber, TestViewsAndJoinsAreTheNumbersTheySay, TestAFusedPairIsItsTwoOps)
//  6. What gorgonia's own ops do wrong these do right: dropout's gradient and chance, means over pixels, group
//     norm's silence, the first of equals in a pool. (TestDropoutScalesItsGradientAsItsOutput,
//     TestDropoutDrawsNothingItself, TestTheMeanOverPixelsAndItsGradientAreRight, TestGroupNormPrintsNothing,
//     TestTheFirstOfEqualNumbersTakesTheGradientOfAMaxPool)
//
// # May import
//
// runner/kernel, gorgonia, tensor and hm (gorgonia's type words).
package ops
