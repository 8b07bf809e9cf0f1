package runner

import (
	"runtime/debug"

	"tenet/runner/kernel"
)

// EngineVersion moves whenever a trial's bits may move; it is part of every trial's key.
const EngineVersion = "3"

// EngineInfo says what trains.
type EngineInfo struct {
	Version    string `json:"version"`
	VCS        string `json:"vcs"` // revision of the program's source, "" when built outside a checkout
	KernelPath string `json:"kernel_path"`
}

// Engine is this program's engine.
func Engine() EngineInfo {
	e := EngineInfo{Version: EngineVersion, KernelPath: kernel.Path()}
	if bi, ok := debug.ReadBuildInfo(); ok {
		for _, s := range bi.Settings {
			if s.Key == "vcs.revision" {
				e.VCS = s.Value
			}
		}
	}
	return e
}
