package task

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// kept runs a trial and keeps its state after every step.
func kept(t testing.TB, trial Trial, from []byte) (Outcome, map[int][]byte) {
	t.Helper()
	states := map[int][]byte{}
	o, err := trial.RunFrom(t.Context(), seeds("r"), Checkpoints{
		From: from, Due: func(int) bool { return true },
		Save:    func(step int, state []byte) error { states[step] = state; return nil },
		Refused: func(err error) { t.Errorf("its own state was refused: %v", err) },
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o, states
}

func same(a, b Outcome) bool {
	return a.WeightsSHA == b.WeightsSHA && bytes.Equal(a.Curve.Bytes(), b.Curve.Bytes()) && fmt.Sprint(a.Metrics) == fmt.Sprint(b.Metrics) && a.Diverged == b.Diverged && a.DivergedAt == b.DivergedAt
}

// A trial that is killed at a random step, begun again at its state, and killed and begun once more, ends with
// the bits of one that was never stopped, and passes through the same states.
func TestATrialKilledAnywhereEndsWithTheSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range smallCases() {
		if c.task == "A1" {
			continue // nothing is trained
		}
		first, second := 1+r.IntN(c.steps-2), 0
		second = first + 1 + r.IntN(c.steps-1-first)
		t.Run(c.name, func(t *testing.T) {
			trial := c.trial(t)
			whole, states := kept(t, trial, nil)
			if len(states) != c.steps-1 {
				t.Fatalf("%d states of %d steps", len(states), c.steps)
			}
			once, later := kept(t, trial, states[first])
			if !bytes.Equal(later[second], states[second]) {
				t.Errorf("begun at step %d, another state at step %d", first, second)
			}
			twice, _ := kept(t, trial, later[second])
			if !same(whole, once) || !same(whole, twice) {
				t.Errorf("never stopped: %s %v; begun at %d: %s %v; at %d: %s %v", whole.WeightsSHA, whole.Metrics, first, once.WeightsSHA, once.Metrics, second, twice.WeightsSHA, twice.Metrics)
			}
		})
	}
}

func TestABrokenStateIsRefusedAndTheTrialBeginsAnew(t *testing.T) {
	trial := smallCases()[0].trial(t)
	whole, states := kept(t, trial, nil)
	good := states[7]
	other := trial
	other.Rate *= 2
	_, foreign := kept(t, other, nil)
	for name, c := range map[string]struct {
		state []byte
		want  string
	}{
		"empty":    {[]byte{}, "no state of a trial"},
		"other":    {[]byte("something else entirely, and long enough to hold two hashes and a magic line, or so one may hope it is"), "no state of a trial"},
		"cut":      {good[:len(good)-40], "checksum"},
		"longer":   {append(slices.Clone(good), 1), "checksum"},
		"flipped":  {flip(good, len(good)/2), "checksum"},
		"checksum": {flip(good, len(good)-1), "checksum"},
		"foreign":  {foreign[7], "of another trial"},
	} {
		var refused error
		o, err := trial.RunFrom(t.Context(), seeds("r"), Checkpoints{From: c.state, Refused: func(err error) { refused = err }}, nil)
		if err != nil || !same(o, whole) {
			t.Errorf("%s: %v, weights %s, want %s", name, err, o.WeightsSHA, whole.WeightsSHA)
		}
		if refused == nil || !strings.Contains(refused.Error(), c.want) || !strings.HasPrefix(refused.Error(), "runner/task: state: ") {
			t.Errorf("%s: refused with %v, want %s", name, refused, c.want)
		}
	}
	var refused error
	if _, err := trial.RunFrom(t.Context(), seeds("another stream"), Checkpoints{From: good, Refused: func(err error) { refused = err }}, nil); err != nil || refused == nil {
		t.Errorf("with other streams: %v, refused: %v", err, refused)
	}
}

func flip(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 1
	return b
}

func TestAnErrorOfTheKeeperEndsTheTrial(t *testing.T) {
	trial := smallCases()[0].trial(t)
	_, err := trial.RunFrom(t.Context(), seeds("r"), Checkpoints{
		Due: func(step int) bool { return step == 5 }, Save: func(int, []byte) error { return fmt.Errorf("the disk is full") },
	}, nil)
	if err == nil || err.Error() != "runner/task: state at step 5: the disk is full" {
		t.Errorf("%v", err)
	}
}

// Trials side by side, in any order, have the bits they have alone.
func TestAnyOrderAndNumberOfTrialsGiveTheSameBits(t *testing.T) {
	cases := smallCases()
	alone := make([]Outcome, len(cases))
	for i, c := range cases {
		alone[i] = run(t, c.trial(t), seeds("r"))
	}
	trials := make([]Trial, len(cases))
	for i, c := range cases {
		trials[i] = c.trial(t)
	}
	order := rand.New(rand.NewPCG(3, 4)).Perm(len(cases))
	var wg sync.WaitGroup
	queue := make(chan int)
	for range 3 {
		wg.Go(func() {
			for i := range queue {
				o, err := trials[i].Run(t.Context(), seeds("r"), nil)
				if err != nil || !same(o, alone[i]) {
					t.Errorf("%s: %v: %s side by side, %s alone", cases[i].name, err, o.WeightsSHA, alone[i].WeightsSHA)
				}
			}
		})
	}
	for _, i := range order {
		queue <- i
	}
	close(queue)
	wg.Wait()
}

// Whatever bytes a state may be, they are taken or refused, and never more than that.
func FuzzStatesAreReadOrRefused(f *testing.F) {
	trial := smallCases()[0].trial(f)
	_, states := kept(f, trial, nil)
	mark, err := trial.fingerprint(seeds("r"))
	if err != nil {
		f.Fatal(err)
	}
	body := states[3][len(stateMagic)+32:]
	f.Add(body[:len(body)-32])
	f.Add([]byte{})
	r, _, err := trial.trainee(f.Context(), seeds("r")) // every reading writes over all of it
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := decode(encode(mark, sealed(body)), mark, r); err != nil {
			return
		}
		again := encode(mark, r)
		if err := decode(again, mark, r); err != nil || !bytes.Equal(again, encode(mark, r)) {
			t.Fatalf("a state that was taken is not read again: %v", err)
		}
	})
}

// sealed is a body with a right checksum around it, so that fuzzing reaches what lies behind.
type sealed []byte

func (s sealed) archive(a *archive) { a.b = append(a.b, s...) }
