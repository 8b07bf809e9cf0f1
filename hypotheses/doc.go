// Package hypotheses keeps what is tested: hypotheses with their plans, the
// tasks they run on, the published tables they are held against, and the life
// of a plan from draft over lock and blocks to a verdict.
//
// It trains nothing and draws no seed: a runner brings the outcomes of trials,
// and the rule of hypotheses/decision gives the verdict. No verdict is ever
// typed or passed in.
//
// # Words
//
// A plan is all that decides an experiment before it runs: arms, task,
// estimand, thresholds, seeds. A lock freezes it: its registration is written
// to the ledger as canonical bytes with their digest. A run is one start; an
// exploratory run has no lock behind it and never validates anything. A block
// is one seed over all arms; its D is reduced from the trials' metrics. A
// family is the confirmatory hypotheses of one principle: their error is
// controlled together, and its size is fixed at the first lock. A deviation is
// a departure from the locked plan: minor ones cost trust, major ones make the
// verdict invalid. A replication puts another hypothesis to the test again,
// elsewhere or, as an independent run, under new seeds alone. A model family is a kind of net, not a family of hypotheses.
//
// # Life of a hypothesis
//
//	draft → locked → running → validated | refuted | inconclusive | invalid
//	inconclusive → running (resumed: further blocks in order)
//	any locked state → invalid (a major deviation)
//
// # Invariants
//
//  1. A draft can never be validated. (TestADraftCanNeverBeValidated)
//  2. A locked plan never changes; an edit makes a new version.
//     (TestALockedPlanNeverChanges)
//  3. The lock precedes the start and the start the first block, in the
//     ledger's order. (TestLockStartAndBlocksStandInOrder)
//  4. Blocks are logged in the order of their seeds. (TestBlocksComeInOrder)
//  5. The D of a block is what its trials give. (TestTheContrastIsRecomputed)
//  6. A verdict follows from the logged blocks alone.
//     (TestTheVerdictIsWhatTheRuleSaysOfTheBlocks)
//  7. T follows Holm over the family, whose size is fixed at the first lock.
//     (TestThresholdsFollowTheFamily)
//  8. A major deviation makes the verdict invalid and keeps what was computed.
//     (TestAMajorDeviationMakesTheVerdictInvalid)
//  9. The digest of a lock covers every field that DECISION.md §8 lists, in
//     canonical bytes. (TestEveryPartOfThePlanIsInTheDigest)
//  10. Reading, storing, collecting and writing a pack loses nothing.
//     (TestThePackOfTheStudySurvivesTheRoundTrip)
//  11. A failed control blocks locks until it is overridden on the record; one
//     that never ran is said. (TestAFailedControlBlocksLocksUntilItIsOverriddenOnTheRecord,
//     TestALockSaysWhichControlsAreMissing)
//  12. Another engine version goes on with a plan only where control aa-exact
//     shows the same bits. (TestANewEngineGoesOnOnlyWithTheBitsOfTheOld)
//  13. Only a block that was missing may be repeated.
//     (TestAMissingBlockMayBeRepeatedAndNoOther)
//  14. A plan of which a verdict is foregone cannot be locked.
//     (TestAPlanThatCannotFailIsRefused)
//  15. A family has one registered rule. (TestTheRuleOfAFamilyIsRegistered)
//  16. What had been seen when a plan was made follows from the order of the
//     ledger. (TestWhatHadBeenSeenFollowsFromTheLedger)
//  17. The scope that is claimed is the one that was executed.
//     (TestTheScopeIsWhatWasExecuted)
//  18. A plan that names a rival tests both. (TestARivalIsTestedByTheSamePlan)
//  19. A run in another world than the one that was locked is refused, or on record as a
//     major deviation before its first block. (TestARunAgainstThePlanIsAMajorDeviation)
//  20. Between its start and its verdict the outcomes of a confirmatory run are blinded.
//     (TestOutcomesAreBlindedUntilTheRuleHasSpoken)
//  21. What is foretold of a plan before its lock rests on no outcome, and a plan of little
//     power is locked with a word for it only. (TestTheOutlookUsesNoOutcome,
//     TestAPlanOfLittlePowerIsConfirmedOnTheRecord)
//  22. What the authors foresaw is scored against verdicts alone, an open end as a miss unless it was foreseen.
//     (TestForecastsAreReadFromVerdictsAlone, TestAnOpenEndIsAMissUnlessItWasForeseen)
//  23. A published table is held against one plan with a verdict, or it is said why not.
//     (TestTheAgreementOfAPlanThatIsARankCorrelationIsItsVerdict, TestATableThatCannotBeComparedSaysWhy)
//  24. An independent run keeps the plan, draws other seeds, has a lock, a family
//     and a verdict of its own, and is no second setting.
//     (TestAnIndependentRunChangesNothingButTheSeeds,
//     TestAnIndependentRunHasALockAFamilyAndAVerdictOfItsOwn,
//     TestAnIndependentRunIsNoSecondSetting)
//
// # May import
//
// internal/store, internal/yamlfile, survey, principles, hypotheses/decision.
//
// Functions that take a transaction are bound to its goroutine; the others are
// safe for concurrent use.
package hypotheses
