//go:build !slow

package store

import "time"

const (
	kills      = 200
	killWithin = 60 * time.Millisecond
)
