package tui

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tenet/internal/store"
	"tenet/survey"
	"tenet/survey/bib"
)

// claimFormats are the endings that an export of claims may have.
func claimFormats() []string { return []string{".csv", ".jsonl", ".md", ".bib"} }

// exportRow is a claim as it leaves the library.
type exportRow struct {
	Claim    string   `json:"claim"`
	Paper    string   `json:"paper"`
	Title    string   `json:"title"`
	Year     int      `json:"year,omitempty"`
	Page     int      `json:"page,omitempty"`
	Kind     string   `json:"kind"`
	Links    []string `json:"links,omitempty"` // "supports P2"
	Text     string   `json:"text"`
	Quote    string   `json:"quote,omitempty"`
	Place    string   `json:"place"` // found moved ambiguous lost, "" = no PDF yet
	Reviewer string   `json:"reviewer,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Comment  string   `json:"comment,omitempty"`
}

// exportHead says what a file of claims is, so that it can be made again.
type exportHead struct {
	Query  string `json:"query"`
	Change uint64 `json:"change"`
	Claims int    `json:"claims"`
}

func (h exportHead) String() string {
	return fmt.Sprintf("tenet: %s, query %q, change %d", plural(h.Claims, "claim"), h.Query, h.Change)
}

// ExportClaims writes claims to a new file in the format of its ending. A file
// that is there is never written over.
func (d *desk) ExportClaims(_ context.Context, claimIDs []string, query, path string) (saved, error) {
	write, ok := map[string]func(io.Writer, exportHead, []exportRow, bib.Entries) error{
		".csv": writeCSV, ".jsonl": writeJSONL, ".md": writeMarkdown, ".bib": writeBib,
	}[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return saved{}, fmt.Errorf("%s: the ending says the format: %s", filepath.Base(path), strings.Join(claimFormats(), " "))
	}
	head, rows, refs, err := d.exportRows(claimIDs, query)
	if err != nil {
		return saved{}, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return saved{}, fmt.Errorf("%s is there already and is not written over; X asks for another name", path)
	}
	if err != nil {
		return saved{}, fmt.Errorf("the claims cannot be written: %w", err)
	}
	b := bufio.NewWriter(f)
	err = errors.Join(write(b, head, rows, refs), b.Flush(), f.Close())
	if err != nil {
		return saved{}, fmt.Errorf("the claims cannot be written: %w", err)
	}
	return saved{Text: fmt.Sprintf("%s written to %s", plural(len(rows), "claim"), path)}, nil
}

// exportRows reads the claims, and the references of their papers.
func (d *desk) exportRows(claimIDs []string, query string) (head exportHead, rows []exportRow, refs bib.Entries, err error) {
	err = d.lib.View(func(tx *store.Tx) error {
		head = exportHead{Query: query, Change: tx.Seq(), Claims: len(claimIDs)}
		names, wanted := map[string]string{}, map[string]bool{}
		for _, id := range claimIDs {
			c, err := survey.FindClaim(tx, id)
			if err != nil {
				return err
			}
			p, err := survey.FindPaper(tx, c.PaperID)
			if err != nil {
				return err
			}
			row, err := rowOfClaim(tx, c, p, names)
			if err != nil {
				return err
			}
			wanted[p.Key] = true
			out := exportRow{
				Claim: c.Alias, Paper: p.Name(), Title: p.Title, Year: p.Year, Page: row.Page, Kind: row.Kind, Text: c.Text,
				Quote: c.Quote, Place: row.Outcome, Reviewer: c.Reviewer, Tags: c.Tags, Comment: c.Comment,
			}
			for _, l := range row.Links {
				out.Links = append(out.Links, l.Stance+" "+l.Principle)
			}
			rows = append(rows, out)
		}
		all, err := survey.CollectBib(tx)
		for _, e := range all {
			if e.Key != "" && wanted[e.Key] {
				refs = append(refs, e)
			}
		}
		return err
	})
	return head, rows, refs, err
}

func writeCSV(w io.Writer, h exportHead, rows []exportRow, _ bib.Entries) error {
	if _, err := fmt.Fprintln(w, "#", h); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	lines := [][]string{{"claim", "paper", "title", "year", "page", "kind", "links", "text", "quote", "place", "reviewer", "tags", "comment"}}
	for _, r := range rows {
		line := []string{
			r.Claim, r.Paper, r.Title, numberText(r.Year), numberText(r.Page), r.Kind, strings.Join(r.Links, "; "), r.Text, r.Quote,
			r.Place, r.Reviewer, strings.Join(r.Tags, "; "), r.Comment,
		}
		for i := range line {
			line[i] = cell(line[i])
		}
		lines = append(lines, line)
	}
	return c.WriteAll(lines)
}

// cell keeps a spreadsheet from running a paper's words as a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func writeJSONL(w io.Writer, h exportHead, rows []exportRow, _ bib.Entries) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	err := e.Encode(h)
	for _, r := range rows {
		err = errors.Join(err, e.Encode(r))
	}
	return err
}

func writeMarkdown(w io.Writer, h exportHead, rows []exportRow, _ bib.Entries) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Claims\n\n%s.\n", plainMark(h.String()))
	byPaper := map[string][]exportRow{}
	var order []string
	for _, r := range rows {
		if byPaper[r.Paper] == nil {
			order = append(order, r.Paper)
		}
		byPaper[r.Paper] = append(byPaper[r.Paper], r)
	}
	for _, paper := range order {
		first := byPaper[paper][0]
		fmt.Fprintf(&b, "\n## %s\n\n%s, %s\n\n", plainMark(paper), plainMark(first.Title), yearText(first.Year))
		for _, r := range byPaper[paper] {
			facts := []string{"**" + r.Claim + "**"}
			if r.Page > 0 {
				facts = append(facts, "p. "+strconv.Itoa(r.Page))
			}
			facts = append(append(facts, r.Kind), r.Links...)
			fmt.Fprintf(&b, "- %s: %s\n", strings.Join(facts, ", "), plainMark(r.Text))
			if r.Quote != "" && r.Quote != r.Text {
				fmt.Fprintf(&b, "  > %s\n", plainMark(r.Quote))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// plainMark takes the meaning off characters that Markdown would read.
func plainMark(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "#", `\#`).Replace(clean(s))
}

func writeBib(w io.Writer, h exportHead, _ []exportRow, refs bib.Entries) error {
	if _, err := fmt.Fprintf(w, "%% %s\n\n", strings.ReplaceAll(h.String(), "@", "(at)")); err != nil {
		return err
	}
	return bib.Write(w, refs)
}
