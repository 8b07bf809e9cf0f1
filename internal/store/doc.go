// Package store keeps a library: its ledger of changes, the state that follows from it, and its files.
package store
