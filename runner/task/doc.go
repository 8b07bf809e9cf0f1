// Package task holds what nets are trained on: data, splits, batches, training loops and metrics.
//
// It does not know hypotheses, workers or the store. A trial here is a function of its description and its
// streams alone; the caller says where streams come from.
//
// # Words
//
// A task is named as the study names it (D1). A part is train, validation or test. A stream is a named
// source of chance ([Seeds]): split, order, label-noise, init/<parameter>. A lesion set is the blocks taken
// away together when a trained net is scored again.
//
// # Data
//
// The digits are embedded (data/LICENCE.md). Every part of a task's data is covered by its [DataSHA].
//
// # Curve format
//
// A curve is a file: the line "tenet curve 1", then per sample a little-endian uint32 step and three float32
// (mean training loss and training error since the sample before, test error or NaN).
//
// # Invariants
//
//  1. The same trial and streams give the same weights and curve, bit for bit. (TestATrialRepeatsBitForBit)
//  2. A split is a partition: 1,000, 397 and 400 images, none twice. (TestASplitIsAPartition)
//  3. An epoch shows every training image once. (TestAnEpochShowsEveryImageOnce)
//  4. The test part never influences training; validation chooses learning rates only. (TestTestPartIsOnlyScored)
//  5. A loss that is not finite ends the trial as diverged, with its step. (TestDivergenceHasAStep)
//  6. The embedded data are the published bytes. (TestEmbeddedDigitsAreThePublishedOnes)
//  7. The bits of a pinned trial are the same on every machine. (TestTheEnginesBitsArePinned)
//
// # May import
//
// runner/net, runner/kernel.
package task
