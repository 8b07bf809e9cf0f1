//go:build e2e

package e2e

import (
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "draw the pictures of the README anew")

// TestPictureOfTheLab draws docs/lab.svg from the running program; without -update it only checks
// that the program still gets there.
func TestPictureOfTheLab(t *testing.T) {
	bin := binary(t)
	dir := t.TempDir()
	p := open(t, bin, dir, 100, 30, "TERM=xterm-256color", "COLORTERM=truecolor", "HOME="+dir, "HISTFILE=/dev/null")
	p.text("tenet demo --seed 1 --dir demo")
	p.keys("Enter")
	p.waitFor(`H01`, 20*time.Second)
	p.keys("M-5")
	p.wait(`\[5 Lab\]`)
	p.keys("x")
	p.waitFor(`block [3-9]`, 4*time.Minute)
	out, err := exec.Command("tmux", "-S", p.socket, "capture-pane", "-p", "-e").Output()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		path := filepath.Join("..", "..", "docs", "lab.svg")
		if err := os.WriteFile(path, []byte(svg(string(out), p.width, p.height)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.waitFor(`VALIDATED|REFUTED|INCONCLUSIVE`, 5*time.Minute)
	p.keys("q")
	p.wait(`ready>`)
}

// look is how a cell is drawn.
type look struct {
	colour        string
	bold, reverse bool
}

// svg draws a screen with its colours as text that can be selected and read aloud.
func svg(screen string, width, height int) string {
	const cw, ch = 8.4, 17.0
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="The Lab screen of tenet while hypothesis H01 runs">`, cw*float64(width)+24, ch*float64(height)+24)
	b.WriteString("\n" + `<rect width="100%" height="100%" rx="8" fill="#16181d"/><g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">` + "\n")
	for y, line := range strings.Split(strings.TrimRight(screen, "\n"), "\n") {
		x := 0
		for _, s := range spans(line) {
			n := len([]rune(s.text))
			if strings.TrimSpace(s.text) != "" {
				fill, weight := s.colour, ""
				if fill == "" {
					fill = "#d7dae0"
				}
				if s.bold {
					weight = ` font-weight="bold"`
				}
				left, base := 12+cw*float64(x), 12+ch*float64(y)+13
				if s.reverse {
					fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left, base-13, cw*float64(n), ch, fill)
					fill = "#16181d"
				}
				fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n", left, base, cw*float64(n), fill, weight, html.EscapeString(strings.ReplaceAll(s.text, " ", "\u00a0")))
			}
			x += n
		}
	}
	b.WriteString("</g></svg>\n")
	return b.String()
}

type span struct {
	look
	text string
}

// spans cuts a line of tmux's capture at its escape sequences.
func spans(line string) []span {
	var out []span
	var now look
	for line != "" {
		i := strings.Index(line, "\x1b[")
		if i < 0 {
			return append(out, span{now, line})
		}
		if i > 0 {
			out = append(out, span{now, line[:i]})
		}
		line = line[i+2:]
		end := strings.IndexAny(line, "ABCDEFGHJKSTfmnsu")
		if end < 0 {
			return out
		}
		if line[end] == 'm' {
			now = now.apply(strings.Split(line[:end], ";"))
		}
		line = line[end+1:]
	}
	return out
}

func (l look) apply(codes []string) look {
	for i := 0; i < len(codes); i++ {
		n, _ := strconv.Atoi(codes[i])
		switch {
		case n == 0:
			l = look{}
		case n == 1:
			l.bold = true
		case n == 7:
			l.reverse = true
		case n == 27:
			l.reverse = false
		case n == 22:
			l.bold = false
		case n == 39:
			l.colour = ""
		case n == 38 && i+4 < len(codes) && codes[i+1] == "2":
			r, _ := strconv.Atoi(codes[i+2])
			g, _ := strconv.Atoi(codes[i+3])
			bl, _ := strconv.Atoi(codes[i+4])
			l.colour = fmt.Sprintf("#%02x%02x%02x", r, g, bl)
			i += 4
		case n == 38 && i+2 < len(codes) && codes[i+1] == "5":
			l.colour = indexed(codes[i+2])
			i += 2
		}
	}
	return l
}

// indexed turns a colour of the 256-colour cube into hex.
func indexed(code string) string {
	n, _ := strconv.Atoi(code)
	if n < 16 || n > 231 {
		return "#a8adb8"
	}
	n -= 16
	level := func(v int) int {
		if v == 0 {
			return 0
		}
		return 55 + 40*v
	}
	return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
}
