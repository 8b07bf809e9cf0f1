// Package pack reads a study from a folder of text files into a library and
// writes a library's study back into such a folder.
//
// It does not know what a field means: each file's schema belongs to the
// package that owns its concept (survey, principles, hypotheses). This package
// puts the files together, checks what one says about another, and keeps the
// whole import one change that can be undone.
//
// # Words
//
// A pack is a folder with some of references.bib, survey.yaml, principles.yaml,
// hypotheses.yaml, tasks.yaml and published.yaml. An attachment is any other
// file that travels along: a read-me, a text, a PDF.
//
// A pack holds the study, not the library's history: who screened what when,
// PDFs that were added and runs stay in the library.
//
// # Invariants
//
//  1. Import(Export(x)) == x. (TestTheSkipStudySurvivesTheRoundTrip, TestAnyPackSurvivesTheRoundTrip)
//  2. The same pack twice changes nothing. (TestTheSamePackTwiceChangesNothing)
//  3. A faulty pack leaves the library untouched, and every fault that can be
//     seen at once is named with file, line and field. (TestAFaultyPackLeavesTheLibraryUntouched)
//  4. Export never overwrites a folder that is no pack, and what it replaces
//     it replaces whole. (TestExportRefusesAFolderThatIsNoPack)
//  5. Import adds and updates; it never removes what people added here.
//     (TestImportKeepsWhatPeopleAdded)
//  6. Quotes are looked for whichever came first, the study or its PDFs.
//     (TestTheQuotesOfTheStudyAreLocatedOnTheirPages)
//
// # May import
//
// internal/store, internal/yamlfile, papers, survey, principles, hypotheses, runner.
package pack
