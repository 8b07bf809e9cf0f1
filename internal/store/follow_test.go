package store

import (
	"errors"
	"strconv"
	"testing"
)

func TestAFollowerSeesEveryChangeOnceInOrder(t *testing.T) {
	l := newLibrary(t, Options{})
	const total = 3*changesPerView + 7
	wake, cancel := l.Wake()
	defer cancel()
	done := make(chan uint64)
	go func() {
		after := uint64(0)
		for after < total {
			<-wake
			for c, err := range l.Changes(after) {
				if err != nil || c.Seq != after+1 {
					t.Errorf("after %d: got %d %v", after, c.Seq, err)
					done <- after
					return
				}
				after = c.Seq
			}
		}
		done <- after
	}()
	for n := 0; n < total; {
		update(t, l, "ann", func(tx *Tx) error {
			for range min(50, total-n) {
				n++
				id := strconv.Itoa(n)
				if err := tx.Put("thing.set", "thing", id, thing{ID: id}, ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if after := <-done; after != total {
		t.Errorf("followed to %d, want %d", after, total)
	}
}

func TestWakeHoldsOneTokenAndEnds(t *testing.T) {
	l := newLibrary(t, Options{})
	wake, cancel := l.Wake()
	put(t, l, "ann", thing{ID: "a"})
	put(t, l, "ann", thing{ID: "b"}) // does not block
	<-wake
	select {
	case <-wake:
		t.Error("a second token")
	default:
	}
	cancel()
	put(t, l, "ann", thing{ID: "c"})
	select {
	case <-wake:
		t.Error("a token after the end")
	default:
	}
}

func TestChangesCanBeStoppedAndWrittenBeside(t *testing.T) {
	l := newLibrary(t, Options{})
	put(t, l, "ann", thing{ID: "a"})
	put(t, l, "ann", thing{ID: "b"})
	for c, err := range l.Changes(0) {
		if err != nil {
			t.Fatal(err)
		}
		put(t, l, "ann", thing{ID: "c" + c.ID})
		break
	}
	if l.Seq() != 3 {
		t.Errorf("seq %d, want 3", l.Seq())
	}
	for range l.Changes(99) {
		t.Error("a change after the end")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range l.Changes(0) {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
}
