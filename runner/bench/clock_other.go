//go:build !linux

package bench

import "time"

func threadTime() (time.Duration, bool) { return 0, false }

func peakRSS() float64 { return 0 }
