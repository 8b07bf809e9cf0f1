// Package runner executes plans: it turns a hypothesis into trials on worker processes, keeps their
// results in the ledger, asks the decision rule after every complete block, and stops at a verdict.
//
// It does not know the screen, and it judges nothing itself: the verdict comes from hypotheses.Finish,
// which reads the logged blocks alone.
//
// # Words
//
// A trial is one training of one arm at one seed. A block is every arm at one seed. A run is all trials of
// one start. A trial's key is the hash of everything that determines its result; a key is trained once.
// An attempt is one try at a trial: a worker that dies costs one, three make the trial missing.
// A repetition trains recorded trials again, at their seeds, to compare the bits.
//
// # Invariants
//
//  1. A trial's bits depend on its key alone: not on the number of workers, not on the run, not on a kill in
//     between. (TestSameSeedsSameBitsForAnyJobs, TestAKilledRunResumesToTheSameBits)
//  2. A stopped run keeps its finished trials, and the next run of the hypothesis trains none of them again.
//     (TestAStoppedRunKeepsItsFinishedTrials)
//  3. Blocks reach the ledger in seed order, whatever the order in which workers finish. (TestBlocksAreCommittedInOrder)
//  4. A crash of a worker costs one attempt; the third makes the trial missing, and the run goes on.
//     (TestACrashCostsOneAttempt)
//  5. A run of an unlocked hypothesis is exploratory: other seeds, no verdict of weight. (TestADraftRunsOnlyAsExploratory)
//  6. Divergence is an outcome with its step, not an error. (TestDivergenceIsAnOutcome)
//  7. A cancelled worker stops at its next step. (TestCancelStopsAWorkerAtItsNextStep)
//  8. Controls are trained anew, never taken from the cache. (TestTheControlsAreRealAndRecorded)
//  9. A trial goes on where a killed worker or a killed run left it, to the same bits.
//     (TestATrialOfAnyFamilyGoesOnFromAStateToTheSameBits, TestALostWorkersTrialGoesOnWhereItWas, TestAKilledRunsTrialGoesOnWhereItWas)
//  10. A state that is not whole is no state. (TestAStateIsWholeOrNone)
//  11. A command runs only when somebody has vouched for it, and only with the files of the plan.
//     (TestACommandIsAnArm, TestAChangedFileIsAnotherExperiment)
//  12. Every cost says what it rests on. (TestACostSaysWhatItRestsOn)
//  13. Learning rates are chosen on streams of their own, by the task's own score, never on the test part.
//     (TestEachArmGetsItsBestRateOnTuningSeeds, TestTheBestRateIsOneThatDoesNotDiverge)
//  14. A repetition writes nothing, and gives the account of what it came to when it is stopped.
//     (TestARepetitionTrainsEveryRecordedTrialToTheSameBits, TestAStoppedRepetitionKeepsItsAccount)
//  15. Where a repetition finds other bits, or runs on another kernel path or engine, the rule judges its outcomes
//     beside the record. (TestARepetitionNamesWhatDiffers, TestARepetitionElsewhereComparesTheVerdicts)
//  16. An independent run shares no trial with the original. (TestAnIndependentRunSharesNoTrialWithTheOriginal)
//
// # States
//
// A worker sends the state of its trial every ten seconds and when it is cancelled; the parent keeps the
// latest in the library's folder checkpoints, one file a trial: the line "tenet checkpoint 1", a line of JSON
// (key, step, what was used so far, SHA-256), then the state as runner/task wrote it. The file goes when the
// trial is in the ledger. It may be lost or damaged without harm.
//
// # May import
//
// hypotheses and what stands left of it; runner/net, runner/ops, runner/kernel, runner/task.
//
// # Worker protocol
//
// Frames on standard input and output: 4 bytes big-endian length, then JSON ([frame]); the bytes of a trial's
// state follow a frame that gives their number. The worker says hello with its protocol version and engine, then serves one trial at a time: it answers a job with
// progress at least once a second and one result; a cancel frame or the end of its input stops it.
//
// # Concurrency
//
// Run may be called from several goroutines on one library; OnEvent is called from one goroutine per run.
package runner
