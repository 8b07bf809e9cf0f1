// Package e2e plays the journey of a new user against the real binary in a real terminal.
//
// It holds tests only (build tag e2e): they need tmux and a built program, named by TENET_BIN.
//
// # Words
//
// A pane is a tmux window of fixed size in which tenet runs; a step types keys and waits for words.
//
// # Invariants
//
//  1. A new user gets from PDFs to a traced verdict with keys alone. (TestJourneyOfANewUser)
//  2. A run that was killed goes on and ends with the same bits. (TestAKilledRunGoesOnToTheSameBits)
//  3. The plain mode does the same without an escape byte. (TestJourneyInPlainMode)
//
// # May import
//
// papers/pdfwrite, to make the PDFs it adds; otherwise nothing of ours: it sees what a user sees.
package e2e
