// Package stamp reads time stamps of RFC 3161: a third party's signed word that
// some bytes existed at a time.
//
// It asks nobody: a query is a file to send, a token a file that came back. It
// knows no ledger and keeps no list of authorities to trust.
//
// # Words
//
// An authority is the third party. A query asks it to stamp a hash. A token is
// its answer: hash, time and serial number under its signature. Roots are the
// certificates that the reader trusts.
//
// # Invariants
//
//  1. A token holds only for the bytes that were stamped and under the signature
//     of the certificate in it, which must be one for time stamps. (TestATokenHoldsForItsBytesOnly,
//     TestACertificateForOtherThingsStampsNothing)
//  2. No byte of a token that means something can change. (TestNoByteOfATokenCanChange)
//  3. What another program made is read, and what is asked is understood by it.
//     (TestATokenOfOpenSSLIsRead, TestOpenSSLAnswersTheQuery)
//  4. Bytes from outside are an error or a token, never a panic. (FuzzParse)
//
// # May import
//
// The standard library.
//
// Functions are safe for concurrent use.
package stamp
