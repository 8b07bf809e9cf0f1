// Package index finds things in a library: full text, fields and facets over
// its papers, passages, claims, principles, hypotheses and runs.
//
// It holds the only copy of nothing. Every document in it is a picture of what
// the ledger said at one change, so the folder may be deleted at any time and
// comes back by itself. It does not decide, rank or edit anything a reviewer
// would argue about, and it never writes to the library.
//
// # Words
//
// A passage is one paragraph of a paper's text, or a few sentences of a long
// one, with its page and the runes it covers there. A document is what bleve
// stores for one thing. A generation is one bleve folder below index/; the
// file CURRENT names the one that answers. Applied is the last change the
// answers know of, head the last change of the ledger.
//
// # Query language
//
//	skip depth          both words, anywhere in the text
//	"identity path"     the words in that order, side by side
//	unscal*             words that begin so
//	residul~ residul~2  words one or two letters away
//	NEAR/5(skip depth)  both within five words of each other, in any order
//	field:value         claim stance kind principle paper author year page by
//	                    tag verdict title status
//	year:2019..2023     a range, either end may be left out
//	stance:+            + supports, - contradicts, * qualifies
//	-word -tag:vision   without it
//	a or b              either; "and" binds tighter and is the default
//	( … )               grouping
//
// Letters are compared without case and accents; nothing is stemmed and no
// word is too common to be searched for.
//
// # Invariants
//
//  1. A document is in the index exactly once, as of the applied change, whatever
//     moment the process died at. (TestKillingTheProcessLosesAndDoublesNothing)
//  2. Applied and the documents it speaks of are one bleve batch. (TestKillingTheProcessLosesAndDoublesNothing)
//  3. A deleted, damaged, foreign or differently mapped index is rebuilt, to the
//     same answers. (TestADeletedIndexComesBackTheSame, TestADamagedIndexIsRebuilt, TestAnotherMappingIsRebuilt)
//  4. After Wait(seq), a search sees everything up to seq. (TestWaitMakesAWriteVisible)
//  5. A query finds what a plain reading of its words over each document finds.
//     (TestTheIndexAgreesWithANaiveMatcher)
//  6. No query panics, and a query that does not parse says where. (FuzzParse, TestAParseErrorNamesThePlace)
//  7. No control byte of a document reaches a snippet, except the two marks. (TestNoControlByteReachesASnippet)
//
// # May import
//
// internal/store, papers, survey, principles, hypotheses; bleve lives here and
// nowhere else.
//
// # Concurrency
//
// An Index is safe for use by many goroutines. One goroutine per Index follows
// the ledger; Close ends it and waits for it.
package index
