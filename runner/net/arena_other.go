//go:build !linux

package net

func newArena(n int) []float32 { return make([]float32, n) }
