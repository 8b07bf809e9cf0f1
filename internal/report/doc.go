// Package report writes what a study has found for people who do not have the
// program: one HTML file, one Markdown file, the chain from a verdict back to the
// sentences that started it, and the figures of the study as a whole, which the
// room figures draws from plain numbers that this package reads.
//
// It computes no result. Verdicts, bounds, statuses and grades are read from
// the ledger or asked of the package that owns them, and are shown with the
// change number under which the ledger holds them.
//
// # Words
//
// A trace is the tree verdict ← run ← blocks ← trials ← lock ← hypothesis ←
// principle ← claims ← sentence; a node is one step of it. A plot is a picture
// drawn as inline SVG together with the words that say the same.
//
// # Invariants
//
//  1. A report needs nothing outside itself: no script, font, image or link
//     that a browser would fetch. (TestAReportFetchesNothing)
//  2. No text of a paper, claim or study becomes markup. (TestTextNeverBecomesMarkup)
//  3. The same library gives the same bytes. (TestTheSameLibraryGivesTheSameReport)
//  4. Every plot has its content in words beside it. (TestEveryPlotHasWords)
//  5. A claim that nobody compared with its paper says so. (TestAnUnverifiedClaimSaysSo)
//  6. What speaks against a thing is listed beside what it rests on, and of a plan without a verdict no
//     outcome. (TestWhatSpeaksAgainstAPrincipleIsListed, TestAVerdictOtherThanForetoldSpeaksAgainst,
//     TestABlockOnTheOtherSideIsListedOnceThereIsAVerdict)
//  7. Every hypothesis stands in the table beside what was foreseen of it, and what came otherwise is listed.
//     (TestEveryHypothesisStandsInTheTableWithWhatWasForeseen, TestWhatWasNotForeseenIsListed)
//  8. A rival fares as the plans say that name it; no other link is made. (TestARivalFaresAsThePlanThatNamesItCameOut)
//  9. Filling a document touches nothing outside of its marks, and filling twice is filling once.
//     (TestFillingADocumentTouchesNothingElseAndIsIdempotent)
//  10. Figures of the study are drawn as far as the library goes, and what is missing is named.
//     (TestALibraryIsDrawnAsFarAsItGoes, TestAnEmptyLibrarySaysWhatIsMissing)
//  11. Of a plan without a verdict figures show no outcome, but its training curves by depth to whoever asks for
//     them, and those say that it is not finished. (TestUnfinishedBlocksAreDrawnOnlyWhenAskedFor)
//  12. A picture of a paper's figure is bounded, lies in the page itself, and one that cannot be made is said
//     and costs nothing else. (TestAPictureInTheReportIsBounded, TestAClaimShowsTheFigureItStandsInOrSpeaksOf,
//     TestAPictureThatCannotBeMadeIsSaidAndCostsNothingElse)
//
// # May import
//
// Everything that stands left of it: internal/store, papers, survey,
// principles, hypotheses, runner, index, internal/pack; gonum.
package report
