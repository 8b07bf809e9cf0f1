// Package figures draws the pictures of a study: SVG that stands alone or in a
// page, and PNG.
//
// It is given plain numbers and words and reads nothing; whoever collects them
// says in a figure's words on what they rest. It is the home of gonum/plot.
//
// # Words
//
// A figure is a picture with a title and words that say what it shows and what
// it leaves out. A sheet is the area it is drawn on, as wide as the text of a
// printed page. A mark is how a verdict looks, by colour and by shape. A bent
// axis is linear between −1 and 1 and logarithmic beyond.
//
// # Invariants
//
//  1. The same numbers give the same bytes. (TestTheSameNumbersGiveTheSameBytes, TestAFigureLooksAsItDid)
//  2. Nothing leaves the sheet and no text lies on another.
//     (TestEverythingLiesOnTheSheetAndNoTextOnAnother)
//  3. A file needs nothing else: no image, script or link, and fonts of the same widths on every system.
//     (TestAFileNeedsNothingElse, TestEveryLetterHasAGlyph)
//  4. No text of a study becomes markup. (TestTextNeverBecomesMarkup)
//  5. Axes contain all that is drawn against them; every verdict appears in the forest, each with a shape of its own.
//     (TestAxesContainAllData, TestEveryVerdictAppearsInTheForest)
//  6. Every empty cell of the matrix has its price. (TestEmptyCellsArePriced)
//  7. Numbers that cannot be drawn do no harm. (TestAFigureSurvivesWhateverItIsGiven)
//
// # May import
//
// Nothing of tenet; gonum/plot with its fonts.
package figures
