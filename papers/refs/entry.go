package refs

// An Entry is one item of a paper's bibliography.
type Entry struct {
	Raw     string   `json:"raw"`
	Label   string   `json:"label,omitempty"` // what the text calls it: 16 of “[16]” or “16.”
	Authors []string `json:"authors,omitempty"`
	Title   string   `json:"title,omitempty"`
	Year    int      `json:"year,omitempty"`
	DOI     string   `json:"doi,omitempty"`
	ArXiv   string   `json:"arxiv,omitempty"`
}
