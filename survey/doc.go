// Package survey decides which papers count, why, and what they say.
//
// It does not judge principles (see principles), reads no PDF itself (see
// papers) and stores nothing by itself: every change is made on a store
// transaction that the caller opened, and leaves change records. Only
// [ImportBib] and [AddPDF], which bring whole files in, open their own.
//
// # Words
//
// A paper is a work that the review knows of; it may have a PDF or not yet.
// A state is how far the review has come with a paper; see [State].
// A screening is one reviewer's decision on one paper; it is that reviewer's own.
// A claim is a sentence of a paper that a person tagged, or a paraphrase of one.
// A kind says how a claim argues; a stance, whether it speaks for a skip.
// A quote is the exact words in the paper; an anchor is where they stand.
// A claim is verified when someone compared its quote with the paper's text;
// every other claim is shown as not yet verified.
// A proposal is a sentence that may be worth tagging; it is never a claim until
// a person accepts it.
// A study is the frame of the review: question, criteria, searches, coding.
//
// # Invariants
//
//  1. A paper's state moves only along the arrows of [State]. (TestAStateMovesOnlyAlongItsArrows)
//  2. Exclusion always has a reason. (TestNoPaperIsExcludedWithoutAReason)
//  3. A dropped or superseded claim never changes again. (TestADroppedClaimStaysDropped)
//  4. A claim with a quote is located as soon as its paper has text, and a quote
//     that is not there is called lost, never left unsaid. (TestALostQuoteIsNeverSilent)
//  5. The same file is one paper, however often and under whatever name it is
//     added, and one that only its PDF made known is the paper that a pack then
//     names. (TestTheSameFileTwiceIsOnePaper, TestAPackMeetsPapersThatCameAsPDF)
//  6. ReadFile(WriteFile(f)) == f, and storing a file twice changes nothing.
//     (TestASurveyFileSurvivesTheRoundTrip, TestStoringTwiceChangesNothing)
//  7. No entry of a bibliography is lost. (survey/bib: TestNoEntryIsLost)
//  8. A work is counted once for each paper that cites it, however its entry is
//     written. (TestWorksThatManyPapersCiteAreCounted)
//  9. The flow of papers follows from the changes, and its boxes add up. (TestTheFlowFollowsFromTheChanges)
//
// # May import
//
// internal/store, internal/yamlfile, papers and its own sub-packages.
//
// Functions that take a transaction follow the transaction's rules; the others
// are safe for concurrent use.
package survey
