// Package store keeps a library: its ledger of changes, the state that follows from them, and its files.
//
// It knows nothing of papers, claims or verdicts: what may follow what is for the domain packages to guard, on the
// transaction. It is no cache and no queue: an Update that has returned is on the disk.
//
// # Words
//
// A library is a folder with library.db and vault. A thing is one entity, named by kind and id; its state is one
// canonical JSON object. A change is one record of the ledger: who did what to which thing, with the state before and
// after and why; Seq numbers changes from 1 without gaps. A batch is the changes of one Update, undone together. A final
// change can never be undone. An alias is a short name for people (C1042), never used for a second thing. The head is
// the root of the Merkle tree over all changes, with their number. A finding is one fault that Verify found.
//
// # Invariants
//
//  1. State and change record are written in one transaction, and an acknowledged Update survives kill -9, a power cut
//     that loses what was not synced and tears what was being written, a full disk, and the failure of any single
//     write or sync. (TestEveryAcknowledgedWriteSurvivesKill, TestAPowerCutLosesNothingAcknowledged,
//     TestAFullDiskLosesNothing, TestEachFailingPageWriteIsAnErrorAndLosesNothing, TestAFailedSyncIsAnError)
//  2. A file of the vault is under its name only when it is whole and on the disk; a damaged one is never read as sound.
//     (TestAPowerCutLosesNoFileOfTheVault, TestADamagedFileIsNeverReadAsSound,
//     TestEachFailingCallOfTheVaultIsAnErrorAndLosesNothing,
//     TestEachFailingCallOfManyFilesIsAnErrorAndLosesNothing, TestALentFileIsReadUntilTheVaultHasItsOwn)
//  3. State, index, aliases and undo stacks are a function of the changes alone. (TestTheLedgerBehavesLikeItsModel,
//     TestASecondReaderAgrees)
//  4. Undo after do restores the state, by new changes; it refuses final changes, and what others have built on, with a
//     sentence for people. (TestUndoTakesBackAWholeUpdate, TestAFinalChangeStays, TestUndoRefusesWhatOthersHaveChanged,
//     TestUndoLeavesNothingDangling)
//  5. An alias belongs to one thing for ever. (TestAnAliasIsNeverUsedAgain)
//  6. Canonical bytes are unique and stable. (TestCanonicalIsIdempotent, TestCanonicalBytesMatchTheVectors,
//     TestARecordHasTheseBytes)
//  7. A flipped bit is named with its change, and one fault never hides the next; no head is signed over a record that
//     does not match its leaf. (TestEveryFlippedBitOfARecordNamesItsChange, TestOneFaultHidesNoOther)
//  8. Damage is an error or a finding, never a panic. (TestADamagedPageIsAnErrorNotAPanic)
//  9. A newer schema is refused and touched nowhere; an older one is copied before it is migrated.
//     (TestANewerSchemaIsRefusedUntouched, TestMigrationsGoInOrderAfterACopy)
//  10. Opening replays nothing. (TestAMillionChangesOpenWithoutReplay, tag slow)
//  11. A library restored from its records is the same ledger, byte for byte, or none; where a checkpoint signs them it
//     says who did. (TestARestoredLibraryIsTheSameLedger, TestASignedLedgerIsRestoredAndItsOriginKept)
//  12. A follower sees every change once and in order. (TestAFollowerSeesEveryChangeOnceInOrder)
//
// # May import
//
// Of ours nothing; of others bbolt, golang.org/x/mod/sumdb, ulid, x/text.
//
// # Format
//
// FORMAT.md at the root of the repository.
//
// # Concurrency
//
// A Library may be used from any goroutine. Updates run one after another, each waits for the disk twice (bbolt's data
// pages, then its meta page). Views run beside them on the state of the last commit. Neither may contain an
// Update: it would wait for itself, a View only where the file must be mapped anew (Windows, 32 bits, beyond 8 GiB). A Tx stays in the goroutine and the function it was given to. One process holds a
// library for writing, see package socket for how others get their commands run in it.
package store
