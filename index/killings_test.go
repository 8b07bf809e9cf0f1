//go:build !slow

package index

const killings = 12
