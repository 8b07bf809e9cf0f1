// Package stamptest is a time-stamping authority for tests of other packages. Its key lives as long as the test.
package stamptest
