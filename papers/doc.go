// Package papers turns a PDF file into text that a reviewer can quote: pages of
// text in reading order with the place of every word, sentences, metadata,
// bibliography, the marks readers left, and anchors that find a quotation again.
//
// It is not for storing anything, ranking papers or drawing pages, and it does
// not read scanned pictures: a file without text says so.
//
// # Words
//
// A document is one file as read; a page's text is what a reader would read
// aloud, lines joined and hyphens undone. A sentence is the unit of tagging. A
// quote is the exact words of the paper, an anchor is where they stand, an
// outcome (found, moved, ambiguous, lost) is what became of an anchor. An object
// source hands out the objects of a file; the one there is reads them with
// github.com/ledongthuc/pdf over an overlay that repairs cross-reference,
// encryption and syntax first. Content, fonts and layout are read here.
//
// # Invariants
//
//  1. A file can cost an error or a warning, never a panic, and the work on it is
//     bounded. (TestNoDamageEndsTheProgram, FuzzOpen)
//  2. A page that cannot be read costs that page only. (TestABadPageCostsThatPage)
//  3. Every offset of a page counts runes of its text and lies inside it.
//     (TestOffsetsLieInsideTheText)
//  4. The text library's own text functions are never called.
//     (TestTheLibrarysTextFunctionsAreNotUsed)
//  5. What the plain text says is what the pages say. (TestWriteTextSaysWhatThePagesSay)
//  6. An anchor never jumps silently to words that are not its own.
//     (TestALookAlikeIsNeverTakenSilently)
//
// # May import
//
// papers/layout, papers/refs, github.com/ledongthuc/pdf (nobody else may), x/text.
// Open may run on many files at once; a Document is plain data.
package papers
