//go:build !amd64

package kernel

func supported() []path { return []path{portable} }
