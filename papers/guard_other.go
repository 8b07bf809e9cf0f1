//go:build !linux

package papers

import "runtime/debug"

// limitMemory makes the collector work harder near the limit; these systems have no limit on memory that a Go process survives.
func limitMemory(mb int) { debug.SetMemoryLimit(int64(mb) << 20 / 5 * 4) }

// residentMB is not known here.
func residentMB(int) int { return 0 }
