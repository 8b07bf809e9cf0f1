package hypotheses

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"tenet/internal/store"
)

func outlook(t testing.TB, lib *store.Library, name string) (o Outlook) {
	t.Helper()
	view(t, lib, func(tx *store.Tx) (err error) { o, err = OutlookOf(t.Context(), tx, name); return err })
	return o
}

// What is shown before the lock must not lean on what came out: it is the same before and after blocks of the study.
func TestTheOutlookUsesNoOutcome(t *testing.T) {
	lib := studyLibrary(t)
	before := outlook(t, lib, "H01")
	start(t, lib, "H01", "r1", true)
	feed(t, lib, "H01", "r1", 0, 4, 0.3)
	if after := outlook(t, lib, "H01"); !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	lock(t, lib, "H01")
	start(t, lib, "H01", "r2", false)
	feed(t, lib, "H01", "r2", 0, 4, 0.3)
	if after := outlook(t, lib, "H01"); !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v\nwith blocks %+v", before, after)
	}
}

func TestTheOutlookSpansNoEffectToWhatThePilotSaw(t *testing.T) {
	o := outlook(t, studyLibrary(t), "H01")
	if o.Members != 6 || o.T != 120 || o.Runs < 1000 || o.ScaleFrom != "a pilot of 8 blocks" {
		t.Errorf("got %+v", o)
	}
	last := math.Inf(-1)
	seen := map[string]Prospect{}
	for _, p := range o.Prospects {
		if p.Effect <= last {
			t.Errorf("effect %v after %v", p.Effect, last)
		}
		last = p.Effect
		seen[p.What] = p
		if sum := p.Validated + p.Refuted + p.Inconclusive; math.Abs(sum-1) > 1e-9 || p.BlocksError < 0 || p.MeanBlocks < 5 || p.Blocks90 > 60 {
			t.Errorf("effect %v: %+v", p.Effect, p)
		}
	}
	if p := seen["no effect"]; p.Validated > Alpha || p.Refuted < 0.9 {
		t.Errorf("without an effect: %+v", p)
	}
	if p := seen["the pilot's"]; !p.Expected || p.Validated < 0.99 {
		t.Errorf("at the pilot's: %+v", p)
	}
	text := strings.Join(o.Lines(), "\n")
	for _, want := range []string{"1000 simulated runs", "T 120, a family of 6", "no effect", "Δ", "the pilot's", "validated with probability 1.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestWithoutAPilotTheSpreadIsAssumedAndSaid(t *testing.T) {
	lib := studyLibrary(t)
	o := outlook(t, lib, "H18")
	if _, _, known := o.Power(); known || o.Weak() != "" || !strings.Contains(strings.Join(o.Lines(), "\n"), "no pilot; assumed to be twice Δ") {
		t.Errorf("got %v", o.Lines())
	}
	h := find(t, lib, "H01")
	h.Pilot, h.Decision.Delta = nil, 0
	if s, from := h.spread(); s != 1 || !strings.Contains(from, "unit") {
		t.Errorf("without Δ: %v, %s", s, from)
	}
	// An accuracy cannot rise by more than 1.
	h.Decision.Delta = 0.4
	ps := h.prospects(0.8)
	if last := ps[len(ps)-1]; last.Effect != 2 || !last.Beyond || ps[0].Beyond {
		t.Errorf("got %+v", ps)
	}
}

func TestAPlanOfLittlePowerIsConfirmedOnTheRecord(t *testing.T) {
	lib := studyLibrary(t)
	weak := outlook(t, lib, "H29").Weak()
	if !strings.Contains(weak, "where 0.8 is wanted") {
		t.Fatalf("H29: %q", weak)
	}
	try := func(why string) (rec LockRecord, err error) {
		_, err = lib.Update(t.Context(), "ada", func(tx *store.Tx) error {
			var err error
			rec, err = LockConfirmed(tx, "H29", env(), weak, why)
			return err
		})
		return rec, err
	}
	if _, err := try(" "); !errors.Is(err, ErrUnconfirmed) {
		t.Fatalf("without a word: %v", err)
	}
	rec := must(try("a first look"))(t)
	h := find(t, lib, "H29")
	if want := weak + "; locked all the same: a first look"; rec.Power != want || h.Lock.Power != want {
		t.Errorf("on record %q", rec.Power)
	}
	view(t, lib, func(tx *store.Tx) error { return CheckLock(tx, h) })
	update(t, lib, func(tx *store.Tx) error {
		rec, err := LockConfirmed(tx, "H01", env(), outlook(t, lib, "H01").Weak(), "")
		if rec.Power != "" {
			t.Errorf("a plan with power: %q", rec.Power)
		}
		return err
	})
}

func TestAnOutlookNeedsACompletePlanAndTime(t *testing.T) {
	lib := studyLibrary(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	view(t, lib, func(tx *store.Tx) error {
		if _, err := OutlookOf(ctx, tx, "H01"); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped: %v", err)
		}
		if _, err := OutlookOf(t.Context(), tx, "H99"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("nothing: %v", err)
		}
		for h, err := range All(tx) {
			if err != nil {
				return err
			}
			if !h.Complete() {
				if _, err := OutlookOf(t.Context(), tx, h.ID); err == nil || !strings.Contains(err.Error(), "it needs ") {
					t.Errorf("%s: %v", h.Alias, err)
				}
				return nil
			}
		}
		return errors.New("every plan is complete")
	})
}
