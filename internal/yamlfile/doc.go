// Package yamlfile reads and writes the YAML files of a study pack strictly:
// every fault names its file, line, column and field.
//
// It does not know any schema; packages that own one (survey, principles,
// hypotheses) hand in a struct and their own [Problem]s.
//
// # Words
//
// A field path is written as people read it: hypotheses[3].decision.delta.
//
// # Invariants
//
//  1. A key that the struct does not have is a fault, never ignored.
//     (TestAnUnknownFieldIsNamedWithItsPlace)
//  2. Decode(Encode(x)) == x. (TestEncodeThenDecodeIsIdentity)
//  3. No input makes Decode panic, hang or fill memory. (FuzzDecode)
//  4. A number keeps its spelling: 0.0 stays 0.0. (TestANumberKeepsItsSpelling)
//
// # May import
//
// The standard library and goccy/go-yaml. It stands left of every room.
//
// All functions are safe for concurrent use.
package yamlfile
