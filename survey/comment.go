package survey

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"tenet/internal/store"
)

// KindComment is the ledger's name for comments.
const KindComment = "comment"

// A Comment is a remark of one reviewer on anything in the library.
type Comment struct {
	ID       string `json:"id"`
	OnKind   string `json:"on_kind"`
	OnID     string `json:"on_id"`
	Reviewer string `json:"reviewer"`
	At       string `json:"at"` // RFC 3339, UTC
	Text     string `json:"text"`
}

// AddComment writes a remark on an entity of any kind.
func AddComment(tx *store.Tx, kind, id, text string) (Comment, error) {
	c := Comment{
		ID: tx.NewID(), OnKind: kind, OnID: id, Reviewer: tx.Actor(),
		At: tx.Now().UTC().Format(time.RFC3339), Text: strings.TrimSpace(store.Text(text)),
	}
	if c.Text == "" {
		return Comment{}, fmt.Errorf("survey: a comment needs words")
	}
	if _, err := store.Get[map[string]any](tx, kind, id); err != nil {
		return Comment{}, fmt.Errorf("survey: comment on %s %s: %w", kind, id, err)
	}
	return c, tx.Put("comment.added", KindComment, c.ID, c, "")
}

// CommentsOn gives the remarks on one entity, oldest first.
func CommentsOn(tx *store.Tx, id string) iter.Seq2[Comment, error] {
	return store.Refs[Comment](tx, KindComment, "on_id", id)
}
