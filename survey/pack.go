package survey

import (
	"fmt"
	"slices"

	"tenet/internal/yamlfile"
	"tenet/papers"
)

// FileName is the name of the survey's file in a study pack.
const FileName = "survey.yaml"

// File is survey.yaml: the frame of the review, and what was noted about
// papers and claims. Fields that the schema of a plain study does not have
// (state, anchor, reviewer …) are there only when a library says more.
type File struct {
	Schema   int         `yaml:"schema"`
	Title    string      `yaml:"title,omitempty"`
	Question string      `yaml:"question,omitempty"`
	StudyID  string      `yaml:"study_id,omitempty"` // names the seeds of all runs
	Method   *Method     `yaml:"method,omitempty"`
	Papers   []FilePaper `yaml:"papers"`
}

// FilePaper is what was noted about one paper.
type FilePaper struct {
	Key       string       `yaml:"key"`
	Include   string       `yaml:"include,omitempty"`
	State     State        `yaml:"state,omitempty"`        // when include does not say it
	Because   string       `yaml:"state_reason,omitempty"` // likewise
	Duplicate string       `yaml:"duplicate_of,omitempty"` // a key
	Criteria  []string     `yaml:"criteria"`
	Reason    string       `yaml:"reason,omitempty"`
	SkipType  string       `yaml:"skip_type,omitempty"`
	Task      string       `yaml:"task,omitempty"`
	Note      string       `yaml:"note,omitempty"`
	Results   []FileResult `yaml:"results,omitempty"`
	Remarks   []FileRemark `yaml:"remarks,omitempty"`
	Claims    []FileClaim  `yaml:"claims"`
}

// FileResult is a number that a paper reports.
type FileResult struct {
	Model      string          `yaml:"model"`
	Metric     string          `yaml:"metric"`
	Value      yamlfile.Number `yaml:"value"`
	Where      string          `yaml:"where,omitempty"`
	Confidence string          `yaml:"confidence,omitempty"`
	Checked    bool            `yaml:"checked_against_text"`
}

// FileRemark is a reviewer's comment.
type FileRemark struct {
	By   string `yaml:"by"`
	At   string `yaml:"at"`
	Text string `yaml:"text"`
}

// FileClaim is one claim with what it bears on.
type FileClaim struct {
	ID           string       `yaml:"id"`
	Text         string       `yaml:"text"`
	Kind         Kind         `yaml:"kind"`
	Stance       string       `yaml:"stance,omitempty"`
	BearsOn      []Bearing    `yaml:"bears_on"`
	Quote        string       `yaml:"quote,omitempty"`
	Verified     bool         `yaml:"verified"`
	Page         int          `yaml:"page,omitempty"`
	Source       string       `yaml:"source,omitempty"`
	State        ClaimState   `yaml:"state,omitempty"` // when it is not tagged
	SupersededBy string       `yaml:"superseded_by,omitempty"`
	Reviewer     string       `yaml:"reviewer,omitempty"`
	Comment      string       `yaml:"comment,omitempty"`
	Tags         []string     `yaml:"tags,omitempty"`
	Anchor       *FileAnchor  `yaml:"anchor,omitempty"`
	Remarks      []FileRemark `yaml:"remarks,omitempty"`
}

// Bearing is a claim's relation to a principle.
type Bearing struct {
	Principle string `yaml:"principle"`
	Relation  string `yaml:"relation"`
}

// FileAnchor is where a quote stands in a PDF.
type FileAnchor struct {
	File    string `yaml:"file,omitempty"`
	Engine  string `yaml:"engine,omitempty"`
	Version string `yaml:"version,omitempty"`
	Page    int    `yaml:"page"`
	Start   int    `yaml:"start"`
	End     int    `yaml:"end"`
	Exact   string `yaml:"exact"`
	Prefix  string `yaml:"prefix,omitempty"`
	Suffix  string `yaml:"suffix,omitempty"`
	Quads   []int  `yaml:"quads,flow,omitempty"` // four numbers a line: x0 y0 x1 y1 in hundredths of a point
	Located string `yaml:"located,omitempty"`
}

// Includes lists what a coding form may say about a paper.
func Includes() []string { return []string{"core", "context", "excluded"} }

// Relations lists how a claim may bear on a principle.
func Relations() []string { return []string{"supports", "contradicts", "qualifies"} }

// ReadFile reads survey.yaml strictly: unknown fields, wrong words, ids given
// twice and criteria that are not defined are errors with file, line and field.
func ReadFile(name string, data []byte) (File, error) {
	var f File
	if err := yamlfile.Decode(name, data, &f); err != nil {
		return File{}, err
	}
	return f, yamlfile.Locate(name, data, f.check())
}

// WriteFile writes survey.yaml; ReadFile(WriteFile(f)) == f.
func WriteFile(f File) ([]byte, error) {
	out, err := yamlfile.Encode("Literature survey: criteria, papers, claims. Schema: docs/packs.md of tenet", f)
	if err != nil {
		return nil, fmt.Errorf("survey: %s: %w", FileName, err)
	}
	return out, nil
}

func (f File) check() yamlfile.Problems {
	var ps yamlfile.Problems
	if f.Schema != 1 {
		ps.Add("schema", "is %d; this program reads schema 1", f.Schema)
	}
	criteria, err := f.Method.criteria()
	if err != nil {
		ps.Add("method", "%v", err)
	}
	keys, ids := map[string]bool{}, map[string]bool{}
	for i, p := range f.Papers {
		at := fmt.Sprintf("papers[%d]", i)
		if keys[p.Key] {
			ps.Add(at+".key", "paper %s is given twice", p.Key)
		}
		keys[p.Key] = true
		p.check(at, criteria, &ps)
		for j, c := range p.Claims {
			at := fmt.Sprintf("%s.claims[%d]", at, j)
			if ids[c.ID] {
				ps.Add(at+".id", "claim %s is given twice", c.ID)
			}
			ids[c.ID] = true
			c.checkFile(at, &ps)
		}
	}
	for i, p := range f.Papers {
		if p.Duplicate != "" && !keys[p.Duplicate] {
			ps.Add(fmt.Sprintf("papers[%d].duplicate_of", i), "there is no paper %s", p.Duplicate)
		}
		for j, c := range p.Claims {
			if c.SupersededBy != "" && !ids[c.SupersededBy] {
				ps.Add(fmt.Sprintf("papers[%d].claims[%d].superseded_by", i, j), "there is no claim %s", c.SupersededBy)
			}
		}
	}
	return ps
}

func (p FilePaper) check(at string, criteria map[string]bool, ps *yamlfile.Problems) {
	ps.Need(at+".key", p.Key)
	if p.Include != "" {
		ps.OneOf(at+".include", p.Include, Includes()...)
	}
	if p.Include == "excluded" && p.Reason == "" && len(p.Criteria) == 0 {
		ps.Add(at+".reason", "an excluded paper needs a reason or a criterion")
	}
	if p.State != "" && !p.State.Valid() {
		ps.Add(at+".state", "%q is not a state of a paper", p.State)
	}
	if (p.State == Duplicate) != (p.Duplicate != "") {
		ps.Add(at+".duplicate_of", "goes with state duplicate, and only with it")
	}
	for i, c := range p.Criteria {
		if !criteria[c] {
			ps.Add(fmt.Sprintf("%s.criteria[%d]", at, i), "criterion %s is not defined under method", c)
		}
	}
	for i, r := range p.Results {
		at := fmt.Sprintf("%s.results[%d]", at, i)
		ps.Need(at+".model", r.Model)
		ps.Need(at+".metric", r.Metric)
		ps.Need(at+".value", string(r.Value))
		if r.Confidence != "" {
			ps.OneOf(at+".confidence", r.Confidence, "high", "medium", "low")
		}
	}
	checkRemarks(at, p.Remarks, ps)
}

func (c FileClaim) live() bool { return c.State == "" || c.State.Live() }

func (c FileClaim) checkFile(at string, ps *yamlfile.Problems) {
	ps.Need(at+".id", c.ID)
	ps.Need(at+".text", c.Text)
	if !c.Kind.Valid() {
		ps.Add(at+".kind", "%q is not a kind of claim; there are: %s", c.Kind, joinKinds())
	}
	if c.Stance != "" {
		ps.OneOf(at+".stance", c.Stance, Stances()...)
	}
	if c.State != "" && !c.State.Valid() {
		ps.Add(at+".state", "%q is not a state of a claim", c.State)
	}
	if (c.State == Superseded) != (c.SupersededBy != "") {
		ps.Add(at+".superseded_by", "goes with state superseded, and only with it")
	}
	if !c.live() && len(c.BearsOn) > 0 {
		ps.Add(at+".bears_on", "a %s claim bears on nothing", c.State)
	}
	if c.Page < 0 {
		ps.Add(at+".page", "pages count from 1")
	}
	if c.Verified && c.Quote == "" {
		ps.Add(at+".verified", "only a quote can be verified, and there is none")
	}
	seen := map[string]bool{}
	for i, b := range c.BearsOn {
		at := fmt.Sprintf("%s.bears_on[%d]", at, i)
		ps.Need(at+".principle", b.Principle)
		ps.OneOf(at+".relation", b.Relation, Relations()...)
		if seen[b.Principle] {
			ps.Add(at+".principle", "%s is named twice", b.Principle)
		}
		seen[b.Principle] = true
	}
	if c.Anchor != nil {
		c.Anchor.check(at+".anchor", ps)
	}
	checkRemarks(at, c.Remarks, ps)
}

func (a *FileAnchor) check(at string, ps *yamlfile.Problems) {
	if a.Start < 0 || a.End < a.Start || a.Page < 0 {
		ps.Add(at, "page, start and end do not make a place")
	}
	if len(a.Quads)%4 != 0 {
		ps.Add(at+".quads", "needs four numbers a line")
	}
	outcomes := []string{"", string(papers.Found), string(papers.Moved), string(papers.Ambiguous), string(papers.Lost)}
	if !slices.Contains(outcomes, a.Located) {
		ps.Add(at+".located", "%q is not found, moved, ambiguous or lost", a.Located)
	}
}

func checkRemarks(at string, rs []FileRemark, ps *yamlfile.Problems) {
	for i, r := range rs {
		ps.Need(fmt.Sprintf("%s.remarks[%d].text", at, i), r.Text)
	}
}
