package bib

import (
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"
)

// MaxBytes is the most that is read of one file.
const MaxBytes = 256 << 20

var (
	start     = regexp.MustCompile(`^@\s*([^\s{}(),@"=#%'\\]+)\s*([{(])`)
	lineStart = regexp.MustCompile(`(?m)^[ \t]*@\s*[^\s{}(),@"=#%'\\]+\s*[{(]`)
)

// Parse reads all entries of a file; name is used in warnings only. It always
// gives what it understood: trouble, even a reader that fails, is a warning.
func Parse(name string, r io.Reader) (Entries, []Warning) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	p := &parser{file: name, macros: map[string]string{}}
	if err != nil {
		p.warnAt(1, "reading stopped after %d bytes: %v", len(raw), err)
	}
	if len(raw) > MaxBytes {
		raw = raw[:MaxBytes]
		p.warnAt(1, "only the first %d bytes were read", MaxBytes)
	}
	text, note := decode(raw)
	if note != "" {
		p.warnAt(1, "%s", note)
	}
	p.load(text)
	p.run()
	p.duplicates()
	if len(p.entries) == 0 {
		p.warnAt(1, "no BibTeX entry found")
	}
	return p.entries, p.warnings
}

type parser struct {
	file     string
	text     string
	lines    []int       // offset of each line's first byte
	closer   map[int]int // offset of each { to its }
	starts   []int       // offsets at which a line starts an entry
	macros   map[string]string
	entries  Entries
	warnings []Warning
	expanded int // bytes that macros have added
	scanned  int // bytes spent on looking for a closing parenthesis in vain
}

func (p *parser) load(text string) {
	p.text = text
	p.lines = []int{0}
	p.closer = map[int]int{}
	var open []int
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			p.lines = append(p.lines, i+1)
		case '{':
			open = append(open, i)
		case '}':
			if n := len(open); n > 0 {
				p.closer[open[n-1]] = i
				open = open[:n-1]
			}
		}
	}
	for _, m := range lineStart.FindAllStringIndex(text, -1) {
		p.starts = append(p.starts, m[0])
	}
}

func (p *parser) line(offset int) int {
	return sort.Search(len(p.lines), func(i int) bool { return p.lines[i] > offset })
}

func (p *parser) warn(offset int, format string, args ...any) {
	p.warnAt(p.line(offset), format, args...)
}

// maxWarnings keeps a hopeless file from filling memory with its faults.
const maxWarnings = 5000

func (p *parser) warnAt(line int, format string, args ...any) {
	if len(p.warnings) == maxWarnings {
		format, args = "more warnings than these are not listed", nil
	}
	if len(p.warnings) > maxWarnings {
		return
	}
	p.warnings = append(p.warnings, Warning{File: p.file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// run walks over the file from one @ to the next.
func (p *parser) run() {
	for at := 0; ; {
		i := strings.IndexByte(p.text[at:], '@')
		if i < 0 {
			return
		}
		at += i
		m := start.FindStringSubmatchIndex(p.text[at:min(len(p.text), at+500)])
		if m == nil {
			at++
			continue
		}
		typ := strings.ToLower(p.text[at+m[2] : at+m[3]])
		open := at + m[4]
		if typ == "comment" && p.text[open] == '(' {
			at = open // BibTeX: a comment is the word alone; what follows counts
			continue
		}
		at = p.command(typ, at, open)
	}
}

// command reads one @command and gives the offset after it.
func (p *parser) command(typ string, at, open int) int {
	end, why := p.extent(open)
	after := end
	if why == "" {
		after++
	}
	switch typ {
	case "comment":
		if why != "" {
			return open + 1
		}
	case "preamble":
		if why != "" {
			p.warn(at, "@preamble: %s", why)
		}
	case "string":
		p.macro(open+1, end)
		if why != "" {
			p.warn(at, "@string: %s", why)
		}
	default:
		e := Entry{Type: typ, Line: p.line(at)}
		p.fields(&e, open+1, end)
		if why != "" {
			e.Broken = why
		} else if tail := p.stray(after); tail > after {
			e.Broken = "text follows its closing brace"
			after = tail
		}
		e.Raw = strings.TrimSpace(p.text[at:after])
		if e.Broken != "" {
			p.warn(at, "@%s{%s: %s; kept as it is", typ, e.Key, e.Broken)
		}
		p.entries = append(p.entries, e)
	}
	return after
}

// extent finds the end of what opens at open: the offset of the closing
// delimiter, or, with a reason, where the next entry starts.
func (p *parser) extent(open int) (end int, why string) {
	if p.text[open] == '{' {
		if end, ok := p.closer[open]; ok {
			return end, ""
		}
		return p.nextStart(open), "its opening brace is never closed"
	}
	limit := p.nextStart(open)
	quoted := false
	for i := open + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '{':
			if j, ok := p.closer[i]; ok {
				i = j
			}
		case c == '"':
			quoted = !quoted
		case c == ')' && !quoted:
			return i, ""
		case i > limit && p.scanned > 4<<20:
			return limit, "its opening parenthesis is never closed"
		}
		if i > limit {
			p.scanned++
		}
	}
	// A stray quote may have hidden the end; the last parenthesis before the next entry is it.
	if j := strings.LastIndexByte(p.text[open:limit], ')'); j > 0 && strings.TrimSpace(p.text[open+j+1:limit]) == "" {
		return open + j, ""
	}
	return limit, "its opening parenthesis is never closed"
}

func (p *parser) nextStart(after int) int {
	i := sort.SearchInts(p.starts, after+1)
	if i == len(p.starts) {
		return len(p.text)
	}
	return p.starts[i]
}

// stray gives the end of text behind an entry that clearly belonged to it: a
// brace was closed too early. Plain remarks between entries are left alone.
func (p *parser) stray(at int) int {
	near := p.text[at:min(len(p.text), at+2000)]
	body := strings.TrimLeft(near, " \t\n")
	if body == "" || body[0] != ',' {
		return at
	}
	end := p.nextStart(at)
	if !strings.Contains(near[:min(len(near), end-at)], "=") {
		return at
	}
	return end
}

func (p *parser) duplicates() {
	first := map[string]int{}
	for _, e := range p.entries {
		if e.Key == "" {
			continue
		}
		if line, ok := first[e.Key]; ok {
			p.warnAt(e.Line, "key %s is used at line %d too", e.Key, line)
		} else {
			first[e.Key] = e.Line
		}
	}
}
