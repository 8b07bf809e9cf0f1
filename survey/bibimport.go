package survey

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tenet/internal/store"
	"tenet/survey/bib"
)

// KindBibExtra is the ledger's name for entries of a bibliography that are no
// works of their own: xdata, sets and the volumes that crossref points to.
const KindBibExtra = "bib-extra"

// BibExtra keeps such an entry for the export.
type BibExtra struct {
	ID  string     `json:"id"`
	Key string     `json:"key,omitempty"`
	Bib *BibFields `json:"bib"`
}

// ImportReport says what became of a bibliography.
type ImportReport struct {
	Entries int // in the file
	Added   int // papers that are new
	Updated int // papers known by key whose entry changed
	Same    int // papers known, nothing changed
	Merged  int // entries that are a work the library knows under another key
	Extras  int // entries that are no papers

	Warnings []string // "refs.bib:212: text"
}

// ImportBib reads a bibliography into the library in one batch. An entry that
// could not be understood becomes a paper all the same, with its source text
// and a warning. A file without any entry is an error.
func ImportBib(ctx context.Context, lib *store.Library, actor, name string, r io.Reader) (ImportReport, error) {
	es, ws := bib.Parse(name, r)
	if len(es) == 0 {
		return ImportReport{}, fmt.Errorf("survey: %s", strings.Join(texts(ws), "; "))
	}
	var rep ImportReport
	_, err := lib.Update(ctx, actor, func(tx *store.Tx) error {
		var err error
		rep, err = StoreBib(tx, name, es, false)
		return err
	})
	rep.Warnings = append(texts(ws), rep.Warnings...)
	return rep, err
}

func texts(ws []bib.Warning) []string {
	var out []string
	for _, w := range ws {
		out = append(out, w.String())
	}
	return out
}

// StoreBib writes the entries of a bibliography as papers. With byKeyOnly, as
// for a study pack, two entries are the same paper only when their keys are,
// or one is known from its PDF alone; otherwise DOI, arXiv id and title count as well.
func StoreBib(tx *store.Tx, name string, es bib.Entries, byKeyOnly bool) (ImportReport, error) {
	rep := ImportReport{Entries: len(es)}
	parents := parentKeys(es)
	s := bibStore{tx: tx, name: name, byKeyOnly: byKeyOnly, rep: &rep, used: map[string]int{}}
	for i, e := range es.Resolved() {
		fields := verbatim(es[i], i+1)
		if e.Type == "xdata" || e.Type == "set" || parents[strings.ToLower(e.Key)] && volume(e.Type) {
			if err := s.extra(e.Key, fields); err != nil {
				return rep, err
			}
			continue
		}
		if err := s.entry(e, fields); err != nil {
			return rep, err
		}
	}
	return rep, nil
}

func parentKeys(es bib.Entries) map[string]bool {
	out := map[string]bool{}
	for _, e := range es {
		if k := strings.ToLower(strings.TrimSpace(e.Get("crossref"))); k != "" {
			out[k] = true
		}
	}
	return out
}

// volume says whether a type is only a frame for others.
func volume(typ string) bool {
	return typ == "proceedings" || typ == "mvproceedings" || typ == "collection" || typ == "mvcollection" || typ == "periodical"
}

func verbatim(e bib.Entry, order int) *BibFields {
	f := &BibFields{Type: store.Text(e.Type), Key: store.Text(e.Key), Order: order}
	for _, field := range e.Fields {
		f.Fields = append(f.Fields, BibField{Name: store.Text(field.Name), Value: store.Text(field.Value)})
	}
	if e.Broken != "" {
		f.Raw, f.Broken = store.Text(e.Raw), store.Text(e.Broken)
	}
	return f
}

type bibStore struct {
	tx        *store.Tx
	name      string
	byKeyOnly bool
	rep       *ImportReport
	used      map[string]int // how often each key of this file has come up
}

func (s *bibStore) extra(key string, fields *BibFields) error {
	s.rep.Extras++
	x, ok, err := byKey[BibExtra](s.tx, KindBibExtra, fields.Key)
	if err != nil {
		return err
	}
	if !ok || fields.Key == "" {
		x = BibExtra{ID: s.tx.NewID(), Key: fields.Key}
	}
	x.Bib = fields
	return s.tx.Put("bib.kept", KindBibExtra, x.ID, x, "")
}

func (s *bibStore) entry(e bib.Entry, fields *BibFields) error {
	fresh := paperOf(e, s.name)
	fresh.Bib = fields
	if s.used[fresh.Key]++; fresh.Key != "" && s.used[fresh.Key] > 1 {
		fresh.Key = fmt.Sprintf("%s-%d", fresh.Key, s.used[fresh.Key])
		s.note(e, "key %s is used twice; kept as %s", e.Key, fresh.Key)
	}
	old, how, err := s.known(fresh, e)
	if err != nil {
		return err
	}
	switch how {
	case "":
		return s.add(fresh, e)
	case "key":
		return s.update(old, fresh)
	}
	s.rep.Merged++
	if old.Bib != nil {
		s.note(e, "%s is the same work as %s (%s); not added again", show(e.Key), old.Name(), how)
		return nil
	}
	if !s.byKeyOnly || e.Key == "" {
		fresh.Key = old.Key // claims and files may refer to it
	}
	return s.update(old, fresh)
}

// known finds the paper that an entry stands for and by what.
func (s *bibStore) known(p Paper, e bib.Entry) (old Paper, how string, err error) {
	if p.Key != "" {
		old, ok, err := byKey[Paper](s.tx, KindPaper, p.Key)
		if err != nil {
			return Paper{}, "", err
		}
		if ok && (s.byKeyOnly || sameWork(old, p)) {
			return old, "key", nil
		}
	}
	if s.byKeyOnly && e.Key != "" {
		return s.fromPDF(p)
	}
	for _, key := range matchKeys(p) {
		kind, _, _ := strings.Cut(key, ":")
		if kind != "doi" && kind != "arxiv" && (kind != "title" || len(key) < 30) {
			continue
		}
		for old, err := range store.Refs[Paper](s.tx, KindPaper, "match_ids", key) {
			if err != nil {
				return Paper{}, "", err
			}
			if kind == "title" && !sameWork(old, p) || s.byKeyOnly && !slices.Equal(old.Bib.fields(), p.Bib.fields()) {
				continue
			}
			return old, "same " + kind, nil
		}
	}
	return Paper{}, "", nil
}

// fromPDF finds the paper that only its PDF made known: its key was made here, and the pack's own takes its place,
// so that a study that comes after its PDFs finds them. A title that differs much says that the id on the PDF's
// first page was another work's.
func (s *bibStore) fromPDF(p Paper) (old Paper, how string, err error) {
	for _, key := range matchKeys(p) {
		kind, _, _ := strings.Cut(key, ":")
		if kind != "doi" && kind != "arxiv" && (kind != "title" || len(key) < len("title:")+startLetters) {
			continue
		}
		for old, err := range store.Refs[Paper](s.tx, KindPaper, "match_ids", key) {
			if err != nil {
				return Paper{}, "", err
			}
			if old.Bib != nil || old.Coding != nil || old.FileSHA == "" || old.State == Duplicate {
				continue
			}
			if kind == "title" && !sameWork(old, p) || alike(squash(old.Title), squash(p.Title)) < 0.3 {
				continue
			}
			return old, "same " + kind, nil
		}
	}
	return Paper{}, "", nil
}

func (f *BibFields) fields() []BibField {
	if f == nil {
		return nil
	}
	return f.Fields
}

// sameWork says whether two papers with one key or title can be one work.
func sameWork(a, b Paper) bool {
	if a.DOI != "" && b.DOI != "" && a.DOI != b.DOI || a.Year != 0 && b.Year != 0 && (a.Year-b.Year > 2 || b.Year-a.Year > 2) {
		return false
	}
	ta, tb := squash(a.Title), squash(b.Title)
	if ta != tb && alike(ta, tb) < 0.6 {
		return false
	}
	fa, fb := squash(firstFamily(a.Authors)), squash(firstFamily(b.Authors))
	return fa == "" || fb == "" || fa == fb
}

func (s *bibStore) add(p Paper, e bib.Entry) error {
	p.ID, p.State = s.tx.NewID(), Identified
	if p.Key == "" {
		p.Key = makeKey(p)
	}
	key, err := freeKey(s.tx, p.Key)
	if err != nil {
		return err
	}
	if e.Key != "" && key != p.Key {
		s.note(e, "key %s is taken; kept as %s", e.Key, key)
	}
	p.Key = key
	if p.Alias, err = s.tx.NewAlias("D"); err != nil {
		return err
	}
	s.rep.Added++
	return putPaper(s.tx, "paper.imported", &p, s.name)
}

// update takes over what the bibliography says and leaves what people and the
// PDF said.
func (s *bibStore) update(old, fresh Paper) error {
	if old.Bib == nil && slices.Equal(verbatim(entryOf(old), 0).Fields, fresh.Bib.Fields) {
		s.rep.Same++ // this library wrote the entry itself
		return nil
	}
	next := old
	next.Key = fresh.Key // the same, but for a paper that only its PDF made known
	next.Title, next.Authors, next.Others, next.Year = fresh.Title, fresh.Authors, fresh.Others, fresh.Year
	next.Venue, next.URL, next.Bib = fresh.Venue, fresh.URL, fresh.Bib
	next.DOI = or(fresh.DOI, old.DOI)
	next.ArXiv = or(fresh.ArXiv, old.ArXiv)
	next.Abstract = or(fresh.Abstract, old.Abstract)
	before := s.tx.Seq()
	if err := putPaper(s.tx, "paper.updated", &next, s.name); err != nil {
		return err
	}
	if s.tx.Seq() == before {
		s.rep.Same++
	} else {
		s.rep.Updated++
	}
	return nil
}

func (s *bibStore) note(e bib.Entry, format string, args ...any) {
	s.rep.Warnings = append(s.rep.Warnings, bib.Warning{File: s.name, Line: e.Line, Text: fmt.Sprintf(format, args...)}.String())
}

func show(key string) string {
	if key == "" {
		return "an entry without key"
	}
	return key
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// paperOf reads a bibliography entry as a paper.
func paperOf(e bib.Entry, source string) Paper {
	p := Paper{
		Key: store.Text(e.Key), Title: clean(e.Title()), Year: e.Year(), Venue: clean(e.Venue()),
		DOI: NormalDOI(store.Text(bib.Verbatim(e.Get("doi")))), URL: store.Text(bib.Verbatim(e.Get("url"))),
		Abstract: clean(e.Text("abstract")), Source: store.Text(source),
	}
	if p.Title == "" {
		p.Title = clean(e.Text("booktitle", "maintitle", "note", "howpublished"))
	}
	if p.Title == "" {
		p.Title = or(p.Key, "untitled")
	}
	names, others := e.Authors()
	if len(names) == 0 {
		names, others = bib.Names(e.Get("editor"))
	}
	p.Others = others
	for _, n := range names {
		if name := clean(n.String()); name != "" {
			p.Authors = append(p.Authors, name)
		}
	}
	p.ArXiv = arxivOf(e, p)
	return p
}

func arxivOf(e bib.Entry, p Paper) string {
	eprint := bib.Verbatim(e.Get("eprint"))
	if t := strings.ToLower(e.Get("archiveprefix", "eprinttype")); t == "arxiv" || t == "" {
		if id := NormalArXiv(eprint); id != "" {
			return id
		}
	}
	for _, s := range []string{p.DOI, p.URL, e.Text("journal", "journaltitle"), e.Text("note"), e.Text("howpublished")} {
		if arxivNear.MatchString(s) {
			if id := NormalArXiv(s); id != "" {
				return id
			}
		}
	}
	return ""
}
