package runner

import "time"

// DefaultMemoryMB is what a worker may take. A convolutional net of 56 layers at batches of 128 takes 1.2 GiB; the
// limit is there to stop what has run away, not to ration.
const DefaultMemoryMB = 4096

// Options say how a run is executed. The zero value is the good default.
type Options struct {
	Jobs        int           // workers; 0: the number of processors
	Budget      time.Duration // wall time after which the run ends early; 0: none
	MaxBlocks   int           // blocks after which the run ends early; 0: the plan's n_max
	Anyway      string        // why a locked plan is run although data, task, training or engine are others; its verdict is invalid
	Exploratory bool          // run without a lock, on seeds that no confirmatory run uses
	StudyID     string        // seeds; "": the library's study
	Command     []string      // worker command; nil: this executable with worker --stdio
	MemoryMB    int           // limit per worker, MiB; 0: DefaultMemoryMB
	Steps       int           // training steps instead of the task's; exploratory runs only; 0: the task's
	Watts       float64       // of one busy core, for the energy estimate; 0: DefaultWatts
	Grid        float64       // grams of CO2e for a kWh; 0: DefaultGrid
	DataDir     string        // where tasks find the data files that people brought; "": data in the library's folder
	TrustExec   bool          // run the external commands that a plan names; see External
	OnEvent     func(Event)   // called from one goroutine; must not block

	saveSteps int // tests: a state every so many steps, not by the clock
}

// every is when workers send the states of their trials.
func (o Options) every() every {
	if o.saveSteps > 0 {
		return every{Steps: o.saveSteps}
	}
	return every{MS: checkpointEvery.Milliseconds()}
}
