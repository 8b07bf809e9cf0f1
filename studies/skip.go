package studies

import (
	"embed"
	"io/fs"
)

//go:embed skip
var skip embed.FS

// Skip is the study "skip connections as memories": 93 papers, 138 claims,
// nine principles and thirty hypotheses. The files lie at its root; what was
// found lies in evidence.
func Skip() fs.FS {
	sub, err := fs.Sub(skip, "skip")
	if err != nil {
		panic("studies: unreachable: " + err.Error()) // the name is a constant that embeds
	}
	return sub
}
