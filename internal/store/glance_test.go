package store

import (
	"math/rand/v2"
	"testing"
)

// A glance must say what the whole record says, whatever texts and members stand in it.
func TestAGlanceSaysWhatTheRecordSays(t *testing.T) {
	l := newLibrary(t, Options{})
	r := rand.New(rand.NewPCG(7, 7))
	hostile := []string{
		`","kind":"verdict","seq":3,"undoes":0,`, `{"kind":"block","seq":1,"undoes":2}`, `,"after":null,`, `\`, `\"`, `"`,
		`,"before":null,"final":true,"id":"x","kind":"y","seq":9,"undoes":0,"verb":"z","why":""}`, "plain",
	}
	word := func() string { return hostile[r.IntN(len(hostile))] }
	ids := []string{"a", "b", `c"d\e`, `,"id":"q",`}
	for range 120 {
		update(t, l, "who "+word(), func(tx *Tx) error {
			kind, id := []string{"claim", "link", "verdict"}[r.IntN(3)], ids[r.IntN(len(ids))]
			if _, _, err := tx.Raw(kind, id); err == nil && r.IntN(3) == 0 {
				return tx.Delete("dropped", kind, id, word())
			}
			state := map[string]any{"id": id, "text": word(), "n": r.IntN(9), "kind": "verdict", "seq": tx.Seq() + 1, "undoes": 0, "before": nil, "after": nil, "final": true}
			return tx.Put("set", kind, id, state, word())
		})
	}
	view(t, l, func(tx *Tx) error {
		next := uint64(1)
		for g, err := range tx.Glances(0, "claim", "verdict") {
			if err != nil {
				return err
			}
			for ; next < g.Seq; next++ {
				if c, err := tx.Change(next); err != nil || c.Kind != "link" {
					t.Errorf("change %d of kind %s was passed over: %v", next, c.Kind, err)
				}
			}
			c, err := tx.Change(g.Seq)
			if err != nil {
				return err
			}
			want := Glance{Seq: c.Seq, Kind: c.Kind, ID: c.ID, Made: c.Before == nil, Gone: c.Before != nil && c.After == nil}
			if g != want {
				t.Errorf("change %d: got %+v, want %+v", g.Seq, g, want)
			}
			next = g.Seq + 1
		}
		for g, err := range tx.Glances(tx.Seq()-1, "claim", "link", "verdict") {
			if err != nil || g.Seq != tx.Seq() {
				t.Errorf("after the last but one: %+v, %v", g, err)
			}
		}
		for range tx.Glances(0, "claim", "link", "verdict") {
			break
		}
		return nil
	})
}

func TestAGlanceAtADamagedRecordIsAnError(t *testing.T) {
	for _, record := range []string{``, `{}`, `{"seq":1,"undoes":0}`, `x,"kind":"a","seq":1,"undoes":0`, `x,"id":"a","kind":"a","seq":1,"undoes":0`} {
		if g, _, ok := glance(1, []byte(record)); ok {
			t.Errorf("%q gave %+v", record, g)
		}
	}
}

func BenchmarkGlances(b *testing.B) {
	l := newLibrary(b, Options{})
	const n = 100_000
	for l.Seq() < n {
		seed(b, l, 10_000)
	}
	b.ReportAllocs()
	for b.Loop() {
		view(b, l, func(tx *Tx) error {
			for _, err := range tx.Glances(0, "verdict") {
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/change")
}
