package hypotheses

import (
	"testing"

	"tenet/hypotheses/decision"
	"tenet/internal/store"
)

// The steps shown of a run are those of the records that the rule would have given after each block.
func TestThePathIsTheRecordAfterEachBlock(t *testing.T) {
	lib := studyLibrary(t)
	lock(t, lib, "H01")
	start(t, lib, "H01", "r", false)
	feed(t, lib, "H01", "r", 0, 60, 0.2)
	h := find(t, lib, "H01")
	view(t, lib, func(tx *store.Tx) error {
		logged := must(BlocksOf(tx, h.ID))(t)
		path := must(Path(h, logged))(t)
		if len(path) != len(logged) || len(path) != h.Verdict.Stop {
			t.Fatalf("%d steps of %d blocks", len(path), len(logged))
		}
		for i, s := range path {
			seq := must(replay(h, StartRecord{}, logged[:i+1]))(t)
			r := seq.Record()
			want := Step{
				B: logged[i].B, V: r.V, R: r.R, TV: float64(logged[i].TV), TR: float64(logged[i].TR), SignV: r.SignV, SignR: r.SignR,
				Estimate: r.Estimate, Bounds: decision.Interval{Lower: r.Lower, Upper: r.Upper}, Confidence: r.Confidence,
			}
			if s != want || s.V != float64(logged[i].V) {
				t.Errorf("block %d: %+v, want %+v", i, s, want)
			}
		}
		// What comes after the verdict does not count; what is no number is an error that keeps the steps before it.
		if more := must(Path(h, append(logged, logged[0])))(t); len(more) != len(path) {
			t.Errorf("%d steps after the verdict", len(more)-len(path))
		}
		bad := logged[2]
		bad.D = "much"
		if some, err := Path(h, []Block{logged[0], logged[1], bad}); err == nil || len(some) != 2 {
			t.Errorf("%d steps, %v", len(some), err)
		}
		if none, err := Path(Hypothesis{}, logged); len(none) > 0 || err != nil {
			t.Errorf("without a decision: %v, %v", none, err)
		}
		return nil
	})
}
