package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.etcd.io/bbolt"
)

// This disk keeps only what was synced. bbolt writes the data pages of a commit, syncs, writes one meta page, syncs;
// that both syncs happen and are waited for is shown by TestAFailedSyncIsAnError. So after a power cut in a commit the
// file is the one before with any part of the data pages, or with all of them and any part of the meta page. Parts are
// sectors of 512 bytes, written in any order; for the meta page also single bytes, which no disk would do.

const (
	pageSize   = 4096
	sectorSize = 512
)

type pageWrite struct {
	off  int64
	data []byte
}

// power records one commit.
type power struct {
	before []byte // the whole file
	writes []pageWrite
}

func (p *power) data() (data []pageWrite, meta pageWrite) {
	for _, w := range p.writes {
		if w.off < 2*pageSize {
			meta = w
		} else {
			data = append(data, w)
		}
	}
	return data, meta
}

// lay writes sectors of a page write over an image, those that keep says.
func lay(image []byte, w pageWrite, keep func(sector int) bool) []byte {
	if need := int(w.off) + len(w.data); need > len(image) {
		image = append(image, make([]byte, need-len(image))...)
	}
	for at := 0; at < len(w.data); at += sectorSize {
		if keep(at / sectorSize) {
			copy(image[int(w.off)+at:], w.data[at:min(at+sectorSize, len(w.data))])
		}
	}
	return image
}

// cuts are images of the disk after power cuts in this commit. committed says that the meta page is whole.
func (p *power) cuts(chance *rand.Rand, yield func(name string, image []byte, committed bool)) {
	data, meta := p.data()
	all := func(int) bool { return true }
	coin := func(int) bool { return chance.IntN(2) == 0 }
	image := slices.Clone(p.before)
	yield("nothing written", image, false)
	for i := range 3 {
		image := slices.Clone(p.before)
		last := chance.IntN(len(data))
		for at, w := range data {
			switch {
			case i == 0 && chance.IntN(2) == 0: // whole pages, some
				image = lay(image, w, all)
			case i == 1 || i == 2 && at == last: // every page torn, or the last
				image = lay(image, w, coin)
			case i == 2 && at < last: // in the order of writing
				image = lay(image, w, all)
			}
		}
		yield(fmt.Sprintf("data pages, way %d", i), image, false)
	}
	image = slices.Clone(p.before)
	for _, w := range data {
		image = lay(image, w, all)
	}
	yield("all but the meta page", slices.Clone(image), false)
	torn := slices.Clone(image)
	yield("meta sectors other than the first", lay(torn, meta, func(s int) bool { return s > 0 }), false)
	torn = slices.Clone(image)
	n := 1 + chance.IntN(78) // the meta record ends at byte 80 of its page
	copy(torn[meta.off:], meta.data[:n])
	yield(fmt.Sprintf("%d bytes of the meta page", n), torn, bytes.Equal(torn[meta.off:meta.off+80], meta.data[:80]))
	torn = slices.Clone(image)
	yield("meta page but for its tail", lay(torn, meta, func(s int) bool { return s == 0 }), true)
}

// record runs one Update and keeps what it did to the file.
func record(t *testing.T, l *Library, p *power, fn func()) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(l.Dir(), ledgerName))
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	if err := l.db.View(func(btx *bbolt.Tx) error { size = int(btx.Size()); return nil }); err != nil {
		t.Fatal(err)
	}
	p.before, p.writes = raw[:size], nil
	fn()
}

func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	seed := uint64(os.Getpid())*7919 + 3
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 2))
	l := newLibrary(t, Options{})
	p := &power{}
	hookWrites(l.db, func(next writeAt, b []byte, off int64) (int, error) {
		p.writes = append(p.writes, pageWrite{off, slices.Clone(b)})
		return next(b, off)
	})
	dir := t.TempDir()
	states := 0
	for n := range 35 {
		before, old := dump(t, l), l.Seq()
		record(t, l, p, func() { busy(t, l, n) })
		after, now := dump(t, l), l.Seq()
		p.cuts(chance, func(name string, image []byte, committed bool) {
			states++
			if err := os.WriteFile(filepath.Join(dir, ledgerName), image, 0o644); err != nil {
				t.Fatal(err)
			}
			cut, err := Open(t.Context(), dir, Options{})
			if err != nil {
				t.Fatalf("commit %d, %s: %v", n, name, err)
			}
			defer cut.Close()
			sound(t, cut)
			want, seq := before, old
			if committed {
				want, seq = after, now
			}
			if cut.Seq() != seq || dump(t, cut) != want {
				t.Errorf("commit %d, %s: at change %d, want %d", n, name, cut.Seq(), seq)
			}
			put(t, cut, "ann", thing{ID: "later"}) // and it goes on
			sound(t, cut)
		})
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d states of the disk", states)
}

// busy makes changes of different sizes, so that pages are filled, split, freed and used again.
func busy(t *testing.T, l *Library, n int) {
	t.Helper()
	switch n % 5 {
	case 3:
		if _, err := l.Undo(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
	case 4:
		update(t, l, "bob", func(tx *Tx) error {
			for v, err := range All[thing](tx, "thing") {
				if err != nil {
					return err
				}
				if len(v.ID)%2 == n%2 {
					if err := tx.Delete("thing.gone", "thing", v.ID, ""); err != nil {
						return err
					}
				}
			}
			return tx.Put("thing.set", "thing", "last", thing{ID: "last", Text: fmt.Sprint(n)}, "")
		})
	default:
		update(t, l, "ann", func(tx *Tx) error {
			for i := range 1 + n*n%17 {
				id := fmt.Sprintf("%d-%d", n, i)
				v := thing{ID: id, Alias: "T" + fmt.Sprint(n*100+i), Text: fmt.Sprint(make([]int, n*i)), OwnerID: "o"}
				if err := tx.Put("thing.set", "thing", id, v, ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
