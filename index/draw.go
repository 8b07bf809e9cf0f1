package index

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"tenet/internal/store"
	"tenet/papers"
	"tenet/survey"
)

// ref names one thing of the ledger.
type ref struct{ kind, id string }

// drawing is what the index is to hold of one thing: its own document, or none
// when it is gone, and for a paper its passages.
type drawing struct {
	ref
	doc *doc // nil: nothing to show
	// sig pins what the passages were made from; "" means the thing has none.
	sig   string
	paper survey.Paper
	count int // passages, known once they were made
}

func passagesKey(paperID string) string { return "tenet/passages/" + paperID }

// passageID names the n-th passage of a paper.
func passageID(paperID string, n int) string { return paperID + "-" + strconv.Itoa(n) }

// stored is what the index remembers of a paper's passages: how many and from what.
func (d *drawing) stored() []byte { return []byte(strconv.Itoa(d.count) + " " + d.sig) }

func readStored(raw []byte) (count int, sig string) {
	n, sig, _ := strings.Cut(string(raw), " ")
	count, _ = strconv.Atoi(n)
	return count, sig
}

// signature changes when a paper's passages would.
func signature(p survey.Paper) string {
	if p.TextSHA == "" {
		return ""
	}
	h := fnv.New64a()
	fmt.Fprint(h, p.TextSHA, "\x00", p.Key, "\x00", p.Alias, "\x00", p.Title, "\x00", p.Year, "\x00", strings.Join(p.Authors, "\x00"), "\x00", p.State)
	return strconv.FormatUint(h.Sum64(), 16)
}

// each hands out the document and then the passages, one after the other, so
// that a thousand pages never stand in memory as documents.
func (d *drawing) each(lib *store.Library, add func(*doc) error) error {
	if d.doc != nil {
		if err := add(d.doc); err != nil {
			return err
		}
	}
	d.count = 0
	if d.sig == "" {
		return nil
	}
	text, err := survey.LoadDocument(lib, d.paper)
	if err != nil {
		return nil //nolint:nilerr // verify tells about a vault with holes; the rest stays findable
	}
	for i := range text.Pages {
		page := &text.Pages[i]
		runes := []rune(page.Text)
		for _, a := range passages(page) {
			s := a.text(runes)
			if len(terms(s)) == 0 {
				continue
			}
			if err := add(passageDoc(d.paper, a, s, d.count)); err != nil {
				return err
			}
			d.count++
		}
	}
	return nil
}

func passageDoc(p survey.Paper, a passage, text string, n int) *doc {
	d := &doc{made: born(p.ID)}
	d.hit = hit{
		Kind: "passage", ID: passageID(p.ID, n), Title: p.Title, Quote: true,
		PaperID: p.ID, PaperAlias: p.Alias, PaperKey: p.Key, Year: p.Year,
		Page: a.page, Start: a.start, End: a.end, Status: string(p.State),
	}
	d.Text = text
	kind := a.kind
	if kind == "" {
		kind = papers.Body
	}
	d.values = map[string][]string{"kind": {string(kind)}, "status": {string(p.State)}}
	paperValues(d, p)
	return d
}

// paperValues are the fields that a paper gives to everything that comes from it.
func paperValues(d *doc, p survey.Paper) {
	d.values["paper"] = []string{p.Key, p.Alias, p.ID}
	d.values["author"] = p.Authors
	d.values["tag"] = append(d.values["tag"], codingTags(p.Coding)...)
	families := make([]string, len(p.Authors))
	for i, a := range p.Authors {
		families[i], _, _ = strings.Cut(a, ",")
	}
	if d.facets == nil {
		d.facets = map[string][]string{}
	}
	d.facets["paper"] = []string{p.Name()}
	d.facets["author"] = families
}

// codingTags takes what the coding form says about a paper as tags.
func codingTags(c *survey.Coding) []string {
	if c == nil {
		return nil
	}
	var out []string
	for _, s := range append(strings.Split(c.Task, ","), strings.Split(c.SkipType, ",")...) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// born is the time inside a ULID, 0 for other ids.
func born(id string) uint64 {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	if len(id) != 26 {
		return 0
	}
	var n uint64
	for _, r := range id[:10] {
		i := strings.IndexRune(digits, r)
		if i < 0 {
			return 0
		}
		n = n<<5 | uint64(i)
	}
	return n
}
