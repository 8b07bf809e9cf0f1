// Package task holds what nets are trained on: data, splits, batches, training loops and metrics.
//
// It does not know hypotheses, workers or the store. A trial here is a function of its description, its
// streams and the files of its data folder, whose bytes are checked; the caller says where streams and folder
// come from.
//
// # Words
//
// A task is named as the study names it (D1); its options are what an arm says of it apart from the net. A part
// is train, validation or test. A stream is a named source of chance ([Seeds]): split, order, label-noise,
// augment, data, teacher, noise/input, validation, eval, sample, init/<parameter>, dropout/<mask>, and behind
// autoencoder/ those of the autoencoder that a latent diffusion trains first. A lesion set is the blocks taken
// away together when a trained net is scored again. A recipe is optimiser, schedule and clipping. A state is
// where a trial stands after a step, as bytes.
//
// # Tasks
//
//	D1  digits           1,000 + 397 + 400 of the embedded digits; A2 the same, scored with blocks taken away
//	D2  spirals          2,000 + 500 + 1,000 drawn points; target wave: sin 8πx by regression
//	D3  carry, compute   fresh points of a teacher; targets: both, the teacher alone, a linear teacher
//	D4  mnist-10k        8,000 + 1,000 + 1,000 of MNIST's first 10,000, 14×14; data digits without MNIST
//	D5  cifar-5k         of the 5,500 pictures at hand 4,000 + 500 + 1,000 drawn by the block; 16×16 grey or 32×32
//	                     colour; data shapes without CIFAR-10. The study wrote 5,000 + 1,000 + 1,000
//	D5c                  the same in colour, 4,500 + 1,000 in the published split and the published recipe: no
//	                     validation part, so its rate cannot be tuned
//	D6a D6b recall       fresh sequences; the first symbol, or the one cued last
//	D7  characters       180,000 + 10,000 + 10,000 characters of the embedded text
//	D8  cells            96 + 48 + 48 drawn pictures, fine or coarse; data membranes: 80 + 16 + 24 tiles of 64×64
//	D9a denoising        D1's digits with noise, or D4's with data mnist; a ridge reader on the code
//	D9b diffusion        pixels, codes of a D9a autoencoder, or points of a ring
//	D10 eight modes      a gan
//	A1  signal probe     an untrained net
//
// # Data
//
// The digits and a text are embedded (data/LICENCE.md); other files lie in a folder that [Data.Add] fills. All
// that a task's data are made from is covered by [Task.DataSHA]. A stand-in for a file that is missing is an
// option of the arm, so that it is in the trial's key; [Task.Note] says it in words.
//
// # Curve format
//
// A curve is a file: the line "tenet curve 1", then per sample a little-endian uint32 step and three float32
// (mean training loss and training error since the sample before, test error or NaN).
//
// # Invariants
//
//  1. The same trial and streams give the same weights and curve, bit for bit, alone or beside others.
//     (TestATrialRepeatsBitForBit, TestAnyOrderAndNumberOfTrialsGiveTheSameBits)
//  2. A split is a partition: 1,000, 397 and 400 images, none twice. (TestASplitIsAPartition)
//  3. An epoch shows every training image once. (TestAnEpochShowsEveryImageOnce)
//  4. The test part never influences training; validation chooses learning rates only. (TestTestPartIsOnlyScored,
//     TestEveryTaskMeasuresWhatItSays)
//  5. A loss that is not finite ends the trial as diverged, with its step. (TestDivergenceHasAStep)
//  6. The embedded data are the published bytes. (TestEmbeddedDigitsAreThePublishedOnes, TestCharactersFollowOneAnother)
//  7. The bits of a pinned trial are the same on every machine, and so is what every task deals and scores.
//     (TestTheEnginesBitsArePinned, TestTheMaterialOfEveryTaskIsPinned, TestPicturesOfThePublishedFilesArePinned)
//  8. A trial stopped after any step and begun again at its state ends with the bits of one never stopped; a
//     state that is broken or another trial's is refused, and the trial begins anew.
//     (TestATrialKilledAnywhereEndsWithTheSameBits, TestABrokenStateIsRefusedAndTheTrialBeginsAnew)
//  9. A step allocates nothing. (TestAStepOfEveryTaskAllocatesNothing)
//  10. A data folder holds published bytes or nothing. (TestADataFolderKnowsFilesByTheirBytes, TestAChangedFileIsRefused)
//  11. An option that a task does not know is an error with its name. (TestAnOptionThatDoesNotFitIsNamed)
//
// # May import
//
// runner/net, runner/kernel.
package task
