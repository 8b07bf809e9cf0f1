// Package proof writes a verdict with its evidence into one small file, and
// checks such a file, or a bundle of the whole ledger, without the library.
//
// It keeps nothing and believes nothing: what a file says is hashed into the
// tree that its checkpoint signs, and judged anew from the trials upwards.
//
// # Words
//
// A proof file holds the lock, starts, deviations, trials, blocks and verdict
// of one hypothesis, or, as a receipt, a lock alone, each with its proof of
// inclusion, and a signed checkpoint. A stamp is a third party's word for when a
// checkpoint existed. A bundle is a folder with every change record, a checkpoint and the small
// artefacts of the vault, packed; a study's own is its evidence. An audit is the reading of either. FORMAT.md §11 and
// §12 describe both byte by byte.
//
// # Invariants
//
//  1. What Write writes, Audit accepts. (TestAProofOfAVerdictIsAccepted)
//  2. No byte of a proof file or of a bundle can change; with -tags slow every byte is tried.
//     (TestNoByteOfAProofCanChange, TestNoByteOfABundleCanChange)
//  3. A verdict that the trials do not give is refused, also where every hash
//     fits. (TestAForgedVerdictIsRefusedThoughEveryHashFits)
//  4. A bundle is judged as the library is, and a library made from one verifies as it does; the same library gives
//     the same bytes. (TestABundleIsJudgedAsTheLibraryIs, TestALibraryMadeFromABundleVerifies)
//  5. A second reader in another language says the same.
//     (TestTheSecondReaderAgrees)
//  6. Every flipped bit of a record in library.db is seen and its change named.
//     (TestEveryFlippedBitOfARecordIsSeenAndNamed)
//  7. A lock without a verdict has a receipt, which shows no outcome.
//     (TestOnlyAVerdictOrALockCanBeProved)
//  8. A run against the plan is sound where it is on record as a major deviation.
//     (TestARunAgainstThePlanIsOnRecordAndInvalid)
//  9. A stamp holds for its file and its checkpoint only, and is checked again wherever it is read.
//     (TestAStampTiesALockToADate, TestAStampOfSomethingElseIsRefused, TestAForgedStampIsFound)
//  10. Each row of the table in docs/trust.md is a test. (TestTampering)
//
// # May import
//
// internal/store and its stamp, hypotheses, runner.
package proof
