package tui

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// plainLine is the longest line that plain mode takes.
const plainLine = 64 << 10

// againTold is how often plain mode says how far a repetition is.
const againTold = 10 * time.Second

// plainMode speaks the actions in lines: no repaint, no escape, one fact a
// line. It reads a line, does it, and says what became of it.
type plainMode struct {
	*driver
	out    io.Writer
	err    error
	said   string // last status spoken
	where  room
	blocks int // of the live run that were told
	told   time.Time
	live   *live
	tty    bool
	spoken *strings.Replacer // takes away glyphs whose word stands beside them
}

// runPlain reads commands from in until it ends. While a run lives only stop,
// status and quit are taken at once; other lines wait for its end.
func runPlain(a *App, in io.Reader, out io.Writer) error {
	p := &plainMode{driver: newDriver(a), out: out, tty: isTerminal(in), spoken: strings.NewReplacer("✓ ", "", "✗ ", "", "⊘ ", "", "▶ ", "", "• ", "", "– ", "", "→", "", "▾ ", "", "▸ ", "")}
	defer p.close()
	a.w, a.h = 100, 30
	lines := make(chan string)
	go readLines(in, lines, p.stop)
	p.start(a.Init())
	p.settle(nil)
	p.greet()
	for !p.quit && p.err == nil {
		p.prompt()
		line, more := p.nextLine(lines)
		if !more {
			p.settle(nil)
			break
		}
		p.do(line)
		p.settle(lines)
		p.report()
	}
	return p.err
}

// readLines passes lines on until the input ends or the program does.
func readLines(in io.Reader, lines chan<- string, stop <-chan struct{}) {
	defer close(lines)
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 4096), plainLine)
	for s.Scan() {
		select {
		case lines <- s.Text():
		case <-stop:
			return
		}
	}
}

func (p *plainMode) say(format string, args ...any) {
	s := oneLine(p.spoken.Replace(fmt.Sprintf(format, args...)))
	if p.a.ascii {
		s = p.a.pen.sub.Replace(s)
	}
	if _, err := fmt.Fprintln(p.out, s); err != nil && p.err == nil {
		p.err = fmt.Errorf("tui: plain output: %w", err)
	}
}

func (p *plainMode) prompt() {
	if p.tty {
		_, _ = fmt.Fprint(p.out, "> ")
	}
}

// nextLine waits for a line and meanwhile applies what comes in.
func (p *plainMode) nextLine(lines <-chan string) (string, bool) {
	for {
		select {
		case s, ok := <-lines:
			return s, ok
		case m := <-p.msgs:
			p.apply(m)
			p.watch()
			if p.quit {
				return "", false
			}
		case <-p.a.ctx.Done():
			return "", false
		}
	}
}

// settle waits for counted work to end. lines are those that may come while a
// run lives; a nil channel takes none.
func (p *plainMode) settle(lines <-chan string) {
	for !p.idle() && !p.quit {
		var early <-chan string
		if p.a.live != nil {
			early = lines
		}
		select {
		case m := <-p.msgs:
			p.apply(m)
			p.watch()
		case s, ok := <-early:
			if !ok {
				lines = nil
				continue
			}
			lines = p.early(s, lines)
		case <-p.a.ctx.Done():
			return
		}
	}
	p.watch()
}

// early does what is taken while a run lives, and holds another line back
// until the run has ended.
func (p *plainMode) early(s string, lines <-chan string) <-chan string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "stop", "run stop", "ctrl+x":
		p.start(p.a.stopRun())
	case "status":
		p.say("%s", p.a.liveLine())
	case "quit", "q", "exit":
		if p.tty {
			p.start(p.a.quit())
			return lines
		}
		p.settle(nil)
		p.report()
		p.quit = true
	default:
		p.settle(nil)
		p.report()
		p.do(s)
	}
	return lines
}

// watch tells the steps of a live run as they come, and errors.
func (p *plainMode) watch() {
	a := p.a
	if a.live != p.live {
		p.live, p.blocks, p.told = a.live, 0, time.Now()
	}
	if l := a.live; l != nil && l.again && time.Since(p.told) > againTold {
		p.told = time.Now()
		p.say("%s", a.liveLine())
	}
	if l := a.live; l != nil {
		for ; p.blocks < len(l.seen.blocks); p.blocks++ {
			b := l.seen.blocks[p.blocks]
			p.say("block %d: D %s; V %s, R %s, line at %s; estimate %s, bounds %s to %s.", b.B, b.D, shown(b.V, l.seen.t), shown(b.R, l.seen.t), num(l.seen.t), num(b.Est), num(b.Lo), num(b.Hi))
		}
	}
	for len(a.faults) > 0 {
		p.say("error: %s", a.faults[0])
		a.oldFaults = append(a.oldFaults, a.faults[0])
		a.faults = a.faults[1:]
	}
	if a.long.What != "" && time.Since(p.told) > time.Second {
		p.told = time.Now()
		p.say("%s", a.long.line())
	}
}

func (p *plainMode) greet() {
	p.where = p.a.at
	p.say("tenet: %s. Library %s. Type help, list, or an action.", p.a.at, p.a.study.Name())
	if g := p.a.guide; g != nil {
		p.say("%s", g.Question)
		p.say("%s", g.Wording)
		n, text := g.step()
		p.say("Step %d of %d: %s", n, guideSteps, text)
	}
	p.facts(p.a.facts())
	p.said = p.a.status
}

func (p *plainMode) facts(lines []string) {
	for _, s := range lines {
		p.say("%s", s)
	}
}

// do carries out one line.
func (p *plainMode) do(line string) {
	a := p.a
	line = oneLine(line)
	if line == "" {
		return
	}
	a.status, p.said = "", ""
	switch {
	case a.asking != nil:
		p.answer(line)
	case a.pop != nil:
		p.pick(line)
	case line == "help" || line == "?":
		p.help()
	case line == "list":
		p.facts(a.listing())
	default:
		x, arg := a.parse(line)
		if x == nil {
			x, arg = a.find(line), ""
		}
		if x == nil {
			p.say("%q is no action. Type help.", line)
			return
		}
		p.start(a.press(x, arg))
	}
}

// answer answers the question that stands.
func (p *plainMode) answer(line string) {
	q := p.a.asking
	if line == "cancel" || line == "esc" {
		p.a.askKey("esc", "")
		return
	}
	if q.box != nil {
		q.box.set(line)
		cmd, _ := p.a.askKey("enter", "")
		p.start(cmd)
		return
	}
	key := line
	for _, c := range q.choices {
		if strings.EqualFold(c.label, line) {
			key = c.key
		}
	}
	cmd, _ := p.a.askKey(key, "")
	p.start(cmd)
}

// pick takes a row of the list that stands open, by number, or narrows it.
func (p *plainMode) pick(line string) {
	a := p.a
	if line == "cancel" || line == "esc" {
		a.pop = nil
		return
	}
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(a.pop.rows) {
		a.pop.list.to(n - 1)
		p.start(a.popKey("enter", ""))
		return
	}
	if a.pop.box != nil {
		a.pop.box.set(line)
		a.pop.fill(a)
	}
}

// report says what the last line did and what now stands.
func (p *plainMode) report() {
	a := p.a
	p.watch()
	if a.status != "" && a.status != p.said {
		p.say("%s", a.status)
	}
	p.said = a.status
	switch {
	case p.quit:
	case a.asking != nil:
		p.question(a.asking)
	case a.pop != nil:
		p.list(a.pop)
	case a.editing != nil:
		a.editing = nil
		p.say("longer texts are edited on the screens: run tenet without --plain")
	default:
		if a.at != p.where {
			p.where = a.at
			p.say("%s.", a.at)
		}
		p.facts(a.facts())
	}
}

func (p *plainMode) question(q *ask) {
	p.say("question: %s", q.title)
	for _, c := range q.choices {
		p.say("%s: %s", c.key, c.label)
	}
	if q.box != nil {
		p.say("type the answer on one line, or cancel")
	}
}

func (p *plainMode) list(l *pop) {
	p.say("%s", l.title)
	for i, r := range l.rows {
		text := strings.TrimSpace(r.left + " " + r.text)
		if r.note != "" {
			text += " (" + r.note + ")"
		}
		if l.wide {
			p.say("%s", text)
		} else {
			p.say("%d: %s", i+1, text)
		}
	}
	if l.wide {
		p.a.pop = nil
		return
	}
	p.say("type a number, words to narrow the list, or cancel")
}

func (p *plainMode) help() {
	p.say("Actions on %s:", p.a.at)
	for i := range p.a.table {
		x := &p.a.table[i]
		if !x.rooms.has(p.a.at) {
			continue
		}
		text := strings.ReplaceAll(x.id, ".", " ")
		if k := x.key(); k != "" {
			text += " (" + k + ")"
		}
		text += ": " + x.help
		if why := x.why(p.a); why != "" {
			text += ". Off: " + why
		}
		p.say("%s", text)
	}
	p.say("list: says everything on this screen")
}
