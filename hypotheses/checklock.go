package hypotheses

import (
	"errors"
	"fmt"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
	"tenet/principles"
)

// CheckLock recomputes the digest of a hypothesis' lock and compares it with
// what is on record.
func CheckLock(tx *store.Tx, h Hypothesis) error {
	if h.Lock == nil {
		return fmt.Errorf("hypotheses: %s is not locked", h.Alias)
	}
	rec, err := store.Get[LockRecord](tx, KindLock, h.Lock.ID)
	if err != nil {
		return fmt.Errorf("hypotheses: %s: lock: %w", h.Alias, err)
	}
	if _, seq, err := tx.Raw(KindLock, rec.ID); err != nil || seq != rec.Seq || rec.Seq != h.Lock.Seq {
		return fmt.Errorf("hypotheses: %s: the lock says it is change %d; it is change %d", h.Alias, rec.Seq, seq)
	}
	p, err := store.Get[principles.Principle](tx, principles.KindPrinciple, h.PrincipleID)
	if err != nil {
		return fmt.Errorf("hypotheses: %s: principle: %w", h.Alias, err)
	}
	// The principle may have been reworded since; its name and revision count.
	reg, err := register(tx, h, p, testFamily{rec.FamilyID, rec.Members}, rec.Env)
	if err != nil {
		return err
	}
	canonical, err := store.Canonical(reg)
	if err != nil {
		return err
	}
	if string(canonical) != rec.Canonical || decision.Digest(canonical) != rec.Digest || rec.Digest != h.Lock.Digest {
		return errors.New("hypotheses: " + h.Alias + ": the plan is not the one that was locked")
	}
	return nil
}
