package papers

import (
	"encoding/xml"
	"io"
	"strings"
)

// stated is what the file says about itself, beside its pages: the Info dictionary and the XMP packet. It is a claim to be checked
// against the first page, since many files carry the name of a template or of somebody else's paper.
type stated struct {
	title   string
	authors string
	subject string
	doi     string
	arxiv   string
	created string // PDF date, D:2015…
	fromXMP bool   // title
}

// longestXMP bounds the packet that is read.
const longestXMP = 1 << 20

func readStated(src objectSource) stated {
	info := src.Trailer().Key("Info")
	text := func(key string) string {
		return strings.Join(strings.Fields(decodeText(info.Key(key).Raw())), " ")
	}
	s := stated{title: text("Title"), authors: text("Author"), subject: text("Subject"), created: text("CreationDate"), doi: text("doi")}
	if s.doi == "" {
		s.doi = text("DOI")
	}
	s.arxiv = text("arXivID")
	if packet, err := src.Trailer().Key("Root").Key("Metadata").Stream(); err == nil && len(packet) > 0 && len(packet) < longestXMP {
		s.addXMP(string(packet))
	}
	return s
}

// addXMP fills what Info left open. The packet is walked as a stream of tokens, so that half a packet gives what it has.
func (s *stated) addXMP(packet string) {
	dec := xml.NewDecoder(strings.NewReader(packet))
	dec.Strict = false
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var path []string
	values := map[string][]string{}
	for {
		t, err := dec.Token()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			for _, a := range t.Attr {
				values[a.Name.Local] = append(values[a.Name.Local], a.Value)
			}
		case xml.EndElement:
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			v := strings.Join(strings.Fields(string(t)), " ")
			if v == "" {
				continue
			}
			for i := len(path) - 1; i >= 0; i-- {
				switch path[i] {
				case "li", "Alt", "Seq", "Bag":
					continue
				}
				values[path[i]] = append(values[path[i]], v)
				break
			}
		}
	}
	first := func(to *string, key string) {
		if *to == "" && len(values[key]) > 0 {
			*to = values[key][0]
		}
	}
	s.fromXMP = s.title == "" && len(values["title"]) > 0
	first(&s.title, "title")
	first(&s.doi, "doi")
	first(&s.created, "CreateDate")
	if s.authors == "" {
		s.authors = strings.Join(values["creator"], ", ")
	}
}
