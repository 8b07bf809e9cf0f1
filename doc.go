// Package tenet is the root of the module: it holds no code of the program, only the test of its
// architecture (arch_test.go). The program is cmd/tenet; ARCHITECTURE.md says which room does what.
//
// # Invariants
//
//  1. Imports go one way, third parties live in one room each, and no file outgrows one concept. (TestRoomsImportOneWay, TestThirdPartiesHaveOneHome, TestFilesStaySmall)
//
// # May import
//
// Nothing.
package tenet
