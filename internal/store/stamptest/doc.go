// Package stamptest is a time-stamping authority for tests of other packages. It
// serves nothing else: its key lives as long as the test.
//
// # Invariants
//
//  1. What it stamps is a token in the eyes of package stamp. (TestWhatItStampsIsRead)
//
// # May import
//
// The standard library.
package stamptest
