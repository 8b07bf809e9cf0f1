package hypotheses

import (
	"fmt"
	"testing"

	"tenet/internal/store"
	"tenet/principles"
	"tenet/survey"
)

// The history of a ledger of a million changes: nine claims in ten changes, links to one principle, and now and then
// an edit of a plan.
func BenchmarkHistoryOfAMillionChanges(b *testing.B) {
	lib := studyLibrary(b)
	h := find(b, lib, "H01")
	for lib.Seq() < 1_000_000 {
		update(b, lib, func(tx *store.Tx) error {
			for i := range 5_000 {
				c := survey.Claim{ID: tx.NewID(), Text: fmt.Sprintf("a claim of some length, as they are, with the number %d", i), State: survey.Tagged}
				if err := tx.Put("claim.tagged", survey.KindClaim, c.ID, c, ""); err != nil {
					return err
				}
				if i%10 == 0 {
					l := principles.Link{ID: tx.NewID(), ClaimID: c.ID, PrincipleID: h.PrincipleID, Relation: principles.Supports}
					if err := tx.Put("link.added", principles.KindLink, l.ID, l, ""); err != nil {
						return err
					}
				}
			}
			_, err := Edit(tx, "H01", func(h *Hypothesis) { h.Title = fmt.Sprint("edited at ", tx.Seq()) })
			return err
		})
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		view(b, lib, func(tx *store.Tx) error {
			n = len(must(ReadHistory(tx))(b).Moments(h))
			return nil
		})
	}
	b.ReportMetric(float64(n), "moments")
}
