// Package principles keeps the rules that a survey proposes: what each says,
// where it holds, which claims speak for it, how people rate it and what the
// verdicts on its hypotheses make of it.
//
// It runs no experiment and knows no hypothesis: [RollUp] takes verdicts as
// plain values, and hypotheses hands them in.
//
// # Words
//
// A principle is a general statement with a scope; its status comes from
// verdicts alone and is never typed. A link says that a claim supports,
// contradicts or qualifies a principle. A score is one reader's mark on one
// of five criteria. The grade is the trust in the evidence. Guidance says
// where not to use a principle. The unified explanation is the one line into
// which all principles of a study fit.
//
// # Invariants
//
//  1. The status of a principle is the roll-up of its verdicts.
//     (TestEveryRollUpVectorIsReproduced)
//  2. A link joins a claim and a principle that exist; the same link twice is
//     one. (TestALinkNeedsBothEnds, TestTheSameLinkTwiceIsOne)
//  3. A principle is discarded with a reason or not at all.
//     (TestDiscardingAsksForAReason)
//  4. A refined principle names its parent. (TestARefinedPrincipleNamesItsParent)
//  5. Reading, storing, collecting and writing a pack loses nothing.
//     (TestThePackOfTheStudySurvivesTheRoundTrip)
//  6. The order of hypotheses does not matter to a roll-up.
//     (TestRollUpDoesNotSeeTheOrder)
//
// # May import
//
// internal/store, internal/yamlfile, survey.
//
// Functions that take a transaction are bound to its goroutine; the others are
// safe for concurrent use.
package principles
