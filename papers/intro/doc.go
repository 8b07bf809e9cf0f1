// Package intro sets the demo's own paper, "Skip connections: a short introduction".
//
// The demo puts it into the vault of its library, so that reading, tagging and searching can be tried before any PDF has been added. The
// file studies/skip/intro.pdf is what PDF returns, byte for byte.
//
// # Words
//
// An item is one piece of the paper in its order: a heading, a paragraph, the figure, the table, a reference.
//
// # Invariants
//
//  1. studies/skip/intro.pdf is what this package writes. (TestTheFileInTheStudyIsWhatThisWrites)
//  2. Each work cited in the text stands in the list of references, and the other way round. (TestEachCitationHasItsReference)
//  3. Each reference stands in the study's references.bib with that year. (TestEachReferenceIsInTheStudy)
//
// # May import
//
// papers/pdfwrite and the standard library.
package intro
