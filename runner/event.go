package runner

import "time"

// EventKind says what an event tells.
type EventKind string

const (
	EventHello   EventKind = "hello"   // a worker is ready
	EventStep    EventKind = "step"    // a trial has moved on
	EventTrial   EventKind = "trial"   // a trial is done
	EventBlock   EventKind = "block"   // a block is complete and the rule was asked
	EventVerdict EventKind = "verdict" // the run is over
	EventLost    EventKind = "lost"    // a worker died and its trial goes back into the queue
	EventNote    EventKind = "note"    // a sentence for people
	EventAgain   EventKind = "again"   // a recorded trial that is trained again has moved on or is done
)

// Event is progress of a run, for showing. Nothing in it is a result: results are in the ledger.
type Event struct {
	Kind       EventKind
	Run        string // alias, e.g. R13
	Hypothesis string // alias
	Arm        string
	Block      int // seed index of the trial or block
	Trial      int // number of the trial within the run, from 1
	Step       int
	Steps      int
	Loss       float64
	Rate       float64 // steps per second
	// After a block: evidence for and against, estimate with its bounds, and the threshold both face.
	V, R, Estimate, Lower, Upper, T float64
	D                               float64
	ETA                             time.Duration // to the verdict if the number of blocks stays as planned; 0 unknown
	Done, Total                     int           // trials
	Different                       int           // EventAgain: trials so far with other bits
	Text                            string
	Curve                           []Point // of the trial named, so far
}

// Point is one sample of a training curve. TestError is NaN where the test part was not scored.
type Point struct {
	Step       int
	Loss       float64
	TrainError float64 // mean over the batches since the sample before
	TestError  float64
}
