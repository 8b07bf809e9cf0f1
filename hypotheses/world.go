package hypotheses

import (
	"errors"
	"fmt"
	"strings"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// differs lists what of the world of a start is not that of the lock: what
// makes a verdict invalid, and what is recorded only. What a start leaves empty
// it takes from the lock.
func (locked Env) differs(now Env) (major, minor []string) {
	for _, part := range []struct {
		into              *[]string
		what, locked, now string
	}{
		{&major, "study id", locked.StudyID, now.StudyID},
		{&major, "data", locked.DataSHA, now.DataSHA},
		{&major, "task", locked.TaskDigest, now.TaskDigest},
		{&major, "external command or one of its files", locked.Exec, now.Exec},
		{&major, "training", locked.TrainingDigest, now.TrainingDigest},
		{&minor, "kernel path", locked.KernelPath, now.KernelPath},
		{&minor, "engine", locked.EngineVersion, now.EngineVersion},
		{&minor, "engine revision", locked.VCS, now.VCS},
	} {
		if part.now != "" && part.now != part.locked {
			*part.into = append(*part.into, fmt.Sprintf("%s %.16s, locked under %.16s", part.what, part.now, part.locked))
		}
	}
	return major, minor
}

// departure gives the deviation that a start must record; its class is "" where
// there is none. Another engine version rules a run out unless the control
// aa-exact shows that its bits are those of the engine that was locked. anyway is
// the reason to run against the plan all the same.
func departure(tx *store.Tx, h Hypothesis, now Env, anyway string) (Deviation, error) {
	major, minor := h.Lock.Env.differs(now)
	if err := CheckLock(tx, h); err != nil {
		major = append(major, strings.TrimPrefix(err.Error(), "hypotheses: "+h.Alias+": "))
	}
	other := now.EngineVersion != "" && now.EngineVersion != h.Lock.Env.EngineVersion
	if other {
		if err := sameBits(tx, h, now); errors.Is(err, ErrDeparted) {
			major = append(major, strings.TrimSuffix(strings.TrimPrefix(err.Error(), "hypotheses: "+h.Alias+": "), ": "+ErrDeparted.Error()))
		} else if err != nil {
			return Deviation{}, err
		} else {
			minor = append(minor, "control aa-exact passed on it")
		}
	}
	switch {
	case len(major) > 0 && anyway == "":
		return Deviation{}, fmt.Errorf("hypotheses: %s: %s: %w", h.Alias, strings.Join(major, "; "), ErrDeparted)
	case len(major) > 0:
		return Deviation{Class: decision.Major, Text: strings.Join(append(major, minor...), "; ") + "; run all the same: " + anyway}, nil
	case anyway != "":
		return Deviation{}, fmt.Errorf("hypotheses: %s: nothing departs from the plan, so there is nothing to insist on", h.Alias)
	case len(minor) > 0:
		return Deviation{Class: decision.Minor, Text: strings.Join(minor, "; ")}, nil
	}
	return Deviation{}, nil
}

// worldFault says that a start departs from its lock and no deviation owns up
// to it.
func worldFault(alias string, locked Env, s StartRecord, ds []SeqDeviation) error {
	major, minor := locked.differs(s.Env)
	said := ""
	for _, d := range ds {
		if d.RunID == s.RunID && d.Seq < s.Seq && said != decision.Major {
			said = d.Class
		}
	}
	switch {
	case len(major) > 0 && said != decision.Major:
		return fmt.Errorf("hypotheses: %s: the run of change %d departs from the plan (%s), and no major deviation says so", alias, s.Seq, strings.Join(major, "; "))
	case len(minor) > 0 && said == "":
		return fmt.Errorf("hypotheses: %s: the run of change %d departs from the plan (%s), and no deviation says so", alias, s.Seq, strings.Join(minor, "; "))
	}
	return nil
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
		return fmt.Errorf("hypotheses: %s: engine %s is not the engine %s of the lock, and %s: %w", h.Alias, now.EngineVersion, locked.EngineVersion, fmt.Sprintf(format, args...), ErrDeparted)
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
