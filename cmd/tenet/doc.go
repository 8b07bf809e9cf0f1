// Command tenet turns a field's literature into tested principles, in the terminal and offline.
//
// It is the only main of the module: it reads flags, opens the library, wires the rooms and turns
// errors into exit codes. It holds no logic of its own.
//
// # Words
//
// A verb is one subcommand. A holder is the process that has the library open; a second tenet on the
// same library sends its verb there and shows what comes back.
//
// # Invariants
//
//  1. Exit codes are 0 ok, 1 failed, 2 usage, 3 not found, 4 locked or busy, 5 integrity. (TestScripts)
//  2. Standard output carries results, standard error is for people. (TestScripts)
//  3. The demo's library is the built-in study as it was finished and signed, whatever kills its making; without its
//     evidence being sound there is none. (TestTheDemoOpensTheStudyAsItWasFinished,
//     TestADemoKilledWhileItsLibraryIsMadeIsFinishedByTheNext, TestTheBuiltInEvidenceIsSoundAndSmall,
//     TestABrokenBuiltInStudyIsAClearErrorAndMakesNothing)
//  4. A verb gives the same answer inside the holder as on its own. (TestScripts)
//
// # May import
//
// Every room; cobra.
package main
