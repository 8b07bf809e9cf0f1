//go:build slow

package store

import "time"

const (
	kills      = 2000
	killWithin = 400 * time.Millisecond
)
