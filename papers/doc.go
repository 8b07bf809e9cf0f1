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
// source hands out the objects of a file: the first reads them with
// github.com/ledongthuc/pdf over an overlay that repairs cross-reference,
// encryption and syntax first; the second, pdfcpu, repairs in its own way. Content,
// fonts and layout are read here. The last source is PDFium, in WebAssembly: it
// gives signs with their places, and it alone draws pages (see [Renderer]). A page
// goes to the next source where the one before lost its text, and keeps the name
// and version of the library that read it.
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
//  7. Sentences stand in order, do not overlap, and every letter outside the
//     page's furniture lies in one. (FuzzSegment)
//  8. A child process that hangs, dies, grows or talks nonsense costs one file
//     its reading and nothing else; none outlives its pool.
//     (TestAChildThatHangsIsKilledWithItsGroup, TestAChildThatGrowsIsStopped,
//     TestWhatAChildDoesWrongIsAnErrorAndNoMore)
//  9. An error has the same kind and text read here or in a child.
//     (TestErrorsKeepTheirKindOverTheWire)
//  10. A sound file costs one source: no other is opened, nothing else starts.
//     (TestASoundFileNeverStartsTheLastSource)
//  11. The picture of a figure is cut where its page has ink that is no running
//     text; where there is none, that is said.
//     (TestAPictureIsCutToItsInkAndHoldsNoRunningText, TestACaptionWithoutAPictureIsToldSo)
//
// # Children
//
// A [Pool] runs the program's own "papers --stdio", which calls [Serve]. The wire
// is frames of JSON with a length before them (frame.go); a hello with protocol
// and engine version comes first, so that two versions never mix readings.
//
// # May import
//
// papers/layout, papers/refs, x/text, and, which nobody else may:
// github.com/ledongthuc/pdf (BSD 3-Clause), github.com/pdfcpu/pdfcpu (Apache 2.0),
// github.com/klippa-app/go-pdfium (MIT) with the PDFium it carries (Apache 2.0)
// and the wazero it runs on (Apache 2.0).
// Open may run on many files at once; a Document is plain data.
package papers
