package pdfwrite

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"fmt"
)

// Form says how a File is put into bytes. The zero value is a plain PDF 1.4 with a classic cross-reference table.
type Form struct {
	Version    string // after %PDF-; default 1.4, or 1.5 with XrefStream
	Compress   bool   // Flate for the streams
	XrefStream bool   // cross-reference stream, and object streams for what may go into them
	Password   string // user password; turns encryption on
	Encrypt    bool   // encryption even with an empty user password (opens without asking)
	KeyBits    int    // 40 or 128; default 128
	EOL        string // line end of the file's own lines; default "\n"
}

// File is a list of numbered objects.
type File struct {
	objects []object
	Root    Ref
	Info    Ref // 0 for none
}

type object struct {
	value  any
	stream []byte
	isStrm bool
	packed bool // already has a Filter
}

// Add appends an object and returns its number.
func (f *File) Add(v any) Ref {
	f.objects = append(f.objects, object{value: v})
	return Ref(len(f.objects))
}

// AddStream appends a stream; Length (and Filter, when the Form compresses) are filled in on writing.
func (f *File) AddStream(d Dict, data []byte) Ref {
	if d == nil {
		d = Dict{}
	}
	_, packed := d["Filter"]
	f.objects = append(f.objects, object{value: d, stream: data, isStrm: true, packed: packed})
	return Ref(len(f.objects))
}

// Set replaces the value of an object that was added before, so that objects may point at each other.
func (f *File) Set(r Ref, v any) { f.objects[r-1].value = v }

// Len is the number of objects so far; the next Add gives Len()+1.
func (f *File) Len() int { return len(f.objects) }

// Bytes puts the file into bytes.
func (f *File) Bytes(form Form) []byte {
	w := &fileWriter{form: form, eol: form.EOL}
	if w.eol == "" {
		w.eol = "\n"
	}
	if w.form.Version == "" {
		w.form.Version = "1.4"
		if form.XrefStream {
			w.form.Version = "1.5"
		}
	}
	objects := append([]object(nil), f.objects...)
	id := f.id()
	trailer := Dict{"Root": f.Root, "ID": Array{Str(id[:]), Str(id[:])}}
	if f.Info != 0 {
		trailer["Info"] = f.Info
	}
	encrypt := Ref(0)
	if form.Password != "" || form.Encrypt {
		c := newCrypt(form.Password, form.KeyBits, id[:])
		w.crypt = c
		objects = append(objects, object{value: c.dict()})
		encrypt = Ref(len(objects))
		trailer["Encrypt"] = encrypt
	}
	fmt.Fprintf(&w.b, "%%PDF-%s%s%%\xe2\xe3\xcf\xd3%s", w.form.Version, w.eol, w.eol)
	w.at = make([]entry, len(objects)+1)
	if form.XrefStream {
		w.writePacked(objects, encrypt)
		w.xrefStream(trailer)
	} else {
		for i, o := range objects {
			w.object(Ref(i+1), o, Ref(i+1) == encrypt)
		}
		w.xrefTable(trailer)
	}
	return w.b.Bytes()
}

// id derives the file identifier from the content, since a clock or randomness would make equal documents differ.
func (f *File) id() [16]byte {
	h := md5.New()
	var b []byte
	for _, o := range f.objects {
		b = appendValue(b[:0], o.value, nil)
		h.Write(b)
		h.Write(o.stream)
	}
	return [16]byte(h.Sum(nil))
}

type entry struct {
	kind   int // 1 at offset, 2 in an object stream
	offset int // or number of the object stream
	index  int
}

type fileWriter struct {
	b     bytes.Buffer
	form  Form
	eol   string
	at    []entry
	crypt *crypt
}

func (w *fileWriter) object(r Ref, o object, clear bool) {
	w.at[r] = entry{kind: 1, offset: w.b.Len()}
	var seal func([]byte) []byte
	if w.crypt != nil && !clear {
		seal = w.crypt.sealer(r)
	}
	fmt.Fprintf(&w.b, "%d 0 obj%s", r, w.eol)
	if !o.isStrm {
		w.b.Write(appendValue(nil, o.value, seal))
		fmt.Fprintf(&w.b, "%sendobj%s", w.eol, w.eol)
		return
	}
	d := Dict{}
	for k, v := range o.value.(Dict) {
		d[k] = v
	}
	data := o.stream
	if w.form.Compress && !o.packed && d["Type"] != Name("Metadata") {
		data = Deflate(data)
		d["Filter"] = Name("FlateDecode")
	}
	if seal != nil {
		data = seal(data)
	}
	d["Length"] = len(data)
	w.b.Write(appendValue(nil, d, seal))
	fmt.Fprintf(&w.b, "%sstream\n", w.eol)
	w.b.Write(data)
	fmt.Fprintf(&w.b, "\nendstream%sendobj%s", w.eol, w.eol)
}

func (w *fileWriter) xrefTable(trailer Dict) {
	start := w.b.Len()
	fmt.Fprintf(&w.b, "xref%s0 %d%s0000000000 65535 f \n", w.eol, len(w.at), w.eol)
	for _, e := range w.at[1:] {
		fmt.Fprintf(&w.b, "%010d 00000 n \n", e.offset)
	}
	trailer["Size"] = len(w.at)
	fmt.Fprintf(&w.b, "trailer%s%s%sstartxref%s%d%s%%%%EOF%s", w.eol, appendValue(nil, trailer, nil), w.eol, w.eol, start, w.eol, w.eol)
}

// perObjectStream follows the habit of common producers; readers must cope with several object streams.
const perObjectStream = 100

// writePacked writes streams (and what must stay outside) as objects of their own and everything else into object streams.
func (w *fileWriter) writePacked(objects []object, encrypt Ref) {
	var inside []Ref
	for i, o := range objects {
		r := Ref(i + 1)
		if o.isStrm || r == encrypt {
			w.object(r, o, r == encrypt)
			continue
		}
		inside = append(inside, r)
	}
	for len(inside) > 0 {
		n := min(perObjectStream, len(inside))
		var head, body []byte
		container := Ref(len(w.at))
		w.at = append(w.at, entry{})
		for i, r := range inside[:n] {
			head = fmt.Appendf(head, "%d %d ", r, len(body))
			body = append(appendValue(body, objects[r-1].value, nil), '\n')
			w.at[r] = entry{kind: 2, offset: int(container), index: i}
		}
		d := Dict{"Type": Name("ObjStm"), "N": n, "First": len(head)}
		w.object(container, object{value: d, stream: append(head, body...), isStrm: true}, false)
		inside = inside[n:]
	}
}

func (w *fileWriter) xrefStream(trailer Dict) {
	start := w.b.Len()
	self := Ref(len(w.at))
	w.at = append(w.at, entry{kind: 1, offset: start})
	data := make([]byte, 0, 7*len(w.at))
	for i, e := range w.at {
		if i == 0 {
			data = append(data, 0, 0, 0, 0, 0, 0xff, 0xff)
			continue
		}
		data = append(data, byte(e.kind), byte(e.offset>>24), byte(e.offset>>16), byte(e.offset>>8), byte(e.offset), byte(e.index>>8), byte(e.index))
	}
	trailer["Type"] = Name("XRef")
	trailer["Size"] = len(w.at)
	trailer["W"] = Array{1, 4, 2}
	w.crypt = nil // a cross-reference stream is never encrypted
	w.object(self, object{value: trailer, stream: data, isStrm: true}, true)
	fmt.Fprintf(&w.b, "startxref%s%d%s%%%%EOF%s", w.eol, start, w.eol, w.eol)
}

// Deflate compresses as FlateDecode expects it.
func Deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
