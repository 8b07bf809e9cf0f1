// Package tui is the screen of tenet: Triage, Read, Claims, Board, Lab and
// Trace over one library, and the same actions as plain lines for a screen
// reader, a pipe or a dumb terminal.
//
// It decides nothing and stores nothing of its own: every write goes through
// the function of a domain package that owns the rule, and the numbers shown
// are the ones those packages give. It does not parse PDFs, train nets or
// judge hypotheses.
//
// # Words
//
// A screen is one of the six rooms. An action is one row of the action table:
// its id, keys, label, help, when it is off and why, and what it does. A pop
// is a list or text laid over the body (help, palette, a choice). An ask is a
// question in the status line. A guide is the panel of the first steps. Work
// is a function that runs off the screen's goroutine and comes back as a
// [then] to be applied on it.
//
// # Invariants
//
//  1. One action table makes routing, key line, help, palette, plain mode and
//     docs/KEYS.md. (TestNoKeyHasTwoMeaningsOnAScreen, TestTheKeyDocumentIsCurrent)
//  2. A key whose action is off says why. (TestAKeyThatIsOffSaysWhy)
//  3. Every line of a frame is exactly as wide as the screen, and a frame as
//     high. (TestEveryFrameFitsItsScreen, TestAResizeStormEndsInTheFreshFrame)
//  4. Nothing is told by colour alone: without SGR the text is the same.
//     (TestColourCarriesNothingAlone)
//  5. No control byte of a paper reaches the terminal.
//     (TestNoControlByteFromAPDFReachesTheTerminal, FuzzClean)
//  6. Late answers are dropped: work carries a generation.
//     (TestASlowSearchNeverOverwritesANewerOne)
//  7. Undo restores what was there before. (TestUndoRestoresTheLibrary)
//  8. Plain mode writes no escape byte. (TestPlainModeWritesNoEscape)
//  9. Enter opens what the query in the box finds, never a hit of an older one.
//     (TestEnterWaitsForTheAnswerToTheWholeQuery)
//  10. An act on many rows is one change, asks first, and no is the default.
//     (TestLinkingAllHitsAsksAndNoIsTheDefault, TestLinkingAllIsOneChangeThatOneUndoTakesBack)
//  11. A page picture never holds up the text, is drawn once, and is no more than
//     colours: without them it is refused and says where the page is to be seen.
//     (TestThePageIsShownAsItIsPrintedAndAsTextAgain, TestWithoutColoursThereIsNoPicture)
//  12. A verdict is never replaced: on a decided hypothesis x asks, and what follows is a repetition that
//     records nothing or a hypothesis of its own.
//     (TestXOnADecidedHypothesisAsksHow, TestAVerdictIsNeverReplaced, TestAReplicationIsMadeLockedAndRun)
//  13. A figure is shown with its caption and with the cursor on it, and goes as
//     soon as the cursor does. (TestFiguresAreSteppedThroughWithTheirCaptions,
//     TestAMoveGoesFromAFigureBackToTheText)
//  14. The claims of a page are marked on its picture, and the kept picture stays
//     clean. (TestTheClaimsOfAPageAreMarkedOnItsPicture)
//
// # May import
//
// Every package left of cmd/tenet, and charm.land/*, x/ansi, ultraviolet.
//
// # Concurrency
//
// [App] belongs to one goroutine, the one that calls Update. Work runs
// elsewhere and touches only the study and its own values. A run of the engine
// writes into one snapshot slot; a tick that lives as long as the run reads it.
package tui
