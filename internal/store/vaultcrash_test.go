package store

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// lossyFS is a disk in memory that keeps after a crash only what was synced: of a file's bytes those at its last Sync
// and any part of the rest, of a folder's names those at its last SyncDir and, of the operations since, any subset.
type lossyFS struct {
	chance *rand.Rand
	files  map[string]*lossyFile // names now
	kept   map[string]*lossyFile // names on the disk
	since  map[string][]nameOp   // per folder, not synced
	next   int
	stopAt int // calls until the power goes, -1 never
}

type lossyFile struct {
	fs     *lossyFS
	name   string
	data   []byte
	synced int
	folder bool
}

// nameOp gives a name to a file, or takes it (file nil).
type nameOp struct {
	name string
	file *lossyFile
}

type powerGone struct{}

func newLossyFS(chance *rand.Rand) *lossyFS {
	return &lossyFS{chance: chance, files: map[string]*lossyFile{}, kept: map[string]*lossyFile{}, since: map[string][]nameOp{}, stopAt: -1}
}

func (f *lossyFS) tick() {
	if f.stopAt == 0 {
		panic(powerGone{})
	}
	f.stopAt--
}

func (f *lossyFS) op(name string, file *lossyFile) {
	if file == nil {
		delete(f.files, name)
	} else {
		f.files[name] = file
	}
	dir := filepath.Dir(name)
	f.since[dir] = append(f.since[dir], nameOp{name, file})
}

// MkdirAll makes folders under library, which is there.
func (f *lossyFS) MkdirAll(dir string) error {
	f.tick()
	if dir == lossyRoot || f.files[dir] != nil {
		return nil
	}
	if err := f.MkdirAll(filepath.Dir(dir)); err != nil {
		return err
	}
	f.op(dir, &lossyFile{fs: f, name: dir, folder: true})
	return nil
}

const lossyRoot = "library"

// there tells whether all folders above a name have names themselves.
func (f *lossyFS) there(name string) bool {
	dir := filepath.Dir(name)
	return dir == lossyRoot || f.files[dir] != nil && f.there(dir)
}

func (f *lossyFS) CreateTemp(dir, pattern string) (file, error) {
	f.tick()
	f.next++
	n := &lossyFile{fs: f, name: filepath.Join(dir, strings.Replace(pattern, "*", fmt.Sprint(f.next), 1))}
	f.op(n.name, n)
	return n, nil
}

func (f *lossyFS) Open(path string) (io.ReadCloser, error) {
	f.tick()
	if n := f.files[path]; n != nil {
		return io.NopCloser(bytes.NewReader(n.data)), nil
	}
	return nil, fs.ErrNotExist
}

func (f *lossyFS) Stat(path string) (fs.FileInfo, error) {
	f.tick()
	if n := f.files[path]; n != nil {
		return lossyInfo{n, path}, nil
	}
	return nil, fs.ErrNotExist
}

func (f *lossyFS) Rename(from, to string) error {
	f.tick()
	n := f.files[from]
	f.op(to, n)
	f.op(from, nil)
	return nil
}

func (f *lossyFS) Link(from, to string) error { return f.Rename(from, to) }
func (f *lossyFS) Remove(path string) error   { f.tick(); f.op(path, nil); return nil }

func (f *lossyFS) SyncDir(dir string) error {
	f.tick()
	for _, op := range f.since[dir] {
		f.keep(op)
	}
	delete(f.since, dir)
	return nil
}

func (f *lossyFS) keep(op nameOp) {
	if op.file == nil {
		delete(f.kept, op.name)
	} else {
		f.kept[op.name] = op.file
	}
}

func (f *lossyFS) WalkDir(dir string, fn fs.WalkDirFunc) error {
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		if f.files[name].folder {
			continue
		}
		if err := fn(name, fs.FileInfoToDirEntry(lossyInfo{f.files[name], name}), nil); err != nil {
			return err
		}
	}
	return nil
}

// crash loses what it may and starts again.
func (f *lossyFS) crash() {
	for _, ops := range f.since {
		for _, op := range ops {
			if f.chance.IntN(2) == 0 {
				f.keep(op)
			}
		}
	}
	f.files = map[string]*lossyFile{}
	for name, n := range f.kept {
		if lost := len(n.data) - n.synced; lost > 0 {
			n.data = n.data[:n.synced+f.chance.IntN(lost+1)]
			for at := n.synced; at < len(n.data); at++ {
				n.data[at] &= byte(f.chance.IntN(256)) // torn: what was there before the write
			}
		}
		n.synced = len(n.data)
		f.files[name] = n
	}
	for name := range f.kept {
		if !f.there(name) {
			delete(f.files, name)
		}
	}
	f.kept, f.since, f.stopAt = maps.Clone(f.files), map[string][]nameOp{}, -1
}

func (n *lossyFile) Write(p []byte) (int, error) {
	n.fs.tick()
	n.data = append(n.data, p...)
	return len(p), nil
}
func (n *lossyFile) Sync() error  { n.fs.tick(); n.synced = len(n.data); return nil }
func (n *lossyFile) Close() error { n.fs.tick(); return nil }
func (n *lossyFile) Name() string { return n.name }

type lossyInfo struct {
	n    *lossyFile
	path string
}

func (i lossyInfo) Name() string     { return filepath.Base(i.path) }
func (i lossyInfo) Size() int64      { return int64(len(i.n.data)) }
func (lossyInfo) Mode() fs.FileMode  { return 0o600 }
func (lossyInfo) ModTime() time.Time { return time.Time{} }
func (lossyInfo) IsDir() bool        { return false }
func (lossyInfo) Sys() any           { return nil }

// TestAPowerCutLosesNoFileOfTheVault cuts the power at every call of a Put or a PutAll, many times with other losses, and goes on
// with the same disk; forty disks, because a fresh one has the most to lose.
func TestAPowerCutLosesNoFileOfTheVault(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	cuts, files := 0, 0
	for disk := range 40 {
		c, f := cutOften(t, rand.New(rand.NewPCG(seed, uint64(disk))))
		cuts, files = cuts+c, files+f
	}
	if cuts < 500 || files < 500 {
		t.Errorf("only %d cuts and %d files", cuts, files)
	}
}

// cutOften works on one disk.
func cutOften(t *testing.T, chance *rand.Rand) (cuts, files int) {
	t.Helper()
	disk := newLossyFS(chance)
	vault := &Vault{dir: lossyRoot + "/vault", fs: disk}
	acked := map[string][]byte{}
	for n := range 60 {
		body := bytes.Repeat([]byte(fmt.Sprint("body ", chance.IntN(200), " ")), 1+chance.IntN(3))
		bodies := [][]byte{body}
		for chance.IntN(3) > 0 {
			bodies = append(bodies, fmt.Appendf(nil, "more %d", chance.IntN(200)))
		}
		disk.stopAt = chance.IntN(25 * len(bodies))
		done, err := putUntilCut(t, vault, bodies)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range bodies {
			if done {
				acked[shaOf(body)] = body
			}
		}
		if !done || chance.IntN(4) == 0 {
			cuts++
			disk.crash()
			vault.clean()
		}
		disk.stopAt = -1
		for sha, want := range acked {
			if got, err := vault.Bytes(sha); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("round %d, after %d cuts: acknowledged %.12s: %v", n, cuts, sha, err)
			}
		}
		paths, err := vault.list()
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths { // acknowledged or not: what has a name is whole
			if text := vault.fault(path); text != "" {
				t.Fatalf("round %d, after %d cuts: %s: %s", n, cuts, path, text)
			}
		}
	}
	return cuts, len(acked)
}

// putUntilCut says whether the acknowledgement came before the power went.
func putUntilCut(t *testing.T, v *Vault, bodies [][]byte) (done bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, cut := r.(powerGone); !cut {
				panic(r)
			}
			done, err = false, nil
		}
	}()
	if len(bodies) > 1 {
		err = v.PutAll(t.Context(), bodies)
	} else {
		_, err = v.PutBytes(t.Context(), bodies[0])
	}
	return err == nil, err
}
