// Package calibrate measures the decision rule by simulation: how often it
// validates or refutes wrongly and how many blocks it needs, beside the tests
// that people use instead.
//
// It judges no hypothesis and reads no outcome of a study.
//
// # Words
//
// A law is a distribution of D with its centre, the pseudomedian, at 0 and a
// spread of about 1. A null is a law at the edge where a verdict would be
// false. A fixed test looks once, after a number of blocks chosen before;
// peeking is a t-test looked at after every block. An error bar is the Monte
// Carlo standard error of a share.
//
// # Invariants
//
//  1. Same seed, same table, whatever the number of workers. (TestTheTableIsTheSameForAnyJobs)
//  2. Under symmetric nulls the share of false verdicts stays below α, at every
//     number of blocks. (TestTheShortFormHoldsTheErrors, slow: TestFalseVerdictsStayBelowAlphaAtEveryN)
//  3. The fixed tests are the textbooks': their level holds under a normal null,
//     and the exact rank test agrees with counting all signs. (TestTheRankTestCountsAllSigns)
//
// # May import
//
// hypotheses/decision, gonum (quantiles of t).
//
// Functions are safe for concurrent use.
package calibrate
