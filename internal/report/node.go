package report

// State says whether what a node speaks of is still what it was.
type State string

const (
	Same      State = "same"
	Changed   State = "changed"
	Missing   State = "missing"
	Found     State = "found"
	Moved     State = "moved"
	Ambiguous State = "ambiguous"
	Lost      State = "lost"
	// Unread marks a quote whose paper has no PDF in the library yet.
	Unread State = "no PDF yet"
)

// Node is one step of a trace.
type Node struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	// Alias is the short name people use, e.g. H05.
	Alias string `json:"alias,omitempty"`
	// Label is one line in plain words.
	Label string `json:"label"`
	// Digest is the hash that pins the thing, in hex.
	Digest string `json:"digest,omitempty"`
	// Seq is the change that recorded it.
	Seq      uint64 `json:"seq,omitempty"`
	State    State  `json:"state,omitempty"`
	Children []Node `json:"children,omitempty"`
}
