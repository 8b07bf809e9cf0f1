package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Change is one record of the ledger: who did what to which thing, with its state before and after.
//
// Its canonical JSON is the leaf of the Merkle log. Before is null where the thing did not exist, After where it no
// longer does. Batch is the Seq of the first change of the same Update; Undoes is the batch that an undo or redo
// takes back, 0 otherwise.
type Change struct {
	Seq    uint64          `json:"seq"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"`
	Verb   string          `json:"verb"`
	Kind   string          `json:"kind"`
	ID     string          `json:"id"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	Why    string          `json:"why"`
	Batch  uint64          `json:"batch"`
	Undoes uint64          `json:"undoes"`
	Final  bool            `json:"final"`
}

// record writes the canonical bytes directly: the keys below stand in byte order, and Before and After are canonical
// already. TestARecordIsCanonical compares it with Canonical.
func (c *Change) record() []byte {
	out := make([]byte, 0, 256+len(c.Before)+len(c.After))
	out = appendText(append(out, `{"actor":`...), c.Actor)
	out = appendRaw(append(out, `,"after":`...), c.After)
	out = appendText(append(out, `,"at":`...), stamp(c.At))
	out = strconv.AppendUint(append(out, `,"batch":`...), c.Batch, 10)
	out = appendRaw(append(out, `,"before":`...), c.Before)
	out = strconv.AppendBool(append(out, `,"final":`...), c.Final)
	out = appendText(append(out, `,"id":`...), c.ID)
	out = appendText(append(out, `,"kind":`...), c.Kind)
	out = strconv.AppendUint(append(out, `,"seq":`...), c.Seq, 10)
	out = strconv.AppendUint(append(out, `,"undoes":`...), c.Undoes, 10)
	out = appendText(append(out, `,"verb":`...), c.Verb)
	out = appendText(append(out, `,"why":`...), c.Why)
	return append(out, '}')
}

func appendRaw(out, raw []byte) []byte {
	if raw == nil {
		return append(out, "null"...)
	}
	return append(out, raw...)
}

func stamp(t time.Time) string { return t.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano) }

func parseChange(record []byte) (Change, error) {
	var c Change
	if err := json.Unmarshal(record, &c); err != nil {
		return Change{}, fmt.Errorf("change record: %w", err)
	}
	c.Before, c.After = notNull(c.Before), notNull(c.After)
	return c, nil
}

func notNull(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}
