package main

import (
	"strings"
	"unicode"

	"golang.org/x/term"
)

func isTerminal(v any) bool {
	f, ok := v.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

func (a *app) stdoutIsTerminal() bool { return isTerminal(a.out) }

// colour says whether standard output may carry escape sequences.
func (a *app) colour() bool {
	return a.stdoutIsTerminal() && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && !a.plain
}

// clean drops what a PDF could use to command the terminal, but keeps our own bold.
func clean(s string) string {
	const bold, plain = "\x1b[1m", "\x1b[0m"
	s = strings.NewReplacer(bold, "\x01", plain, "\x02").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 1 || r == 2:
			return r
		case r == '\t', r == '\n', r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("\x01", bold, "\x02", plain).Replace(s)
}
