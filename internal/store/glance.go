package store

import (
	"bytes"
	"iter"
	"slices"
	"strconv"
)

// Glance is what a change is about, read without its states.
type Glance struct {
	Seq        uint64
	Kind, ID   string
	Made, Gone bool // the thing came to be, ceased to be
}

// Glances walks the changes of some kinds after a number, in order. It costs little more than passing over their
// bytes: what a record is about stands at its end, in a fixed order, and the states before it are not decoded.
// [Tx.Change] reads those that matter. Nothing may be written during the walk.
func (tx *Tx) Glances(after uint64, kinds ...string) iter.Seq2[Glance, error] {
	return func(yield func(Glance, error) bool) {
		c := tx.b.changes.Cursor()
		for k, v := c.Seek(be64(after + 1)); k != nil; k, v = c.Next() {
			seq, e := fromBE64(k), entry(v)
			if !e.sound() {
				yield(Glance{}, mark(ErrCorrupt, "library.db: change %d is missing or cut short", seq))
				return
			}
			g, kind, ok := glance(seq, e.record())
			switch {
			case !ok:
				yield(Glance{}, mark(ErrCorrupt, "change %d: its record is not in its one form", seq))
				return
			case !slices.ContainsFunc(kinds, func(want string) bool { return want == string(kind) }):
				continue
			}
			g.Kind, g.ID = string(kind), decodeText(g.rawID)
			if !yield(g.Glance, nil) {
				return
			}
		}
	}
}

// glanced is a Glance whose texts still lie in the record.
type glanced struct {
	Glance
	rawID []byte // with its quotes
}

// glance reads a record from its end. Quotes inside texts are escaped, so what is looked for can only be members; the
// last of each is that of the record itself, since behind it only numbers and texts follow.
func glance(seq uint64, record []byte) (g glanced, kind []byte, ok bool) {
	var room [48]byte
	number := append(strconv.AppendUint(append(room[:0], `,"seq":`...), seq, 10), `,"undoes":`...)
	end := bytes.LastIndex(record, number)
	if end < 0 {
		return g, nil, false
	}
	head := record[:end]
	if kind, head, ok = cutLast(head, `,"kind":`); !ok || len(kind) < 2 {
		return g, nil, false
	}
	if g.rawID, head, ok = cutLast(head, `,"id":`); !ok {
		return g, nil, false
	}
	if _, head, ok = cutLast(head, `,"final":`); !ok {
		return g, nil, false
	}
	g.Seq = seq
	g.Made = bytes.HasSuffix(head, []byte(`,"before":null`))
	g.Gone = !g.Made && bytes.HasPrefix(head[actorEnd(head):], []byte(`,"after":null,`))
	return g, kind[1 : len(kind)-1], true
}

// cutLast parts text before and behind the last place of sep.
func cutLast(text []byte, sep string) (behind, before []byte, ok bool) {
	i := bytes.LastIndex(text, []byte(sep))
	if i < 0 {
		return nil, nil, false
	}
	return text[i+len(sep):], text[:i], true
}

// actorEnd is where the first member of a record, the actor, ends.
func actorEnd(record []byte) int {
	const start = len(`{"actor":"`)
	for i := start; i < len(record); i++ {
		switch record[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(record)
}
