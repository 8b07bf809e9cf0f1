//go:build windows || !(amd64 || arm64 || riscv64 || ppc64le || s390x || loong64)

package store

// mmapSize is 0 here: Windows would make the file as large as the map, and 32 bits have no room for it.
const mmapSize = 0
