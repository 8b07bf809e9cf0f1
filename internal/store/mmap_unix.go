//go:build !windows && (amd64 || arm64 || riscv64 || ppc64le || s390x || loong64)

package store

// mmapSize is address space reserved for library.db, not memory and not disk. A map that need not move never makes a
// writer wait for readers.
const mmapSize = 8 << 30
