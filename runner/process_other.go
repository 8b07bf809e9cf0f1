//go:build !unix

package runner

import "time"

// This system tells neither; the cost record then holds zero, which means unknown.

func lowerPriority()            {}
func processCPU() time.Duration { return 0 }
func peakRSSKB() int64          { return 0 }
