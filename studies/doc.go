// Package studies carries the built-in study packs inside the program.
//
// It does not read them: internal/pack does, the same way it reads a folder.
// README.md says how to write one. Of the packs of this folder only skip is inside
// the program; the others are read from where they lie.
//
// # Words
//
// A study pack is a folder of text files: references.bib, survey.yaml,
// principles.yaml, hypotheses.yaml, tasks.yaml, published.yaml; what else lies
// there (README.md, proposal.txt, pilot.md, intro.pdf) travels along. A folder
// evidence in it holds the finished study as a bundle: what was found, signed.
//
// # Invariants
//
//  1. The pack skip holds every file that an import needs, and its evidence. (TestTheSkipStudyIsComplete)
//  2. Every study of this folder is named in README.md. (TestEveryStudyHereIsInTheReadMe)
//
// # May import
//
// The standard library only.
package studies
