package survey

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"tenet/papers"
)

// A Proposal is a sentence that gives a reason and may be worth tagging. It is
// never a claim until a person accepts it.
type Proposal struct {
	Page       int
	SentenceID string
	Start, End int // runes of the page's Text
	Text       string
	Kind       Kind
	Score      float64 // larger is better; only the order means something
	Why        string  // the words that gave it away
}

// A cue is a turn of phrase and what kind of claim it usually makes.
type cue struct {
	pattern *regexp.Regexp
	kind    Kind
	weight  float64
}

var cues = []cue{
	{regexp.MustCompile(`(?i)\b(because|due to|owing to|caused by|the reason (?:is|for|why)|since (?:the|this|it|each|a)\b|as a result of|stems? from|attribut(?:e|ed|able) to)\b`), ExplicitReasoning, 2.0},
	{regexp.MustCompile(`(?i)\b(therefore|thus|hence|consequently|so that|as a consequence|it follows that|which (?:means|implies)|this (?:means|implies|explains|ensures|prevents|enables))\b`), ExplicitReasoning, 1.6},
	{regexp.MustCompile(`(?i)\b(allow(?:s|ing)?|enabl(?:e|es|ing)|prevent(?:s|ing)?|alleviat(?:e|es|ing)|mitigat(?:e|es|ing)|eas(?:e|es|ing)|facilitat(?:e|es|ing)|avoid(?:s|ing)?|encourag(?:e|es|ing)|lead(?:s|ing)? to|help(?:s|ing)? to)\b`), ImplicitReasoning, 1.0},
	{regexp.MustCompile(`(?i)\b(we (?:hypothesi[sz]e|conjecture|suspect|speculate|believe|posit|argue|assume)|we think that|it is (?:likely|possible|plausible) that|may be (?:because|due)|might be (?:because|due|caused)|could be explained|presumably|perhaps)\b`), Conjecture, 2.2},
	{regexp.MustCompile(`(?i)\b(outperform(?:s|ed|ing)?|surpass(?:es|ed)?|(?:better|lower|higher|faster|worse|smaller|larger|more accurate|deeper) than|improv(?:es|ed|ement)|reduc(?:es|ed) the (?:error|loss)|achiev(?:es|ed)|state[- ]of[- ]the[- ]art|compared (?:to|with)|we (?:observe|find|found|show|see) that|results? (?:show|suggest|indicate|demonstrate)s?|experiments? (?:show|suggest|indicate|demonstrate)s?)\b`), EmpiricalResult, 1.3},
	{regexp.MustCompile(`(?i)\b(does not (?:help|improve|converge|matter)|do not (?:help|improve|converge|matter)|no (?:significant )?(?:improvement|gain|benefit|difference)|fail(?:s|ed)? to|not (?:necessary|essential|caused|needed|beneficial)|degrad(?:es|ed|ation)|hurts?|harm(?:s|ful)?|suffers? from|is unlikely to|counter-?intuitive)\b`), NegativeResult, 1.5},
}

var (
	citation   = regexp.MustCompile(`\[\d+(?:\s*[,–-]\s*\d+)*\]|\((?:[A-Z][\p{L}\-]+(?: et al\.)?,? \d{4}[a-z]?(?:; )?)+\)`)
	comparison = regexp.MustCompile(`\d+(?:\.\d+)?\s?%|\b\d+\.\d+\b`)
	hedge      = regexp.MustCompile(`(?i)\b(section|figure|table|appendix|equation|eq\.|see also|the rest of this paper|is organi[sz]ed)\b`)
)

// Propose lists the sentences of a paper's running text that give reasons,
// best first; equals stand in the order of the paper. Highlights that a reader
// left in the PDF come before everything else.
func Propose(d *papers.Document) []Proposal {
	var out []Proposal
	for _, page := range d.Pages {
		text := []rune(page.Text)
		for _, s := range page.Sentences {
			if s.Kind != papers.Body && s.Kind != papers.Caption || s.Start < 0 || s.End > len(text) || s.End-s.Start < 40 || s.End-s.Start > 800 {
				continue
			}
			p := Proposal{Page: page.Number, SentenceID: s.ID, Start: s.Start, End: s.End, Text: string(text[s.Start:s.End])}
			p.judge()
			if h := highlighted(d, page.Number, s); h != "" {
				p.Score, p.Why = p.Score+10, joinWhy(h, p.Why)
				if p.Kind == "" {
					p.Kind = ExplicitReasoning
				}
			}
			if p.Score >= 1 {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Proposal) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// judge scores a sentence by its words; the heaviest cue gives the kind.
func (p *Proposal) judge() {
	top := 0.0
	var words []string
	for _, c := range cues {
		m := c.pattern.FindString(p.Text)
		if m == "" {
			continue
		}
		p.Score += c.weight
		words = append(words, "“"+strings.ToLower(m)+"”")
		if c.weight > top {
			top, p.Kind = c.weight, c.kind
		}
	}
	if p.Score == 0 {
		return
	}
	p.Why = strings.Join(words, ", ")
	if comparison.MatchString(p.Text) {
		p.Score += 0.3
		p.Why = joinWhy(p.Why, "a number")
		if p.Kind == ImplicitReasoning {
			p.Kind = EmpiricalResult
		}
	}
	if citation.MatchString(p.Text) {
		p.Score += 0.2
		p.Why = joinWhy(p.Why, "a citation")
	}
	if hedge.MatchString(p.Text) {
		p.Score -= 0.8 // it points somewhere rather than argues
	}
}

func joinWhy(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

func highlighted(d *papers.Document, page int, s papers.Sentence) string {
	for _, h := range d.Highlights {
		if h.Page == page && h.End > h.Start && h.Start < s.End && h.End > s.Start {
			return h.Kind + " in the PDF"
		}
	}
	return ""
}
