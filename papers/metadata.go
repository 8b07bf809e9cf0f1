package papers

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"tenet/papers/refs"
)

// readMeta says who wrote what and when, from the first page's look and from what the file states, the one checked by the other.
func readMeta(d *Document, s stated) Meta {
	var m Meta
	front := frontOf(d)
	m.Title, m.TitleSource, m.Confidence = front.title(s)
	m.Authors = front.authors(s)
	m.Abstract = front.abstract()
	m.ArXiv = firstMatch(arxivStamp, front.raw, 1)
	if m.ArXiv == "" {
		m.ArXiv = firstMatch(arxivStamp, s.subject+" "+s.arxiv+" "+s.doi, 1)
	}
	m.DOI = readDOI(s.doi, front.raw)
	if m.ArXiv == "" {
		if _, id, ok := strings.Cut(strings.ToLower(m.DOI), "arxiv."); ok {
			m.ArXiv = id
		}
	}
	m.Year = readYear(front, s, m.ArXiv)
	return m
}

var (
	arxivStamp = regexp.MustCompile(`(?i)arxiv\s*:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?`)
	stampDate  = regexp.MustCompile(`(?i)arxiv\s*:\s*\S+\s*\[[^\]]+\]\s*\d{1,2}\s+\w{3}\s+((?:19|20)\d\d)`)
	doiPattern = regexp.MustCompile(`(?i)\b10\.\d{4,9}/[^\s"<>{}|\\^]+`)
	yearSigned = regexp.MustCompile(`(?i)(?:©|\(c\)|copyright|proceedings|conference|workshop|symposium|published|submitted|journal|volume|press|ieee|acm|iclr|icml|neurips|nips|cvpr|iccv|eccv|aaai|icassp|interspeech|sigir|kdd|wsdm|www|cikm|emnlp|naacl|acl|miccai|icdar|lrec|preprint|report|msr-tr|arxiv)[^\n]{0,120}?\b((?:19|20)\d\d)\b`)
	yearAlone  = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
	shortYear  = regexp.MustCompile(`[A-Z]{3,}\s?[’'](\d\d)\b`)
)

func firstMatch(re *regexp.Regexp, s string, group int) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return m[group]
	}
	return ""
}

func readDOI(stated, page string) string {
	for _, s := range []string{stated, page} {
		for _, m := range doiPattern.FindAllString(s, 5) {
			if m = strings.TrimRight(m, ".,;)]"); !placeholderDOI(m) {
				return m
			}
		}
	}
	return ""
}

// placeholderDOI recognises the numbers that templates of publishers carry and authors forget to replace.
func placeholderDOI(s string) bool {
	_, tail, _ := strings.Cut(s, "/")
	return tail == "1235" || tail == "123_4" || strings.Trim(strings.ToLower(tail), "nx.0123456789") == "" && strings.ContainsAny(strings.ToLower(tail), "nx") || strings.HasSuffix(tail, "1122445.1122456") || strings.HasPrefix(tail, "XXXXXXX")
}

// readYear prefers what is printed as a date of this paper: the stamp of arXiv, then a line of a venue, then the arXiv number, then the
// day the file was made.
func readYear(f front, s stated, arxiv string) int {
	year := func(t string) int {
		if n, _ := strconv.Atoi(t); n >= 1950 && n <= 2100 {
			return n
		}
		return 0
	}
	if y := year(firstMatch(stampDate, f.raw, 1)); y != 0 {
		return y
	}
	for _, l := range f.edges {
		if y := year(firstMatch(yearSigned, l, 1)); y != 0 {
			return y
		}
		if m := shortYear.FindStringSubmatch(l); m != nil {
			n, _ := strconv.Atoi(m[1])
			if n < 60 {
				return 2000 + n
			}
			return 1900 + n
		}
	}
	if len(arxiv) > 5 && arxiv[4] == '.' {
		if n, err := strconv.Atoi(arxiv[:2]); err == nil {
			return 2000 + n
		}
	}
	for _, l := range f.edges {
		if y := year(firstMatch(yearAlone, l, 1)); y != 0 && len(l) < 120 {
			return y
		}
	}
	created := strings.TrimPrefix(s.created, "D:")
	if len(created) >= 4 {
		return year(created[:4])
	}
	return 0
}

// estimateYear takes the year of the youngest work cited where neither page nor
// file states one; a paper mostly appears in that year or the next.
func (m *Meta) estimateYear(cited []refs.Entry) {
	if m.Year != 0 {
		return
	}
	for _, e := range cited {
		m.Year = max(m.Year, e.Year)
	}
	m.YearGuessed = m.Year != 0
}

// plausibleTitle refuses what programs put into the title by themselves.
func plausibleTitle(s string) bool {
	l := strings.ToLower(s)
	for _, bad := range []string{"untitled", "microsoft word", "microsoft powerpoint", "paper title", "title", "no title", "template", "doi:", "pii:", "arxiv:", "proceedings of"} {
		if strings.HasPrefix(l, bad) {
			return false
		}
	}
	for _, bad := range []string{".dvi", ".doc", ".docx", ".tex", ".pdf", ".ps", ".indd", ".qxd", ".eps"} {
		if strings.HasSuffix(l, bad) {
			return false
		}
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 6 && letters*2 > len([]rune(s))
}
