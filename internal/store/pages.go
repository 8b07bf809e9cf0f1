package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// This is a reader of bbolt's file format of its own. bbolt's own check runs in a goroutine of bbolt's, where a fault
// of the memory map or an endless descent cannot be caught; this one reads through the file and trusts no number in it.
// bbolt writes in the byte order of the machine, which is little-endian on everything tenet is built for but s390x.

// The layout of bbolt's pages, see FORMAT.md.
const (
	pageHead     = 16
	elementSize  = 16
	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10
	bucketFlag   = 0x01
	boltMagic    = 0xED0CDAED
	noFreelist   = ^uint64(0)
)

// boltMeta is the part of a meta page that a reader needs.
type boltMeta struct{ pageSize, root, freelist, high, txid uint64 }

// readMeta reads the newer of the two sound meta pages. Where page 0 is not sound, its twin is looked for at every page
// size that bbolt allows.
func readMeta(r io.ReaderAt) (boltMeta, error) {
	var best boltMeta
	try := func(off int64) {
		b := make([]byte, 80)
		if _, err := r.ReadAt(b, off); err != nil {
			return
		}
		n, b := binary.NativeEndian, b[pageHead:]
		sum := fnv.New64a()
		sum.Write(b[:56])
		m := boltMeta{uint64(n.Uint32(b[8:])), n.Uint64(b[16:]), n.Uint64(b[32:]), n.Uint64(b[40:]), n.Uint64(b[48:])}
		sound := n.Uint32(b) == boltMagic && n.Uint32(b[4:]) == 2 && n.Uint64(b[56:]) == sum.Sum64()
		if sound && m.pageSize >= 512 && m.txid >= best.txid {
			best = m
		}
	}
	try(0)
	for size := int64(512); size <= 1<<16; size *= 2 {
		try(size)
	}
	if best.pageSize == 0 {
		return best, errors.New("no sound meta page")
	}
	return best, nil
}

// pageCheck walks the trees of one snapshot.
type pageCheck struct {
	r    io.ReaderAt
	meta boltMeta
	seen map[uint64]bool
	emit func(text string)
	step func() error // once a page; its error ends the walk
	loop bool         // some page was reached twice: descending through bbolt may never end
}

func (c *pageCheck) fault(page uint64, format string, args ...any) {
	c.emit(fmt.Sprintf("page %d: %s", page, fmt.Sprintf(format, args...)))
}

// page reads a page with its overflow and marks it as reached.
func (c *pageCheck) page(id uint64, want ...uint16) (flags uint16, b []byte, ok bool) {
	if id < 2 || id >= c.meta.high {
		c.emit(fmt.Sprintf("page %d is named, the pages in use are 2 to %d", id, c.meta.high-1))
		return 0, nil, false
	}
	head := make([]byte, pageHead)
	if _, err := c.r.ReadAt(head, int64(id*c.meta.pageSize)); err != nil {
		c.fault(id, "%v", err)
		return 0, nil, false
	}
	n := binary.NativeEndian
	flags, more := n.Uint16(head[8:]), uint64(n.Uint32(head[12:]))
	switch {
	case n.Uint64(head) != id:
		c.fault(id, "it says it is page %d", n.Uint64(head))
	case flags != want[0] && flags != want[len(want)-1]:
		c.fault(id, "its kind is %#x", flags)
	case id+more >= c.meta.high:
		c.fault(id, "it goes on over %d pages, past the end", more)
	default:
		ok = true
	}
	if !ok {
		c.seen[id] = true
		return 0, nil, false
	}
	for p := id; p <= id+more; p++ {
		if c.seen[p] {
			c.loop = true
			c.fault(p, "it is reached twice")
			return 0, nil, false
		}
		c.seen[p] = true
	}
	b = make([]byte, (1+more)*c.meta.pageSize)
	if _, err := c.r.ReadAt(b, int64(id*c.meta.pageSize)); err != nil {
		c.fault(id, "%v", err)
		return 0, nil, false
	}
	return flags, b, true
}

// element is one entry of a branch or leaf.
type element struct {
	key, value []byte
	child      uint64
	bucket     bool
}

// elements cuts a page, inline ones too, into entries. It stops at the first that does not fit.
func elements(flags uint16, b []byte) ([]element, error) {
	n := binary.NativeEndian
	count := int(n.Uint16(b[10:]))
	if pageHead+count*elementSize > len(b) {
		return nil, fmt.Errorf("%d entries do not fit", count)
	}
	out := make([]element, 0, count)
	for i := range count {
		at := pageHead + i*elementSize
		h := b[at : at+elementSize]
		var e element
		pos, klen, vlen := uint64(n.Uint32(h[4:])), uint64(n.Uint32(h[8:])), uint64(n.Uint32(h[12:]))
		if flags == branchPage {
			pos, klen, vlen = uint64(n.Uint32(h)), uint64(n.Uint32(h[4:])), 0
			e.child = n.Uint64(h[8:])
		} else {
			e.bucket = n.Uint32(h)&bucketFlag != 0
		}
		from := uint64(at) + pos
		if from+klen+vlen > uint64(len(b)) {
			return out, fmt.Errorf("entry %d lies outside", i)
		}
		e.key, e.value = b[from:from+klen], b[from+klen:from+klen+vlen]
		if i > 0 && bytes.Compare(out[i-1].key, e.key) >= 0 {
			return out, fmt.Errorf("entry %d is out of order", i)
		}
		out = append(out, e)
	}
	return out, nil
}

// tree walks the pages under one; all keys must lie from low to below high (nil is no bound).
func (c *pageCheck) tree(id uint64, low, high []byte) error {
	if err := c.step(); err != nil {
		return err
	}
	flags, b, ok := c.page(id, branchPage, leafPage)
	if !ok {
		return nil
	}
	entries, err := elements(flags, b)
	if err != nil {
		c.fault(id, "%v", err)
	}
	if len(entries) > 0 {
		last := entries[len(entries)-1].key
		if bytes.Compare(entries[0].key, low) < 0 || (high != nil && bytes.Compare(last, high) >= 0) {
			c.fault(id, "its keys do not lie where the page above says")
		}
	}
	for i, e := range entries {
		switch {
		case flags == branchPage:
			next := high
			if i+1 < len(entries) {
				next = entries[i+1].key
			}
			err = c.tree(e.child, e.key, next)
		case e.bucket:
			err = c.bucket(id, e)
		default:
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bucket walks a bucket inside a leaf: by its root page, or inline.
func (c *pageCheck) bucket(id uint64, e element) error {
	if len(e.value) < 16 {
		c.fault(id, "bucket %q is cut short", e.key)
		return nil
	}
	if root := binary.NativeEndian.Uint64(e.value); root != 0 {
		return c.tree(root, nil, nil)
	}
	inline := e.value[16:]
	if len(inline) < pageHead {
		c.fault(id, "bucket %q is cut short", e.key)
		return nil
	}
	if _, err := elements(leafPage, inline); err != nil {
		c.fault(id, "bucket %q: %v", e.key, err)
	}
	return nil
}

// free reads the free list and checks that every page is either reached or free.
func (c *pageCheck) free() error {
	if c.meta.freelist == noFreelist {
		return nil
	}
	_, b, ok := c.page(c.meta.freelist, freelistPage)
	if !ok {
		return nil
	}
	n := binary.NativeEndian
	count, at := uint64(n.Uint16(b[10:])), uint64(pageHead)
	if count == 0xFFFF {
		count, at = n.Uint64(b[at:]), at+8
	}
	if count > (uint64(len(b))-at)/8 {
		c.fault(c.meta.freelist, "%d free pages do not fit", count)
		return nil
	}
	for i := range count {
		id := n.Uint64(b[at+8*i:])
		if c.seen[id] {
			c.fault(id, "it is free and in use, or free twice")
		}
		c.seen[id] = true
	}
	for id := uint64(2); id < c.meta.high; id++ {
		if !c.seen[id] {
			c.fault(id, "it is neither free nor in use")
		}
	}
	return c.step()
}
