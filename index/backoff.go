package index

import (
	"context"
	"time"
)

// backoff spaces the attempts after a failure: a tenth of a second, doubled up to ten.
type backoff struct{ next time.Duration }

// wait returns false when ctx ended. A new change ends the waiting early.
func (b *backoff) wait(ctx context.Context, wake <-chan struct{}) bool {
	b.next = min(max(2*b.next, 100*time.Millisecond), 10*time.Second)
	t := time.NewTimer(b.next)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-t.C:
	}
	return true
}
