package papers

import (
	"regexp"
	"strings"

	"tenet/papers/refs"
)

var bibliographyHeading = regexp.MustCompile(`(?i)^\s*(?:(?:\d+|[A-Z]|[IVX]+)[.\s]\s*)?(?:references?(?: and notes| cited)?|bibliography|literature(?: cited)?|works cited)\s*[.:]?\s*$`)

var bibliographyEnd = regexp.MustCompile(`(?i)^\s*(?:(?:\d+|[A-Z]|[IVX]+)[.:\s]\s*)?(?:appendi(?:x|ces)\b|supplementa(?:ry|l)\b|supporting\b|acknowledge?ments?\b)|^\s*A\.?\d?\.? +\p{L}`)

var bareNumber = regexp.MustCompile(`^\s*\d{1,4}\s*$`)

// bibliography collects the lines after the last heading “References”, over columns and pages, up to an appendix.
func bibliography(d *Document) []refs.Line {
	fromPage, fromBlock, fromLine := bibliographyStart(d)
	if fromPage < 0 {
		return nil
	}
	var lines []refs.Line
	for i := fromPage; i < len(d.Pages); i++ {
		p := &d.Pages[i]
		text := []rune(p.Text)
		for k, b := range p.Blocks {
			if i == fromPage && k == fromBlock && fromLine < len(b.Lines) && b.Lines[fromLine].Start >= b.Start {
				b.Lines, b.Start = b.Lines[fromLine:], b.Lines[fromLine].Start
			} else if i == fromPage && k <= fromBlock {
				continue
			}
			if furniture(b.Kind) || b.Kind == Caption || b.Kind == Footnote || b.Start < 0 || b.End > len(text) || b.End <= b.Start {
				continue
			}
			if bareNumber.MatchString(string(text[b.Start:b.End])) || text[b.Start] == '•' {
				continue // a page number that was not recognised as one, or a list in an appendix
			}
			if len(lines) > 4 && b.endsBibliography(string(text[b.Start:b.End])) {
				return lines
			}
			lines = append(lines, blockLines(p, text, b)...)
		}
	}
	return lines
}

// bibliographyStart is where the last heading “References” stands: the index of
// its page, its block, and the first line of that block that is not the heading
// any more, as some papers set the first entry close to it. The page is -1 where
// there is none.
func bibliographyStart(d *Document) (page, block, line int) {
	page = -1
	for i := range d.Pages {
		text := []rune(d.Pages[i].Text)
		for k, b := range d.Pages[i].Blocks {
			if b.Start < 0 || b.End > len(text) || b.Start >= b.End {
				continue
			}
			end, lines := b.End, len(b.Lines)
			if lines > 1 && b.Lines[0].Start == b.Start && b.Lines[0].End <= b.End {
				end, lines = b.Lines[0].End, 1
			}
			if end-b.Start < 40 && bibliographyHeading.MatchString(string(text[b.Start:end])) {
				page, block, line = i, k, lines
			}
		}
	}
	return page, block, line
}

// endsBibliography recognises the heading of what follows the references.
func (b Block) endsBibliography(s string) bool {
	if len(b.Lines) > 3 || len(s) > 130 || !b.Bold && b.Kind != Heading && s != strings.ToUpper(s) {
		return false
	}
	return bibliographyEnd.MatchString(s)
}

// blockLines gives a block's lines with their indents; the text of a line that ends in a hyphen runs on without a space.
func blockLines(p *Page, text []rune, b Block) []refs.Line {
	if len(b.Lines) == 0 {
		return []refs.Line{{Text: string(text[b.Start:b.End]), First: true, Page: p.Number}}
	}
	var out []refs.Line
	for n, l := range b.Lines {
		if l.Start < b.Start || l.End > b.End || l.End < l.Start {
			continue
		}
		s := strings.TrimSpace(string(text[l.Start:l.End]))
		joined := l.Hyphen || n+1 < len(b.Lines) && b.Lines[n+1].Start == l.End
		out = append(out, refs.Line{Text: s, Joined: joined, First: n == 0, X0: l.Box.X0, X1: l.Box.X1, Page: p.Number})
	}
	return out
}
