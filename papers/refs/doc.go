// Package refs reads the bibliography of a paper: it cuts the lines into entries and takes each entry apart as far as it safely can.
//
// It does not look anything up, and it does not match entries to papers of a library (see survey). What it is not sure of stays empty;
// the raw text of an entry is always kept whole.
//
// # Words
//
// A line is one line of print with its left edge. An entry is one work that is referred to.
//
// # Invariants
//
//  1. Splitting loses no word of an entry and adds none. (TestSplittingKeepsEveryWord, FuzzSplit)
//  2. Parse keeps the raw text as it came. (FuzzParse)
//
// # May import
//
// The standard library only. All functions are safe for concurrent use.
package refs
