// Package pdfwrite sets small PDF documents: for tests in every room, and for the demo's own introduction.
//
// It is not a general PDF library: no images, no embedded font files, no editing. What it writes is correct PDF that other readers open,
// and, on request, PDF that is wrong in one known way.
//
// # Words
//
// A [Doc] is a flowing document: headings, paragraphs, tables and notes go in, pages come out. A [Canvas] is one page drawn by hand.
// A [File] is the list of numbered objects that both end up as. A [Place] says where a word was put, so that a test knows the truth.
//
// # Invariants
//
//  1. Equal input gives equal bytes; nothing is read from clock, map order or randomness. (TestEqualInputGivesEqualBytes)
//  2. Every offset in the cross-reference points at its object. (TestEveryOffsetPointsAtItsObject)
//  3. Every word that goes into a Doc is placed on a page inside the margins. (TestEveryWordLandsInsideTheMargins)
//  4. An encrypted file holds none of its text in the clear. (TestAnEncryptedFileHidesItsText)
//
// # May import
//
// The standard library only. Nothing here is safe for concurrent use.
package pdfwrite
