// Package socket lets a second tenet command run its verb inside the process that holds a library.
//
// bbolt has one writer process. The holder of library.db serves library.sock in the library's folder; a command that
// finds the lock taken hands over its arguments, folder, chosen environment and standard streams, and exits with the
// code it is given. It is not a remote interface: only the same user on the same machine can connect.
//
// # Words
//
// The holder is the process that has the library open for writing. A call is one command run for another process. A
// frame is one message: 4 bytes of length, 1 byte of kind, the payload.
//
// # Invariants
//
//  1. The streams, the exit code and the arguments arrive unchanged. (TestACallRunsInTheHolder)
//  2. Standard input is taken from the client only as far as the verb reads. (TestInputIsTakenOnlyWhenWanted)
//  3. A client that cancels or goes away cancels its call. (TestCancelReachesTheVerb, TestAClientThatGoesAwayCancelsItsCall)
//  4. A holder that dies gives ErrHolderGone, never a hang or a false exit code. (TestAHolderThatDiesMidwayIsNamed)
//  5. A socket left over from a dead holder gives ErrNoHolder to a client and is replaced by the next holder.
//     (TestAStaleSocketIsReplaced)
//  6. library.sock has mode 0600 from the moment it can be connected to. (TestOnlyTheOwnerMayConnect)
//  7. The library's path may have any length. (TestALongPathWorks)
//  8. Closing the server waits for its calls and leaves no goroutine. (goleak in TestMain)
//
// # May import
//
// The standard library only.
//
// # Wire format
//
// Both sides send frame 1 with the version. The client sends frame 2, the call as JSON {args, cwd, env}. Then the
// holder sends frames 5 (wants input), 6 and 7 (bytes of standard output and error), and at last 8 with the exit code in
// 4 bytes, big-endian; the client sends one frame 3 for each 5 (bytes of standard input, empty at its end) and may send 4
// (cancel). A frame of another kind ends the connection.
package socket
