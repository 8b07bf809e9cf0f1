package refs

// An Entry is one item of a paper's bibliography.
type Entry struct {
	Raw     string   `json:"raw"`
	Authors []string `json:"authors,omitempty"`
	Title   string   `json:"title,omitempty"`
	Year    int      `json:"year,omitempty"`
	DOI     string   `json:"doi,omitempty"`
	ArXiv   string   `json:"arxiv,omitempty"`
}
