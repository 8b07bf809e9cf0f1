// Package layout turns the painted glyphs of pages into text in reading order,
// with the place of every word.
//
// It is not for opening files and knows nothing of PDF objects: papers gives it
// glyphs, it gives back text, blocks, lines and words.
//
// # Words
//
// A glyph is one painted character. A word is a run of glyphs without a gap; a
// line is one line of print in one column; a block is a paragraph, a heading, a
// caption, a formula. Running heads, page and line numbers are blocks of their
// own kind: marked, never deleted. The order of painting is the reading order
// unless the painting jumps about (see Page.order).
//
// # Invariants
//
//  1. Every visible letter that goes in comes out, once. (TestEveryLetterComesOutOnce)
//  2. Blocks, lines and words stand in order, do not overlap and lie inside the
//     text; a line's words lie inside the line. (FuzzLayout, TestOffsetsAgreeWithTheText)
//  3. A column is read to its end before the next one begins, however the lines
//     were painted. (TestTwoColumnsPaintedAcrossAreReadDown)
//  4. A hyphen that only broke the line is gone from the text and noted on the
//     line; one that the document itself writes stays. (TestHyphensAtLineEnds)
//  5. The same glyphs give the same text. (TestLayoutIsDeterministic)
//  6. Numbers of lines stand after the text they number, and never part its
//     sentences. (TestOnlyNumbersOutsideOfTheTextAreLineNumbers)
//
// # May import
//
// The standard library and x/text. Analyse may run on many pages at once; a Page
// and Compose belong to one goroutine.
package layout
