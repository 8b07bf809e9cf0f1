package survey

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tenet/internal/store"
	"tenet/papers"
)

// Added says what became of a PDF.
type Added struct {
	Paper   Paper
	Matched string // one of the Matched constants

	ClaimsFound, ClaimsMoved, ClaimsAmbiguous, ClaimsLost int
}

// A KeptPDF is a PDF and its text in the vault, before the ledger knows of them.
type KeptPDF struct {
	file file
	doc  *papers.Document
}

// KeepPDF puts a PDF and its text into the vault and changes nothing else: what
// is never recorded is only unused room. Many may run at once.
func KeepPDF(ctx context.Context, lib *store.Library, path string, d *papers.Document) (KeptPDF, error) {
	name := filepath.Base(path)
	if d == nil {
		return KeptPDF{}, fmt.Errorf("survey: %s: no text was read from it", name)
	}
	sha, err := keepFile(ctx, lib, path)
	if err != nil {
		return KeptPDF{}, fmt.Errorf("survey: %s: %w", name, err)
	}
	if d.SHA256 != "" && d.SHA256 != sha {
		return KeptPDF{}, fmt.Errorf("survey: %s: the file changed while it was read; add it again", name)
	}
	text, err := keepDocument(ctx, lib, d)
	if err != nil {
		return KeptPDF{}, err
	}
	return KeptPDF{file{sha: sha, text: text, name: store.Text(name)}, d}, nil
}

// Record brings a kept PDF into the library. The paper is recognised by file,
// DOI, arXiv id or title, else it is new. Quotes of claims that waited for the
// text are located. The same file again changes nothing, unless its text was
// read by a newer engine: then the text is replaced.
func (k KeptPDF) Record(ctx context.Context, lib *store.Library, actor string) (Added, error) {
	var out Added
	_, err := lib.Update(ctx, actor, func(tx *store.Tx) error {
		var err error
		out, err = attach(tx, k.file, k.doc)
		return err
	})
	return out, err
}

// AddPDF keeps and records a PDF.
func AddPDF(ctx context.Context, lib *store.Library, actor, path string, d *papers.Document) (Added, error) {
	k, err := KeepPDF(ctx, lib, path, d)
	if err != nil {
		return Added{}, err
	}
	return k.Record(ctx, lib, actor)
}

type file struct{ sha, text, name string }

func keepFile(ctx context.Context, lib *store.Library, path string) (sha string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sha, _, err = lib.Vault().Put(ctx, f)
	return sha, err
}

func attach(tx *store.Tx, f file, d *papers.Document) (Added, error) {
	p, by, ok, err := match(tx, f.sha, d)
	if err != nil {
		return Added{}, err
	}
	if !ok {
		if p, err = newPaper(tx, f, d); err != nil {
			return Added{}, err
		}
		by = MatchedNew
	}
	out := Added{Paper: p, Matched: by}
	switch {
	case by == MatchedSameFile && (p.FileSHA != f.sha || p.TextSHA == f.text):
		return out, nil
	case p.FileSHA != "" && p.FileSHA != f.sha:
		p.OtherFiles = append(p.OtherFiles, OtherFile{SHA: f.sha, Name: f.name})
		out.Paper = p
		return out, putPaper(tx, "paper.copied", &p, "another file of the same work")
	}
	fill(&p, f, d)
	if err := putPaper(tx, "paper.attached", &p, "recognised by "+by); err != nil {
		return Added{}, err
	}
	if p.State == ScreenedIn || p.State == Sought || p.State == NotRetrieved {
		if p, err = retrieve(tx, p); err != nil {
			return Added{}, err
		}
	}
	n, err := Relocate(tx, p.ID, d)
	out.Paper = p
	out.ClaimsFound, out.ClaimsMoved, out.ClaimsAmbiguous, out.ClaimsLost = n.Found, n.Moved, n.Ambiguous, n.Lost
	return out, err
}

// newPaper makes a paper of which only the PDF is known.
func newPaper(tx *store.Tx, f file, d *papers.Document) (Paper, error) {
	p := Paper{ID: tx.NewID(), State: Identified, Source: f.name, Title: clean(d.Meta.Title)}
	if p.Title == "" {
		p.Title = strings.TrimSuffix(f.name, filepath.Ext(f.name))
	}
	for _, a := range d.Meta.Authors {
		if a = clean(a); a != "" {
			p.Authors = append(p.Authors, familyFirst(a))
		}
	}
	p.Year = d.Meta.Year
	var err error
	if p.Alias, err = tx.NewAlias("D"); err != nil {
		return Paper{}, err
	}
	p.Key, err = freeKey(tx, makeKey(p))
	return p, err
}

// familyFirst turns "Kaiming He" into "He, Kaiming".
func familyFirst(name string) string {
	ws := strings.Fields(name)
	if strings.Contains(name, ",") || len(ws) < 2 {
		return name
	}
	at := len(ws) - 1
	for i := 1; i < at; i++ {
		if r := []rune(ws[i])[0]; strings.ToLower(string(r)) == string(r) && strings.ToUpper(string(r)) != string(r) {
			at = i // "Laurens van der Maaten"
			break
		}
	}
	return strings.Join(ws[at:], " ") + ", " + strings.Join(ws[:at], " ")
}

// fill notes the file and what only it tells; what the bibliography says stays.
func fill(p *Paper, f file, d *papers.Document) {
	p.FileSHA, p.FileName, p.TextSHA = f.sha, f.name, f.text
	p.Engine, p.Pages = d.Version, len(d.Pages)
	p.NeedsOCR, p.Warnings = false, nil
	for _, w := range d.Warnings {
		if w.Code == "no-text" { // papers: a scan
			p.NeedsOCR = true
		}
		if len(p.Warnings) < 20 {
			text := clean(w.Text)
			if w.Page > 0 {
				text = fmt.Sprintf("page %d: %s", w.Page, text)
			}
			p.Warnings = append(p.Warnings, text)
		}
	}
	if d.Meta.YearGuessed && p.Year == d.Meta.Year {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the year %d is that of the youngest work it cites; nothing states its own", p.Year))
	}
	if p.DOI == "" {
		p.DOI = NormalDOI(store.Text(d.Meta.DOI))
	}
	if p.ArXiv == "" {
		p.ArXiv = NormalArXiv(d.Meta.ArXiv)
	}
	if p.Abstract == "" {
		p.Abstract = clean(d.Meta.Abstract)
	}
}
