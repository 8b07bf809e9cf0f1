package hypotheses

import (
	"fmt"
	"strings"

	"tenet/internal/store"
)

// changedWorld describes what differs from the lock without ruling a run out:
// a minor deviation. Another engine version rules it out unless the control
// aa-exact shows that its bits are those of the engine that was locked.
func changedWorld(tx *store.Tx, h Hypothesis, now Env) (note string, err error) {
	locked := h.Lock.Env
	var parts []string
	other := func(now, locked string) bool { return now != "" && now != locked }
	if other(now.KernelPath, locked.KernelPath) {
		parts = append(parts, fmt.Sprintf("kernel path %s, locked under %s", now.KernelPath, locked.KernelPath))
	}
	switch {
	case other(now.EngineVersion, locked.EngineVersion):
		if err := sameBits(tx, h, now); err != nil {
			return "", err
		}
		parts = append(parts, fmt.Sprintf("engine %s, locked under %s; control aa-exact passed on it", now.EngineVersion, locked.EngineVersion))
	case other(now.VCS, locked.VCS):
		parts = append(parts, fmt.Sprintf("engine revision %s, locked under %s", now.VCS, locked.VCS))
	}
	return strings.Join(parts, "; "), nil
}

// sameBits says what keeps a run from going on under another engine version.
func sameBits(tx *store.Tx, h Hypothesis, now Env) error {
	locked := h.Lock.Env
	exact := func(engine string) (ControlRecord, bool, error) {
		cs, err := Controls(tx, now.StudyID, engine)
		for _, c := range cs {
			if c.Kind == "aa-exact" {
				return c, true, err
			}
		}
		return ControlRecord{}, false, err
	}
	fresh, ran, err := exact(now.EngineVersion)
	if err != nil {
		return err
	}
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("hypotheses: %s: engine %s is not the engine %s of the lock, and %s", h.Alias, now.EngineVersion, locked.EngineVersion, fmt.Sprintf(format, args...))
	}
	switch {
	case !ran:
		return refuse("control aa-exact has not run on it")
	case !fresh.Passed:
		return refuse("control aa-exact failed on it")
	case fresh.Kernel != locked.KernelPath:
		return nil // bits are promised within one kernel path only; the path is on record as a deviation of its own
	}
	old, ran, err := exact(locked.EngineVersion)
	switch {
	case err != nil:
		return err
	case !ran || old.Bits == "":
		return refuse("no control aa-exact of engine %s is on record to compare its bits with", locked.EngineVersion)
	case old.Bits != fresh.Bits:
		return refuse("its bits differ (aa-exact %.12s, then %.12s); make a new version of the plan", old.Bits, fresh.Bits)
	}
	return nil
}
