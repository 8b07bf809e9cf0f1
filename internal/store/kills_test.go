//go:build !slow

package store

// 200 kills, each within so many lines of acknowledgement.
const (
	kills     = 200
	killLines = 60
)
