package runner

import "time"

// Options say how a run is executed. The zero value is the good default.
type Options struct {
	Jobs        int           // workers; 0: the number of processors
	Budget      time.Duration // wall time after which the run ends early; 0: none
	MaxBlocks   int           // blocks after which the run ends early; 0: the plan's n_max
	Anyway      string        // why a locked plan is run although data, task, training or engine are others; its verdict is invalid
	Exploratory bool          // run without a lock, on seeds that no confirmatory run uses
	StudyID     string        // seeds; "": the library's study
	Command     []string      // worker command; nil: this executable with worker --stdio
	MemoryMB    int           // limit per worker; 0: 1024
	Steps       int           // training steps instead of the task's; exploratory runs only; 0: the task's
	OnEvent     func(Event)   // called from one goroutine; must not block
}
