package tui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"time"
)

// fake is a small study of fixed content. empty leaves everything out; gate,
// when set, holds searches until it is closed.
type fake struct {
	empty bool

	mu       sync.Mutex // guards what follows
	seq      uint64
	papers   []paperRow
	claims   []claimRow
	calls    []string
	hold     map[string]chan struct{} // by query
	cancels  int
	events   chan runEvent
	fault    error
	principl []principleRow
	weak     bool // plans have little power
	outlook  []string
	beside   []string   // of H06
	again    repetition // what a repetition gives
}

func newFake() *fake {
	f := &fake{seq: 18204, events: make(chan runEvent)}
	titles := []string{
		"Writing less at every layer", "Shortcuts as a symptom of early variance", "深さと残差 on branch scale and depth",
		"Depth without an identity path", "Gains that vanish at batch 16", "A note on initial variance 👩‍👩‍👧 with e\u0301 and हिन्दी",
	}
	for i, t := range titles {
		f.papers = append(f.papers, paperRow{
			ID: fmt.Sprintf("p%d", i+1), Alias: fmt.Sprintf("D%d", i+1), Key: fmt.Sprintf("aoki202%d", i),
			Title: t, Authors: "Aoki, Brandt +2", Year: 2017 + i, State: "identified", HasText: i == 0, Pages: 14,
		})
	}
	f.papers[3].Decision = "maybe"
	f.papers[4].Decision = "in"
	f.claims = []claimRow{
		{
			ID: "c1", Alias: "C1041", PaperID: "p1", Paper: "aoki2020", Page: 1, Start: 0, End: 40, Text: "t", Kind: "explicit reasoning", Outcome: "found",
			Links: []claimLink{{"supports", "P2", "pr2"}},
		},
		{ID: "c2", Alias: "C1042", PaperID: "p1", Paper: "aoki2020", Text: "lost words", Kind: "conjecture", Outcome: "lost", Links: []claimLink{{"contradicts", "P2", "pr2"}}},
	}
	f.principl = f.somePrinciples()
	return f
}

func (f *fake) note(format string, args ...any) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
	f.seq++
	return f.seq
}

func (f *fake) called(prefix string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if strings.HasPrefix(c, prefix) {
			return true
		}
	}
	return false
}

func (f *fake) Name() string { return "skip-study" }
func (f *fake) Seq() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}
func (f *fake) Wake() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

func (f *fake) Resolve(_ context.Context, name string) (string, string, error) {
	switch strings.ToUpper(name) {
	case "H05":
		return "hypothesis", "h5", nil
	case "P2":
		return "principle", "pr2", nil
	case "D1":
		return "paper", "p1", nil
	}
	return "", "", errors.New("nothing here is called " + name)
}

func (f *fake) Papers(context.Context, uint64) (paperPatch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.empty {
		return paperPatch{Whole: true, Seq: f.seq}, f.fault
	}
	return paperPatch{Whole: true, Rows: append([]paperRow{}, f.papers...), Seq: f.seq}, f.fault
}

func (f *fake) Paper(_ context.Context, id string) (paperDetail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.papers {
		if p.ID == id {
			return paperDetail{
				paperRow: p, Abstract: "We study how much a residual branch should write; the unscaled stack loses to no skip at all when it is deep.",
				Notes: []string{"coded core"},
			}, nil
		}
	}
	return paperDetail{}, errors.New("no such paper")
}

func (f *fake) Screen(_ context.Context, id, decision, reason string) (saved, error) {
	seq := f.note("screen %s %s %s", id, decision, reason)
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.papers {
		if f.papers[i].ID == id {
			f.papers[i].Decision, f.papers[i].Reason = decision, reason
		}
	}
	return saved{Seq: seq, Text: id + " " + decision}, nil
}

func (f *fake) Reasons(context.Context) ([]string, error) {
	return []string{"off topic", "no reasoning"}, nil
}

func (f *fake) AddFiles(_ context.Context, path string, tell func(progress)) (saved, error) {
	tell(progress{Done: 1, Total: 2, What: "adding " + path})
	if strings.Contains(path, "bad") {
		return saved{}, errors.New("papers: bad.pdf: not a PDF file")
	}
	return saved{Seq: f.note("add %s", path), Text: "1 of 1 files added"}, nil
}

const fakeText = "Two scales are compared under one budget. The first writes every branch at full size; the second divides by the root of the depth, and trains at every depth we tried. At depth 12 the difference is within the seed spread.\n\nThe gap opens from depth 24 because the stream grows. 深い網では差が大きい。"

func (f *fake) Sheets(_ context.Context, id string) (sheets, error) {
	if id != "p1" || f.empty {
		return sheets{Paper: paperRow{ID: id, Alias: "D2", Key: "x2020", Title: "No text"}, Empty: "x2020 has no PDF in the library yet."}, nil
	}
	text := []rune(fakeText)
	var ss []sentence
	start := 0
	for i := range text {
		if text[i] == '.' || text[i] == '。' {
			ss = append(ss, sentence{id: fmt.Sprint(len(ss)), start: start, end: i + 1, kind: "body"})
			start = i + 1
			for start < len(text) && (text[start] == ' ' || text[start] == '\n') {
				start++
			}
		}
	}
	return sheets{
		Paper: f.papers[0], Pages: []page{
			{number: 1, text: text, sentences: ss, width: 400, height: 600},
			{number: 2, text: []rune("Second page. With two sentences."), sentences: []sentence{{"a", 0, 12, "body"}, {"b", 13, 32, "body"}}, width: 400, height: 600},
			{number: 3, width: 400, height: 600},
		},
		Proposals: []proposal{{0, 1, "empirical result", "“at every”"}, {0, 3, "explicit reasoning", "“because”"}},
		Figures: []figure{
			{page: 0, start: 42, end: 160, label: "Figure 1", caption: "Figure 1: The first writes every branch at full size; the second divides by the root of the depth."},
			{page: 1, start: 13, end: 32, label: "Table 1", caption: "Table 1: Two sentences."},
			{page: 2, label: "Figure 2", caption: "Figure 2: What cannot be drawn."},
		},
	}, nil
}

// Picture is a page of 40 by 60 pixels, its upper half black, or a figure half as high.
func (f *fake) Picture(_ context.Context, id string, page int, label string) (image.Image, error) {
	if page == 3 {
		return nil, errors.New("pdfium: page 3 cannot be drawn")
	}
	f.note("%s", strings.TrimSpace(fmt.Sprintf("picture %s %d %s", id, page, label)))
	if label != "" {
		m := image.NewRGBA(image.Rect(0, 0, 80, 40))
		for i := range m.Pix {
			if m.Pix[i] = 0xFF; i/4%80 < 20 && i%4 < 3 {
				m.Pix[i] = 0x20
			}
		}
		return m, nil
	}
	m := image.NewRGBA(image.Rect(0, 0, 40, 60))
	for i := range m.Pix {
		if m.Pix[i] = 0xFF; i < len(m.Pix)/2 && i%4 < 3 {
			m.Pix[i] = 0
		}
	}
	return m, nil
}

func (f *fake) ClaimsOf(context.Context, string) ([]claimRow, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]claimRow{}, f.claims...), nil
}

func (f *fake) Claim(_ context.Context, id string) (claimRow, error) { return f.claims[0], nil }

func (f *fake) Tag(_ context.Context, t tagOrder) (saved, error) {
	seq := f.note("tag %s %s %s %d-%d", t.Stance, t.Kind, t.PrincipleAlias, t.Start, t.End)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.claims = append(f.claims, claimRow{
		ID: "c9", Alias: "C1043", PaperID: t.PaperID, Page: t.Page, Start: t.Start, End: t.End, Kind: t.Kind, Outcome: "found",
		Links: []claimLink{{t.Stance, t.PrincipleAlias, t.PrincipleID}},
	})
	return saved{Seq: seq, Text: "C1043 " + t.Stance}, nil
}

func (f *fake) Drop(_ context.Context, id string) (saved, error) {
	return saved{Seq: f.note("drop %s", id), Text: "dropped"}, nil
}

func (f *fake) Comment(_ context.Context, kind, id, text string) (saved, error) {
	return saved{Seq: f.note("comment %s %s %s", kind, id, text), Text: "comment kept"}, nil
}

func (f *fake) Search(ctx context.Context, q searchOrder) (searchAnswer, error) {
	f.mu.Lock()
	hold := f.hold[q.Query]
	f.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			f.mu.Lock()
			f.cancels++
			f.mu.Unlock()
			return searchAnswer{}, ctx.Err()
		}
	}
	if f.empty {
		return searchAnswer{Applied: 4, Head: 4}, nil
	}
	if strings.Contains(q.Query, "((") {
		return searchAnswer{BadPos: 0, BadToken: "((", BadText: "query, character 1: a parenthesis is open"}, nil
	}
	if strings.Contains(q.Query, "zzz") {
		return searchAnswer{Of: 104882, Applied: 4, Head: 4}, nil
	}
	return searchAnswer{
		Total: 2, Of: 104882, Took: 8 * time.Millisecond, Applied: 18204, Head: 18204,
		Hits: []hit{
			{Kind: "claim", ID: "c1", Alias: "C1041", Title: "Writing less", Snippet: "the \x01unscaled\x02 stack is lost at this \x01depth\x02 whatever \x1b[31mthe norm", Paper: "aoki2020", PaperID: "p1", Page: 1, Stance: "-", Principles: "P8", ClaimKind: "empirical result", Standing: "not yet verified"},
			{Kind: "passage", Title: q.Query, Snippet: "\x01深さ\x02 of " + q.Query, Paper: "brandt2020", PaperID: "p1", Page: 1, Start: 45},
		},
		Facets: []facet{{"principle", "P2", 19, true}, {"principle", "P8", 12, false}, {"stance", "-", 31, false}},
	}, nil
}
