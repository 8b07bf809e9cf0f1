package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// style is a pair of escape strings around a text, made once from lipgloss:
// rendering a span is then two copies.
type style struct{ on, off string }

func newStyle(s lipgloss.Style) style {
	on, off, _ := strings.Cut(s.Render("x"), "x")
	return style{on, off}
}

// theme holds the styles by meaning, and the glyph set.
type theme struct {
	ascii                                        bool
	text, dim, bold, key, focus, match, selected style
	good, bad, flat, fault, series2              style
}

// newTheme is the look on a dark or light ground. few says the terminal has
// sixteen colours, where the hex values would land on odd neighbours.
func newTheme(dark, few, ascii bool) *theme {
	pick := lipgloss.LightDark(dark)
	blue := pick(lipgloss.Color("#0072B2"), lipgloss.Color("#56B4E9"))
	orange := pick(lipgloss.Color("#B34700"), lipgloss.Color("#E69F00"))
	grey := pick(lipgloss.Color("#6E6E6E"), lipgloss.Color("#9E9E9E"))
	if few {
		blue, orange = lipgloss.BrightBlue, lipgloss.Yellow
		grey = lipgloss.NoColor{}
	}
	fg := func(c color.Color) lipgloss.Style { return lipgloss.NewStyle().Foreground(c) }
	return &theme{
		ascii:    ascii,
		dim:      newStyle(fg(grey)),
		bold:     newStyle(lipgloss.NewStyle().Bold(true)),
		key:      newStyle(lipgloss.NewStyle().Bold(true)),
		focus:    newStyle(fg(blue)),
		match:    newStyle(lipgloss.NewStyle().Bold(true)),
		selected: newStyle(lipgloss.NewStyle().Reverse(true)),
		good:     newStyle(fg(blue).Bold(true)),
		bad:      newStyle(fg(orange).Bold(true).Underline(true).UnderlineSpaces(true)),
		flat:     newStyle(fg(grey)),
		fault:    newStyle(fg(orange).Bold(true)),
		series2:  newStyle(fg(orange)),
	}
}

// asciiPairs are the drawn glyphs and what stands for them under --ascii.
func asciiPairs() []string {
	return []string{
		"✓", "[ok]", "✗", "[no]", "⊘", "[--]", "▶", ">", "▸", ">", "▾", "v", "│", "|", "─", "-", "═", "=", "┈", "-", "┄", "-",
		"‹", "<", "›", ">", "▌", "|", "▁", "_", "“", `"`, "”", `"`, "‘", "'", "’", "'", "…", "...", "·", "-", "–", "-", "—", "-",
		"≥", ">=", "≤", "<=", "≠", "!=", "Δ", "delta", "θ₀", "theta0", "θ", "theta", "→", "->", "←", "<-", "↑", "up", "↓", "down",
		"×", "x", "−", "-", "±", "+-", "⋮", ":", "█", "#", "░", ".", "•", "*", "┴", "+", "┬", "+",
	}
}
