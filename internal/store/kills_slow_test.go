//go:build slow

package store

// 2000 kills, each within so many lines of acknowledgement.
const (
	kills     = 2000
	killLines = 400
)
