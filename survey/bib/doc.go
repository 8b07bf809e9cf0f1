// Package bib reads and writes BibTeX and BibLaTeX, tolerantly: what people
// have in their files, not what the manual allows.
//
// It does not decide which entries are papers, and it opens no file.
//
// # Words
//
// An entry is what starts with @type{ or @type( outside other entries.
// A broken entry is one that could not be understood fully; it keeps its source
// text word for word and says why. A value is TeX as written, with @string
// macros and # resolved; [Unicode] turns it into text for people.
//
// # Invariants
//
//  1. No entry is lost: whatever looks like an entry is one, broken or not.
//     (TestNoEntryIsLost, TestTheFixturesAreReadWhole)
//  2. Every departure from the format is a warning with file, line and reason.
//     (TestBrokenBracesAreNamedWithTheirLine)
//  3. Parse(Write(es)) == es for entries that are not broken; broken ones are
//     written back word for word. (TestImportOfExportIsIdentity)
//  4. No input makes Parse panic or take more than linear time.
//     (FuzzParse, TestHostileInputTakesLinearTime)
//
// # May import
//
// The standard library and golang.org/x/text.
//
// All functions are pure and safe for concurrent use.
package bib
