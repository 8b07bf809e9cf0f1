package pack

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tenet/internal/store"
)

// KindAttachment is the ledger's name for files that travel with a pack.
const KindAttachment = "attachment"

// An Attachment is a file of a pack that no schema reads.
type Attachment struct {
	ID  string `json:"id"`
	Key string `json:"key"` // its name
	SHA string `json:"sha"` // its bytes in the vault
}

// keep puts the attachments' bytes into the vault; they count only once the
// ledger names them.
func (c *contents) keep(ctx context.Context, lib *store.Library) ([]Attachment, error) {
	var out []Attachment
	for _, a := range c.attachments {
		sha, err := lib.Vault().PutBytes(ctx, a.data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		out = append(out, Attachment{Key: store.Text(a.name), SHA: sha})
	}
	return out, nil
}

func putAttachment(tx *store.Tx, a Attachment) error {
	old, err := FindAttachment(tx, a.Key)
	switch {
	case err == nil:
		a.ID = old.ID
	default:
		a.ID = tx.NewID()
	}
	return tx.Put("attachment.kept", KindAttachment, a.ID, a, "")
}

// FindAttachment gives the attachment of this name, store.ErrNotFound when
// there is none. Its bytes are in the vault.
func FindAttachment(tx *store.Tx, name string) (Attachment, error) {
	for a, err := range store.Refs[Attachment](tx, KindAttachment, "key", name) {
		return a, err
	}
	return Attachment{}, fmt.Errorf("pack: no file %s came with a pack: %w", name, store.ErrNotFound)
}

// Attachments lists all attachments by name.
func Attachments(tx *store.Tx) ([]Attachment, error) {
	var out []Attachment
	for a, err := range store.All[Attachment](tx, KindAttachment) {
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Attachment) int { return cmp.Compare(a.Key, b.Key) })
	return out, nil
}
