package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"tenet/hypotheses"
	"tenet/internal/yamlfile"
	"tenet/principles"
	"tenet/survey"
	"tenet/survey/bib"
)

// BibName is the name of a pack's bibliography.
const BibName = "references.bib"

// Limits on what travels along with a pack.
const (
	maxAttachment  = 32 << 20
	maxAttachments = 200
)

// contents is a pack as read, before anything is written. A nil or empty
// field means that the pack has no such file.
type contents struct {
	name        string
	raw         map[string][]byte // by file name
	bib         bib.Entries
	survey      *survey.File
	principles  *principles.File
	plans       hypotheses.Pack
	attachments []attachment
	warnings    []string
}

type attachment struct {
	name string
	data []byte
}

// read reads every file of a pack and checks each by its own schema.
func read(fsys fs.FS, name string) (*contents, error) {
	c := &contents{name: name, raw: map[string][]byte{}}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("pack: %s: %w", name, err)
	}
	for _, e := range entries {
		if err := c.readEntry(fsys, e); err != nil {
			return nil, fmt.Errorf("pack: %s: %w", name, err)
		}
	}
	if len(c.raw) == 0 {
		return nil, fmt.Errorf("pack: %s is no study pack: it has none of %s", name, strings.Join(Names(), ", "))
	}
	return c, c.parse()
}

// Names lists the files that make a folder a pack.
func Names() []string {
	return []string{BibName, survey.FileName, PrinciplesName, HypothesesName, TasksName, PublishedName}
}

// PrinciplesName is the name of a pack's principles.
const PrinciplesName = "principles.yaml"

func (c *contents) readEntry(fsys fs.FS, e fs.DirEntry) error {
	switch {
	case slices.Contains(Names(), e.Name()):
		data, err := readLimited(fsys, e.Name(), yamlfile.MaxBytes)
		if err != nil {
			return err
		}
		c.raw[e.Name()] = data
	case e.IsDir() || strings.HasPrefix(e.Name(), "."):
	case !attachable(e.Name()):
		c.warnings = append(c.warnings, fmt.Sprintf("%s: left out; only %s travel with a pack", e.Name(), strings.Join(attachableEndings, " ")))
	case len(c.attachments) >= maxAttachments:
		c.warnings = append(c.warnings, fmt.Sprintf("%s: left out; a pack carries at most %d other files", e.Name(), maxAttachments))
	default:
		data, err := readLimited(fsys, e.Name(), maxAttachment)
		if err != nil {
			c.warnings = append(c.warnings, fmt.Sprintf("%s: left out: %v", e.Name(), err))
			return nil
		}
		c.attachments = append(c.attachments, attachment{name: e.Name(), data: data})
	}
	return nil
}

var attachableEndings = []string{".md", ".txt", ".pdf"}

func attachable(name string) bool {
	return slices.Contains(attachableEndings, strings.ToLower(path.Ext(name)))
}

func readLimited(fsys fs.FS, name string, limit int64) (data []byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s has more than %d bytes", name, limit)
	}
	return data, nil
}

// parse reads each file; the faults of all files come back together.
func (c *contents) parse() error {
	var errs []error
	if data, ok := c.raw[BibName]; ok {
		es, ws := bib.Parse(BibName, strings.NewReader(string(data)))
		c.bib = es
		for _, w := range ws {
			c.warnings = append(c.warnings, w.String())
		}
		if len(es) == 0 && strings.TrimSpace(string(data)) != "" && strings.Contains(string(data), "@") {
			errs = append(errs, fmt.Errorf("%s:1: no BibTeX entry found", BibName))
		}
	}
	if data, ok := c.raw[survey.FileName]; ok {
		f, err := survey.ReadFile(survey.FileName, data)
		c.survey, errs = &f, append(errs, err)
	}
	if data, ok := c.raw[PrinciplesName]; ok {
		f, err := principles.ReadFile(PrinciplesName, data)
		c.principles, errs = f, append(errs, err)
	}
	var err error
	c.plans, err = readPlans(c.raw)
	return errors.Join(append(errs, err)...)
}
