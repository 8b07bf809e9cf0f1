// Package decision is the statistics of tenet: from the trials of a block to
// one number D, from a sequence of D to evidence, bounds and a verdict, and
// from the hypotheses of one principle to error control over all of them.
//
// It is pure: no clock, no files, no global chance. It does not know what a
// hypothesis is about, keeps no record and trains nothing.
//
// # Words
//
// A block is one seed over all arms; it gives a number D, or it is void (every
// arm diverged) or missing (a trial was lost for a reason outside the arms).
// θ is the centre of D, θ₀ the edge of the null, Δ the smallest value worth
// having. The wealth e(θ) is an e-process against "the centre is not beyond
// θ"; V and R are its running maxima for and against the claim; T is the
// threshold they must reach. A scale is Shamos' median of absolute
// differences. An estimate is Hodges and Lehmann's pseudomedian.
//
// # Invariants
//
//  1. Every vector of the decision procedure is reproduced to its stated
//     digits. (TestEveryVectorIsReproduced)
//  2. Feeding blocks one at a time gives the record that all at once give.
//     (TestOneAtATimeIsAllAtOnce)
//  3. Turning the sign of D turns the bounds and the estimate, and nothing
//     else. (TestMirroredDataGiveMirroredBounds)
//  4. A higher T never gives a tighter bound, and a further block never a
//     wider one. (TestBoundsWidenWithTheThreshold, TestBoundsNeverWidenWithBlocks)
//  5. A bound at 1/α and the test at α agree. (TestBoundsAgreeWithTheTest)
//  6. Without an effect, validated is no more frequent than α, wherever one
//     stops. (TestFalseValidationsStayBelowAlpha)
//  7. The order of the arms' outcomes in a rank reduction, or of hypotheses in
//     a family, does not matter beyond ties. (TestHolmDoesNotSeeTheOrder)
//  8. A block costs no allocation once a [Sequence] is warm.
//     (TestABlockCostsNoAllocation)
//  9. Same names, same stream. (TestEveryVectorIsReproduced)
//  10. The least e that rule eholm rejects is its threshold.
//     (TestEHolmRejectsExactlyFromItsThreshold)
//  11. No blocks within a range bring more evidence than Explore finds.
//     (TestNoBlocksBringMoreEvidenceThanExploreSays)
//
// # May import
//
// The standard library.
//
// Functions are safe for concurrent use; a Sequence belongs to one goroutine.
package decision
