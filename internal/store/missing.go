package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// MissingFiles reports every thing that names a file in one of these top-level fields which the vault does not hold.
// The store does not know which fields name files: the packages that own them do. Verify checks the bytes of the files
// that are there.
func (l *Library) MissingFiles(ctx context.Context, fields ...string) ([]Finding, error) {
	var found []Finding
	err := l.view(func(btx *bbolt.Tx) error {
		b, err := openBuckets(btx)
		if err != nil {
			return err
		}
		for key, val := range walk(b.state, nil, false) {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("store: looking for missing files: %w", err)
			}
			if len(val) < 8 {
				continue // Verify says so
			}
			for field, raw := range topFields(val[8:]) {
				sha := decodeText(raw)
				if sha != "" && slices.Contains(fields, field) && !l.vault.Has(sha) {
					found = append(found, Finding{
						Where: strings.Replace(string(key), "\x00", " ", 1), Seq: fromBE64(val),
						Text: fmt.Sprintf("its %s %.12s is not in the vault", field, sha),
					})
				}
			}
		}
		return nil
	})
	return found, err
}
