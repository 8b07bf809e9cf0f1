//go:build !unix

package main

// limitSignals has nothing to do where there are no such signals.
func limitSignals() {}
