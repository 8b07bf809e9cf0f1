package store

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestProofsConvinceAReaderWithoutTheLibrary(t *testing.T) {
	l := newLibrary(t, Options{Now: fixedClock()})
	var heads []TreeHead
	var leaves []tlog.Hash
	for i := range 40 {
		put(t, l, "ann", thing{ID: string(rune('a'+i%7)) + "x", Text: strings.Repeat("y", i)})
		head, err := l.Head()
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	for c, err := range l.Changes(0) {
		if err != nil {
			t.Fatal(err)
		}
		record, err := Canonical(c) // all a reader needs to have
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, tlog.RecordHash(record))
	}
	for _, head := range heads {
		for seq := uint64(1); seq <= head.Size; seq++ {
			p, err := l.ProveInclusion(seq, head.Size)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(p, int64(head.Size), head.Root, int64(seq-1), leaves[seq-1]); err != nil {
				t.Fatalf("change %d in %d: %v", seq, head.Size, err)
			}
			p, err = l.ProveConsistency(seq, head.Size)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(p, int64(head.Size), head.Root, int64(seq), heads[seq-1].Root); err != nil {
				t.Fatalf("tree %d in %d: %v", seq, head.Size, err)
			}
		}
	}
	for _, at := range [][2]uint64{{0, 3}, {4, 3}, {1, 41}} {
		if _, err := l.ProveInclusion(at[0], at[1]); err == nil {
			t.Errorf("proof of %v", at)
		}
		if _, err := l.ProveConsistency(at[0], at[1]); err == nil {
			t.Errorf("consistency of %v", at)
		}
	}
}

func TestASignedHeadOpensWithItsKeyOnly(t *testing.T) {
	l, other := newLibrary(t, Options{}), newLibrary(t, Options{})
	for range 2 { // the empty tree too
		signed, head, err := l.SignedHead()
		if err != nil {
			t.Fatal(err)
		}
		key, err := l.VerifierKey()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := OpenHead(signed, key); err != nil || got != head {
			t.Errorf("%s: got %v %v, want %v", signed, got, err, head)
		}
		if stored, err := l.Head(); err != nil || stored != head {
			t.Errorf("stored head %v %v, want %v", stored, err, head)
		}
		otherKey, err := other.VerifierKey()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenHead(signed, otherKey); err == nil {
			t.Error("opened with another library's key")
		}
		signed[len("go.sum database tree\n")] ^= 1
		if _, err := OpenHead(signed, key); err == nil {
			t.Error("opened although changed")
		}
		put(t, l, "ann", thing{ID: "a"})
	}
	if _, err := OpenHead(nil, "no key"); err == nil {
		t.Error("opened without a key")
	}
}

// consistent checks that one head continues another.
func consistent(proof []tlog.Hash, newer, older TreeHead) bool {
	return tlog.CheckTree(proof, int64(newer.Size), newer.Root, int64(older.Size), older.Root) == nil
}
